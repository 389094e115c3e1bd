"""Worlds of loopback DNS servers from short text, for tests."""

from __future__ import annotations

from collections.abc import Sequence

import dns.flags
import dns.message
import dns.query
import pytest

from rehearsal.zone import Fault, Host, Records, World, can_bind, overlay, parse_records, without

RECURSIVE = "127.0.0.1"
NS1 = "127.0.0.11"
NS2 = "127.0.0.12"
PARENT = "127.0.0.13"

needs_loopback_net = pytest.mark.skipif(
    not can_bind(NS1), reason=f"{NS1} cannot be bound: this system has only 127.0.0.1"
)

# What lies above and beside every domain of a test: the root, some top-level domains, and the
# names that the resolver canary asks.
INTERNET = parse_records(
    """
    . SOA a.root-servers.net. nstld.example. 1 1800 900 604800 86400
    . NS a.root-servers.net.
    com. SOA a.gtld-servers.net. nstld.example. 1 1800 900 604800 900
    com. NS a.gtld-servers.net.
    zip. SOA ns1.nic.zip. hostmaster.nic.zip. 1 7200 3600 1209600 3600
    zip. NS ns1.nic.zip.
    ns1.nic.zip. A 127.0.0.13
    example. SOA ns1.nic.example. hostmaster.nic.example. 1 7200 3600 1209600 3600
    example. NS ns1.nic.example.
    ns1.dnshost.example. A 127.0.0.11
    ns2.dnshost.example. A 127.0.0.12
    amazonses.com. SOA ns1.amazonses.com. hostmaster.amazonses.com. 1 7200 900 1209600 86400
    amazonses.com. NS ns1.amazonses.com.
    amazonses.com. TXT "v=spf1 ip4:199.255.192.0/22 ip4:54.240.0.0/18 -all"
    feedback-smtp.us-west-2.amazonses.com. A 203.0.113.201
    """
)

APEX = """
    @ SOA ns1.dnshost.example. hostmaster.dnshost.example. 1 7200 3600 1209600 3600
    @ NS ns1.dnshost.example.
    @ NS ns2.dnshost.example.
"""


def world(
    zone: str,
    *,
    origin: str = "jobmatch.zip.",
    other: str = "",
    ns2: str | None = None,
    faults: dict[str, Sequence[Fault]] | None = None,
    delay: float = 0.0,
) -> World:
    """Return a world, not yet started: a resolver, two name servers of ``origin``, its parent.

    ``zone`` is master-file text relative to ``origin``; SOA and NS are added where it has none.
    ``ns2`` replaces RRsets on the second server. ``other`` holds absolute names that only the
    resolver sees. ``faults`` are by address, relative to ``origin``. The test is skipped where the
    system has only 127.0.0.1.
    """
    if not can_bind(NS1):
        pytest.skip(f"{NS1} cannot be bound: this system has only 127.0.0.1")
    faulty = faults or {}
    own = overlay(parse_records(APEX, origin), parse_records(zone, origin))
    second = overlay(own, parse_records(ns2 or "", origin))
    everything = overlay(overlay(INTERNET, parse_records(other)), own)
    return World(
        [
            Host(RECURSIVE, everything, True, None, faulty.get(RECURSIVE, ()), origin),
            Host(NS1, own, faults=faulty.get(NS1, ()), fault_origin=origin),
            Host(NS2, second, faults=faulty.get(NS2, ()), fault_origin=origin),
            Host(PARENT, parent_of(own, origin), faults=faulty.get(PARENT, ())),
        ],
        delay=delay,
    )


def parent_of(own: Records, origin: str) -> Records:
    """Return the zone above ``origin``, which delegates to the name servers of ``own``."""
    above = origin.partition(".")[2] or "."
    soa = parse_records(f"@ SOA ns1.nic.{above} hostmaster.nic.{above} 1 1 1 1 900", above)
    delegation = [rr for rr in own if rr.name.to_text() == origin and rr.rdata.rdtype.name == "NS"]
    return (*soa, *delegation)


def ask(
    world_: World,
    name: str,
    rdtype: str = "A",
    *,
    at: str = RECURSIVE,
    rd: bool = True,
    cd: bool = False,
    do: bool = False,
    edns: int | None = 1232,
    tcp: bool = False,
    timeout: float = 2.0,
) -> dns.message.Message:
    """Ask a server of ``world_`` one question and return its message; ``edns`` None sends no OPT.

    Raises what dnspython raises where no answer comes.
    """
    query = dns.message.make_query(name, rdtype)
    if edns is not None:
        query.use_edns(0, dns.flags.DO if do else 0, edns)
    if not rd:
        query.flags &= ~dns.flags.RD
    if cd:
        query.flags |= dns.flags.CD
    send = dns.query.tcp if tcp else dns.query.udp
    return send(query, at, timeout=timeout, port=world_.port, one_rr_per_rrset=True)


__all__ = [
    "APEX",
    "INTERNET",
    "NS1",
    "NS2",
    "PARENT",
    "RECURSIVE",
    "Fault",
    "Host",
    "World",
    "ask",
    "needs_loopback_net",
    "parent_of",
    "parse_records",
    "without",
    "world",
]
