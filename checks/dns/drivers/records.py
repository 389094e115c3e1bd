"""Resource records of dnspython as values of checks.dns.rdata."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass, field

import dns.name
import dns.rdata
import dns.rdataclass
import dns.rdatatype
import dns.rrset
from dns.rdtypes.ANY.SOA import SOA
from dns.rdtypes.IN.A import A
from dns.rdtypes.IN.AAAA import AAAA
from dns.rdtypes.mxbase import MXBase
from dns.rdtypes.nsbase import NSBase
from dns.rdtypes.txtbase import TXTBase

from checks.dns.answers import Link
from checks.dns.names import from_labels
from checks.dns.rdata import Address, Mx, Other, Rdata, Soa, Target, Txt

MAX_RECORDS = 200  # kept of one RRset
MAX_TEXT = 4096  # characters kept of data of other types


@dataclass(slots=True)
class Found:
    """An RRset of the type asked for. ``ttl`` in seconds, the smallest of its records."""

    records: tuple[Rdata, ...]
    ttl: int


@dataclass(slots=True)
class Section:
    """An answer section: RRsets of the type asked for and CNAMEs, by owner name."""

    found: dict[str, Found] = field(default_factory=dict)
    aliases: dict[str, list[Link]] = field(default_factory=dict)
    signed: bool = False

    def holds(self, name: str) -> bool:
        """Return whether the section goes on at ``name``."""
        return name in self.found or name in self.aliases


def canonical(name: dns.name.Name) -> str:
    """Return a name of dnspython as canonical text."""
    return from_labels(name.labels[:-1])


def read_section(rrsets: Iterable[dns.rrset.RRset], rdtype: str) -> Section:
    """Return what an answer section with one record an RRset holds for a question of ``rdtype``."""
    wanted = dns.rdatatype.from_text(rdtype)
    section = Section()
    for rrset in rrsets:
        if rrset.rdclass != dns.rdataclass.IN:
            continue
        if rrset.rdtype == wanted:
            _add(section, canonical(rrset.name), rrset)
        elif rrset.rdtype == dns.rdatatype.CNAME:
            _add_alias(section, canonical(rrset.name), rrset)
        section.signed = section.signed or rrset.rdtype == dns.rdatatype.RRSIG
    return section


def _add(section: Section, owner: str, rrset: dns.rrset.RRset) -> None:
    data = value_of(rrset[0])
    known = section.found.get(owner)
    if known is None:
        section.found[owner] = Found((data,), rrset.ttl)
    elif len(known.records) < MAX_RECORDS:
        known.records += (data,)
        known.ttl = min(known.ttl, rrset.ttl)


def _add_alias(section: Section, owner: str, rrset: dns.rrset.RRset) -> None:
    data = value_of(rrset[0])
    links = section.aliases.setdefault(owner, [])
    if isinstance(data, Target) and len(links) < MAX_RECORDS:
        links.append(Link(owner, data.name, rrset.ttl))


def value_of(data: dns.rdata.Rdata) -> Rdata:
    """Return record data as a value."""
    match data:
        case TXTBase():
            return Txt(data.strings)
        case MXBase():
            return Mx(data.preference, canonical(data.exchange))
        case A() | AAAA():
            return Address(ipaddress.ip_address(data.address))
        case NSBase():
            return Target(canonical(data.target))
        case SOA():
            return Soa(canonical(data.mname), canonical(data.rname), data.serial, data.minimum)
        case _:
            return Other(data.to_text()[:MAX_TEXT])
