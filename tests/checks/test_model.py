"""The words and values of the model are part of the JSON contract."""

from __future__ import annotations

import dataclasses

import pytest

from checks.model import Finding, Outcome, Severity, Verdict
from tests.support.reports import REPORT, TWO_SPF


def test_the_words_are_those_of_the_contract() -> None:
    assert [o.value for o in Outcome] == ["pass", "fail", "unknown", "skip"]
    assert [s.value for s in Severity] == ["error", "warning", "info"]
    assert [v.value for v in Verdict] == ["ready", "not-ready", "undetermined"]


@pytest.mark.parametrize("outcome", list(Outcome))
@pytest.mark.parametrize("severity", list(Severity))
def test_only_a_failed_error_blocks(outcome: Outcome, severity: Severity) -> None:
    finding = dataclasses.replace(TWO_SPF, outcome=outcome, severity=severity)
    assert finding.is_blocking is (outcome is Outcome.FAIL and severity is Severity.ERROR)


def test_values_are_frozen() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        TWO_SPF.message = "better"  # type: ignore[misc]  # it must fail
    with pytest.raises(dataclasses.FrozenInstanceError):
        REPORT.verdict = Verdict.READY  # type: ignore[misc]  # it must fail


def test_equal_findings_are_one() -> None:
    copy: Finding = dataclasses.replace(TWO_SPF)
    assert {copy, TWO_SPF} == {TWO_SPF}
