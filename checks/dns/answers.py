"""Questions and typed answers: what moves between the checks and a driver.

Every reply is one of these, never an exception and never an exception's text:

    Answer       records of the type asked for (at the end of the alias chain)
    NoData       the name exists, without that type              (RFC 2308 §2.2)
    NxDomain     the name does not exist                         (RFC 2308 §2.1)
    ChainError   an alias chain that loops or is too long: a fact about the zone
    ServFail, Refused, Timeout, Malformed, Truncated, Referral, Unasked
                 it could not be determined (``failed`` is true)

Names are canonical text (checks.dns.names).
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass, field
from typing import Literal

from checks.dns.names import display
from checks.model import Evidence

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address


# --- record data ---


@dataclass(frozen=True, slots=True)
class Txt:
    """TXT or SPF (type 99) data: the character strings as octets (RFC 1035 §3.3.14)."""

    strings: tuple[bytes, ...]

    @property
    def joined(self) -> bytes:
        """Return the strings joined with nothing between (RFC 7208 §3.3)."""
        return b"".join(self.strings)


@dataclass(frozen=True, slots=True, order=True)
class Mx:
    """MX data (RFC 1035 §3.3.9)."""

    preference: int
    exchange: str


@dataclass(frozen=True, slots=True)
class Address:
    """A or AAAA data."""

    ip: IPAddress


@dataclass(frozen=True, slots=True)
class Target:
    """CNAME, NS or PTR data: one name."""

    name: str


@dataclass(frozen=True, slots=True)
class Soa:
    """SOA data (RFC 1035 §3.3.13); times in seconds."""

    mname: str
    rname: str
    serial: int
    minimum: int


@dataclass(frozen=True, slots=True)
class Other:
    """Data of any other type, in presentation form."""

    text: str


Rdata = Txt | Mx | Address | Target | Soa | Other


def present(data: Rdata) -> str:
    """Return record data in presentation form (TXT joined, unquoted, decoded as Latin-1)."""
    match data:
        case Txt():
            return data.joined.decode("latin-1")
        case Mx():
            return f"{data.preference} {data.exchange}"
        case Address():
            return str(data.ip)
        case Target():
            return data.name
        case Soa():
            return f"{data.mname} {data.rname} {data.serial}"
        case Other():
            return data.text


# --- questions ---


@dataclass(frozen=True, slots=True)
class Server:
    """An authoritative name server: an NS *name* and its addresses, in the order to try."""

    name: str
    addresses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """One question. ``server`` None asks the recursive resolver (RD=1), else RD=0 is sent to it.

    ``rdtype`` is the upper-case mnemonic. ``tcp`` asks over TCP at once. Equal questions are
    asked once in a run.
    """

    name: str
    rdtype: str
    server: Server | None = None
    tcp: bool = False


# --- replies ---


EDE_BLOCKED = range(15, 18)  # Blocked, Censored, Filtered, RFC 8914 §4.16–4.18


@dataclass(frozen=True, slots=True)
class Ede:
    """An extended DNS error (RFC 8914)."""

    code: int
    text: str = ""

    def __str__(self) -> str:
        return f"EDE {self.code} {self.text}".rstrip()


@dataclass(frozen=True, slots=True)
class Link:
    """One CNAME of an alias chain."""

    owner: str
    target: str
    ttl: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What is common to all replies.

    ``server`` is the address asked (empty where nothing was asked). ``chain`` are the CNAMEs
    followed in this answer; ``aliases`` every CNAME RR seen at the owner name, which may be several
    in a broken zone. ``wave`` is the round of dependent questions in which it was asked, from 1.
    """

    question: Question
    server: str = ""
    rcode: str = ""
    authoritative: bool = False
    recursive: bool = False
    validated: bool = False
    signed: bool = False
    ede: tuple[Ede, ...] = ()
    chain: tuple[Link, ...] = ()
    aliases: tuple[str, ...] = ()
    wave: int = 0

    @property
    def failed(self) -> bool:
        """True where nothing was determined."""
        return False

    @property
    def end(self) -> str:
        """Return the name at the end of the alias chain, the question's own without one."""
        return self.chain[-1].target if self.chain else self.question.name


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer(Reply):
    """Records of the type asked for. ``ttl`` in seconds, the smallest of the RRset."""

    records: tuple[Rdata, ...]
    ttl: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class NoData(Reply):
    """The name exists and holds no record of the type.

    With a ``chain`` from an authoritative server: the alias leads to ``end``, whose data this
    server may not hold; follow it where it lies in another zone.
    ``negative_ttl`` is the TTL of the SOA in the authority section in seconds (RFC 2308 §5).
    """

    negative_ttl: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NxDomain(Reply):
    """The name at the end of the chain (``end``) does not exist."""

    negative_ttl: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainError(Reply):
    """The alias chain loops, or is longer than can be followed: a fact about the zone."""

    loop: bool = True


class _Failure:
    __slots__ = ()

    @property
    def failed(self) -> bool:
        return True


@dataclass(frozen=True, slots=True, kw_only=True)
class ServFail(_Failure, Reply):
    """SERVFAIL, or another RCODE that is no answer.

    ``bogus`` is true where the same question with CD=1 was answered: validation failed
    (RFC 4035 §5.5).
    """

    bogus: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused(_Failure, Reply):
    """REFUSED or NOTAUTH."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeout(_Failure, Reply):
    """No answer in the time given to the question, in seconds, over all ``tried`` addresses.

    ``closed``: all of them said at once that nothing listens at the port (ICMP).
    """

    tried: tuple[str, ...] = ()
    seconds: float = 0.0
    closed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Malformed(_Failure, Reply):
    """An answer that is no DNS message, answers another question, or FORMERR without EDNS."""

    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Truncated(_Failure, Reply):
    """TC=1 over UDP, and TCP was refused, closed or silent: the answer cannot be fetched.

    Also the reply to a question asked over TCP alone where TCP was refused or closed.
    """

    tcp: Literal["refused", "closed", "timeout"] = "closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Referral(_Failure, Reply):
    """An authoritative server pointed to the servers of a zone below (RFC 1034 §4.3.2)."""

    zone: str
    nameservers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Unasked(_Failure, Reply):
    """Not asked, and why: the resolver is not trusted, port 53 is intercepted, no server known."""

    cause: str = ""


# --- reading replies ---


def texts(reply: Reply) -> tuple[Txt, ...]:
    """Return the TXT (or SPF) records of a reply, none unless it is an Answer."""
    return tuple(r for r in _records(reply) if isinstance(r, Txt))


def exchanges(reply: Reply) -> tuple[Mx, ...]:
    """Return the MX records of a reply by preference, none unless it is an Answer."""
    return tuple(sorted(r for r in _records(reply) if isinstance(r, Mx)))


def addresses(reply: Reply) -> tuple[IPAddress, ...]:
    """Return the addresses of a reply, none unless it is an Answer."""
    return tuple(r.ip for r in _records(reply) if isinstance(r, Address))


def targets(reply: Reply) -> tuple[str, ...]:
    """Return the names of a CNAME, NS or PTR reply, none unless it is an Answer."""
    return tuple(r.name for r in _records(reply) if isinstance(r, Target))


def _records(reply: Reply) -> tuple[Rdata, ...]:
    return reply.records if isinstance(reply, Answer) else ()


def is_absent(reply: Reply) -> bool:
    """Return whether the answer is known and holds no record: NODATA or NXDOMAIN."""
    return isinstance(reply, NoData | NxDomain)


def explain(reply: Reply) -> str:
    """Return in a few words what came instead of records: ``SERVFAIL from 192.0.2.1 (EDE 9)``."""
    what = _what(reply)
    source = f" from {reply.server}" if reply.server and not isinstance(reply, Timeout) else ""
    ede = f" ({', '.join(str(e) for e in reply.ede)})" if reply.ede else ""
    return f"{what}{source}{ede}"


def _what(reply: Reply) -> str:
    match reply:
        case Timeout():
            tried = ", ".join(reply.tried) or reply.server
            why = "the port is closed" if reply.closed else f"within {reply.seconds:g} s"
            return f"no answer from {tried}{':' if reply.closed else ''} {why}"
        case Malformed():
            return f"malformed answer: {reply.detail}"
        case Truncated():
            return f"truncated answer, TCP {reply.tcp}"
        case Referral():
            return f"referral to {display(reply.zone)}"
        case Unasked():
            return reply.cause
        case ChainError():
            return "alias loop" if reply.loop else "alias chain too long"
        case ServFail(bogus=True):
            return "SERVFAIL, answered with CD=1"
        case NoData():
            return "NODATA"
        case _:
            return reply.rcode


def evidence_of(*replies: Reply) -> tuple[Evidence, ...]:
    """Return the replies as evidence of a finding."""
    return tuple(_evidence(reply) for reply in replies)


def _evidence(reply: Reply) -> Evidence:
    return Evidence(
        server=reply.server,
        name=reply.question.name,
        type=reply.question.rdtype,
        rcode=reply.rcode or explain(reply),
        ttl=reply.ttl if isinstance(reply, Answer) else None,
        answer=(
            *(f"CNAME {link.target}" for link in reply.chain),
            *(present(r) for r in _records(reply)),
        ),
        ede=tuple(str(e) for e in reply.ede),
    )


@dataclass(frozen=True, slots=True)
class Asked:
    """The judged reply to one question, with what each side said.

    ``reply`` is what the record rules judge: authority's answer, aliases followed to their end, or
    the resolver's outside the zone and with ``--view resolver``. ``at`` are the replies of the
    authoritative servers that were asked, in name order; ``resolver`` is the cached view.
    """

    reply: Reply
    at: tuple[tuple[Server, Reply], ...] = field(default=())
    resolver: Reply | None = None
