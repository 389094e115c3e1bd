"""One question to one answer: flags, EDNS and truncation; octets in, octets out."""

from __future__ import annotations

import os
import struct
from dataclasses import dataclass, replace
from typing import Literal

import dns.edns
import dns.exception
import dns.flags
import dns.message
import dns.opcode
import dns.rcode
import dns.rdataclass
import dns.rdatatype

from rehearsal.nameserver.faults import Fault, Faults
from rehearsal.nameserver.search import Ask, Search, Sections, upward_referral

Transport = Literal["udp", "tcp"]

MAX_UDP = 4096  # octets that this server sends over UDP at most
MIN_UDP = 512  # RFC 1035 §2.3.4
MAX_TCP = 65535  # RFC 1035 §4.2.2
MAX_KNOWN = 10_000  # responses kept for each server
HEADER = 12  # octets, RFC 1035 §4.1.1

_RCODE = {
    "servfail": dns.rcode.SERVFAIL,
    "refused": dns.rcode.REFUSED,
    "formerr": dns.rcode.FORMERR,
    "noedns": dns.rcode.FORMERR,
    "nxdomain": dns.rcode.NXDOMAIN,
    "bogus": dns.rcode.SERVFAIL,
    "blocked": dns.rcode.NXDOMAIN,
}
_EDE = {"bogus": (9, "DNSKEY Missing"), "blocked": (15, "Blocked")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """A question that reached a server.

    ``name`` is lower-case presentation text with a trailing dot, ``rdtype`` a mnemonic. ``edns``
    is the payload size offered in octets, None without EDNS.
    """

    server: str
    name: str
    rdtype: str
    transport: Transport
    rd: bool
    cd: bool
    edns: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """What follows from a packet: ``wire`` None sends nothing, ``close`` ends a TCP connection.

    ``delay`` is in seconds.
    """

    wire: bytes | None = None
    close: bool = False
    delay: float = 0.0
    received: Received | None = None


class Responder:
    """Answers the questions that one server receives."""

    def __init__(self, address: str, search: Search, faults: Faults) -> None:
        self._address = address
        self._search = search
        self._faults = faults
        self._known: dict[tuple[bytes, Transport], Response] = {}

    def respond(self, wire: bytes, transport: Transport) -> Response:
        """Return the response to a packet, whatever the packet holds.

        Packets that differ in their ID alone have equal responses: they are made once, so that a
        measured delay is that of the network and not of this server.
        """
        key = (wire[2:], transport)
        response = self._known.get(key)
        if response is None:
            response = self._respond(wire, transport)
            if len(self._known) < MAX_KNOWN and len(wire) <= MIN_UDP:
                self._known[key] = response
            return response
        if response.wire is None:
            return response
        return replace(response, wire=wire[:2] + response.wire[2:])

    def _respond(self, wire: bytes, transport: Transport) -> Response:
        try:
            query = dns.message.from_wire(wire, ignore_trailing=True)
        except (dns.exception.DNSException, ValueError, struct.error):
            return _unreadable(wire, transport)
        if query.flags & dns.flags.QR:
            return Response(close=True)
        rcode = _refusal(query)
        if rcode is not None:
            message = dns.message.make_response(query, our_payload=MAX_UDP)
            message.set_rcode(rcode)
            return Response(wire=_pack(message, query, transport))
        return self._answer(query, transport)

    def _answer(self, query: dns.message.Message, transport: Transport) -> Response:
        received = _received(self._address, query, transport)
        question = query.question[0]
        faults = self._faults.at(question.name, question.rdtype)
        delay = sum(fault.seconds for fault in faults if fault.kind == "delay")
        if transport == "tcp" and any(fault.kind == "notcp" for fault in faults):
            return Response(close=True, delay=delay, received=received)
        sections = self._search.run(_ask(query))
        if any(fault.kind == "noaa" for fault in faults):
            sections.authoritative = False
        if sections.fault is not None:
            wire, close = _faulty(sections.fault, sections, query, transport)
        else:
            wire, close = _pack(_message(query, sections), query, transport), False
        return Response(wire=wire, close=close, delay=delay, received=received)


def _ask(query: dns.message.Message) -> Ask:
    question = query.question[0]
    return Ask(
        question.name,
        question.rdtype,
        rd=bool(query.flags & dns.flags.RD),
        cd=bool(query.flags & dns.flags.CD),
        edns=query.edns >= 0,
        dnssec=bool(query.ednsflags & dns.flags.DO),
    )


def _received(address: str, query: dns.message.Message, transport: Transport) -> Received:
    question = query.question[0]
    return Received(
        server=address,
        name=question.name.to_text().lower(),
        rdtype=dns.rdatatype.to_text(question.rdtype),
        transport=transport,
        rd=bool(query.flags & dns.flags.RD),
        cd=bool(query.flags & dns.flags.CD),
        edns=int(query.payload) if query.edns >= 0 else None,
    )


def _refusal(query: dns.message.Message) -> dns.rcode.Rcode | None:
    """Return the RCODE for a query that asks for nothing this server does."""
    if query.opcode() != dns.opcode.QUERY:
        return dns.rcode.NOTIMP
    if len(query.question) != 1:
        return dns.rcode.FORMERR
    if query.edns > 0:
        return dns.rcode.BADVERS  # RFC 6891 §6.1.3
    question = query.question[0]
    transfer = question.rdtype in {dns.rdatatype.AXFR, dns.rdatatype.IXFR}
    if transfer or question.rdclass != dns.rdataclass.IN:
        return dns.rcode.REFUSED
    return None


def _message(query: dns.message.Message, sections: Sections) -> dns.message.Message:
    message = _header(query, sections)
    message.set_rcode(sections.rcode)
    if sections.authoritative:
        message.flags |= dns.flags.AA
    # RFC 6840 §5.8: AD only for those who can read it.
    if sections.validated and (query.flags & dns.flags.AD or query.ednsflags & dns.flags.DO):
        message.flags |= dns.flags.AD
    message.answer = sections.answer
    message.authority = sections.authority
    message.additional = sections.additional
    return message


def _header(query: dns.message.Message, sections: Sections) -> dns.message.Message:
    message = dns.message.make_response(
        query, recursion_available=sections.recursive, our_payload=MAX_UDP
    )
    message.flags |= query.flags & dns.flags.CD
    message.ednsflags |= query.ednsflags & dns.flags.DO
    return message


def _faulty(
    fault: Fault, sections: Sections, query: dns.message.Message, transport: Transport
) -> tuple[bytes | None, bool]:
    """Return what a fault sends, and whether it closes a TCP connection."""
    match fault.kind:
        case "timeout":
            return None, False
        case "truncate":
            message = _header(query, sections)
            message.flags |= dns.flags.TC
            return (_pack(message, query, transport), False) if transport == "udp" else (None, True)
        case "malformed":
            return query.id.to_bytes(2, "big") + os.urandom(8), False
        case "lame":
            message = _header(query, sections)
            message.authority.append(upward_referral())
            return _pack(message, query, transport), False
        case kind:
            message = _header(query, sections)
            message.set_rcode(_RCODE[kind])
            if kind in {"nxdomain", "blocked"}:
                message.answer = sections.answer
                message.flags |= 0 if sections.recursive else dns.flags.AA
            _add_ede(message, fault.ede or _EDE.get(kind))
            return _pack(message, query, transport), False


def _add_ede(message: dns.message.Message, ede: tuple[int, str] | None) -> None:
    """Add an extended error where the question came with EDNS (RFC 8914 §2)."""
    if ede is not None and message.edns >= 0:
        option = dns.edns.EDEOption(dns.edns.EDECode.make(ede[0]), ede[1] or None)
        message.use_edns(0, message.ednsflags, MAX_UDP, options=[option])


def _pack(message: dns.message.Message, query: dns.message.Message, transport: Transport) -> bytes:
    """Return the octets, with TC=1 and no data where UDP cannot carry them (RFC 2181 §9)."""
    if transport == "tcp":
        return message.to_wire(max_size=MAX_TCP)
    size = MIN_UDP if query.edns < 0 else min(max(query.payload, MIN_UDP), MAX_UDP)
    wire = message.to_wire(max_size=MAX_TCP)
    if len(wire) <= size:
        return wire
    message.answer, message.authority, message.additional = [], [], []
    message.flags |= dns.flags.TC
    return message.to_wire(max_size=MAX_TCP)


def _unreadable(wire: bytes, transport: Transport) -> Response:
    """Answer FORMERR to what has at least the header of a query; drop the rest."""
    if len(wire) < HEADER or wire[2] & 0x80:
        return Response(close=transport == "tcp")
    identifier = int.from_bytes(wire[:2], "big")
    message = dns.message.Message(identifier)
    message.flags |= dns.flags.QR
    message.set_rcode(dns.rcode.FORMERR)
    return Response(wire=message.to_wire())
