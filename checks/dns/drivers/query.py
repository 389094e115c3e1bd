"""Questions to octets, by dnspython."""

from __future__ import annotations

import functools
from dataclasses import dataclass

import dns.flags
import dns.message
import dns.name

from checks.dns.answers import Question
from checks.dns.names import ROOT, split_labels

HEADER = 12  # octets, RFC 1035 §4.1.1
PAYLOAD = 1232  # octets of UDP answer that need no fragments (DNS flag day 2020)


@dataclass(frozen=True, slots=True)
class Query:
    """A query as sent. ``wire`` is the same for every retransmission."""

    id: int
    question: Question
    wire: bytes


def encode(
    question: Question, *, query_id: int, edns: bool = True, checking_disabled: bool = False
) -> Query:
    """Return the query for ``question``: RD=1 to the resolver, RD=0 to an authoritative server."""
    flags = dns.flags.Flag(0) if question.server else dns.flags.RD
    if checking_disabled:
        flags |= dns.flags.CD
    before, behind = _frame(question.rdtype, flags, edns)
    labels = split_labels(question.name) if question.name != ROOT else []
    name = b"".join(bytes([len(label)]) + label for label in labels) + b"\0"
    return Query(query_id, question, query_id.to_bytes(2) + before + name + behind)


@functools.lru_cache
def _frame(rdtype: str, flags: dns.flags.Flag, edns: bool) -> tuple[bytes, bytes]:
    """Return the octets of a query between id and name, and behind the name.

    dnspython takes 0.1 ms for a query; those of one form differ in id and name alone.
    """
    root = dns.message.make_query(
        dns.name.root,
        rdtype,
        use_edns=0 if edns else False,
        want_dnssec=edns,
        payload=PAYLOAD if edns else None,
        flags=flags,
    )
    wire = root.to_wire()
    return wire[2:HEADER], wire[HEADER + 1 :]
