"""Read replies: the records in them, what came instead in words, and evidence for findings."""

from __future__ import annotations

from checks.dns.answers import (
    Answer,
    ChainError,
    Malformed,
    NoData,
    NxDomain,
    Referral,
    Reply,
    ServFail,
    Timeout,
    Truncated,
    Unasked,
)
from checks.dns.names import display
from checks.dns.rdata import Address, IPAddress, Mx, Rdata, Target, Txt, present
from checks.model import Evidence


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
