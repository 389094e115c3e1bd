"""Every SPF rule: a row for each outcome that it can have."""

from __future__ import annotations

import pytest

from checks.model import Outcome, Severity
from tests.checks.dns.spf import rows_record, rows_space, rows_terms, rows_tree
from tests.checks.dns.spf.judging import (
    DOMAIN,
    EXPECTED,
    MAIL_FROM,
    domain,
    failing,
    find,
    fix_of,
    judge,
    mail_from,
    spf_rules,
)
from tests.checks.dns.spf.rows import (
    FAIL,
    NO_MAIL_FROM,
    NOT_KNOWN,
    PASS,
    SAME,
    SKIP,
    UNKNOWN,
    Cut,
    Row,
)

ROWS = [*rows_record.ROWS, *rows_terms.ROWS, *rows_tree.ROWS, *rows_space.ROWS]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.rule}-{row.outcome.value}")
def test_outcome(row: Row) -> None:
    lookup = Cut(row.tcp) if row.tcp else None
    found = find(row.rule, row.subject, row.zone, expectation=row.expectation, lookup=lookup)

    assert row.outcome == found.outcome, found.message
    assert row.message in found.message
    assert row.fix in fix_of(found)
    assert (found.fix is not None) == (row.outcome is FAIL)
    if row.observed is not None:
        assert row.observed == found.observed


# There is always a TXT answer to look at, or it is unknown.
NEVER = {
    ("spf-near-miss-absent", SKIP),
    ("spf-answer-size", SKIP),
    ("spf-answer-retrievable", SKIP),
    ("spf-type99-absent", SKIP),
    ("spf-apex-present", SKIP),
}


def test_every_rule_has_a_row_for_each_outcome() -> None:
    covered = {(row.rule, row.outcome) for row in ROWS}
    possible = {(rule, outcome) for rule in spf_rules() for outcome in Outcome}

    assert possible - NEVER == covered
    assert 40 == len(spf_rules())


def test_the_right_domain_fails_nothing() -> None:
    found = judge({})

    assert set() == failing(found)
    assert {PASS, SKIP} == {f.outcome for f in found}


def test_one_finding_for_each_rule_and_subject() -> None:
    for expectation in (EXPECTED, NO_MAIL_FROM, NOT_KNOWN, SAME):
        keys = [(f.id, f.subject) for f in judge({}, expectation)]

        assert len(keys) == len(set(keys))
        assert set(spf_rules()) == {rule for rule, _ in keys}


def test_without_any_source_mail_from_is_unknown_and_the_domain_is_judged() -> None:
    found = {(f.subject, f.outcome) for f in judge({}, NOT_KNOWN) if f.id == "spf-syntax-valid"}

    assert {("MAIL FROM of shop.example", UNKNOWN), (DOMAIN, PASS)} == found


def test_severities() -> None:
    found: dict[Severity, int] = {}
    for rule in spf_rules().values():
        found[rule.severity] = found.get(rule.severity, 0) + 1

    assert {Severity.ERROR: 21, Severity.WARNING: 13, Severity.INFO: 6} == found


def test_every_failed_rule_that_corrects_a_record_publishes_it_whole() -> None:
    found = find("spf-ses-passes", MAIL_FROM, mail_from("v=spf1 mx -all"))

    assert found.fix is not None
    record = found.fix.records[0]
    assert ("bounce.shop.example.", "TXT", 3600) == (record.name, record.type, record.ttl)
    assert ("v=spf1 mx include:amazonses.com -all",) == record.values


def test_hostile_text_stays_bounded() -> None:
    zone = domain("v=spf1 " + "m" * 60000 + " ~all", *(f" v=spf1 a{n}" for n in range(500)))

    for found in judge(zone):
        assert len(found.message) < 10_000
        assert sum(map(len, found.observed)) < 10_000
        assert len(fix_of(found)) < 20_000
