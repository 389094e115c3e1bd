"""Fetching the tree: everything of one level in one round.

Terms with macros are expanded for the messages that will be evaluated, so that an evaluation finds
its answers there and adds no round of its own. (The macro ``p`` is the exception: its value is
known two rounds later.)
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from checks.dns.answers import Question, Reply
from checks.dns.names import ROOT, display
from checks.dns.port import Lookup
from checks.dns.reading import targets, texts
from checks.dns.spf.limits import MAX_PTR
from checks.dns.spf.macros import Message, expand, reverse_name, uses
from checks.dns.spf.select import select
from checks.dns.spf.syntax import scan
from checks.dns.spf.terms import (
    MacroString,
    Mechanism,
    Modifier,
    has_macros,
    static_target,
    target_name,
)
from checks.dns.spf.tree import FOLLOWED, lookup_terms, mx_hosts

MAX_RECORDS = 60  # names whose record is fetched
MAX_QUESTIONS = 500  # in all, macros included
MAX_DEPTH = 20  # an evaluation ends at the eleventh lookup; the tree shows where a chain leads

_BOTH = ("A", "AAAA")
_TYPES = {"a": _BOTH, "mx": ("MX",), "exists": ("A",), "exp": ("TXT",)}


@dataclass(frozen=True, slots=True)
class Visit:
    """A name whose record is to be followed, for the messages that are evaluated there."""

    name: str
    messages: tuple[Message, ...]


@dataclass(slots=True)
class _Walk:
    """What is known so far, and whose record has been asked for."""

    lookup: Lookup
    replies: dict[Question, Reply]
    seen: set[Visit] = field(default_factory=set)
    records: set[str] = field(default_factory=set)

    async def fetch(self, questions: Sequence[Question]) -> None:
        """Ask what is new, all at once, as far as the bound goes."""
        new = [q for q in dict.fromkeys(questions) if q not in self.replies]
        new = new[: max(0, MAX_QUESTIONS - len(self.replies))]
        if new:
            self.replies.update(zip(new, await self.lookup.ask(new), strict=True))

    def admit(self, visits: Iterator[Visit]) -> list[Visit]:
        """Return the visits that are new, as far as the bound goes."""
        admitted = []
        for visit in visits:
            is_bound = visit.name not in self.records and len(self.records) >= MAX_RECORDS
            if visit in self.seen or is_bound:
                continue
            self.seen.add(visit)
            self.records.add(visit.name)
            admitted.append(visit)
        return admitted


async def fetch_tree(
    lookup: Lookup, roots: Sequence[Visit], known: Mapping[Question, Reply]
) -> dict[Question, Reply]:
    """Return ``known`` with every answer that the records at ``roots`` lead to.

    ``known`` holds the TXT replies of the roots. It takes as many rounds as the deepest tree has
    levels; no name is asked twice.
    """
    walk = _Walk(lookup, dict(known))
    level = walk.admit(iter(roots))
    pending: list[Question] = []
    for _ in range(MAX_DEPTH):
        if not level and not pending:
            break
        following = walk.admit(v for visit in level for v in _following(visit, walk.replies))
        asked = [
            *(Question(visit.name, "TXT") for visit in following),
            *(q for visit in level for q in _questions(visit, walk.replies)),
            *(q for question in pending for q in _hosts(question, walk.replies)),
        ]
        await walk.fetch(asked)
        pending = [q for q in dict.fromkeys(asked) if q.rdtype in {"MX", "PTR"}]
        level = following
    return walk.replies


def _terms(visit: Visit, replies: Mapping[Question, Reply]) -> tuple[Mechanism | Modifier, ...]:
    """Return the terms that ask something where this record is evaluated, exp included."""
    reply = replies.get(Question(visit.name, "TXT"))
    selected = select(texts(reply)) if reply is not None else ()
    if len(selected) != 1:
        return ()
    record = scan(selected[0].joined)
    exp = record.modifier("exp")
    return (*lookup_terms(record), *((exp,) if exp else ()))


def _following(visit: Visit, replies: Mapping[Question, Reply]) -> Iterator[Visit]:
    for term in _terms(visit, replies):
        if term.name in FOLLOWED:
            for target, messages in _targets(term, visit):
                there = tuple(replace(m, domain=display(target)) for m in messages)
                yield Visit(target, there)


def _questions(visit: Visit, replies: Mapping[Question, Reply]) -> Iterator[Question]:
    for term in _terms(visit, replies):
        if term.name == "ptr" or uses(_spec(term), "p"):
            for message in visit.messages:
                yield Question(reverse_name(message.client), "PTR")
        if term.name not in _TYPES:
            continue
        for target, _ in _targets(term, visit):
            for rdtype in _TYPES[term.name]:
                yield Question(target, rdtype)


def _spec(term: Mechanism | Modifier) -> MacroString:
    return term.value if isinstance(term, Modifier) else term.domain or ()


def _targets(term: Mechanism | Modifier, visit: Visit) -> Iterator[tuple[str, tuple[Message, ...]]]:
    """Yield the names a term leads to, each with the messages for which it does."""
    spec = _spec(term)
    if not spec:
        yield visit.name, visit.messages
        return
    if not has_macros(spec):
        name = static_target(spec)
        if name is not None and name != ROOT:
            yield name, visit.messages
        return
    for message in () if uses(spec, "p") else visit.messages:
        name = target_name(expand(spec, message))
        if name is not None and name != ROOT:
            yield name, (message,)


def _hosts(question: Question, replies: Mapping[Question, Reply]) -> Iterator[Question]:
    """Yield what an MX or PTR answer leads to."""
    reply = replies.get(question)
    if reply is None:
        return
    if question.rdtype == "MX":
        for name in mx_hosts(reply):
            yield from (Question(name, rdtype) for rdtype in _BOTH)
    else:
        rdtype = "AAAA" if question.name.endswith(".ip6.arpa.") else "A"
        yield from (Question(name, rdtype) for name in targets(reply)[:MAX_PTR])
