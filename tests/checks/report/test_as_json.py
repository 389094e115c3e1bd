"""The JSON of a report is a versioned contract: the golden file changes with the schema number."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checks.model import Evidence, Finding, Fix, Outcome, Record, Report, Severity
from checks.report.as_json import MAX_ITEMS, MAX_TEXT, render_json, render_jsonl
from tests.support.reports import REPORT, TWO_SPF

GOLDEN = Path(__file__).parent / "golden" / "report.json"
SCHEMA = json.loads(
    (Path(__file__).parents[3] / "docs" / "report.schema.json").read_text(encoding="utf-8")
)

CONTRACT_KEYS = [
    *("schema", "tool", "domain", "from", "mail_from", "region", "view", "sources", "verdict"),
    *("started_at", "elapsed_s", "queries", "findings"),
]
FINDING_KEYS = [
    *("id", "outcome", "severity", "subject", "message", "expected", "observed", "fix"),
    *("reference", "evidence"),
]


def of(**changes: object) -> Report:
    """Return a report with one finding, changed."""
    return dataclasses.replace(REPORT, findings=(dataclasses.replace(TWO_SPF, **changes),))  # type: ignore[arg-type]  # any field


def test_json_equals_the_golden_file() -> None:
    assert render_json(REPORT) == GOLDEN.read_text(encoding="utf-8")


def test_jsonl_is_the_same_object_on_one_line() -> None:
    line = render_jsonl(REPORT)
    assert line.count("\n") == 1
    assert line.endswith("}\n")
    assert json.loads(line) == json.loads(render_json(REPORT))


def test_keys_stand_in_the_order_of_the_contract() -> None:
    data = json.loads(render_json(REPORT))
    assert list(data) == CONTRACT_KEYS
    assert {tuple(finding) for finding in data["findings"]} == {tuple(FINDING_KEYS)}


def test_the_schema_is_sound_and_the_golden_report_obeys_it() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    jsonschema.validate(json.loads(GOLDEN.read_text(encoding="utf-8")), SCHEMA)


@pytest.mark.parametrize(
    ("key", "value"),
    [("verdict", "perhaps"), ("schema", 2), ("started_at", "yesterday"), ("extra", 1)],
)
def test_the_schema_refuses_what_the_contract_does_not_hold(key: str, value: object) -> None:
    data = json.loads(render_json(REPORT)) | {key: value}
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(data, SCHEMA)


def test_output_holds_no_character_that_a_terminal_would_obey() -> None:
    nasty = "\x00\x1b[2J\x7f\x9b\u202e\ufeff\ud800"
    text = render_jsonl(of(message=nasty, observed=(nasty,)))
    assert text.isascii()
    assert text.rstrip("\n").isprintable()


def test_text_is_kept_exactly_but_for_lone_surrogates() -> None:
    found = json.loads(render_json(of(message="\x1b\x7f \\ é", observed=("\udc80",))))
    assert found["findings"][0]["message"] == "\x1b\x7f \\ é"
    assert found["findings"][0]["observed"] == ["\\udc80"]


def test_huge_values_are_bounded_and_say_so() -> None:
    report = of(message="x" * 70_000, observed=("y",) * 5000)
    finding = json.loads(render_json(report))["findings"][0]
    assert finding["message"] == "x" * MAX_TEXT + f"… ({70_000 - MAX_TEXT} more characters)"
    assert len(finding["observed"]) == MAX_ITEMS + 1
    assert finding["observed"][-1] == f"… ({5000 - MAX_ITEMS} more)"


def test_a_record_to_publish_is_never_shortened() -> None:
    value = "v" * 20_000
    fix = Fix(text="publish", records=(Record(name="a.", type="TXT", values=(value,)),))
    finding = json.loads(render_json(of(fix=fix)))["findings"][0]
    assert finding["fix"]["records"][0]["values"] == [value]


FINDINGS = st.builds(
    Finding,
    id=st.just("spf-record-single"),
    outcome=st.sampled_from(Outcome),
    severity=st.sampled_from(Severity),
    subject=st.text(max_size=20),
    message=st.text(st.characters(), max_size=20),
    reference=st.just("RFC 7208 §4.5"),
    observed=st.lists(st.text(max_size=9), max_size=3).map(tuple),
    fix=st.none() | st.builds(Fix, text=st.text(max_size=9)),
    evidence=st.lists(
        st.builds(
            Evidence,
            server=st.text(max_size=9),
            name=st.text(max_size=9),
            type=st.just("TXT"),
            rcode=st.text(max_size=9),
            ede=st.lists(st.text(max_size=5), max_size=1).map(tuple),
        ),
        max_size=2,
    ).map(tuple),
)


@settings(max_examples=50, deadline=None)
@given(st.lists(FINDINGS, max_size=3))
def test_any_report_obeys_the_schema(findings: list[Finding]) -> None:
    report = dataclasses.replace(REPORT, findings=tuple(findings))
    jsonschema.validate(json.loads(render_jsonl(report)), SCHEMA)
