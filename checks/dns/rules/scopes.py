"""Who is judged by the dns rules, and when they cannot be."""

from __future__ import annotations

from collections.abc import Iterator

from checks.dns.facts import Facts, NameFacts, ServerFacts, ZoneFacts
from checks.dns.names import display, is_at_or_below
from checks.dns.reading import evidence_of
from checks.model import Evidence
from checks.registry import Case, Scoped, Skip, Unknown

NOT_ASKED = "not asked: --view resolver"


def the_domain(facts: Facts) -> Iterator[Scoped[ZoneFacts]]:
    """Yield the domain; what it needs is known without asking."""
    yield Case(display(facts.expectation.domain), facts.zone)


def trusted_zone(facts: Facts) -> Iterator[Scoped[ZoneFacts]]:
    """Yield the zone, unknown where the resolver is not trusted."""
    subject = display(facts.zone.zone or facts.expectation.domain)
    if facts.resolver.distrust:
        yield Unknown(subject, _distrust(facts), evidence_of(*facts.resolver.replies))
    else:
        yield Case(subject, facts.zone)


def zone_servers(facts: Facts) -> Iterator[Scoped[ZoneFacts]]:
    """Yield the zone for the rules that only authority can answer."""
    zone = facts.zone
    subject = display(zone.zone or facts.expectation.domain)
    if facts.expectation.view == "resolver":
        yield Skip(subject, NOT_ASKED)
    elif facts.resolver.distrust:
        yield Unknown(subject, _distrust(facts))
    elif zone.intercepted:
        yield Unknown(subject, zone.intercepted)
    elif not zone.zone:
        yield Skip(subject, "no zone was found: see dns-domain-delegated")
    else:
        yield Case(subject, zone, _soa_evidence(zone.servers))


def _soa_evidence(servers: tuple[ServerFacts, ...]) -> tuple[Evidence, ...]:
    return evidence_of(*(facts.soa for facts in servers if facts.soa is not None))


def required_names(facts: Facts) -> Iterator[Scoped[NameFacts]]:
    """Yield every required name and type, unknown where the resolver is not trusted."""
    for name in facts.names.required:
        if facts.resolver.distrust:
            yield Unknown(subject_of(name), _distrust(facts))
        else:
            yield Case(subject_of(name), name, evidence_of(name.asked.reply))


def required_at_servers(facts: Facts) -> Iterator[Scoped[NameFacts]]:
    """Yield the required names that authority was asked for."""
    for name in facts.names.required:
        subject = subject_of(name)
        if facts.expectation.view == "resolver":
            yield Skip(subject, NOT_ASKED)
        elif facts.resolver.distrust:
            yield Unknown(subject, _distrust(facts))
        elif not facts.zone.zone or not is_at_or_below(name.name, facts.zone.zone):
            yield Skip(subject, "outside the zone: judged on the resolver")
        elif facts.zone.intercepted:
            yield Unknown(subject, facts.zone.intercepted)
        else:
            replies = tuple(reply for _, reply in name.asked.at)
            yield Case(subject, name, evidence_of(*replies))


def subject_of(name: NameFacts) -> str:
    """Return the subject of a required name, ``bounce.example.com MX``."""
    return f"{display(name.name)} {name.rdtype}"


def _distrust(facts: Facts) -> str:
    return f"the resolver is not trusted: {facts.resolver.distrust}"
