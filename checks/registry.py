"""One rule is one small object: an id, a severity, a reference, a fix and one pure function.

A rule is declared with the ``rule`` decorator::

    @rule(
        "spf-record-single",
        title="There is exactly one SPF record",
        severity=Severity.ERROR,
        reference="RFC 7208 §4.5",
        fix="Delete the SPF records at {name} and publish one: `{record}`",
        scope=spf_names,
    )
    def spf_record_single(facts: Facts, spf: SpfFacts) -> Iterator[Found]:
        if len(spf.selected) > 1:
            yield Failed(message=f"{len(spf.selected)} records start with v=spf1")

``scope`` names the subjects: it yields a ``Case`` for each one that can be judged, and ``Skip`` or
``Unknown`` for the others, before the body runs. A body that yields nothing has passed. A rule that
raises is a bug and propagates.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from checks.model import Evidence, Finding, Fix, Outcome, Record, Severity

FactsT = TypeVar("FactsT")
ValueT = TypeVar("ValueT")


@dataclass(frozen=True, slots=True)
class Case(Generic[ValueT]):
    """A subject that can be judged, with the facts about it and the answers they rest on."""

    subject: str
    value: ValueT
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Skip:
    """A subject to which the rule does not apply, and why."""

    subject: str
    reason: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """A subject that could not be judged, and what stood in the way."""

    subject: str
    cause: str
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """The opposite of the desired state was seen.

    ``fix`` fills the placeholders of the rule's fix text; ``fix_text`` replaces that text where a
    case needs other words.
    """

    message: str
    expected: str = ""
    observed: tuple[str, ...] = ()
    fix: Mapping[str, str] = field(default_factory=dict)
    fix_text: str = ""
    records: tuple[Record, ...] = ()
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Unsure:
    """Part of what the rule needs could not be determined."""

    cause: str
    observed: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Passed:
    """The desired state was seen, with something worth telling."""

    message: str
    observed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NotApplicable:
    """The rule turned out not to apply to this subject."""

    reason: str


Found = Failed | Unsure | Passed | NotApplicable
Scoped = Case[ValueT] | Skip | Unknown
Scope = Callable[[FactsT], Iterable[Scoped[ValueT]]]
Judge = Callable[[FactsT, ValueT], Iterator[Found]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule of the catalogue. ``fix`` is a ``str.format`` text over the placeholders."""

    id: str
    title: str
    severity: Severity
    reference: str
    fix: str
    scope: Callable[[Any], Iterable[Scoped[Any]]]
    judge: Callable[[Any, Any], Iterator[Found]]

    @property
    def area(self) -> str:
        """Return the part of the catalogue that holds the rule, for example ``mail-from``."""
        return "mail-from" if self.id.startswith("mail-from-") else self.id.partition("-")[0]


class DuplicateRuleError(ValueError):
    """A rule id was registered twice."""


_RULES: dict[str, Rule] = {}


def rule(
    rule_id: str,
    *,
    title: str,
    severity: Severity,
    reference: str,
    fix: str,
    scope: Scope[FactsT, ValueT],
) -> Callable[[Judge[FactsT, ValueT]], Judge[FactsT, ValueT]]:
    """Register the decorated function as the body of a rule.

    Raises DuplicateRuleError where the id is taken.
    """

    def register(judge: Judge[FactsT, ValueT]) -> Judge[FactsT, ValueT]:
        if rule_id in _RULES:
            raise DuplicateRuleError(f"rule {rule_id} is registered twice")
        _RULES[rule_id] = Rule(
            id=rule_id,
            title=title,
            severity=severity,
            reference=reference,
            fix=fix,
            scope=scope,
            judge=judge,
        )
        return judge

    return register


def all_rules() -> Mapping[str, Rule]:
    """Return every registered rule by id, in order of registration."""
    return dict(_RULES)


def evaluate(rule_: Rule, facts: object, *, placeholders: Mapping[str, str]) -> tuple[Finding, ...]:
    """Judge one rule on all its subjects: one finding for each.

    ``placeholders`` are the values known to every rule (domain, region, …). Raises LookupError
    where the scope names no subject at all, for then the rule would be silently left out.
    """
    findings = []
    for scoped in rule_.scope(facts):
        found = _judged(rule_, facts, scoped)
        findings.append(_finding(rule_, scoped, found, placeholders))
    if not findings:
        raise LookupError(f"the scope of {rule_.id} named no subject")
    return tuple(findings)


def _judged(rule_: Rule, facts: object, scoped: Scoped[Any]) -> list[Found]:
    if isinstance(scoped, Case):
        return list(rule_.judge(facts, scoped.value))
    if isinstance(scoped, Skip):
        return [NotApplicable(scoped.reason)]
    return [Unsure(scoped.cause)]


# Several things may be found for one subject; the finding takes the weightiest kind.
_WEIGHT = (
    (Failed, Outcome.FAIL),
    (Unsure, Outcome.UNKNOWN),
    (Passed, Outcome.PASS),
    (NotApplicable, Outcome.SKIP),
)


def _finding(
    rule_: Rule, scoped: Scoped[Any], found: list[Found], placeholders: Mapping[str, str]
) -> Finding:
    outcome, kept = _weightiest(found)
    evidence = () if isinstance(scoped, Skip) else scoped.evidence
    return Finding(
        id=rule_.id,
        outcome=outcome,
        severity=rule_.severity,
        subject=scoped.subject,
        message=_message(kept) or rule_.title,
        reference=rule_.reference,
        expected="; ".join(_unique(f.expected for f in kept if isinstance(f, Failed))),
        observed=_unique(o for f in kept if not isinstance(f, NotApplicable) for o in f.observed),
        fix=_fix(rule_, [f for f in kept if isinstance(f, Failed)], placeholders),
        evidence=_unique(
            (*evidence, *(e for f in kept if isinstance(f, Failed | Unsure) for e in f.evidence))
        ),
    )


def _weightiest(found: list[Found]) -> tuple[Outcome, list[Found]]:
    for kind, outcome in _WEIGHT:
        kept = [f for f in found if isinstance(f, kind)]
        if kept:
            return outcome, kept
    return Outcome.PASS, []


def _message(kept: list[Found]) -> str:
    return "; ".join(_unique(_words(f) for f in kept))


def _words(found: Found) -> str:
    if isinstance(found, Unsure):
        return found.cause
    return found.reason if isinstance(found, NotApplicable) else found.message


def _fix(rule_: Rule, failed: list[Failed], placeholders: Mapping[str, str]) -> Fix | None:
    if not failed:
        return None
    texts = _unique(f.fix_text or rule_.fix.format_map({**placeholders, **f.fix}) for f in failed)
    return Fix(text="; ".join(texts), records=_unique(r for f in failed for r in f.records))


ItemT = TypeVar("ItemT")


def _unique(items: Iterable[ItemT]) -> tuple[ItemT, ...]:
    """Return the items without repeats and empty ones, in order."""
    return tuple(item for item in dict.fromkeys(items) if item != "")
