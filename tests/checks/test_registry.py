"""How one rule is judged: every clause of ``evaluate`` and of the decorator."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from checks.model import Evidence, Fix, Outcome, Record, Severity
from checks.registry import (
    Case,
    DuplicateRuleError,
    Failed,
    Found,
    NotApplicable,
    Passed,
    Rule,
    Scoped,
    Skip,
    Unknown,
    Unsure,
    all_rules,
    evaluate,
    rule,
)

Body = Callable[[object, str], Iterator[Found]]

SEEN = Evidence(server="192.0.2.1", name="a.", type="TXT", rcode="NOERROR")
ALSO_SEEN = Evidence(server="192.0.2.2", name="a.", type="TXT", rcode="NOERROR")
RECORD = Record(name="a.", type="TXT", values=("v=spf1 -all",))


def made(*found: Found, scoped: tuple[Scoped[str], ...] = (Case("a", "value", (SEEN,)),)) -> Rule:
    """Return a rule that finds ``found`` on every subject in ``scoped``."""
    return Rule(
        id="spf-test-rule",
        title="The desired state",
        severity=Severity.ERROR,
        reference="RFC 7208 §4.5",
        fix="Publish {record} at {name} in {region}",
        scope=lambda facts: scoped,
        judge=lambda facts, value: iter(found),
    )


def fail(message: str, **changes: object) -> Failed:
    return Failed(message=message, fix={"record": "r", "name": "n"}, **changes)  # type: ignore[arg-type]  # any field


PLACEHOLDERS = {"region": "us-west-2"}

OUTCOMES = [
    ((), Outcome.PASS, "The desired state"),
    ((Passed("all is well"),), Outcome.PASS, "all is well"),
    ((NotApplicable("no record"),), Outcome.SKIP, "no record"),
    ((Unsure("timeout"),), Outcome.UNKNOWN, "timeout"),
    ((fail("bad"),), Outcome.FAIL, "bad"),
    # The weightiest kind decides, and only what is of that kind is told.
    ((Passed("p"), NotApplicable("s")), Outcome.PASS, "p"),
    ((NotApplicable("s"), Passed("p"), Unsure("u")), Outcome.UNKNOWN, "u"),
    ((Unsure("u"), fail("f"), Passed("p")), Outcome.FAIL, "f"),
    # Several of one kind are one finding.
    ((fail("one"), fail("two"), fail("one")), Outcome.FAIL, "one; two"),
    ((Unsure("u"), Unsure("v")), Outcome.UNKNOWN, "u; v"),
]


@pytest.mark.parametrize(("found", "outcome", "message"), OUTCOMES)
def test_what_was_found_makes_one_finding(
    found: tuple[Found, ...], outcome: Outcome, message: str
) -> None:
    (finding,) = evaluate(made(*found), None, placeholders=PLACEHOLDERS)
    assert (finding.outcome, finding.message) == (outcome, message)
    assert (finding.id, finding.severity) == ("spf-test-rule", Severity.ERROR)
    assert (finding.subject, finding.reference) == ("a", "RFC 7208 §4.5")
    assert finding.evidence == (SEEN,)


def test_several_failures_are_merged_without_repeats() -> None:
    found = (
        fail("one", expected="1", observed=("x", "y"), records=(RECORD,), evidence=(ALSO_SEEN,)),
        fail("two", expected="1", observed=("y", "z"), records=(RECORD,)),
    )
    (finding,) = evaluate(made(*found), None, placeholders=PLACEHOLDERS)
    assert finding.expected == "1"
    assert finding.observed == ("x", "y", "z")
    assert finding.evidence == (SEEN, ALSO_SEEN)
    assert finding.fix == Fix(text="Publish r at n in us-west-2", records=(RECORD,))


def test_the_body_fills_the_fix_and_may_replace_it() -> None:
    found = (fail("one"), fail("two", fix_text="Do something else"))
    (finding,) = evaluate(made(*found), None, placeholders=PLACEHOLDERS)
    assert finding.fix == Fix(text="Publish r at n in us-west-2; Do something else")


def test_a_placeholder_that_nobody_fills_is_a_bug() -> None:
    with pytest.raises(KeyError):
        evaluate(made(Failed(message="bad")), None, placeholders={})


@pytest.mark.parametrize("found", [(), (Passed("p"),), (Unsure("u"),), (NotApplicable("s"),)])
def test_only_a_failure_has_a_fix(found: tuple[Found, ...]) -> None:
    (finding,) = evaluate(made(*found), None, placeholders=PLACEHOLDERS)
    assert finding.fix is None


def test_unknown_and_skip_are_told_before_the_body_runs() -> None:
    judged: list[str] = []

    def judge(facts: object, value: str) -> Iterator[Found]:
        judged.append(value)
        yield fail("bad")

    scoped = (Unknown("a", "SERVFAIL", (SEEN,)), Skip("b", "BYODKIM"), Case("c", "third"))
    subject = Rule(
        id="spf-test-rule",
        title="t",
        severity=Severity.WARNING,
        reference="r",
        fix="f",
        scope=lambda facts: scoped,
        judge=judge,
    )
    findings = evaluate(subject, None, placeholders=PLACEHOLDERS)
    assert judged == ["third"]
    assert [(f.subject, f.outcome, f.message) for f in findings] == [
        ("a", Outcome.UNKNOWN, "SERVFAIL"),
        ("b", Outcome.SKIP, "BYODKIM"),
        ("c", Outcome.FAIL, "bad"),
    ]
    assert [f.evidence for f in findings] == [(SEEN,), (), ()]


def test_a_rule_that_raises_is_a_bug_and_propagates() -> None:
    def judge(facts: object, value: str) -> Iterator[Found]:
        raise ZeroDivisionError

    subject = Rule(
        id="spf-test-rule",
        title="t",
        severity=Severity.ERROR,
        reference="r",
        fix="f",
        scope=lambda facts: [Case("a", "value")],
        judge=judge,
    )
    with pytest.raises(ZeroDivisionError):
        evaluate(subject, None, placeholders=PLACEHOLDERS)


def test_a_scope_without_a_subject_would_hide_the_rule_and_raises() -> None:
    with pytest.raises(LookupError, match="spf-test-rule"):
        evaluate(made(scoped=()), None, placeholders=PLACEHOLDERS)


def test_an_id_is_registered_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("checks.registry._RULES", {})

    def register() -> Body:
        return rule(
            "spf-test-rule",
            title="t",
            severity=Severity.ERROR,
            reference="r",
            fix="f",
            scope=lambda facts: [Case("a", "value")],
        )(lambda facts, value: iter(()))

    register()
    assert list(all_rules()) == ["spf-test-rule"]
    with pytest.raises(DuplicateRuleError, match="spf-test-rule"):
        register()


@pytest.mark.parametrize(
    ("rule_id", "area"),
    [("spf-record-single", "spf"), ("mail-from-mx-single", "mail-from"), ("dns-tcp-open", "dns")],
)
def test_the_area_is_the_start_of_the_id(rule_id: str, area: str) -> None:
    base = made()
    named = Rule(
        id=rule_id,
        title=base.title,
        severity=base.severity,
        reference=base.reference,
        fix=base.fix,
        scope=base.scope,
        judge=base.judge,
    )
    assert named.area == area
