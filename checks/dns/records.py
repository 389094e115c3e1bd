"""What to publish for Amazon SES, merged with what is published already.

A record that stands is kept, an SPF record keeps its own terms, other TXT values of the same name
stay, a DMARC record that works is left alone, and MAIL FROM ends up with one MX.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from checks.dns.answers import Answer, ChainError
from checks.dns.collect.view import same_answer
from checks.dns.facts import NameFacts
from checks.dns.names import display
from checks.dns.rdata import present
from checks.dns.reading import explain
from checks.dns.records_txt import (
    dmarc_to_publish,
    is_attempt,
    is_working_dmarc,
    spf_records,
    spf_to_publish,
)
from contract.records import DnsRecord


class State(enum.StrEnum):
    """What is to be done with one record."""

    PUBLISH = "publish"
    PUBLISHED = "published"
    STAYS = "stays"
    DELETE = "delete"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One record. ``value`` is plain text for TXT, presentation form for every other type."""

    state: State
    name: str
    type: str
    ttl: int
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The rows, and lines that a person should read beside them."""

    rows: tuple[Row, ...]
    comments: tuple[str, ...] = ()


Published = Mapping[tuple[str, str], NameFacts]


def plan(needed: Sequence[DnsRecord], published: Published) -> Plan:
    """Return what to publish. ``published`` maps name and type to what stands there now."""
    found = [(record, published.get((record.name, record.type))) for record in needed]
    return Plan(
        rows=tuple(row for record, standing in found for row in _rows(record, standing)),
        comments=tuple(line for record, standing in found for line in _comments(record, standing)),
    )


def unread(needed: Sequence[DnsRecord], published: Published) -> tuple[str, ...]:
    """Return for each record what came instead of the published one, where that failed."""
    return tuple(
        f"{display(record.name)} {record.type}: {_failure(published.get(_key(record)))}"
        for record in needed
        if _failure(published.get(_key(record)))
    )


def _key(record: DnsRecord) -> tuple[str, str]:
    return record.name, record.type


def _failure(standing: NameFacts | None) -> str:
    if standing is None:
        return "not asked"
    reply = standing.asked.reply
    return explain(reply) if reply.failed else ""


def _comments(record: DnsRecord, standing: NameFacts | None) -> Iterator[str]:
    name = display(record.name)
    failure = _failure(standing)
    if failure:
        yield f"{name} {record.type} was not read ({failure}): merge with what stands there by hand"
    elif standing is not None and record.type == "CNAME":
        beside = standing.followed
        if isinstance(beside, Answer) and not beside.chain:
            yield f"{name} answers TXT: delete that, a CNAME stands alone (RFC 1034 §3.6.2)"
    elif standing is not None and _is_alias(standing) and not _is_wildcards(standing):
        if _dmarc_works(record, standing):
            yield f"{name} is an alias that leads to a working DMARC record: nothing to do"
        else:
            yield f"{name} is an alias: delete its CNAME before {record.type} is published there"


def _is_alias(standing: NameFacts) -> bool:
    reply = standing.asked.reply
    return bool(reply.chain) or isinstance(reply, ChainError)


def _is_wildcards(standing: NameFacts) -> bool:
    """Return whether a wildcard answers for the name, so that nothing stands there."""
    below = standing.below
    return below is not None and same_answer(standing.asked.reply, below)


def _rows(record: DnsRecord, standing: NameFacts | None) -> Iterator[Row]:
    values = _own_values(standing)
    if record.type != "TXT":
        yield from _exact(record, values)
    elif spf_records(record.values):
        yield from _spf(record, values)
    elif standing is not None and _dmarc_works(record, standing):
        yield from _kept(record, values)
    else:
        yield from _text(record, values)


def _own_values(standing: NameFacts | None) -> tuple[str, ...]:
    """Return what the name itself holds: not what a wildcard or the end of an alias answers."""
    if standing is None:
        return ()
    reply = standing.asked.reply
    if not isinstance(reply, Answer) or (reply.chain and standing.rdtype != "CNAME"):
        return ()
    if _is_wildcards(standing):
        return ()
    return tuple(present(data) for data in reply.records)


def _dmarc_works(record: DnsRecord, standing: NameFacts) -> bool:
    reply = standing.asked.reply
    if not record.name.startswith("_dmarc.") or not isinstance(reply, Answer):
        return False
    return is_working_dmarc([present(data) for data in reply.records])


def _exact(record: DnsRecord, values: Sequence[str]) -> Iterator[Row]:
    """CNAME and MX: this value and no other; names are compared without case (RFC 4343)."""
    wanted = record.values[0]
    others = [value for value in values if value.lower() != wanted.lower()]
    yield _row(_state(len(others) < len(values)), record, wanted)
    yield from (_row(State.DELETE, record, value) for value in others)


def _spf(record: DnsRecord, values: Sequence[str]) -> Iterator[Row]:
    """One SPF record that keeps the terms of those that stand (RFC 7208 §4.5)."""
    yield from _one_text(record, spf_to_publish(record.values[0], values), spf_records(values))
    yield from _staying(record, values, spf_records(values))


def _kept(record: DnsRecord, values: Iterable[str]) -> Iterator[Row]:
    """A DMARC record that works is its owner's policy; nothing at the name is touched."""
    for value in values:
        yield _row(State.PUBLISHED if is_working_dmarc([value]) else State.STAYS, record, value)


def _text(record: DnsRecord, values: Sequence[str]) -> Iterator[Row]:
    """Any other TXT: attempts at the same record give way to it, other values stay."""
    replaced = [v for v in values if v in record.values or is_attempt(record.name, v)]
    wanted = record.values[0]
    if record.name.startswith("_dmarc."):
        wanted = dmarc_to_publish(wanted, replaced)
    yield from _one_text(record, wanted, replaced)
    yield from _staying(record, values, replaced)


def _one_text(record: DnsRecord, wanted: str, standing: Sequence[str]) -> Iterator[Row]:
    yield _row(_state(wanted in standing), record, wanted)
    yield from (_row(State.DELETE, record, value) for value in standing if value != wanted)


def _staying(record: DnsRecord, values: Iterable[str], but: Sequence[str]) -> Iterator[Row]:
    yield from (_row(State.STAYS, record, value) for value in values if value not in but)


def _state(stands: bool) -> State:
    return State.PUBLISHED if stands else State.PUBLISH


def _row(state: State, record: DnsRecord, value: str) -> Row:
    return Row(state=state, name=record.name, type=record.type, ttl=record.ttl, value=value)
