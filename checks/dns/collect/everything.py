"""All facts of one domain: one coroutine over one network.

The area collectors run twice. The first run asks the resolver, so that every name is known in the
first round while the zone's servers are being found, and has authority asked beside it. The second
run sees the answers as they are judged and costs nothing where both sides agree.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Awaitable
from dataclasses import dataclass

from checks.dns.answers import Question, Server
from checks.dns.collect.authority import Authority, Settled
from checks.dns.collect.canary import collect_resolver
from checks.dns.collect.mail_from import collect_mail_from
from checks.dns.collect.names import (
    collect_names,
    cut_candidates,
    required_names,
    with_servers,
)
from checks.dns.collect.ses import collect_ses
from checks.dns.collect.view import JudgedView, PrefetchView, SilentView
from checks.dns.collect.zone import ZoneStart, find_zone, resolver_zone, survey
from checks.dns.dkim.collect import collect_dkim
from checks.dns.dkim.facts import DkimFacts
from checks.dns.dmarc.collect import collect_dmarc
from checks.dns.dmarc.facts import DmarcFacts
from checks.dns.expectation import Expectation
from checks.dns.facts import Facts, MailFromFacts, ResolverFacts, ServerFacts, SesFacts, ZoneFacts
from checks.dns.port import Lookup, Network
from checks.dns.spf.collect import collect_spf
from checks.dns.spf.facts import SpfFacts


@dataclass(frozen=True, slots=True)
class Areas:
    """What the area collectors return."""

    spf: SpfFacts
    dkim: DkimFacts
    dmarc: DmarcFacts
    mail_from: MailFromFacts | None
    ses: SesFacts


async def collect(expectation: Expectation, network: Network, label: str) -> Facts:
    """Collect all facts; ``label`` is a random DNS label that exists nowhere."""
    resolver = network.start(collect_resolver(network, label))
    starting = network.start(find_zone(expectation, network, cut_candidates(expectation)))
    surveying = network.start(_survey(expectation, starting, network, label))
    first = JudgedView(network, network.start(_authority(expectation, starting, surveying)))
    prefetch = PrefetchView(network, first)
    cached = network.start(
        network.ask([Question(name, rdtype) for name, rdtype in required_names(expectation)])
    )
    names = network.start(collect_names(expectation, first, label))
    await _areas(expectation, prefetch)
    for shadow in prefetch.shadows:
        await shadow
    zone, trust = await surveying, await resolver
    await names
    await cached
    return await _judged(expectation, network, zone, trust, label)


async def _survey(
    expectation: Expectation, starting: Awaitable[ZoneStart], network: Network, label: str
) -> ZoneFacts:
    start = await starting
    if expectation.view == "resolver":
        return await resolver_zone(start, network)
    return await survey(start, network, label)


async def _authority(
    expectation: Expectation, starting: Awaitable[ZoneStart], surveying: Awaitable[ZoneFacts]
) -> Authority:
    """Return who to ask as soon as that is known: after two rounds, later only without a zone."""
    start = await starting
    if expectation.view == "resolver":
        return Authority(zones={})
    if not start.zone:
        return _final_authority(expectation, await surveying)
    return Authority(
        zones={zone: _asked(servers) for zone, servers in _zones(start.zone, start.servers, start)},
        required=frozenset(required_names(expectation)),
    )


def _zones(
    zone: str, servers: tuple[ServerFacts, ...], holder: ZoneStart | ZoneFacts
) -> list[tuple[str, tuple[ServerFacts, ...]]]:
    return [(zone, servers), *holder.cuts.items()]


def _asked(servers: tuple[ServerFacts, ...]) -> tuple[Server, ...]:
    return tuple(f.server for f in servers if f.server.addresses and not f.is_lame)


def _final_authority(expectation: Expectation, zone: ZoneFacts) -> Authority:
    """Return who is judged, now that it is known which servers are lame."""
    if expectation.view == "resolver" or not zone.zone:
        return Authority(zones={})
    return Authority(
        zones={name: _asked(servers) for name, servers in _zones(zone.zone, zone.servers, zone)},
        required=frozenset(required_names(expectation)),
        intercepted=zone.intercepted,
    )


async def _judged(
    expectation: Expectation, network: Network, zone: ZoneFacts, trust: ResolverFacts, label: str
) -> Facts:
    authority = _final_authority(expectation, zone)
    judged = JudgedView(network, Settled(authority))
    view: Lookup = judged
    if trust.distrust:
        view = SilentView(network, f"the resolver is not trusted ({trust.distrust})")
    naming = network.start(collect_names(expectation, view, label))
    areas = await _areas(expectation, view)
    names = await naming
    if not trust.distrust:
        names = await with_servers(names, judged, authority, network)
    return Facts(
        expectation=expectation,
        resolver=trust,
        zone=zone,
        names=names,
        spf=areas.spf,
        dkim=areas.dkim,
        dmarc=areas.dmarc,
        mail_from=areas.mail_from,
        ses=_with_soa(areas.ses, zone, trust),
    )


async def _areas(expectation: Expectation, view: Lookup) -> Areas:
    """Run the area collectors side by side over one view."""
    spf = view.start(collect_spf(expectation, view))
    dkim = view.start(collect_dkim(expectation, view))
    dmarc = view.start(collect_dmarc(expectation, view))
    mail_from = view.start(collect_mail_from(expectation, view))
    ses = view.start(collect_ses(expectation, view))
    return Areas(await spf, await dkim, await dmarc, await mail_from, await ses)


def _with_soa(ses: SesFacts, zone: ZoneFacts, trust: ResolverFacts) -> SesFacts:
    """Return the ses facts with the SOA of the zone, which may lie above the domain."""
    if zone.soa is None or trust.distrust:
        return ses
    return dataclasses.replace(ses, soa=zone.soa)
