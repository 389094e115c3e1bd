"""What a server holds, and the search in it: RFC 1034 §4.3.2 with the wildcards of RFC 4592."""

from __future__ import annotations

import enum
from collections.abc import Iterable
from dataclasses import dataclass, field

import dns.name
import dns.rdata
import dns.rdataclass
import dns.rdatatype
import dns.rrset
from dns.rdatatype import RdataType
from dns.rdtypes.ANY.CNAME import CNAME

from rehearsal.nameserver.master import Rr

Name = dns.name.Name


class Kind(enum.Enum):
    """How a search for one name and type ends."""

    DATA = enum.auto()
    ALIAS = enum.auto()
    NODATA = enum.auto()
    NXDOMAIN = enum.auto()
    REFERRAL = enum.auto()
    OUTSIDE = enum.auto()


@dataclass(frozen=True, slots=True)
class Found:
    """The end of a search. ``rrsets`` are the data, the CNAMEs, or the NS of the delegation."""

    kind: Kind
    zone: Name | None = None
    rrsets: tuple[dns.rrset.RRset, ...] = ()
    target: Name | None = None


@dataclass(slots=True)
class _Node:
    rrs: dict[RdataType, dict[dns.rdata.Rdata, Rr]] = field(default_factory=dict)


class Tree:
    """The records of one server. A name with a SOA is the apex of a zone of its own."""

    def __init__(self, records: Iterable[Rr]) -> None:
        self._nodes: dict[Name, _Node] = {}
        self._existing: set[Name] = set()
        for rr in records:
            self._add(rr)
        self.zones = frozenset(n for n, node in self._nodes.items() if RdataType.SOA in node.rrs)

    def _add(self, rr: Rr) -> None:
        # Equal data counts once in an RRset (RFC 2181 §5).
        self._nodes.setdefault(rr.name, _Node()).rrs.setdefault(rr.rdata.rdtype, {}).setdefault(
            rr.rdata, rr
        )
        # A name exists where it, or any name below it, holds a record: the empty
        # non-terminals of RFC 4592 §2.2.2.
        name = rr.name
        while name not in self._existing:
            self._existing.add(name)
            if name == dns.name.root:
                break
            name = name.parent()

    def zone_of(self, name: Name, zones: frozenset[Name], rdtype: RdataType) -> Name | None:
        """Return the apex of the closest of ``zones`` that encloses ``name``, None without one.

        DS belongs to the parent's side of a zone cut (RFC 4035 §3.1.4.1).
        """
        start = name
        if rdtype == RdataType.DS and name in zones and name != dns.name.root:
            above = self.zone_of(name.parent(), zones, RdataType.NONE)
            return above if above is not None else name
        while start not in zones:
            if start == dns.name.root:
                return None
            start = start.parent()
        return start

    def find(self, name: Name, rdtype: RdataType, zones: frozenset[Name]) -> Found:
        """Search ``name`` in the closest of ``zones``."""
        zone = self.zone_of(name, zones, rdtype)
        if zone is None:
            return Found(Kind.OUTSIDE)
        cut = self._cut(name, zone, rdtype)
        if cut is not None:
            return Found(Kind.REFERRAL, zone, self.rrsets(cut, RdataType.NS))
        if name in self._existing:
            return self._at(name, name, rdtype, zone)
        wildcard = self._wildcard(name, zone)
        if wildcard in self._existing:
            return self._at(wildcard, name, rdtype, zone)
        return Found(Kind.NXDOMAIN, zone)

    def below_cut(self, name: Name, rdtype: RdataType, referral: Found) -> Found | None:
        """Return what stands at ``name`` although it is delegated, None where nothing does."""
        if name not in self._nodes:
            return None
        return self._at(name, name, rdtype, referral.zone)

    def _cut(self, name: Name, zone: Name, rdtype: RdataType) -> Name | None:
        """Return the highest delegation between ``zone`` and ``name`` (RFC 1034 §4.2.1)."""
        for depth in range(len(zone) + 1, len(name) + 1):
            above = name.split(depth)[1]
            if above == name and rdtype == RdataType.DS:
                return None
            node = self._nodes.get(above)
            if node is not None and RdataType.NS in node.rrs:
                return above
        return None

    def _wildcard(self, name: Name, zone: Name) -> Name:
        """Return the source of synthesis: ``*`` below the closest encloser (RFC 4592 §3.3.1)."""
        encloser = name.parent()
        while encloser not in self._existing and encloser != zone:
            encloser = encloser.parent()
        return dns.name.Name((b"*", *encloser.labels))

    def _at(self, node: Name, owner: Name, rdtype: RdataType, zone: Name | None) -> Found:
        rrs = self._nodes.get(node, _Node()).rrs
        if rdtype == RdataType.ANY and rrs:
            every = tuple(r for t in rrs for r in self.rrsets(node, t, owner))
            return Found(Kind.DATA, zone, every)
        # Data beside a CNAME is answered as broken servers do: data first, alias otherwise.
        if rdtype in rrs:
            return Found(Kind.DATA, zone, self.rrsets(node, rdtype, owner))
        if RdataType.CNAME in rrs:
            aliases = self.rrsets(node, RdataType.CNAME, owner)
            return Found(Kind.ALIAS, zone, aliases, _target(next(iter(rrs[RdataType.CNAME]))))
        return Found(Kind.NODATA, zone)

    def rrsets(
        self, node: Name, rdtype: RdataType, owner: Name | None = None
    ) -> tuple[dns.rrset.RRset, ...]:
        """Return the records of a type at ``node`` under the name ``owner``, in wire order.

        One RRset a record for CNAME, whose class keeps one member only.
        """
        held = list(self._nodes.get(node, _Node()).rrs.get(rdtype, {}).values())
        groups = [[rr] for rr in held] if rdtype == RdataType.CNAME else [held] if held else []
        return tuple(_rrset(owner or node, group) for group in groups)

    def signatures(self, rrset: dns.rrset.RRset) -> tuple[dns.rrset.RRset, ...]:
        """Return the RRSIGs that cover ``rrset`` (RFC 4035 §3.1.1)."""
        held = self._nodes.get(rrset.name, _Node()).rrs.get(RdataType.RRSIG, {})
        covering = [rr for rr in held.values() if rr.rdata.covers() == rrset.rdtype]
        return (_rrset(rrset.name, covering),) if covering else ()

    def negative(self, zone: Name) -> dns.rrset.RRset:
        """Return the SOA of ``zone`` with the TTL of negative answers (RFC 2308 §5)."""
        rrset = self.rrsets(zone, RdataType.SOA)[0]
        rrset.ttl = min(rrset.ttl, getattr(rrset[0], "minimum", rrset.ttl))
        return rrset


def _target(alias: dns.rdata.Rdata) -> Name:
    assert isinstance(alias, CNAME)  # noqa: S101 - the caller picked it by type
    return alias.target


def _rrset(owner: Name, group: list[Rr]) -> dns.rrset.RRset:
    first = group[0].rdata
    rrset = dns.rrset.RRset(owner, dns.rdataclass.IN, first.rdtype, first.covers())
    for rr in group:
        rrset.add(rr.rdata, rr.ttl)
    return rrset
