"""From a question to the sections of its answer, alias by alias (RFC 1034 §4.3.2)."""

from __future__ import annotations

from dataclasses import dataclass, field

import dns.name
import dns.rcode
import dns.rdataclass
import dns.rdatatype
import dns.rrset
from dns.rdatatype import RdataType

from rehearsal.nameserver.faults import Fault, Faults, replacing
from rehearsal.nameserver.tree import Found, Kind, Tree

Name = dns.name.Name

MAX_CHAIN = 16  # aliases followed in one answer; resolvers stop between 8 and 17


@dataclass(frozen=True, slots=True)
class Ask:
    """What of a query decides its answer. ``dnssec`` is the DO bit, ``cd`` checking disabled."""

    name: Name
    rdtype: RdataType
    rd: bool = True
    cd: bool = False
    edns: bool = True
    dnssec: bool = False


@dataclass(slots=True)
class Sections:
    """The answer in the making. ``fault`` is set where a fault takes its place."""

    recursive: bool
    rcode: dns.rcode.Rcode = dns.rcode.NOERROR
    authoritative: bool = False
    validated: bool = False
    answer: list[dns.rrset.RRset] = field(default_factory=list)
    authority: list[dns.rrset.RRset] = field(default_factory=list)
    additional: list[dns.rrset.RRset] = field(default_factory=list)
    fault: Fault | None = None


class Search:
    """Searches what one server holds.

    A server that is ``recursive`` answers RD=1 as a resolver would, from all its zones. It answers
    as an authority for the zones in ``authoritative`` where RD=0 or where it is not recursive.
    ``signed`` are the zones whose answers a resolver has validated (AD=1).
    """

    def __init__(
        self,
        tree: Tree,
        faults: Faults,
        *,
        recursive: bool,
        authoritative: frozenset[Name],
        signed: frozenset[Name] = frozenset(),
    ) -> None:
        self._tree = tree
        self._faults = faults
        self._recursive = recursive
        self._authoritative = authoritative
        self._signed = signed

    def run(self, ask: Ask) -> Sections:
        """Return the sections for one question."""
        recursive = self._recursive and (ask.rd or not self._authoritative)
        sections = Sections(recursive)
        zones = self._tree.zones if recursive else self._authoritative
        seen = {ask.name}
        name: Name | None = ask.name
        while name is not None:
            if self._is_faulty(name, ask, sections):
                break
            found = self._tree.find(name, ask.rdtype, zones)
            if recursive and found.kind is Kind.REFERRAL:
                found = self._beyond_cut(name, ask.rdtype, found)
            self._add(found, sections)
            name = found.target
            if name in seen or len(seen) > MAX_CHAIN:
                # A resolver gives up on a loop; an authority shows how far it came.
                sections.rcode = dns.rcode.SERVFAIL if recursive else sections.rcode
                break
            if name is not None:
                seen.add(name)
        if ask.dnssec:
            sections.answer += [s for r in sections.answer for s in self._tree.signatures(r)]
        return sections

    def _is_faulty(self, name: Name, ask: Ask, sections: Sections) -> bool:
        fault = replacing(self._faults.at(name, ask.rdtype))
        if fault is None or not _takes_effect(fault, ask):
            return False
        # An authority leaves the rest of the chain to whoever asks; a resolver fails with it.
        if sections.recursive or not sections.answer:
            sections.fault = fault
        return True

    def _beyond_cut(self, name: Name, rdtype: RdataType, referral: Found) -> Found:
        """Return what a resolver says below a delegation: what is held there, else nothing."""
        return self._tree.below_cut(name, rdtype, referral) or Found(Kind.OUTSIDE)

    def _add(self, found: Found, sections: Sections) -> None:
        first = not sections.answer
        if first:
            sections.authoritative = not sections.recursive and found.kind not in {
                Kind.REFERRAL,
                Kind.OUTSIDE,
            }
        sections.validated = (
            sections.recursive and found.zone in self._signed and (first or sections.validated)
        )
        match found.kind:
            case Kind.DATA | Kind.ALIAS:
                sections.answer += found.rrsets
            case Kind.NODATA | Kind.NXDOMAIN:
                self._deny(found, sections)
            case Kind.REFERRAL:
                self._refer(found, sections, first=first)
            case Kind.OUTSIDE:
                self._outside(sections, first=first)

    def _deny(self, found: Found, sections: Sections) -> None:
        if found.kind is Kind.NXDOMAIN:
            sections.rcode = dns.rcode.NXDOMAIN
        if found.zone is not None:
            sections.authority.append(self._tree.negative(found.zone))

    def _refer(self, found: Found, sections: Sections, *, first: bool) -> None:
        if not first:
            return
        sections.authority += found.rrsets
        for rrset in found.rrsets:
            for rdata in rrset:
                host = dns.name.from_text(rdata.to_text())
                for rdtype in (RdataType.A, RdataType.AAAA):
                    sections.additional += self._tree.rrsets(host, rdtype)

    @staticmethod
    def _outside(sections: Sections, *, first: bool) -> None:
        if sections.recursive:
            sections.rcode = dns.rcode.SERVFAIL
        elif first:
            sections.rcode = dns.rcode.REFUSED


def _takes_effect(fault: Fault, ask: Ask) -> bool:
    if fault.kind == "bogus":
        return not ask.cd
    return ask.edns or fault.kind != "noedns"


def upward_referral() -> dns.rrset.RRset:
    """Return what a lame server says: ask the root servers."""
    return dns.rrset.from_text(
        dns.name.root, 518400, dns.rdataclass.IN, RdataType.NS, "a.root-servers.net."
    )
