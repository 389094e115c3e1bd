"""A report for a person: the verdict first, then what blocks, then what to do about it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from checks.model import Finding, Outcome, Report, Severity, Verdict
from checks.report.blocks import Printer, record_owners, unknown_groups
from checks.report.escape import shown
from checks.report.style import BOLD, GREEN, RED, YELLOW, Style

_COLOUR = {Verdict.READY: GREEN, Verdict.NOT_READY: RED, Verdict.UNDETERMINED: YELLOW}
_WORDS = {
    Verdict.READY: "ready",
    Verdict.NOT_READY: "not ready",
    Verdict.UNDETERMINED: "undetermined",
}
_SOURCES = {"mail_from": "MAIL FROM", "dkim": "DKIM", "region": "Region"}


def render_text(report: Report, *, verbose: bool = False, style: Style | None = None) -> str:
    """Return the report as text that ends with a line end. ``verbose`` unfolds what is counted."""
    lines = _lines(report, verbose, style or Style())
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _lines(report: Report, verbose: bool, style: Style) -> Iterator[str]:
    errors = _which(report, Outcome.FAIL, Severity.ERROR)
    warnings = _which(report, Outcome.FAIL, Severity.WARNING)
    notes = _which(report, Outcome.FAIL, Severity.INFO)
    printer = Printer(
        zone=report.zone or f"{report.domain}.",
        verbose=verbose,
        style=style,
        owners=record_owners([*errors, *warnings, *notes]),
    )
    yield headline(report, style)
    yield from _identity_hint(report)
    yield from _section("What blocks", errors, printer.finding, style)
    yield from _unknown(report, verbose, style)
    yield from _section("Warnings (they do not block)", warnings, printer.finding, style)
    if verbose:
        yield from _unfolded(report, printer, style)
    yield ""
    yield from _tail(report, verbose)


def headline(report: Report, style: Style | None = None) -> str:
    """Return the first line: the verdict, the domain, and why."""
    words = (style or Style()).paint(_WORDS[report.verdict], _COLOUR[report.verdict])
    return f"{words}: {shown(report.domain)} — {_why(report)}"


def _why(report: Report) -> str:
    failed = len(_which(report, Outcome.FAIL, Severity.ERROR))
    unknown = len(_which(report, Outcome.UNKNOWN, Severity.ERROR))
    if failed:
        blocking = f"{failed} errors block" if failed > 1 else "1 error blocks"
        return blocking + (f", {unknown} could not be checked" if unknown else "")
    if unknown:
        return f"no error was found, but {_count(unknown, 'check')} could not be made"
    if report.findings and all(f.severity is not Severity.ERROR for f in report.findings):
        return "only warnings and notes were judged, and they decide nothing"
    if report.verdict is Verdict.UNDETERMINED:
        return "not every rule that the verdict needs was evaluated"
    warnings = len(_which(report, Outcome.FAIL, Severity.WARNING))
    return "nothing blocks" + (f", {_count(warnings, 'warning')}" if warnings else "")


def _identity_hint(report: Report) -> Iterator[str]:
    """Yield the line that says which option ends what is undetermined for want of an identity."""
    needed = any(f.outcome is Outcome.UNKNOWN for f in report.findings)
    if "identity" in report.sources or not needed:
        return
    if "dkim" in report.sources:
        yield (
            "What SES itself says is not known: give --identity FILE, "
            "or --aws with credentials that may read it."
        )
    else:
        yield (
            "What SES expects is not known, so DKIM cannot be judged: "
            "give --identity FILE, --stack FILE or --aws."
        )


def _which(report: Report, outcome: Outcome, severity: Severity) -> list[Finding]:
    return [f for f in report.findings if f.outcome is outcome and f.severity is severity]


def _section(
    title: str,
    findings: list[Finding],
    render: Callable[[Finding], Iterator[str]],
    style: Style,
) -> Iterator[str]:
    if findings:
        yield from ("", style.paint(title, BOLD))
        for finding in findings:
            yield ""
            yield from render(finding)


def _unknown(report: Report, verbose: bool, style: Style) -> Iterator[str]:
    """Yield what stands between the run and a verdict, by cause: one cause stops many rules."""
    unknown = _which(report, Outcome.UNKNOWN, Severity.ERROR)
    groups = unknown_groups(unknown, verbose=verbose)
    if groups:
        yield from ("", style.paint("What could not be checked", BOLD))
        for group in groups:
            yield ""
            yield from group.lines(verbose=verbose)


def _unfolded(report: Report, printer: Printer, style: Style) -> Iterator[str]:
    notes = _which(report, Outcome.FAIL, Severity.INFO)
    yield from _section("Notes", notes, printer.finding, style)
    weak = _weak_unknown(report)
    yield from _list("Not checked, and not needed for the verdict", weak, printer, style)
    for title, outcome in (("Passed", Outcome.PASS), ("Skipped", Outcome.SKIP)):
        found = [f for f in report.findings if f.outcome is outcome]
        yield from _list(title, found, printer, style)
    if report.details:
        yield from ("", style.paint("Details", BOLD), "")
        yield from (f"  {shown(line)}" for line in report.details)


def _list(title: str, findings: list[Finding], printer: Printer, style: Style) -> Iterator[str]:
    if findings:
        yield from ("", style.paint(title, BOLD), "")
        yield from (printer.line(finding) for finding in findings)


def _tail(report: Report, verbose: bool) -> Iterator[str]:
    folded = _folded(report)
    if folded and not verbose:
        yield f"{folded}. -v shows them."
    sources = ", ".join(f"{_SOURCES.get(k, k)} from {v}" for k, v in report.sources.items())
    asked = f"{report.queries} questions in {report.elapsed_s:.2f} s"
    yield f"Judged by {report.view}; {asked}{'; ' + sources if sources else ''}."
    yield from (shown(note) for note in report.notes)


def _folded(report: Report) -> str:
    passed = sum(f.outcome is Outcome.PASS for f in report.findings)
    skipped = sum(f.outcome is Outcome.SKIP for f in report.findings)
    notes = len(_which(report, Outcome.FAIL, Severity.INFO))
    weak = len(_weak_unknown(report))
    counts = (
        (passed, f"{passed} passed"),
        (skipped, f"{skipped} skipped"),
        (notes, _count(notes, "note")),
        (weak, f"{weak} of the warnings and notes not checked"),
    )
    return ", ".join(words for number, words in counts if number)


def _weak_unknown(report: Report) -> list[Finding]:
    """Return what could not be checked and does not matter to the verdict."""
    return [
        f
        for f in report.findings
        if f.outcome is Outcome.UNKNOWN and f.severity is not Severity.ERROR
    ]


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
