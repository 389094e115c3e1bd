"""A row for each outcome of each rule on what SES itself says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from checks.dns.expectation import Account, DkimExpectation, Expectation, IdentityUnknown
from checks.dns.facts import ZoneFacts
from tests.checks.dns.rules.judging import (
    EXPECTED,
    SIGNING,
    expecting,
    facts,
    identified,
    judge,
)

Changes = Mapping[str, Mapping[str, Sequence[Any]]]

NONE = expecting(identity=IdentityUnknown(cause="no identity data: give --identity FILE"))
ABSENT = expecting(identity=IdentityUnknown(cause="no such identity", not_found=True))
WAITING = ("PENDING", "TEMPORARY_FAILURE")


def unverified(status: str, error: str = "") -> Expectation:
    return identified(verified_for_sending=False, verification_status=status, error_type=error)


def zoned(zone: str | None, **changes: Any) -> Expectation:
    return identified(signing_hosted_zone=zone, **changes)


def account(granted: bool | None, *, asked: bool = True) -> Expectation:
    return expecting(account=Account(production_access=granted, cause="denied", asked=asked))


BYO = expecting(dkim=DkimExpectation(origin="EXTERNAL", tokens=("sel",)))

ROWS: list[tuple[str, Changes, Expectation, str]] = [
    ("ses-identity-verified", {}, EXPECTED, "pass"),
    ("ses-identity-verified", {}, unverified("FAILED", "INVALID_VALUE"), "fail"),
    ("ses-identity-verified", {}, unverified("NOT_STARTED"), "fail"),
    ("ses-identity-verified", {}, unverified("SUCCESS"), "fail"),
    ("ses-identity-verified", {}, ABSENT, "fail"),
    *(("ses-identity-verified", {}, unverified(status), "unknown") for status in WAITING),
    ("ses-identity-verified", {}, identified(verified_for_sending=None), "unknown"),
    ("ses-identity-verified", {}, NONE, "unknown"),
    ("ses-dkim-verified", {}, EXPECTED, "pass"),
    ("ses-dkim-verified", {}, identified(dkim_status="FAILED"), "fail"),
    ("ses-dkim-verified", {}, identified(dkim_status="NOT_STARTED"), "fail"),
    ("ses-dkim-verified", {}, identified(signing_enabled=False), "fail"),
    ("ses-dkim-verified", {}, identified(signing_enabled=False, dkim_status="PENDING"), "fail"),
    *(("ses-dkim-verified", {}, identified(dkim_status=status), "unknown") for status in WAITING),
    ("ses-dkim-verified", {}, identified(dkim_status=""), "unknown"),
    ("ses-dkim-verified", {}, identified(signing_enabled=None), "unknown"),
    ("ses-dkim-verified", {}, NONE, "unknown"),
    ("ses-dkim-verified", {}, ABSENT, "unknown"),
    ("ses-dkim-agrees", {}, EXPECTED, "pass"),
    ("ses-dkim-agrees", {"b2._domainkey.example.zip": {}}, EXPECTED, "fail"),
    (
        "ses-dkim-agrees",
        {"b2._domainkey.example.zip": {"CNAME": ["b2.dkim.amazonses.com"]}},
        EXPECTED,
        "fail",
    ),
    ("ses-dkim-agrees", {f"a1.{SIGNING}": {}, f"b2.{SIGNING}": {}}, EXPECTED, "fail"),
    ("ses-dkim-agrees", {f"b2.{SIGNING}": {}}, EXPECTED, "pass"),
    ("ses-dkim-agrees", {"b2._domainkey.example.zip": {"CNAME": ["TIMEOUT"]}}, EXPECTED, "unknown"),
    ("ses-dkim-agrees", {}, BYO, "fail"),
    ("ses-dkim-agrees", {"sel._domainkey.example.zip": {"TXT": ["p=MAo="]}}, BYO, "pass"),
    ("ses-dkim-agrees", {}, identified(dkim_status="PENDING"), "skip"),
    ("ses-dkim-agrees", {}, NONE, "unknown"),
    ("ses-mail-from-verified", {}, EXPECTED, "pass"),
    ("ses-mail-from-verified", {}, identified(mail_from_status="FAILED"), "fail"),
    *(
        ("ses-mail-from-verified", {}, identified(mail_from_status=status), "unknown")
        for status in (*WAITING, "", "SOMETHING_NEW")
    ),
    ("ses-mail-from-verified", {}, identified(mail_from_domain=None), "skip"),
    ("ses-mail-from-verified", {}, expecting(mail_from="other.example.zip."), "skip"),
    ("ses-mail-from-verified", {}, NONE, "unknown"),
    ("ses-mail-from-fallback", {}, EXPECTED, "fail"),
    ("ses-mail-from-fallback", {}, identified(behavior_on_mx_failure="REJECT_MESSAGE"), "fail"),
    ("ses-mail-from-fallback", {}, identified(behavior_on_mx_failure=""), "unknown"),
    ("ses-mail-from-fallback", {}, identified(mail_from_domain=None), "skip"),
    ("ses-region-matched", {}, EXPECTED, "pass"),
    ("ses-region-matched", {}, expecting(region="eu-west-1"), "fail"),
    ("ses-region-matched", {}, zoned("dkim.eu-west-1.amazonses.com."), "fail"),
    ("ses-region-matched", {}, zoned("dkim.amazonses.com."), "pass"),
    ("ses-region-matched", {}, zoned(None), "pass"),
    ("ses-region-matched", {}, zoned("dkim.eu-west-1.amazonses.com.", origin="EXTERNAL"), "pass"),
    (
        "ses-region-matched",
        {},
        zoned("dkim.eu-west-1.amazonses.com.", origin="AWS_SES_EU_WEST_1"),
        "pass",
    ),
    ("ses-region-matched", {}, NONE, "unknown"),
    ("ses-production-granted", {}, account(True), "pass"),
    ("ses-production-granted", {}, account(False), "fail"),
    ("ses-production-granted", {}, account(None), "unknown"),
    ("ses-production-granted", {}, account(None, asked=False), "skip"),
    ("ses-production-granted", {}, NONE, "unknown"),
    ("ses-soa-agrees", {}, EXPECTED, "pass"),
    ("ses-soa-agrees", {}, identified(soa_mname="ns1.old.example."), "fail"),
    ("ses-soa-agrees", {}, identified(soa_serial=6), "pass"),
    ("ses-soa-agrees", {}, identified(soa_mname=""), "skip"),
    ("ses-soa-agrees", {"example.zip": {"SOA": ["TIMEOUT"]}}, EXPECTED, "unknown"),
    ("ses-soa-agrees", {"example.zip": {"TXT": ["x"]}}, EXPECTED, "unknown"),
    ("ses-soa-agrees", {}, NONE, "unknown"),
    ("ses-token-legacy-absent", {}, EXPECTED, "pass"),
    ("ses-token-legacy-absent", {"_amazonses.example.zip": {"TXT": ["abc="]}}, EXPECTED, "fail"),
    (
        "ses-token-legacy-absent",
        {"_amazonses.example.zip": {"TXT": ["TIMEOUT"]}},
        EXPECTED,
        "unknown",
    ),
    ("ses-token-legacy-absent", {}, NONE, "unknown"),
]


@pytest.mark.parametrize(("rule_id", "changes", "expectation", "outcome"), ROWS)
def test_each_outcome(
    rule_id: str, changes: Changes, expectation: Expectation, outcome: str
) -> None:
    assert judge(rule_id, facts(changes, expectation)).outcome == outcome


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("HOST_NOT_FOUND", "does not exist in public DNS"),
        ("TYPE_NOT_FOUND", "without the record type"),
        ("INVALID_VALUE", "another value than SES expects"),
        ("DNS_SERVER_ERROR", "name servers of the domain failed"),
        ("SERVICE_ERROR", "a fault of its own"),
        ("REPLICATION_ACCESS_DENIED", "may not read the parent identity"),
        ("SOMETHING_NEW", "not explained"),
    ],
)
def test_the_error_type_is_named_and_explained(code: str, words: str) -> None:
    finding = judge("ses-identity-verified", facts({}, unverified("FAILED", code)))
    assert f"{code}: " in finding.message
    assert words in finding.message
    assert finding.observed == ("VerifiedForSendingStatus: false", "FAILED", code)


def test_a_search_that_goes_on_tells_how_long() -> None:
    finding = judge("ses-identity-verified", facts({}, unverified("PENDING", "HOST_NOT_FOUND")))
    assert "72 hours" in finding.message
    assert "HOST_NOT_FOUND" in finding.message
    assert finding.fix is None


def test_an_identity_that_is_not_there_is_told_with_how_to_create_it() -> None:
    finding = judge("ses-identity-verified", facts({}, ABSENT))
    assert finding.message == "no such identity"
    assert finding.fix is not None
    assert "--email-identity example.zip --region us-west-2" in finding.fix.text


def test_without_identity_data_the_cause_names_the_option() -> None:
    finding = judge("ses-dkim-verified", facts({}, NONE))
    assert finding.message == "no identity data: give --identity FILE"


def test_signing_off_and_failed_have_the_commands_of_the_catalogue() -> None:
    fix = judge("ses-dkim-verified", facts({}, identified(signing_enabled=False))).fix
    assert fix is not None
    assert fix.text == (
        "Turn signing on: `aws sesv2 put-email-identity-dkim-attributes "
        "--email-identity example.zip --signing-enabled`; after FAILED correct DNS and run "
        "`aws sesv2 put-email-identity-dkim-signing-attributes --email-identity example.zip "
        "--signing-attributes-origin AWS_SES`"
    )


def test_byodkim_is_told_that_mail_is_unsigned_meanwhile() -> None:
    pending = identified(dkim_status="PENDING", origin="EXTERNAL")
    assert "unsigned meanwhile" in judge("ses-dkim-verified", facts({}, pending)).message
    failed = identified(dkim_status="FAILED", origin="EXTERNAL")
    fix = judge("ses-dkim-verified", facts({}, failed)).fix
    assert fix is not None
    assert "--signing-attributes-origin EXTERNAL" in fix.text


def test_a_contradiction_names_the_rule_that_fails_and_gives_its_records() -> None:
    finding = judge("ses-dkim-agrees", facts({"b2._domainkey.example.zip": {}}))
    assert "dkim-cname-present" in finding.message
    assert finding.fix is not None
    assert [(r.name, r.values) for r in finding.fix.records] == [
        ("b2._domainkey.example.zip.", (f"b2.{SIGNING}",))
    ]


def test_a_mail_from_that_failed_must_be_set_again() -> None:
    finding = judge("ses-mail-from-verified", facts({}, identified(mail_from_status="FAILED")))
    assert "final" in finding.message
    assert finding.fix is not None
    assert finding.fix.text == (
        "Run `aws sesv2 put-email-identity-mail-from-attributes --email-identity example.zip "
        "--mail-from-domain bounce.example.zip`"
    )


@pytest.mark.parametrize(
    ("behavior", "words"),
    [("USE_DEFAULT_VALUE", "SPF alignment is lost silently"), ("REJECT_MESSAGE", "mail stops")],
)
def test_the_fallback_says_which_and_what_it_costs(behavior: str, words: str) -> None:
    expectation = identified(behavior_on_mx_failure=behavior)
    finding = judge("ses-mail-from-fallback", facts({}, expectation))
    assert finding.observed == (behavior,)
    assert words in finding.message


def test_the_region_of_the_identity_is_offered() -> None:
    finding = judge("ses-region-matched", facts({}, zoned("x.dkim.eu-west-1.amazonses.com.")))
    assert finding.fix is not None
    assert finding.fix.text.startswith("Run with `--region eu-west-1`, or")
    assert finding.expected == "us-west-2"


def test_another_dns_host_is_named_with_the_servers_of_public_delegation() -> None:
    zone = ZoneFacts(zone="example.zip.", parent_ns=("ns1.host.example.", "ns2.host.example."))
    found = facts({}, identified(soa_mname="ns1.old.example."), zone)
    finding = judge("ses-soa-agrees", found)
    assert finding.observed == ("ns1.old.example.",)
    assert finding.fix is not None
    assert finding.fix.text.endswith("public delegation: ns1.host.example, ns2.host.example")


def test_another_serial_alone_is_only_shown() -> None:
    assert "serial 6, now 7" in judge("ses-soa-agrees", facts({}, identified(soa_serial=6))).message


def test_a_domain_without_room_for_the_legacy_name_is_judged() -> None:
    domain = ".".join(["x" * 60] * 4) + ".zip."
    found = facts({}, expecting(domain=domain, mail_from=None, dkim=None))
    assert judge("ses-token-legacy-absent", found).outcome == "pass"
