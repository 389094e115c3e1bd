"""Which zone holds the domain, and who serves it: parent, servers, zone cuts, interception."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from checks.dns.answers import Answer, NoData, NxDomain, Question, Referral, Refused, Reply, Server
from checks.dns.expectation import Expectation
from checks.dns.facts import ServerFacts, ZoneFacts
from checks.dns.names import ancestors, display, is_at_or_below, is_below, join
from checks.dns.port import Lookup, Network, ask, together
from checks.dns.psl import registrable
from checks.dns.reading import addresses, explain, targets

MAX_SERVERS = 16  # of one zone: more are left alone, no zone needs them
MAX_PARENTS = 3  # servers of the parent asked one after the other until one answers


@dataclass(frozen=True, slots=True, kw_only=True)
class ZoneStart:
    """What the first two rounds tell: the zone, its NS set as the resolver sees it, its servers."""

    zone: str
    registrable: str
    nameservers: tuple[str, ...]
    resolver_reply: Reply
    ds: Reply
    parent: str
    parent_servers: tuple[ServerFacts, ...]
    servers: tuple[ServerFacts, ...]
    cuts: dict[str, tuple[ServerFacts, ...]]


async def find_zone(expectation: Expectation, network: Network, below: Sequence[str]) -> ZoneStart:
    """Find the zone and the addresses of its servers in two rounds.

    ``below`` are the names whose zone may be a deeper one (MAIL FROM, ``_domainkey``, …).
    """
    domain = expectation.domain
    top = registrable(domain) or domain
    asked = list(dict.fromkeys([*ancestors(domain), *below]))
    questions = [Question(name, "NS") for name in asked]
    *cuts_told, ds = await network.ask([*questions, Question(top, "DS")])
    replies = dict(zip(asked, cuts_told, strict=True))
    zone = next((n for n in ancestors(domain) if is_at_or_below(n, top) and _ns(replies[n])), "")
    parent = next((n for n in ancestors(zone or top)[1:] if _ns(replies[n])), "")
    cuts = [name for name in below if zone and is_below(name, zone) and _ns(replies[name])]
    zones = await together(
        network, *(find_servers(network, _ns(replies[name])) for name in _each(zone, parent, cuts))
    )
    found = dict(zip(_each(zone, parent, cuts), zones, strict=True))
    return ZoneStart(
        zone=zone,
        registrable=top,
        nameservers=_ns(replies[zone]) if zone else (),
        resolver_reply=replies[zone or top],
        ds=ds,
        parent=parent,
        parent_servers=found.get(parent, ()),
        servers=found.get(zone, ()) if zone else (),
        cuts={name: found[name] for name in cuts},
    )


def _each(zone: str, parent: str, cuts: list[str]) -> list[str]:
    return [name for name in (zone, parent, *cuts) if name]


def _ns(reply: Reply) -> tuple[str, ...]:
    """Return the NS names of a zone apex; an alias is followed by resolvers and is no apex."""
    return () if reply.chain else tuple(sorted(targets(reply)))[:MAX_SERVERS]


async def find_servers(network: Network, names: Sequence[str]) -> tuple[ServerFacts, ...]:
    """Look up the addresses of name servers at the resolver, all at once, in name order."""
    ordered = sorted(names)
    replies = await network.ask(
        [Question(name, rdtype) for name in ordered for rdtype in ("A", "AAAA")]
    )
    pairs = zip(replies[::2], replies[1::2], strict=True)
    return tuple(_server(network, name, *pair) for name, pair in zip(ordered, pairs, strict=True))


def _server(network: Network, name: str, v4: Reply, v6: Reply) -> ServerFacts:
    every = [str(ip) for reply in (v4, v6) for ip in addresses(reply)]
    usable = tuple(address for address in every if network.routable(address))
    return ServerFacts(
        server=Server(name, usable),
        missing=not every and not v4.failed and not v6.failed,
        unresolved=not every and (v4.failed or v6.failed),
        unreachable="" if usable else _why_unreachable(every, v4, v6),
    )


def _why_unreachable(every: list[str], v4: Reply, v6: Reply) -> str:
    if every:
        return f"this network has no route to {', '.join(every)}"
    failed = [reply for reply in (v4, v6) if reply.failed]
    if failed:
        return f"its address could not be looked up: {explain(failed[0])}"
    return "its host name has no address"


async def survey(start: ZoneStart, network: Network, label: str) -> ZoneFacts:
    """Ask parent and servers for delegation, SOA and TCP, and servers that only they name.

    ``label`` is random; it is asked under another top-level domain to notice interception.
    """
    cutting = [network.start(_look_at(network, *cut)) for cut in start.cuts.items()]
    servers, parent_reply, apex, probe = await _first_look(start, network, label)
    cuts = dict(zip(start.cuts, [await one for one in cutting], strict=True))
    parent_ns = _parent_ns(parent_reply)
    zone = start.zone or (start.registrable if parent_ns else "")
    known = {facts.server.name for facts in servers}
    listed = {*(parent_ns or ()), *(targets(apex) if apex is not None else ())}
    more = sorted(listed - known)[:MAX_SERVERS]
    if more and zone:
        late = await find_servers(network, more)
        servers += await _look_at(network, zone, late)
    if apex is None:  # the resolver named no server
        apex = await _first(network, [f.server for f in servers if f.server.addresses], zone, "NS")
    return ZoneFacts(
        zone=zone,
        registrable=start.registrable,
        parent_ns=parent_ns,
        child_ns=tuple(sorted(targets(apex))) if isinstance(apex, Answer) else None,
        ds=start.ds,
        delegation=_delegation(parent_reply, start.resolver_reply),
        parent_reply=parent_reply,
        soa=next((f.soa for f in servers if isinstance(f.soa, Answer) and not f.is_lame), None),
        servers=tuple(sorted(servers, key=lambda facts: facts.server.name)),
        cuts=cuts,
        intercepted=_interception(probe) if probe is not None else "",
    )


async def _first_look(
    start: ZoneStart, network: Network, label: str
) -> tuple[tuple[ServerFacts, ...], Reply | None, Reply | None, Reply | None]:
    looking = [network.start(_look(network, start.zone, one)) for one in start.servers]
    parent = network.start(_ask_parent(start, network))
    reachable = [facts.server for facts in start.servers if facts.server.addresses]
    apex = network.start(_first(network, reachable, start.zone, "NS"))
    foreign = join(label, "org." if start.zone.endswith("com.") else "com.")
    probe = network.start(_first(network, reachable[:1], foreign, "A"))
    return tuple([await one for one in looking]), await parent, await apex, await probe


async def _look_at(
    network: Network, zone: str, servers: Sequence[ServerFacts]
) -> tuple[ServerFacts, ...]:
    return tuple(await together(network, *(_look(network, zone, one) for one in servers)))


async def _look(network: Network, zone: str, facts: ServerFacts) -> ServerFacts:
    if facts.unreachable:
        return facts
    soa, tcp = await network.ask(
        [
            Question(zone, "SOA", server=facts.server),
            Question(zone, "SOA", server=facts.server, tcp=True),
        ]
    )
    return ServerFacts(server=facts.server, soa=soa, tcp=tcp, lameness=lameness(soa))


def lameness(soa: Reply) -> str:
    """Return what a server that does not serve the zone did, empty for any other (RFC 1912 §2.8).

    Silence and SERVFAIL do not make a server lame: what it holds is unknown. A denial with AA=1
    does not either: resolvers believe it, so it is compared with what the others say.
    """
    if isinstance(soa, Refused | Referral):
        return explain(soa)
    if isinstance(soa, Answer | NoData | NxDomain) and not soa.authoritative:
        return f"an answer without authority (AA=0) from {soa.server}"
    return ""


async def _ask_parent(start: ZoneStart, network: Network) -> Reply | None:
    """Ask the parent's servers, one after the other until one answers, for the delegation."""
    reachable = [f.server for f in start.parent_servers if f.server.addresses]
    return await _first(network, reachable[:MAX_PARENTS], start.zone or start.registrable, "NS")


async def _first(lookup: Lookup, servers: Sequence[Server], name: str, rdtype: str) -> Reply | None:
    """Return the first reply that tells something; a referral does."""
    reply: Reply | None = None
    for server in servers:
        reply = (await lookup.ask([Question(name, rdtype, server=server)]))[0]
        if not reply.failed or isinstance(reply, Referral):
            break
    return reply


def _parent_ns(reply: Reply | None) -> tuple[str, ...] | None:
    if isinstance(reply, Referral):
        return tuple(sorted(reply.nameservers)) if reply.zone == reply.question.name else None
    if isinstance(reply, Answer):  # the parent's server holds the child zone too
        return tuple(sorted(targets(reply)))
    return None


def _delegation(parent: Reply | None, resolver: Reply) -> Reply:
    """Return the reply that decides whether the zone is delegated: the parent's, or else ours."""
    told = parent is not None and (not parent.failed or isinstance(parent, Referral))
    return parent if told and parent is not None else resolver


def _interception(probe: Reply) -> str:
    """Return how port 53 is intercepted, empty where it is not.

    A name server of this zone refuses, refers or is silent for a name of another one.
    """
    is_answer = isinstance(probe, Answer) or bool(probe.chain)
    if is_answer or (isinstance(probe, NxDomain) and probe.recursive):
        return (
            f"port 53 is intercepted on this network: {probe.server} answered for "
            f"{display(probe.question.name)}; run with --view resolver"
        )
    return ""


async def resolver_zone(start: ZoneStart, lookup: Lookup) -> ZoneFacts:
    """Return what the resolver alone tells of the zone (``--view resolver``)."""
    soa = await ask(lookup, start.zone or start.registrable, "SOA")
    return ZoneFacts(
        zone=start.zone,
        registrable=start.registrable,
        child_ns=start.nameservers or None,
        ds=start.ds,
        delegation=start.resolver_reply,
        soa=soa,
        cuts=start.cuts,
    )
