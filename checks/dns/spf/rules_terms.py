"""Rules on single terms that break the record: each names what the grammar refuses."""

from __future__ import annotations

from collections.abc import Iterator

from checks.dns.names import display
from checks.dns.spf.facts import SpfSubject
from checks.dns.spf.fixes import listed, quoted, seen, with_record
from checks.dns.spf.repair import repair_term
from checks.dns.spf.scopes import SpfView, record_names
from checks.dns.spf.terms import Problem, SpfSyntaxError
from checks.model import Severity
from checks.registry import Failed, Found, rule

_MACRO = "Correct the macro {value} at {name}"
_ONCE = "Keep one `{value}` at {name}"
_MECHANISM = "Remove or correct `{value}` at {name}: `{record}`"
_QUALIFIED = "Write `{value}` without the qualifier at {name}: `{record}`"
_ADDRESS = "Write {value} at {name}: `{record}`"


def _of_kind(subject: SpfSubject, kind: Problem) -> list[SpfSyntaxError]:
    return [p for record in subject.records for p in record.problems if p.problem is kind]


def _failed(
    view: SpfView, subject: SpfSubject, found: list[SpfSyntaxError], template: str, value: str
) -> Failed:
    """Return the finding about ``found``; ``value`` fills the placeholder of that name."""
    name = display(subject.name)
    failed = Failed(
        message=f"the record at {name}: " + listed(str(problem) for problem in found),
        observed=seen(problem.term for problem in found),
    )
    return with_record(view, subject, failed, template, fills={"value": value})


def _terms(found: list[SpfSyntaxError]) -> str:
    return listed(problem.term for problem in found)


@rule(
    "spf-macros-valid",
    title="Macros follow the grammar",
    severity=Severity.ERROR,
    reference="RFC 7208 §7",
    fix=_MACRO,
    scope=record_names,
)
def spf_macros_valid(view: SpfView, subject: SpfSubject) -> Iterator[Found]:
    """Fail for a ``%`` that starts no macro, a wrong letter or a wrong transformer."""
    found = _of_kind(subject, Problem.MACRO)
    if found:
        value = quoted(problem.term for problem in found)
        yield _failed(view, subject, found, _MACRO, value)


@rule(
    "spf-modifiers-once",
    title="`redirect` and `exp` appear at most once each",
    severity=Severity.ERROR,
    reference="RFC 7208 §6",
    fix=_ONCE,
    scope=record_names,
)
def spf_modifiers_once(view: SpfView, subject: SpfSubject) -> Iterator[Found]:
    """Fail where redirect or exp stands twice in one record."""
    found = _of_kind(subject, Problem.REPEATED)
    if found:
        value = listed(f"{p.term.partition('=')[0].lower()}=" for p in found)
        yield _failed(view, subject, found, _ONCE, value)


@rule(
    "spf-mechanisms-known",
    title="No unknown mechanism is used",
    severity=Severity.ERROR,
    reference="RFC 7208 §4.6.1, §5",
    fix="Remove or correct `{value}` at {name}",
    scope=record_names,
)
def spf_mechanisms_known(view: SpfView, subject: SpfSubject) -> Iterator[Found]:
    """Fail for a term that is neither a known mechanism nor a modifier."""
    found = _of_kind(subject, Problem.MECHANISM)
    if found:
        yield _failed(view, subject, found, _MECHANISM, _terms(found))


@rule(
    "spf-modifiers-unqualified",
    title="Modifiers carry no qualifier",
    severity=Severity.ERROR,
    reference="RFC 7208 §4.6.1",
    fix="Write `{value}` without the qualifier at {name}",
    scope=record_names,
)
def spf_modifiers_unqualified(view: SpfView, subject: SpfSubject) -> Iterator[Found]:
    """Fail for a modifier with a qualifier before it."""
    found = _of_kind(subject, Problem.QUALIFIED)
    if found:
        yield _failed(view, subject, found, _QUALIFIED, _terms(found))


@rule(
    "spf-addresses-valid",
    title="IP terms hold valid addresses of the right family",
    severity=Severity.ERROR,
    reference="RFC 7208 §5.6, §12",
    fix="Write `ip4:{ip}` or `ip6:{ip}` at {name}",
    scope=record_names,
)
def spf_addresses_valid(view: SpfView, subject: SpfSubject) -> Iterator[Found]:
    """Fail for a bad address or prefix in ip4 and ip6, and for `a` or `mx` with an address."""
    found = _of_kind(subject, Problem.ADDRESS)
    if found:
        meant = [term for problem in found for term in repair_term(problem.term)]
        value = quoted(meant) or "`ip4:` or `ip6:` and an address"
        yield _failed(view, subject, found, _ADDRESS, value)
