"""The semantic proof: SES passes, strangers do not (RFC 7208 §4)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from checks.dns.names import display
from checks.dns.spf.facts import SpfSubject, SpfTrial
from checks.dns.spf.fixes import decoded, listed, quoted, with_record
from checks.dns.spf.merge import without
from checks.dns.spf.scopes import SpfView, record_names, ses_senders
from checks.dns.spf.tree import broken_targets
from checks.model import Severity
from checks.registry import Failed, Found, Passed, Unsure, rule

_SES = "Publish TXT at {mail_from}: `{record}`"
_STRANGER = "End the record at {name} with `~all` and remove {value}"


@rule(
    "spf-ses-passes",
    title="SES may send for MAIL FROM",
    severity=Severity.ERROR,
    reference="RFC 7208 §4; SES dg mail-from",
    fix="Publish TXT at {mail_from}: `v=spf1 include:amazonses.com ~all` (own terms kept, the "
    "include before `all`)",
    scope=ses_senders,
)
def spf_ses_passes(view: SpfView, subject: SpfSubject) -> Iterator[Found]:
    """Fail where check_host() denies an address of SES; unknown where it gives temperror."""
    trials = view.spf.ses
    denied = [t for t in trials if t.result.result not in {"pass", "temperror"}]
    unsure = [t for t in trials if t.result.result == "temperror"]
    name = display(subject.name)
    if denied:
        message = f"{len(denied)} of {len(trials)} addresses of SES do not pass for {name}: "
        failed = Failed(
            message=message + _why(denied), expected="pass", observed=tuple(map(_told, denied))
        )
        yield with_record(view, subject, failed, _SES, sources=_without_broken(subject))
    elif unsure:
        yield Unsure(_why(unsure), tuple(map(_told, unsure)))
    else:
        yield Passed(f"{len(trials)} of {len(trials)} addresses of SES pass for {name}")


def _told(trial: SpfTrial) -> str:
    return f"{trial.client}: {trial.result.result}"


def _why(trials: Sequence[SpfTrial]) -> str:
    return listed(_reason(trial) for trial in trials)


def _reason(trial: SpfTrial) -> str:
    result = trial.result
    if result.problem:
        return f"{result.result} ({result.problem})"
    return f"{result.result} by `{result.matched}`" if result.matched else result.result


def _without_broken(subject: SpfSubject) -> list[str]:
    """Return the records without the terms that make them a permerror."""
    broken = broken_targets(subject.tree) if subject.tree else ()
    return [without(text, broken) for text in decoded(subject.selected)]


@rule(
    "spf-stranger-denied",
    title="A stranger does not pass",
    severity=Severity.ERROR,
    reference="RFC 7208 §4",
    fix=_STRANGER,
    scope=record_names,
)
def spf_stranger_denied(view: SpfView, subject: SpfSubject) -> Iterator[Found]:
    """Fail where an address that nobody sends from passes; unknown for temperror."""
    passed = [t for t in subject.strangers if t.result.result == "pass"]
    unsure = [t for t in subject.strangers if t.result.result == "temperror"]
    if passed:
        terms = _own_terms(subject, passed)
        value = quoted(terms)
        clients = listed(str(t.client) for t in passed)
        failed = Failed(
            message=f"{clients} passes for {display(subject.name)} by {value}",
            expected="no pass",
            observed=tuple(map(_told, passed)),
        )
        sources = [without(text, terms) for text in decoded(subject.selected)]
        yield with_record(view, subject, failed, _STRANGER, sources=sources, fills={"value": value})
    elif unsure:
        yield Unsure(_why(unsure), tuple(map(_told, unsure)))


def _own_terms(subject: SpfSubject, passed: Sequence[SpfTrial]) -> list[str]:
    """Return the terms of the record that let them pass; a redirect stands for its target."""
    matched = dict.fromkeys(trial.result.matched for trial in passed)
    record = next(iter(subject.records), None)
    if record is None or record.redirect is None:
        return list(matched)
    own = {mechanism.text for mechanism in record.mechanisms}
    return list(dict.fromkeys(t if t in own else record.redirect.text for t in matched))
