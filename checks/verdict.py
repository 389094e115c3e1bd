"""From findings to a verdict, and from verdicts to an exit code."""

from __future__ import annotations

from collections.abc import Iterable

from checks.model import Finding, Outcome, Severity, Verdict

EXIT_READY = 0
EXIT_NOT_READY = 1
EXIT_USAGE = 2
EXIT_UNDETERMINED = 3
EXIT_INTERRUPTED = 130

_EXIT = {
    Verdict.READY: EXIT_READY,
    Verdict.NOT_READY: EXIT_NOT_READY,
    Verdict.UNDETERMINED: EXIT_UNDETERMINED,
}


def decide(findings: Iterable[Finding], expected: frozenset[str]) -> Verdict:
    """Return the verdict over ``findings``; ``expected`` are the ids of the error rules due.

    Ready only where every expected rule was evaluated and every error finding passed or was
    skipped. An empty run is never ready.
    """
    errors = [f for f in findings if f.severity is Severity.ERROR]
    if any(f.outcome is Outcome.FAIL for f in errors):
        return Verdict.NOT_READY
    evaluated = {f.id for f in errors}
    if not expected or expected - evaluated:
        return Verdict.UNDETERMINED
    if any(f.outcome is Outcome.UNKNOWN for f in errors):
        return Verdict.UNDETERMINED
    return Verdict.READY


def exit_code(verdicts: Iterable[Verdict]) -> int:
    """Return the exit code for one or several domains: not-ready outweighs undetermined."""
    seen = set(verdicts)
    for verdict in (Verdict.NOT_READY, Verdict.UNDETERMINED):
        if verdict in seen:
            return _EXIT[verdict]
    return EXIT_READY if seen else EXIT_UNDETERMINED
