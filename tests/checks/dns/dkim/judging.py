"""Judge single rules over a table of records. Importing this registers the rules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

import checks.dns.dkim.rules
import checks.dns.dmarc.rules
import checks.dns.rules.align  # noqa: F401
from checks.dns.dkim.collect import collect_dkim
from checks.dns.dmarc.collect import collect_dmarc
from checks.dns.expectation import DkimExpectation, Expectation, Identity
from checks.dns.facts import Facts, MailFromFacts, NamesFacts, ResolverFacts, SesFacts, ZoneFacts
from checks.dns.spf.facts import SpfFacts
from checks.model import Finding
from checks.registry import all_rules, evaluate
from tests.support.table import TableLookup, run

ZONE = "cell.dkim.us-west-2.amazonses.com"
Table = Mapping[str, Mapping[str, Sequence[Any]]]


def identity(**changes: Any) -> Identity:
    values: dict[str, Any] = {
        "verified_for_sending": True,
        "dkim_status": "SUCCESS",
        "signing_enabled": True,
        "current_key_length": "RSA_2048_BIT",
        "next_key_length": "RSA_2048_BIT",
    }
    return Identity(**{**values, **changes})


def easy(**changes: Any) -> DkimExpectation:
    values: dict[str, Any] = {"origin": "AWS_SES", "tokens": ("a1", "b2", "c3"), "zone": ZONE + "."}
    return DkimExpectation(**{**values, **changes})


def byo(selector: str = "sel") -> DkimExpectation:
    return DkimExpectation(origin="EXTERNAL", tokens=(selector,))


def expecting(**changes: Any) -> Expectation:
    values: dict[str, Any] = {
        "domain": "example.zip.",
        "from_host": "example.zip.",
        "mail_from": "bounce.example.zip.",
        "mail_from_known": True,
        "dkim": easy(),
        "identity": identity(),
    }
    return Expectation(**{**values, **changes})


def merged(base: Table, changes: Mapping[str, Mapping[str, Sequence[Any]] | None]) -> Table:
    """Return the table with names replaced; None removes a name."""
    kept = {**base, **changes}
    return {name: types for name, types in kept.items() if types is not None}


def collect(expectation: Expectation, lookup: TableLookup) -> Facts:
    return Facts(
        expectation=expectation,
        resolver=ResolverFacts(),
        zone=ZoneFacts(),
        names=cast("NamesFacts", None),
        spf=cast("SpfFacts", None),
        dkim=run(collect_dkim(expectation, lookup)),
        dmarc=run(collect_dmarc(expectation, lookup)),
        mail_from=cast("MailFromFacts | None", None),
        ses=cast("SesFacts", None),
    )


def judge(rule_id: str, facts: Facts) -> dict[str, Finding]:
    """Return the findings of one rule by subject."""
    findings = evaluate(all_rules()[rule_id], facts, placeholders=facts.placeholders)
    assert len({f.subject for f in findings}) == len(findings)
    return {f.subject: f for f in findings}


def outcomes(rule_id: str, facts: Facts) -> dict[str, str]:
    return {subject: str(f.outcome) for subject, f in judge(rule_id, facts).items()}
