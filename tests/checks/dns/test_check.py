"""One domain from questions to a report, over tables."""

from __future__ import annotations

import dataclasses
import json

import pytest

from checks.dns import check_domain
from checks.dns.check import judge
from checks.dns.expectation import DkimExpectation, Expectation, canonical
from checks.dns.expected import ERROR_RULES
from checks.dns.names import NameSyntaxError
from checks.model import Outcome, Severity, Verdict
from checks.report.as_json import render_json
from checks.verdict import decide
from tests.support.expect import JOBMATCH, facts_of
from tests.support.table import run
from tests.support.world import INSIDE, Types, World


def test_names_may_be_typed_as_people_write_them() -> None:
    typed = Expectation(
        domain="JobMatch.zip",
        mail_from="bounce.jobmatch.zip",
        mail_from_known=True,
        dkim=DkimExpectation(
            origin="AWS_SES", tokens=("t1",), zone="a31d.dkim.us-west-2.amazonses.com"
        ),
    )

    report = run(check_domain(typed, World()))

    assert ("jobmatch.zip", "jobmatch.zip", "bounce.jobmatch.zip") == (
        report.domain,
        report.from_host,
        report.mail_from,
    )
    assert canonical(typed) == dataclasses.replace(JOBMATCH)


def test_text_that_is_no_name_is_refused() -> None:
    with pytest.raises(NameSyntaxError):
        run(check_domain(Expectation(domain="a..b"), World()))


def test_every_expected_error_rule_is_evaluated() -> None:
    findings = judge(facts_of(World()))

    assert ERROR_RULES == {f.id for f in findings if f.severity is Severity.ERROR}


def test_a_rule_that_was_not_evaluated_leaves_the_verdict_undetermined() -> None:
    passing = [
        dataclasses.replace(f, outcome=Outcome.PASS)
        for f in judge(facts_of(World()))
        if f.id != "spf-ses-passes"
    ]

    assert Verdict.UNDETERMINED is decide(passing, ERROR_RULES)


def test_only_the_chosen_rules_are_judged() -> None:
    report = run(check_domain(JOBMATCH, World(), only="dns-ns-*"))

    assert {"dns-ns-authoritative", "dns-ns-redundant", "dns-ns-consistent"} == {
        f.id for f in report.findings
    }
    assert Verdict.READY is report.verdict


def test_equal_facts_give_equal_findings() -> None:
    one, other = (judge(facts_of(World())) for _ in range(2))

    assert one == other


def test_names_in_another_letter_case_give_the_same_findings() -> None:
    shouted = {name.upper(): _texts(types) for name, types in INSIDE.items()}

    assert [(f.id, f.outcome) for f in judge(facts_of(World()))] == [
        (f.id, f.outcome) for f in judge(facts_of(World(inside=shouted)))
    ]


def _texts(types: Types) -> Types:
    """Return the values of a name with every name in them in upper case."""
    return {
        rdtype: values if rdtype == "TXT" else [value.upper() for value in values]
        for rdtype, values in types.items()
    }


def test_the_report_counts_and_is_json() -> None:
    world = World()

    report = run(check_domain(JOBMATCH, world))

    assert len(set(world.asked)) == report.queries
    assert "jobmatch.zip" == json.loads(render_json(report))["domain"]
