"""A row for each outcome of each rule on the custom MAIL FROM domain."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from checks.dns.collect.mail_from import collect_mail_from
from checks.dns.expectation import Expectation, IdentityUnknown
from checks.dns.facts import ZoneFacts
from checks.model import Record
from tests.checks.dns.rules.judging import (
    EXPECTED,
    FEEDBACK,
    GOOD,
    expecting,
    facts,
    identified,
    judge,
)
from tests.support.table import TableLookup, run

Changes = Mapping[str, Mapping[str, Sequence[Any]]]

NAME = "bounce.example.zip"
WANTED = Record(name="bounce.example.zip.", type="MX", values=(f"10 {FEEDBACK}.",))
WITHOUT = expecting(mail_from=None)
NO_SOURCE = expecting(mail_from=None, mail_from_known=False)


def mx(*values: str) -> Changes:
    return {NAME: {"MX": list(values)}}


EMPTY: Changes = {NAME: {}}
TXT_ONLY: Changes = {NAME: {"TXT": ["v=spf1 include:amazonses.com ~all"]}}
WILD: Changes = {**TXT_ONLY, "*.example.zip": {"MX": [f"10 {FEEDBACK}"]}}
ALIAS: Changes = {NAME: {"CNAME": ["example.zip"]}, "example.zip": {"MX": ["10 mail.example.zip"]}}
MAILBOXES: Changes = {"example.zip": {"MX": ["10 mail.example.zip", "20 mx.example.zip"]}}
TIMEOUT: Changes = {NAME: {"MX": ["TIMEOUT"]}}

ROWS: list[tuple[str, Changes, Expectation, str]] = [
    ("mail-from-mx-single", {}, EXPECTED, "pass"),
    ("mail-from-mx-single", EMPTY, EXPECTED, "fail"),
    ("mail-from-mx-single", mx(f"10 {FEEDBACK}", "20 mx.example.zip"), EXPECTED, "fail"),
    ("mail-from-mx-single", {NAME: {"CNAME": [NAME]}}, EXPECTED, "fail"),
    ("mail-from-mx-single", TIMEOUT, EXPECTED, "unknown"),
    ("mail-from-mx-single", {}, WITHOUT, "skip"),
    ("mail-from-mx-single", {}, NO_SOURCE, "skip"),
    ("mail-from-mx-target", {}, EXPECTED, "pass"),
    ("mail-from-mx-target", mx(f"10 {FEEDBACK.upper()}"), EXPECTED, "pass"),
    ("mail-from-mx-target", mx("10 feedback-smtp.us-east-1.amazonses.com"), EXPECTED, "fail"),
    ("mail-from-mx-target", mx(f"10 {FEEDBACK}", "20 mx.example.zip"), EXPECTED, "fail"),
    ("mail-from-mx-target", {}, expecting(region="eu-west-1"), "fail"),
    ("mail-from-mx-target", EMPTY, EXPECTED, "skip"),
    ("mail-from-mx-target", {}, WITHOUT, "skip"),
    ("mail-from-mx-target", {NAME: {"MX": ["SERVFAIL"]}}, EXPECTED, "unknown"),
    ("mail-from-mx-preference", {}, EXPECTED, "pass"),
    ("mail-from-mx-preference", mx(f"5 {FEEDBACK}"), EXPECTED, "fail"),
    ("mail-from-mx-preference", EMPTY, EXPECTED, "skip"),
    ("mail-from-mx-preference", TIMEOUT, EXPECTED, "unknown"),
    ("mail-from-domain-below", {}, EXPECTED, "pass"),
    ("mail-from-domain-below", {}, expecting(mail_from="example.zip."), "fail"),
    ("mail-from-domain-below", {}, expecting(mail_from="bounce.other.zip."), "fail"),
    ("mail-from-domain-below", {}, expecting(mail_from="bounceexample.zip."), "fail"),
    ("mail-from-domain-below", {}, WITHOUT, "skip"),
    ("mail-from-host-unsent", {}, EXPECTED, "pass"),
    ("mail-from-host-unsent", {}, expecting(from_host="bounce.example.zip."), "fail"),
    ("mail-from-host-unsent", {}, WITHOUT, "skip"),
    ("mail-from-domain-dedicated", {}, EXPECTED, "pass"),
    ("mail-from-domain-dedicated", EMPTY, EXPECTED, "pass"),
    ("mail-from-domain-dedicated", mx("0 ."), EXPECTED, "pass"),
    (
        "mail-from-domain-dedicated",
        mx("10 feedback-smtp.eu-west-1.amazonses.com"),
        EXPECTED,
        "pass",
    ),
    ("mail-from-domain-dedicated", mx(f"10 {FEEDBACK}.example.zip"), EXPECTED, "pass"),
    ("mail-from-domain-dedicated", mx("10 mail.example.zip"), EXPECTED, "fail"),
    ("mail-from-domain-dedicated", mx(f"10 mx.{NAME}"), EXPECTED, "fail"),
    ("mail-from-domain-dedicated", TIMEOUT, EXPECTED, "unknown"),
    ("mail-from-domain-dedicated", {}, WITHOUT, "skip"),
    ("mail-from-domain-unaliased", {}, EXPECTED, "pass"),
    ("mail-from-domain-unaliased", ALIAS, EXPECTED, "fail"),
    ("mail-from-domain-unaliased", {NAME: {"CNAME": ["TIMEOUT"]}}, EXPECTED, "unknown"),
    ("mail-from-domain-unaliased", {}, WITHOUT, "skip"),
    ("mail-from-mx-unsuffixed", {}, EXPECTED, "pass"),
    ("mail-from-mx-unsuffixed", EMPTY, EXPECTED, "pass"),
    ("mail-from-mx-unsuffixed", mx("10 mail.example.zip"), EXPECTED, "pass"),
    ("mail-from-mx-unsuffixed", mx(f"10 {FEEDBACK}.example.zip"), EXPECTED, "fail"),
    ("mail-from-mx-unsuffixed", mx(f"10 {FEEDBACK}.{NAME}"), EXPECTED, "fail"),
    ("mail-from-mx-unsuffixed", mx(f"10 mx.{NAME}"), EXPECTED, "fail"),
    ("mail-from-mx-unsuffixed", MAILBOXES, expecting(mail_from="example.zip."), "pass"),
    ("mail-from-mx-unsuffixed", TIMEOUT, EXPECTED, "unknown"),
    ("mail-from-mx-unsuffixed", {}, WITHOUT, "skip"),
    ("mail-from-mx-explicit", {}, EXPECTED, "pass"),
    ("mail-from-mx-explicit", TXT_ONLY, EXPECTED, "pass"),
    ("mail-from-mx-explicit", WILD, EXPECTED, "fail"),
    (
        "mail-from-mx-explicit",
        {**TXT_ONLY, "*.example.zip": {"MX": ["TIMEOUT"]}},
        EXPECTED,
        "unknown",
    ),
    ("mail-from-mx-explicit", TIMEOUT, EXPECTED, "unknown"),
    ("mail-from-mx-explicit", {}, WITHOUT, "skip"),
    ("mail-from-domain-custom", {}, EXPECTED, "pass"),
    ("mail-from-domain-custom", {}, identified(mail_from_domain=None), "fail"),
    (
        "mail-from-domain-custom",
        {},
        expecting(identity=IdentityUnknown(cause="none"), mail_from_by_hand=True),
        "pass",
    ),
    ("mail-from-domain-custom", {}, expecting(identity=IdentityUnknown(cause="none")), "unknown"),
    ("mail-from-domain-custom", {}, expecting(dkim_only=True, mail_from=None), "skip"),
]


@pytest.mark.parametrize(("rule_id", "changes", "expectation", "outcome"), ROWS)
def test_each_outcome(
    rule_id: str, changes: Changes, expectation: Expectation, outcome: str
) -> None:
    assert judge(rule_id, facts(changes, expectation)).outcome == outcome


def test_every_mail_from_rule_that_can_pass_has_its_outcomes() -> None:
    by_rule: dict[str, set[str]] = {}
    for rule_id, _, _, outcome in ROWS:
        by_rule.setdefault(rule_id, set()).add(outcome)
    assert len(by_rule) == 10
    assert all({"pass", "fail", "skip"} <= outcomes for outcomes in by_rule.values())


SET = "Set MX at bounce.example.zip: `10 {f}`"
ONE = "Publish one MX at bounce.example.zip: `10 {f}`; delete every other MX there"
DOT = "End the MX value with a dot: `10 {f}.`"
UNALIAS = "Delete the CNAME at bounce.example.zip; publish MX and TXT there"

FIXES = [
    ("mail-from-mx-single", EMPTY, ONE),
    ("mail-from-mx-target", mx("10 mx.example.zip"), SET),
    ("mail-from-mx-preference", mx(f"1 {FEEDBACK}"), SET),
    ("mail-from-mx-unsuffixed", mx(f"10 {FEEDBACK}.{NAME}"), DOT),
    ("mail-from-mx-explicit", WILD, "Publish MX at bounce.example.zip itself"),
    ("mail-from-domain-unaliased", ALIAS, UNALIAS),
]


@pytest.mark.parametrize(("rule_id", "changes", "text"), FIXES)
def test_a_fix_holds_the_exact_record(rule_id: str, changes: Changes, text: str) -> None:
    fix = judge(rule_id, facts(changes)).fix
    assert fix is not None
    assert fix.text == text.format(f=FEEDBACK)
    assert fix.records == (WANTED,)


@pytest.mark.parametrize(
    "rule_id", ["mail-from-mx-single", "mail-from-mx-target", "mail-from-mx-preference"]
)
def test_the_mx_of_mailboxes_stays_where_mail_from_is_the_domain(rule_id: str) -> None:
    changes: Changes = {"example.zip": {"MX": ["5 mail.example.zip", "5 mx.example.zip"]}}
    fix = judge(rule_id, facts(changes, expecting(mail_from="example.zip."))).fix
    assert fix is not None
    assert fix.text == (
        f"Use `bounce.example.zip` as MAIL FROM, with MX `10 {FEEDBACK}`; "
        "leave the MX of example.zip alone"
    )
    assert fix.records == (WANTED,)


def test_mailboxes_at_mail_from_move_and_mail_from_stays() -> None:
    fix = judge("mail-from-domain-dedicated", facts(mx("10 mail.example.zip"))).fix
    assert fix is not None
    assert fix.text == (
        "Keep `bounce.example.zip` for MAIL FROM and keep mailboxes elsewhere: "
        f"delete every MX there but `10 {FEEDBACK}.`"
    )
    other = expecting(mail_from="mail.example.zip.")
    changes: Changes = {"mail.example.zip": {"MX": ["10 mx.example.zip"]}}
    fix = judge("mail-from-domain-dedicated", facts(changes, other)).fix
    assert fix is not None
    assert fix.text == "Use `bounce.example.zip` as MAIL FROM and keep mailboxes elsewhere"


def test_the_command_that_sets_a_mail_from() -> None:
    fix = judge("mail-from-domain-custom", facts({}, identified(mail_from_domain=None))).fix
    assert fix is not None
    assert fix.text == (
        "Run `aws sesv2 put-email-identity-mail-from-attributes --email-identity example.zip "
        "--mail-from-domain bounce.example.zip`"
    )


def test_several_mx_are_all_observed() -> None:
    finding = judge("mail-from-mx-single", facts(mx(f"20 {FEEDBACK}", "10 mx.example.zip")))
    assert finding.message == "2 MX at bounce.example.zip"
    assert finding.observed == ("10 mx.example.zip.", f"20 {FEEDBACK}.")


def test_a_zone_above_the_domain_was_appended() -> None:
    expectation = expecting(domain="news.example.zip.", mail_from="bounce.news.example.zip.")
    changes: Changes = {"bounce.news.example.zip": {"MX": [f"10 {FEEDBACK}.example.zip"]}}
    found = facts(changes, expectation, ZoneFacts(zone="example.zip."))
    assert judge("mail-from-mx-unsuffixed", found).outcome == "fail"
    assert judge("mail-from-domain-dedicated", found).outcome == "pass"


def test_a_server_that_fails_is_named_in_the_cause() -> None:
    finding = judge("mail-from-mx-single", facts(TIMEOUT))
    assert finding.message == "MX bounce.example.zip: no answer from table within 5 s"
    assert finding.fix is None


@pytest.mark.parametrize(
    ("changes", "asked"),
    [
        ({}, ["MX bounce.example.zip.", "CNAME bounce.example.zip."]),
        (TXT_ONLY, ["MX bounce.example.zip.", "CNAME bounce.example.zip.", "MX *.example.zip."]),
        (TIMEOUT, ["MX bounce.example.zip.", "CNAME bounce.example.zip."]),
    ],
)
def test_wildcards_are_asked_only_where_the_mx_is_missing(
    changes: Changes, asked: list[str]
) -> None:
    lookup = TableLookup({**GOOD, **changes})
    run(collect_mail_from(EXPECTED, lookup))
    assert [f"{q.rdtype} {q.name}" for q in lookup.asked] == asked


def test_the_nearest_wildcard_with_an_mx_is_kept() -> None:
    expectation = expecting(mail_from="a.b.example.zip.")
    lookup = TableLookup(
        {
            "a.b.example.zip": {"TXT": ["x"]},
            "*.b.example.zip": {"TXT": ["x"]},
            "*.example.zip": {"MX": ["10 mx.example.zip"]},
        }
    )
    found = run(collect_mail_from(expectation, lookup))
    assert found is not None
    assert found.wildcard_mx is not None
    assert found.wildcard_mx.question.name == "*.example.zip."


def test_without_mail_from_nothing_is_asked() -> None:
    lookup = TableLookup(GOOD)
    assert run(collect_mail_from(WITHOUT, lookup)) is None
    assert lookup.asked == []
