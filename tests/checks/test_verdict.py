"""Ready only where everything due was evaluated; unknown is never anything else."""

from __future__ import annotations

import itertools

import pytest

from checks.model import Finding, Outcome, Severity, Verdict
from checks.verdict import decide, exit_code

PASS, FAIL, UNKNOWN, SKIP = Outcome.PASS, Outcome.FAIL, Outcome.UNKNOWN, Outcome.SKIP
READY, NOT_READY, UNDETERMINED = Verdict.READY, Verdict.NOT_READY, Verdict.UNDETERMINED


def findings(*outcomes: Outcome, severity: Severity = Severity.ERROR) -> list[Finding]:
    """Return a finding for each outcome, of the rules r0, r1, …"""
    return [
        Finding(
            id=f"r{number}",
            outcome=outcome,
            severity=severity,
            subject="s",
            message="m",
            reference="r",
        )
        for number, outcome in enumerate(outcomes)
    ]


TABLE = [
    ((PASS, PASS), READY),
    ((PASS, SKIP), READY),
    ((SKIP, SKIP), READY),
    ((PASS, FAIL), NOT_READY),
    ((UNKNOWN, FAIL), NOT_READY),  # a failure weighs more than what could not be checked
    ((PASS, UNKNOWN), UNDETERMINED),
    ((UNKNOWN, UNKNOWN), UNDETERMINED),
    ((PASS,), UNDETERMINED),  # r1 was due and was not evaluated
    ((), UNDETERMINED),
]


@pytest.mark.parametrize(("outcomes", "expected"), TABLE)
def test_the_verdict_over_two_rules_that_are_due(
    outcomes: tuple[Outcome, ...], expected: Verdict
) -> None:
    assert decide(findings(*outcomes), frozenset({"r0", "r1"})) is expected


@pytest.mark.parametrize("outcomes", [(), (PASS,), (PASS, PASS)])
def test_a_run_of_which_nothing_was_due_is_never_ready(outcomes: tuple[Outcome, ...]) -> None:
    assert decide(findings(*outcomes), frozenset()) is UNDETERMINED


def test_a_failure_is_not_hidden_by_a_missing_rule() -> None:
    assert decide(findings(FAIL), frozenset({"r0", "other"})) is NOT_READY


def test_one_rule_on_several_subjects_needs_all_of_them() -> None:
    same = [*findings(PASS), *findings(UNKNOWN)]
    assert decide(same, frozenset({"r0"})) is UNDETERMINED


@pytest.mark.parametrize("severity", [Severity.WARNING, Severity.INFO])
@pytest.mark.parametrize("outcome", list(Outcome))
@pytest.mark.parametrize("base", [(PASS,), (FAIL,), (UNKNOWN,)])
def test_warnings_and_notes_never_change_the_verdict(
    severity: Severity, outcome: Outcome, base: tuple[Outcome, ...]
) -> None:
    due = frozenset({"r0"})
    alone = decide(findings(*base), due)
    assert decide([*findings(*base), *findings(outcome, severity=severity)], due) is alone


def test_a_warning_does_not_stand_in_for_an_error_rule_that_is_due() -> None:
    assert decide(findings(PASS, severity=Severity.WARNING), frozenset({"r0"})) is UNDETERMINED


def test_the_order_of_findings_does_not_matter() -> None:
    due = frozenset({"r0", "r1", "r2"})
    for permuted in itertools.permutations(findings(PASS, UNKNOWN, FAIL)):
        assert decide(permuted, due) is NOT_READY


@pytest.mark.parametrize(
    ("verdicts", "code"),
    [
        ((READY,), 0),
        ((NOT_READY,), 1),
        ((UNDETERMINED,), 3),
        ((READY, READY), 0),
        ((READY, UNDETERMINED), 3),
        ((UNDETERMINED, NOT_READY), 1),
        ((READY, UNDETERMINED, NOT_READY), 1),
        ((), 3),
    ],
)
def test_exit_codes(verdicts: tuple[Verdict, ...], code: int) -> None:
    assert exit_code(verdicts) == code
    assert exit_code(reversed(verdicts)) == code
