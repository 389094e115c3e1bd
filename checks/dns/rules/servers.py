"""Rules on the name servers of the zone. Only authority can answer them."""

from __future__ import annotations

from collections.abc import Iterator

from checks.dns.answers import Answer, Malformed, Timeout, Truncated
from checks.dns.facts import Facts, ServerFacts, ZoneFacts
from checks.dns.names import display
from checks.dns.rdata import Soa
from checks.dns.reading import evidence_of, explain, is_absent
from checks.dns.rules.scopes import zone_servers
from checks.model import Severity
from checks.registry import Failed, Found, Unsure, rule


def _name(facts: ServerFacts) -> str:
    return display(facts.server.name)


def _trouble(facts: ServerFacts) -> str:
    """Return what is wrong with a server for certain, empty where nothing is."""
    if facts.missing:
        return f"{_name(facts)}: its host name has no address"
    if facts.soa is not None and not facts.is_lame and is_absent(facts.soa):
        return f"{_name(facts)}: no SOA: {explain(facts.soa)}"
    return f"{_name(facts)}: {facts.lameness}" if facts.is_lame else ""


def _doubt(facts: ServerFacts) -> str:
    """Return why it is not known whether a server serves the zone, empty where it is."""
    if facts.missing or facts.is_lame:
        return ""
    if facts.soa is None:
        return f"{_name(facts)}: {facts.unreachable or 'not asked'}"
    return f"{_name(facts)}: {explain(facts.soa)}" if facts.soa.failed else ""


@rule(
    "dns-ns-authoritative",
    title="At least one name server answers authoritatively",
    severity=Severity.ERROR,
    reference="RFC 1034 §4.2.1; RFC 1912 §2.8",
    fix="Make {ns} serve {domain}, or list the servers that do at the registrar",
    scope=zone_servers,
)
def dns_ns_authoritative(facts: Facts, zone: ZoneFacts) -> Iterator[Found]:
    """Fail where every server is lame or missing; unknown where one of them is only silent."""
    troubles = [t for t in map(_trouble, zone.servers) if t]
    doubts = [d for d in map(_doubt, zone.servers) if d]
    if len(troubles) + len(doubts) < len(zone.servers):
        return
    if doubts or not troubles:
        yield Unsure(f"no name server answered: {'; '.join(doubts) or 'none is known'}")
        return
    yield Failed(
        message=f"no name server serves {display(zone.zone)}: {'; '.join(troubles)}",
        observed=tuple(troubles),
        fix={"ns": ", ".join(map(_name, zone.servers)), "domain": display(zone.zone)},
    )


@rule(
    "dns-ns-redundant",
    title="Two or more name servers answer authoritatively",
    severity=Severity.WARNING,
    reference="RFC 2182 §5; RFC 1912 §2.8",
    fix="Add a second name server, repair or remove {ns}",
    scope=zone_servers,
)
def dns_ns_redundant(facts: Facts, zone: ZoneFacts) -> Iterator[Found]:
    """Fail for a single server and for each lame one; a silent one makes it unknown."""
    names = ", ".join(map(_name, zone.servers))
    if len(zone.servers) < 2:
        yield Failed(message=f"only one name server: {names}", fix={"ns": names})
    for server in zone.servers:
        if trouble := _trouble(server):
            yield Failed(message=trouble, observed=(trouble,), fix={"ns": _name(server)})
        elif doubt := _doubt(server):
            yield Unsure(doubt)
    for cut, servers in zone.cuts.items():
        for server in servers:
            if trouble := _trouble(server):
                told = f"{display(cut)}: {trouble}"
                yield Failed(message=told, observed=(told,), fix={"ns": _name(server)})


@rule(
    "dns-delegation-matched",
    title="Parent and child list the same name servers",
    severity=Severity.WARNING,
    reference="RFC 1034 §4.2.2",
    fix="Set the NS records at the registrar and in the zone to the same list: {value}",
    scope=zone_servers,
)
def dns_delegation_matched(facts: Facts, zone: ZoneFacts) -> Iterator[Found]:
    """Fail where the parent's referral and the apex differ."""
    if zone.parent_ns is None:
        seen = zone.parent_reply
        yield Unsure(f"the parent could not be asked: {explain(seen) if seen else 'no server'}")
    elif zone.child_ns is None:
        yield Unsure("the NS records at the apex could not be read")
    elif set(zone.parent_ns) != set(zone.child_ns):
        parent = ", ".join(map(display, zone.parent_ns))
        child = ", ".join(map(display, zone.child_ns))
        yield Failed(
            message=f"the parent lists {parent}; the zone lists {child}",
            expected=child,
            observed=tuple(map(display, zone.parent_ns)),
            fix={"value": child},
        )


@rule(
    "dns-soa-serial-equal",
    title="All name servers hold the same zone version",
    severity=Severity.WARNING,
    reference="RFC 1034 §4.3.5",
    fix="Wait for the zone transfer to {ns}, or repair it",
    scope=zone_servers,
)
def dns_soa_serial_equal(facts: Facts, zone: ZoneFacts) -> Iterator[Found]:
    """Fail where the SOA serials of the servers that answered differ."""
    serials = {
        _name(server): record.serial
        for server in zone.servers
        if isinstance(server.soa, Answer) and not server.is_lame
        for record in server.soa.records
        if isinstance(record, Soa)
    }
    if not serials:
        yield Unsure("no server gave its SOA")
    elif len(set(serials.values())) > 1:
        newest = max(serials.values())
        behind = [name for name, serial in serials.items() if serial != newest]
        shown = tuple(f"{name} {serial}" for name, serial in serials.items())
        yield Failed(
            message=f"SOA serials differ: {', '.join(shown)}",
            expected=str(newest),
            observed=shown,
            fix={"ns": ", ".join(behind)},
        )


@rule(
    "dns-tcp-open",
    title="Every name server answers over TCP",
    severity=Severity.WARNING,
    reference="RFC 7766 §5",
    fix="Allow TCP port 53 to {ns}",
    scope=zone_servers,
)
def dns_tcp_open(facts: Facts, zone: ZoneFacts) -> Iterator[Found]:
    """Fail where TCP is refused or closed; a time-out or a broken answer is unknown."""
    for server in zone.servers:
        reply = server.tcp
        if reply is None:
            yield Unsure(f"{_name(server)}: {server.unreachable or 'not asked'}")
        elif isinstance(reply, Truncated) and reply.tcp != "timeout":
            yield Failed(
                message=f"{_name(server)}: TCP {reply.tcp}",
                observed=(f"{_name(server)} TCP {reply.tcp}",),
                fix={"ns": _name(server)},
                evidence=evidence_of(reply),
            )
        elif isinstance(reply, Timeout | Truncated | Malformed):
            yield Unsure(f"{_name(server)}: {explain(reply)}")
