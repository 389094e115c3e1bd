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

from dataclasses import dataclass, field
from typing import Literal

from checks.dns.rdata import Rdata

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
