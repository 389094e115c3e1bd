"""Judge the rules on MAIL FROM and SES over a table of records."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any, cast

from checks.dns.collect.mail_from import collect_mail_from
from checks.dns.collect.ses import collect_ses
from checks.dns.dkim.collect import collect_dkim
from checks.dns.dmarc.facts import DmarcFacts
from checks.dns.expectation import DkimExpectation, Expectation, Identity
from checks.dns.facts import Facts, NamesFacts, ResolverFacts, ZoneFacts
from checks.dns.rules import mail_from, ses
from checks.dns.spf.facts import SpfFacts
from checks.model import Finding
from checks.registry import all_rules, evaluate
from tests.support.table import TableLookup, run

RULES = (mail_from, ses)  # importing them registers the rules

Table = Mapping[str, Mapping[str, Sequence[Any]]]

SIGNING = "cell.dkim.us-west-2.amazonses.com."
FEEDBACK = "feedback-smtp.us-west-2.amazonses.com"

GOOD: Table = {
    "example.zip": {"SOA": ["ns1.host.example admin.host.example 7"]},
    "bounce.example.zip": {"MX": [f"10 {FEEDBACK}"], "TXT": ["v=spf1 include:amazonses.com ~all"]},
    "a1._domainkey.example.zip": {"CNAME": [f"a1.{SIGNING}"]},
    "b2._domainkey.example.zip": {"CNAME": [f"b2.{SIGNING}"]},
    f"a1.{SIGNING}": {"TXT": ["p=MAo="]},
    f"b2.{SIGNING}": {"TXT": ["p=MAo="]},
}

IDENTITY = Identity(
    verified_for_sending=True,
    verification_status="SUCCESS",
    dkim_status="SUCCESS",
    signing_enabled=True,
    tokens=("a1", "b2"),
    signing_hosted_zone=SIGNING,
    mail_from_domain="bounce.example.zip.",
    mail_from_status="SUCCESS",
    behavior_on_mx_failure="USE_DEFAULT_VALUE",
    soa_mname="ns1.host.example.",
    soa_serial=7,
)

EXPECTED = Expectation(
    domain="example.zip.",
    from_host="example.zip.",
    mail_from="bounce.example.zip.",
    mail_from_known=True,
    dkim=DkimExpectation(origin="AWS_SES", tokens=("a1", "b2"), zone=SIGNING),
    identity=IDENTITY,
)


def expecting(**changes: Any) -> Expectation:
    """Return the good expectation with changes."""
    return dataclasses.replace(EXPECTED, **changes)


def identified(**changes: Any) -> Expectation:
    """Return the good expectation with a changed identity."""
    return expecting(identity=dataclasses.replace(IDENTITY, **changes))


def facts(
    changes: Mapping[str, Mapping[str, Sequence[Any]]] | None = None,
    expectation: Expectation = EXPECTED,
    zone: ZoneFacts | None = None,
) -> Facts:
    """Collect over the good table with names replaced; an empty mapping removes a name."""
    table = {name: types for name, types in {**GOOD, **(changes or {})}.items() if types}
    lookup = TableLookup(table)
    return Facts(
        expectation=expectation,
        resolver=ResolverFacts(),
        zone=zone or ZoneFacts(zone="example.zip."),
        names=cast("NamesFacts", None),
        spf=cast("SpfFacts", None),
        dkim=run(collect_dkim(expectation, lookup)),
        dmarc=cast("DmarcFacts", None),
        mail_from=run(collect_mail_from(expectation, lookup)),
        ses=run(collect_ses(expectation, lookup)),
    )


def judge(rule_id: str, found: Facts) -> Finding:
    """Return the one finding of a rule."""
    (finding,) = evaluate(all_rules()[rule_id], found, placeholders=found.placeholders)
    return finding
