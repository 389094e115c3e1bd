"""SPF rules over a table: the right domain, and what a change of it gives."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import checks.dns.spf.rules  # noqa: F401 - registers the rules
from checks.dns.expectation import Expectation
from checks.dns.names import display
from checks.dns.port import Lookup
from checks.dns.spf.collect import collect_spf
from checks.dns.spf.facts import SpfFacts
from checks.model import Finding, Outcome
from checks.registry import Rule, all_rules, evaluate
from tests.support.table import TableLookup, run

Zone = Mapping[str, Mapping[str, Sequence[Any]] | None]

DOMAIN = "shop.example"
MAIL_FROM = "bounce.shop.example"
SES = "v=spf1 ip4:54.240.0.0/18 ip4:69.169.224.0/20 ip6:2600:f0f0::/32 -all"

RIGHT: dict[str, dict[str, Sequence[Any]]] = {
    DOMAIN: {"TXT": ["v=spf1 mx ~all", "site-key=1"], "MX": ["10 mail.shop.example"]},
    "mail.shop.example": {"A": ["93.184.216.7"], "AAAA": ["2606:2800::7"]},
    MAIL_FROM: {"TXT": ["v=spf1 include:amazonses.com ~all"]},
    "amazonses.com": {"TXT": [SES]},
}

EXPECTED = Expectation(
    domain="shop.example.",
    from_host="shop.example.",
    mail_from="bounce.shop.example.",
    mail_from_known=True,
)


@dataclass(frozen=True)
class View:
    """What the rules see."""

    expectation: Expectation
    spf: SpfFacts

    @property
    def placeholders(self) -> dict[str, str]:
        mail_from = self.expectation.mail_from or "bounce.shop.example."
        return {"domain": display(self.expectation.domain), "mail_from": display(mail_from)}


def changed(zone: Zone) -> dict[str, dict[str, Sequence[Any]]]:
    """Return the right zone with the RRsets of ``zone`` in place; None removes a name."""
    table = {name: dict(types) for name, types in RIGHT.items()}
    for name, types in zone.items():
        if types is None:
            table.pop(name)
        else:
            table[name] = {**table.get(name, {}), **types}
    return table


def facts(
    zone: Zone, expectation: Expectation = EXPECTED, lookup: Lookup | None = None
) -> SpfFacts:
    return run(collect_spf(expectation, lookup or TableLookup(changed(zone))))


def spf_rules() -> dict[str, Rule]:
    return {i: r for i, r in all_rules().items() if r.area == "spf"}


def judge(
    zone: Zone, expectation: Expectation = EXPECTED, lookup: Lookup | None = None
) -> list[Finding]:
    """Return the findings of all SPF rules."""
    view = View(expectation, facts(zone, expectation, lookup))
    return [
        finding
        for rule in spf_rules().values()
        for finding in evaluate(rule, view, placeholders=view.placeholders)
    ]


def find(rule_id: str, subject: str, zone: Zone, **given: Any) -> Finding:
    """Return the one finding of a rule on a subject."""
    found = [f for f in judge(zone, **given) if f.id == rule_id and f.subject == subject]
    assert 1 == len(found), found
    return found[0]


def failing(findings: Sequence[Finding]) -> set[str]:
    return {finding.id for finding in findings if finding.outcome is Outcome.FAIL}


def fix_of(finding: Finding) -> str:
    """Return the text and the records of a fix as one text."""
    if finding.fix is None:
        return ""
    values = [value for record in finding.fix.records for value in record.values]
    return " ".join([finding.fix.text, *values])


def mail_from(*texts: Any) -> dict[str, dict[str, list[Any]]]:
    """Return the zone change that puts these TXT records at MAIL FROM."""
    return {MAIL_FROM: {"TXT": list(texts)}}


def domain(*texts: Any) -> dict[str, dict[str, list[Any]]]:
    """Return the zone change that puts these TXT records at the domain."""
    return {DOMAIN: {"TXT": list(texts)}}
