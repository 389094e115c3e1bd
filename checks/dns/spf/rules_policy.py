"""Rules on what a record that parses says, and on terms that do nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from checks.dns.names import display
from checks.dns.spf.facts import SpfSubject
from checks.dns.spf.fixes import LONGEST, MANY, listed, quoted, seen, shown, with_record
from checks.dns.spf.merge import include_target
from checks.dns.spf.repair import repaired
from checks.dns.spf.scopes import SpfView, record_names
from checks.dns.spf.syntax import scan
from checks.dns.spf.terms import FAIL, NEUTRAL, PASS, SpfRecord
from checks.model import Severity
from checks.registry import Failed, Found, NotApplicable, rule

_EFFECTIVE = "Remove `redirect={host}` or `all` from {name}"
_CLOSED = "End the record at {name} with `~all`: `{record}`"
_REACHABLE = "Move `{value}` before `all`: `{record}`"
_INCLUDE = "Remove the second `include:{host}` from {name}"


@rule(
    "spf-redirect-effective",
    title="`redirect` does not stand beside `all`",
    severity=Severity.WARNING,
    reference="RFC 7208 §6.1",
    fix=_EFFECTIVE,
    scope=record_names,
)
def spf_redirect_effective(view: SpfView, subject: SpfSubject) -> Iterator[Found]:
    """Fail where `all`, before or after it, makes the redirect ineffective."""
    for record in subject.records:
        redirect = record.modifier("redirect")
        if redirect and record.all:
            name = display(subject.name)
            message = f"`{redirect.text}` at {name} is ignored beside `{record.all.text}`"
            failed = Failed(message=message, observed=(shown(record.text),))
            fills = {"host": shown(redirect.text.partition("=")[2])}
            yield with_record(view, subject, failed, _EFFECTIVE, fills=fills)


@rule(
    "spf-all-closed",
    title="The record ends in `~all`, `-all` or a redirect",
    severity=Severity.WARNING,
    reference="RFC 7208 §4.7, §8.2",
    fix="End the record at {name} with `~all`",
    scope=record_names,
)
def spf_all_closed(view: SpfView, subject: SpfSubject) -> Iterator[Found]:
    """Fail for `?all`, and where neither `all` nor redirect ends the record.

    A record that does not parse is judged as it was meant: a broken `all` is another rule's.
    """
    for record in subject.records:
        how = _open_end(_as_meant(record))
        if how == PASS:
            yield NotApplicable("`+all` lets everyone pass: see spf-all-not-pass")
        elif how:
            message = f"strangers get neutral at {display(subject.name)}: {how}"
            failed = Failed(message=message, expected="~all", observed=(shown(record.text),))
            yield with_record(view, subject, failed, _CLOSED)


def _as_meant(record: SpfRecord) -> SpfRecord:
    if not record.problems or len(record.text) > LONGEST:
        return record
    return scan(repaired(record.text).encode("latin-1"))


def _open_end(record: SpfRecord) -> str:
    """Return how the record leaves strangers unjudged, ``+`` for `+all`, nothing if it does not."""
    end = record.all
    if end is None:
        return "" if record.redirect else "the record has neither `all` nor `redirect`"
    if end.qualifier == NEUTRAL:
        return f"the record ends in `{end.text}`"
    return PASS if end.passes else ""


@rule(
    "spf-all-softfail",
    title="The record ends in `~all`",
    severity=Severity.INFO,
    reference="RFC 9989 §7.1",
    fix="Keep `-all`, or use `~all` to let DMARC decide",
    scope=record_names,
)
def spf_all_softfail(_: SpfView, subject: SpfSubject) -> Iterator[Found]:
    """Note `-all`: receivers may reject before they look at DKIM and DMARC."""
    for record in subject.records:
        end = record.all
        if end is None or end.qualifier in {PASS, NEUTRAL}:
            yield NotApplicable("the record ends in neither `~all` nor `-all`")
        elif end.qualifier == FAIL:
            yield Failed(
                message=f"{display(subject.name)} ends in `{end.text}`, equally valid for SES; "
                "receivers may reject before they look at DKIM and DMARC",
                expected="~all",
                observed=(end.text,),
            )


@rule(
    "spf-ptr-absent",
    title="`ptr` is not used",
    severity=Severity.WARNING,
    reference="RFC 7208 §5.5",
    fix="Replace `ptr` at {name} by `ip4:` or `a:`",
    scope=record_names,
)
def spf_ptr_absent(_: SpfView, subject: SpfSubject) -> Iterator[Found]:
    """Fail for any `ptr` term: slow, unreliable, and not to be published."""
    found = [m.text for record in subject.records for m in record.mechanisms if m.name == "ptr"]
    if found:
        name = display(subject.name)
        message = f"{name} uses {quoted(found)}"
        yield Failed(message=message, observed=seen(found), fix={"name": name})


@rule(
    "spf-terms-reachable",
    title="No mechanism stands after `all`",
    severity=Severity.WARNING,
    reference="RFC 7208 §5.1",
    fix=_REACHABLE,
    scope=record_names,
)
def spf_terms_reachable(view: SpfView, subject: SpfSubject) -> Iterator[Found]:
    """Fail for mechanisms after the first `all`: they are never evaluated."""
    for record in subject.records:
        after = record.mechanisms[len(record.reachable) + 1 :]
        if record.all and after:
            terms = listed(m.text for m in after)
            message = f"{terms} at {display(subject.name)} stands after `{record.all.text}`"
            failed = Failed(message=message, observed=seen(m.text for m in after))
            yield with_record(view, subject, failed, _REACHABLE, fills={"value": terms})


@rule(
    "spf-modifiers-known",
    title="No unknown modifier is used",
    severity=Severity.INFO,
    reference="RFC 7208 §6",
    fix="Remove `{value}` from {name} if unintended",
    scope=record_names,
)
def spf_modifiers_known(_: SpfView, subject: SpfSubject) -> Iterator[Found]:
    """Note a modifier other than redirect and exp: valid, and ignored."""
    modifiers = [m for record in subject.records for m in record.modifiers]
    found = [m.text for m in modifiers if m.name not in {"redirect", "exp"}]
    if found:
        name = display(subject.name)
        value = listed(found)
        message = f"receivers ignore {value} at {name}"
        yield Failed(message=message, observed=seen(found), fix={"name": name, "value": value})


@rule(
    "spf-include-once",
    title="No include is listed twice",
    severity=Severity.WARNING,
    reference="RFC 7208 §4.6.4",
    fix=_INCLUDE,
    scope=record_names,
)
def spf_include_once(view: SpfView, subject: SpfSubject) -> Iterator[Found]:
    """Fail where one record includes the same target more than once; each counts."""
    for record in subject.records:
        targets = Counter(t for m in record.mechanisms if (t := include_target(m)))
        twice = {display(target): times for target, times in targets.items() if times > 1}
        if twice:
            terms = listed(f"`include:{host}` {times} times" for host, times in twice.items())
            message = f"{display(subject.name)} has {terms}"
            failed = Failed(message=message, expected="1", observed=(shown(record.text),))
            hosts = "`, `include:".join(list(twice)[:MANY])
            yield with_record(view, subject, failed, _INCLUDE, fills={"host": hosts})
