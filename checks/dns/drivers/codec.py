"""Octets to typed replies, by dnspython.

``read`` accepts an answer to a query, ``reply_of`` gives the answer its type.

What an answer means:

* The alias chain inside the answer section is followed to its end (``reply.end``); a CNAME question
  is answered with the CNAME itself. A loop or more than 16 aliases is a ChainError.
* No records at the end, from a recursive resolver: true NODATA or NXDOMAIN of that end.
* No records at the end, from an authoritative server, ``reply.chain`` not empty: the alias leads to
  a name whose data this server does not hold, or does hold and has none of the type. Whoever
  asked follows ``reply.end`` where that lies in another zone.
* RD=0, without AA, empty, with NS but no SOA in authority: a Referral, upward ones too; with AA as
  well where the NS set was what was asked for.
"""

from __future__ import annotations

import struct
from typing import TypedDict

import dns.edns
import dns.exception
import dns.flags
import dns.message
import dns.rcode
import dns.rdataclass
import dns.rdatatype

from checks.dns.answers import (
    Answer,
    ChainError,
    Ede,
    Link,
    Malformed,
    NoData,
    NxDomain,
    Question,
    Referral,
    Refused,
    Reply,
    ServFail,
)
from checks.dns.drivers.query import HEADER, Query
from checks.dns.drivers.records import MAX_RECORDS, Section, canonical, read_section, value_of
from checks.dns.rdata import Soa, Target

MAX_CHAIN = 16  # aliases followed in one answer
MAX_EDE = 8  # extended errors kept of one answer
MAX_EDE_TEXT = 200  # characters kept of one extended error
NO_ANSWER = frozenset({"REFUSED", "NOTAUTH"})


class StrayError(ValueError):
    """Octets that do not answer the query: the wait goes on."""


class BrokenError(ValueError):
    """Octets that answer the query and are no DNS message."""


def read(wire: bytes, query: Query, *, stream: bool = False) -> dns.message.Message:
    """Return the message that answers ``query``; of a truncated datagram only the question.

    Raises StrayError where it answers something else (RFC 5452 §9.1), BrokenError where id and QR
    fit but the rest cannot be read.
    """
    _check_header(wire, query)
    truncated = bool(wire[2] & 0x02) and not stream
    try:
        message = dns.message.from_wire(wire, one_rr_per_rrset=True, question_only=truncated)
    except (dns.exception.DNSException, ValueError, struct.error, IndexError) as error:
        raise BrokenError(f"{type(error).__name__}: {error}"[:MAX_EDE_TEXT]) from error
    _check_question(message, query)
    return message


def is_truncated(message: dns.message.Message) -> bool:
    """Return whether a datagram says that the whole answer is to be fetched over TCP."""
    return bool(message.flags & dns.flags.TC)


def _check_header(wire: bytes, query: Query) -> None:
    if len(wire) < 2 or int.from_bytes(wire[:2]) != query.id:
        raise StrayError("the answer has another id")
    if len(wire) < HEADER:
        raise BrokenError(f"{len(wire)} octets are no DNS message")
    if not wire[2] & 0x80:
        raise StrayError("a query came instead of an answer")
    if wire[2] & 0x78:
        raise StrayError("the answer has another opcode")


def _check_question(message: dns.message.Message, query: Query) -> None:
    """Accept the question asked; an error without a question section answers it too."""
    if not message.question:
        if message.rcode() in {dns.rcode.NOERROR, dns.rcode.NXDOMAIN}:
            raise StrayError("the answer repeats no question")
        return
    asked = query.question
    first = message.question[0]
    if (
        len(message.question) != 1
        or first.rdclass != dns.rdataclass.IN
        or first.rdtype != dns.rdatatype.from_text(asked.rdtype)
        or canonical(first.name) != asked.name
    ):
        raise StrayError("the answer repeats another question")


class _Common(TypedDict):
    question: Question
    server: str
    rcode: str
    authoritative: bool
    recursive: bool
    validated: bool
    signed: bool
    ede: tuple[Ede, ...]
    chain: tuple[Link, ...]
    aliases: tuple[str, ...]


def reply_of(message: dns.message.Message, question: Question, server: str) -> Reply:
    """Return the typed reply that ``message`` is; ``server`` is the address it came from.

    Raises BrokenError where record data cannot be read.
    """
    try:
        section = read_section(message.answer, question.rdtype)
        common = _common(message, question, server, section)
        negative_ttl, referral = _authority(message)
    except (dns.exception.DNSException, ValueError, struct.error) as error:
        raise BrokenError(f"{type(error).__name__}: {error}"[:MAX_EDE_TEXT]) from error
    rcode = common["rcode"]
    if rcode in NO_ANSWER:
        return Refused(**common)
    if rcode == "FORMERR":
        return Malformed(**common, detail="the server answers FORMERR")
    if rcode not in {"NOERROR", "NXDOMAIN"}:
        return ServFail(**common)
    chain, loop = common["chain"], _loops(common["chain"], question)
    if loop or len(chain) > MAX_CHAIN:
        common["chain"] = chain[:MAX_CHAIN]
        return ChainError(**common, loop=loop)
    if rcode == "NXDOMAIN":
        return NxDomain(**common, negative_ttl=negative_ttl)
    found = section.found.get(chain[-1].target if chain else question.name)
    if found:
        return Answer(**common, records=found.records, ttl=found.ttl)
    if question.server and referral and not chain:
        # Some parents set AA on a delegation: asked for its NS, they can only mean a referral.
        delegation = (question.name, question.rdtype) == (referral[0], "NS")
        if delegation or not common["authoritative"]:
            return Referral(**common, zone=referral[0], nameservers=referral[1])
    return NoData(**common, negative_ttl=negative_ttl)


def _common(
    message: dns.message.Message, question: Question, server: str, section: Section
) -> _Common:
    return _Common(
        question=question,
        server=server,
        rcode=dns.rcode.to_text(message.rcode()),
        authoritative=bool(message.flags & dns.flags.AA),
        recursive=bool(message.flags & dns.flags.RA),
        validated=bool(message.flags & dns.flags.AD),
        signed=section.signed,
        ede=_extended_errors(message),
        chain=_chain(section, question),
        aliases=tuple(link.target for link in section.aliases.get(question.name, ())),
    )


def _extended_errors(message: dns.message.Message) -> tuple[Ede, ...]:
    """Return the extended DNS errors of the OPT record (RFC 8914 §2)."""
    options = [o for o in message.options if isinstance(o, dns.edns.EDEOption)]
    return tuple(Ede(int(o.code), (o.text or "")[:MAX_EDE_TEXT]) for o in options[:MAX_EDE])


def _chain(section: Section, question: Question) -> tuple[Link, ...]:
    """Return the aliases from the name asked to its end, at most one more than may be followed.

    A name that holds the type asked for ends the chain. Of several CNAMEs at one name (a broken
    zone) the one that the answer goes on with is followed.
    """
    links: list[Link] = []
    name, seen = question.name, {question.name}
    while name not in section.found and name in section.aliases and len(links) <= MAX_CHAIN:
        here = section.aliases[name]
        link = next((one for one in here if section.holds(one.target)), here[0])
        links.append(link)
        name = link.target
        if name in seen:
            break
        seen.add(name)
    return tuple(links)


def _loops(chain: tuple[Link, ...], question: Question) -> bool:
    owners = {question.name, *(link.owner for link in chain)}
    return bool(chain) and chain[-1].target in owners


def _authority(
    message: dns.message.Message,
) -> tuple[int | None, tuple[str, tuple[str, ...]] | None]:
    """Return the negative TTL in seconds (RFC 2308 §5) and (zone, servers) of a referral."""
    zone, servers = "", list[str]()
    for rrset in message.authority:
        if rrset.rdtype not in {dns.rdatatype.SOA, dns.rdatatype.NS}:
            continue
        owner, data = canonical(rrset.name), value_of(rrset[0])
        if isinstance(data, Soa):
            return min(rrset.ttl, data.minimum), None
        if isinstance(data, Target):
            zone = zone or owner
            if owner == zone and len(servers) < MAX_RECORDS:
                servers.append(data.name)
    return None, (zone, tuple(servers)) if zone else None
