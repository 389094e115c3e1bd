"""A whole little internet over tables: a resolver, name servers, a parent."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from checks.dns.answers import NxDomain, Question, Referral, Refused, Reply
from checks.dns.names import is_at_or_below
from tests.support.table import TableLookup

Types = Mapping[str, Sequence[Any]]
Zone = Mapping[str, Types]

SPF = "v=spf1 include:amazonses.com ~all"

# What every truthful resolver knows, the parent included.
OUTSIDE: dict[str, dict[str, Sequence[Any]]] = {
    "com": {"NS": ["a.gtld-servers.net"]},
    "zip": {"NS": ["ns1.nic.zip"]},
    "ns1.nic.zip": {"A": ["127.0.0.13"]},
    "amazonses.com": {"TXT": ["v=spf1 ip4:199.255.192.0/22 ip4:54.240.0.0/18 -all"]},
    "ns1.dnshost.example": {"A": ["127.0.0.11"]},
    "ns2.dnshost.example": {"A": ["127.0.0.12"]},
    "t1.a31d.dkim.us-west-2.amazonses.com": {"TXT": ["p=MAo="]},
}

# The domain as it must be, short of real keys.
INSIDE: dict[str, dict[str, Sequence[Any]]] = {
    "jobmatch.zip": {
        "SOA": ["ns1.dnshost.example hostmaster.dnshost.example 1"],
        "NS": ["ns1.dnshost.example", "ns2.dnshost.example"],
        "MX": ["10 mail.jobmatch.zip"],
        "TXT": ["v=spf1 mx ~all"],
    },
    "mail.jobmatch.zip": {"A": ["198.51.100.25"], "AAAA": ["2001:db8::25"]},
    "bounce.jobmatch.zip": {"MX": ["10 feedback-smtp.us-west-2.amazonses.com"], "TXT": [SPF]},
    "t1._domainkey.jobmatch.zip": {"CNAME": ["t1.a31d.dkim.us-west-2.amazonses.com"]},
    "_dmarc.jobmatch.zip": {"TXT": ["v=DMARC1; p=none; rua=mailto:dmarc@jobmatch.zip"]},
}

Fault = Callable[[Question], Reply | None]


def changed(zone: Zone, changes: Mapping[str, Types | None]) -> dict[str, Types]:
    """Return the zone with names replaced (a value) or removed (None)."""
    merged: dict[str, Types] = dict(zone)
    for name, types in changes.items():
        key = name.removesuffix(".")
        if types is None:
            del merged[key]
        else:
            merged[key] = types
    return merged


class World(TableLookup):
    """A Network: the resolver's table, and one table for each name server.

    ``faults`` may answer a question in the place of the tables; ``no_route`` are addresses that
    this host cannot reach.
    """

    def __init__(
        self,
        *,
        inside: Zone | None = None,
        ns1: Zone | None = None,
        ns2: Zone | None = None,
        resolver: Zone | None = None,
        outside: Zone | None = None,
        parent_ns: Sequence[str] = ("ns1.dnshost.example.", "ns2.dnshost.example."),
        faults: Sequence[Fault] = (),
        no_route: Sequence[str] = (),
    ) -> None:
        inside = INSIDE if inside is None else inside
        super().__init__({**(OUTSIDE if outside is None else outside), **(resolver or inside)})
        self.servers = {
            "ns1.dnshost.example.": TableLookup(ns1 or inside),
            "ns2.dnshost.example.": TableLookup(ns2 or inside),
        }
        self.parent_ns = tuple(parent_ns)
        self.faults = faults
        self.no_route = frozenset(no_route)

    @property
    def queries(self) -> int:
        return len(self.asked)

    def routable(self, address: str) -> bool:
        return address not in self.no_route

    def _answer(self, question: Question) -> Reply:
        for fault in self.faults:
            reply = fault(question)
            if reply is not None:
                return reply
        if question.server is None:
            return dataclasses.replace(super()._answer(question), recursive=True)
        return self._authoritative(question, question.server.name)

    def _authoritative(self, question: Question, server: str) -> Reply:
        if server == "ns1.nic.zip.":
            return self._parent(question)
        table = self.servers.get(server)
        if table is None or not is_at_or_below(question.name, "jobmatch.zip."):
            return Refused(question=question, server=server, rcode="REFUSED")
        reply = table._answer(question)
        return dataclasses.replace(reply, server=server, authoritative=True)

    def _parent(self, question: Question) -> Reply:
        if question.name == "jobmatch.zip." and self.parent_ns:
            return Referral(
                question=question,
                server="ns1.nic.zip.",
                rcode="NOERROR",
                zone="jobmatch.zip.",
                nameservers=self.parent_ns,
            )
        return NxDomain(
            question=question, server="ns1.nic.zip.", rcode="NXDOMAIN", authoritative=True
        )


def at(server: str, rdtype: str, kind: Callable[..., Reply], **values: Any) -> Fault:
    """Return a fault: every question of ``rdtype`` (``*``: any) to ``server`` gets this reply.

    ``server`` is an NS name, or ``resolver``.
    """

    def fault(question: Question) -> Reply | None:
        asked = question.server.name if question.server else "resolver"
        if asked != server or rdtype not in {"*", question.rdtype}:
            return None
        return kind(question=question, server=server, **values)

    return fault


def named(name: str, rdtype: str, server: str, kind: Callable[..., Reply], **values: Any) -> Fault:
    """Return a fault for one name; ``server`` as in ``at``, or ``*`` for all."""

    def fault(question: Question) -> Reply | None:
        asked = question.server.name if question.server else "resolver"
        if question.name != name or rdtype not in {"*", question.rdtype}:
            return None
        return kind(question=question, server=asked, **values) if server in {"*", asked} else None

    return fault
