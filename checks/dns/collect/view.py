"""What the collectors see: the judged answer to each question.

PrefetchView   first run: answers from the resolver at once, and asks authority beside it as
               soon as its servers are known, so that no round is lost
JudgedView     second run: authority inside the zone with aliases followed, the resolver
               elsewhere
SilentView     nothing can be asked, and why
"""

from __future__ import annotations

import dataclasses
from collections.abc import Awaitable, Coroutine, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from checks.dns.answers import (
    Answer,
    ChainError,
    Link,
    NoData,
    NxDomain,
    Question,
    Reply,
    ServFail,
    Truncated,
    Unasked,
)
from checks.dns.collect.authority import Authority, believed, unblocked
from checks.dns.names import display
from checks.dns.port import Lookup, ask
from checks.dns.rdata import Txt
from checks.dns.reading import targets

T = TypeVar("T")

MAX_FOLLOWED = 16  # aliases followed by us from zone to zone


@dataclass(frozen=True, slots=True)
class JudgedView:
    """A lookup that answers as the records are judged (authority in the zone, else resolver)."""

    base: Lookup
    authority: Awaitable[Authority]

    async def ask(self, questions: Sequence[Question]) -> list[Reply]:
        """Ask all questions; each reply has its aliases followed to their end."""
        pending = [self.base.start(self.judge(question)) for question in questions]
        return [await p for p in pending]

    def start(self, branch: Coroutine[Any, Any, T]) -> Awaitable[T]:
        """Run ``branch`` beside the caller."""
        return self.base.start(branch)

    async def judge(self, question: Question, depth: int = 0) -> Reply:
        """Return the reply that the record rules judge."""
        authority = await self.authority
        if question.server is not None or not authority.zone_of(question.name):
            return await self._at_resolver(question)
        if authority.intercepted:
            return Unasked(question=question, cause=authority.intercepted)
        reply = first_told(await self.at_servers(authority, question))
        if reply is None:
            return Unasked(
                question=question,
                cause=f"no name server of {display(authority.zone_of(question.name))} can be asked",
            )
        return await self._follow(question, reply, depth)

    async def _at_resolver(self, question: Question) -> Reply:
        reply = (await self.base.ask([question]))[0]
        if isinstance(reply, ServFail) and question.rdtype != "CNAME":
            links = await self._loop(set(), question.name)
            return _looped(question, reply, links, loop=True) if links else reply
        return unblocked(reply)

    async def at_servers(self, authority: Authority, question: Question) -> list[Reply]:
        """Return the replies of the servers in name order.

        A required question goes to all of them, any other to one after the other until one answers.
        """
        servers = authority.servers_of(question.name)
        asked = [dataclasses.replace(question, server=server) for server in servers]
        if (question.name, question.rdtype) in authority.required:
            return [believed(reply, authority) for reply in await self.base.ask(asked)]
        replies: list[Reply] = []
        for one in asked:
            replies += [believed(reply, authority) for reply in await self.base.ask([one])]
            if not replies[-1].failed:
                break
        return replies

    async def _follow(self, question: Question, reply: Reply, depth: int) -> Reply:
        """Follow an alias that leads out of what the server holds."""
        if not reply.chain or not isinstance(reply, NoData | NxDomain):
            return dataclasses.replace(reply, question=question)
        authority = await self.authority
        if authority.zone_of(reply.end) == authority.zone_of(question.name):
            return dataclasses.replace(reply, question=question)
        seen = {question.name, *(link.owner for link in reply.chain)}
        if reply.end in seen or depth >= MAX_FOLLOWED:
            return _looped(question, reply, reply.chain, loop=reply.end in seen)
        tail = await self._tail(question, reply, depth)
        if isinstance(tail, ServFail) and (links := await self._loop(seen, reply.end)):
            return _looped(question, reply, reply.chain + links, loop=True)
        return dataclasses.replace(
            tail, question=question, chain=reply.chain + tail.chain, aliases=reply.aliases
        )

    async def _tail(self, question: Question, reply: Reply, depth: int) -> Reply:
        """Return what stands at the end of the alias, from the answer at hand where it tells."""
        cached = unblocked(await ask(self.base, question.name, question.rdtype))
        owners = [link.target for link in cached.chain]
        if reply.end in owners and not isinstance(cached, ChainError):
            beyond = cached.chain[owners.index(reply.end) + 1 :]
            return dataclasses.replace(cached, chain=beyond)
        return await self.judge(Question(reply.end, question.rdtype), depth + 1)

    async def _loop(self, seen: set[str], name: str) -> tuple[Link, ...]:
        """Return the aliases from ``name`` on if they loop, to which resolvers answer SERVFAIL."""
        links: list[Link] = []
        while name not in seen:
            seen.add(name)
            reply = await self.judge(Question(name, "CNAME"), MAX_FOLLOWED)
            aliases = targets(reply)
            if not isinstance(reply, Answer) or not aliases or len(links) >= MAX_FOLLOWED:
                return ()
            links.append(Link(name, aliases[0], reply.ttl))
            name = aliases[0]
        return tuple(links)


def first_told(replies: Sequence[Reply]) -> Reply | None:
    """Return the first reply that determined something, else the first failure, None for none.

    An answer that cannot be fetched (a fact) stands for all only where it is so on every server.
    """
    told = [reply for reply in replies if not reply.failed]
    unknown = [r for r in replies if not isinstance(r, Truncated) or r.tcp == "timeout"]
    return next(iter(told or unknown or replies), None)


def _looped(question: Question, reply: Reply, chain: tuple[Link, ...], *, loop: bool) -> ChainError:
    return ChainError(
        question=question,
        server=reply.server,
        rcode=reply.rcode,
        chain=chain,
        aliases=reply.aliases,
        wave=reply.wave,
        loop=loop,
    )


@dataclass(frozen=True, slots=True)
class PrefetchView:
    """A lookup over the resolver that has authority asked the same beside it.

    ``shadows`` are the branches that ask authority: await them all before the second run.
    """

    base: Lookup
    judged: JudgedView
    shadows: list[Awaitable[Reply]] = field(default_factory=list)

    async def ask(self, questions: Sequence[Question]) -> list[Reply]:
        """Ask the resolver; authority's answers are waited for by nobody yet."""
        self.shadows.extend(self.base.start(self.judged.judge(q)) for q in questions)
        return await self.base.ask(questions)

    def start(self, branch: Coroutine[Any, Any, T]) -> Awaitable[T]:
        """Run ``branch`` beside the caller."""
        return self.base.start(branch)


@dataclass(frozen=True, slots=True)
class SilentView:
    """A lookup that asks nothing: every reply says why."""

    base: Lookup
    cause: str

    async def ask(self, questions: Sequence[Question]) -> list[Reply]:
        """Return a reply for each question that says why it was not asked."""
        return [Unasked(question=question, cause=self.cause) for question in questions]

    def start(self, branch: Coroutine[Any, Any, T]) -> Awaitable[T]:
        """Run ``branch`` beside the caller."""
        return self.base.start(branch)


def same_answer(one: Reply, other: Reply) -> bool:
    """Return whether two replies hold the same RCODE and RRset.

    Order and TTL do not count, nor where a TXT is cut into strings: all that read it join them.
    """
    return _content(one) == _content(other)


def _content(reply: Reply) -> tuple[object, ...]:
    records = reply.records if isinstance(reply, Answer) else ()
    held = frozenset(r.joined if isinstance(r, Txt) else r for r in records)
    return isinstance(reply, NxDomain), held, tuple(link.target for link in reply.chain)
