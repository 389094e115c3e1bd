"""The reference driver: asyncio moves the octets, dnspython reads and writes them.

One run has one driver: it asks each distinct question once, shares those in flight, counts rounds
of dependent questions, and bounds time and concurrency.
"""

from __future__ import annotations

import asyncio
import dataclasses
import time
from collections.abc import Awaitable, Coroutine, Generator, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from checks.dns.answers import Question, Reply, Unasked
from checks.dns.drivers.asker import Asker
from checks.dns.drivers.rtt import SHORT_TRY, Peers
from checks.dns.drivers.transport import has_route
from checks.dns.names import display

T = TypeVar("T")

MAX_ADDRESSES = 8  # of one server, tried for one question


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How to ask. ``timeout`` in seconds for a question; ``end`` is the monotonic clock at which
    the run is over, ``limit`` the seconds that it was given (infinite without a limit).
    """

    nameservers: tuple[str, ...]
    port: int
    timeout: float
    concurrency: int
    limit: float
    end: float


@dataclass(slots=True)
class _Asked:
    """A question in the cache, in flight or answered, and the round it was first asked in."""

    reply: asyncio.Future[Reply]
    wave: int


class DnspythonDriver:
    """Implements checks.dns.port.Network. Belongs to one event loop."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._peers = Peers()
        self._asker = Asker(settings.port, self._peers)
        self._slots = asyncio.Semaphore(settings.concurrency)
        self._cache: dict[Question, _Asked] = {}
        self._routes: dict[str, bool] = {}
        self._tasks: set[asyncio.Task[Any]] = set()
        # The length of the chain of questions behind the current branch. One variable a driver, so
        # that a second run in the same task starts at nought; it goes when the run's tasks go.
        self._depth: ContextVar[int] = ContextVar("depth", default=0)
        self.queries = 0
        self.waves = 0

    async def ask(self, questions: Sequence[Question]) -> list[Reply]:
        """Ask all questions at once and return their replies in the same order."""
        depth = self._depth.get()
        asked = [self._once(question, depth + 1) for question in questions]
        waiting = {one.reply for one in asked if not one.reply.done()}
        if waiting:
            await asyncio.wait(waiting)  # unlike gather: cancels no question that others wait for
        self._depth.set(max([depth, *(one.wave for one in asked)]))
        return [one.reply.result() for one in asked]

    def start(self, branch: Coroutine[Any, Any, T]) -> Awaitable[T]:
        """Run ``branch`` as a task that goes on from the caller's round."""
        return _Branch(self._spawn(self._measured(branch)), self._depth)

    @property
    def nameservers(self) -> tuple[str, ...]:
        """Return the addresses of the recursive resolvers."""
        return self._settings.nameservers

    def routable(self, address: str) -> bool:
        """Return whether this host has a route to ``address``; sends nothing."""
        if address not in self._routes:
            self._routes[address] = has_route(address, self._settings.port)
        return self._routes[address]

    async def aclose(self) -> None:
        """Stop everything that is under way and wait until it has stopped."""
        running = self._tasks - {asyncio.current_task()}
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)

    async def _measured(self, branch: Coroutine[Any, Any, T]) -> tuple[T, int]:
        return await branch, self._depth.get()

    def _spawn(self, coroutine: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        task = asyncio.get_running_loop().create_task(coroutine)
        self._tasks.add(task)  # the loop itself holds tasks only weakly
        task.add_done_callback(self._tasks.discard)
        return task

    def _once(self, question: Question, wave: int) -> _Asked:
        known = self._cache.get(question)
        if known is not None and not known.reply.cancelled():  # by the end of an earlier loop
            return known
        addresses, cause = self._reachable(question)
        if cause:
            asked = _Asked(asyncio.get_running_loop().create_future(), 0)
            asked.reply.set_result(Unasked(question=question, cause=cause))
        else:
            asked = _Asked(self._spawn(self._fetch(question, addresses, wave)), wave)
            self.waves = max(self.waves, wave)
        self._cache[question] = asked
        return asked

    def _reachable(self, question: Question) -> tuple[tuple[str, ...], str]:
        """Return the addresses to ask, or why nothing can be asked."""
        if self._seconds_left() <= 0:
            return (), self._over()
        server = question.server
        known = server.addresses if server else self._settings.nameservers
        if not known and server:
            return (), f"no address of {display(server.name)} is known"
        if not known:
            return (), "this system names no DNS resolver: give one with --nameserver"
        addresses = tuple(a for a in known[:MAX_ADDRESSES] if self.routable(a))
        return addresses, "" if addresses else f"this host has no route to {', '.join(known)}"

    async def _fetch(self, question: Question, addresses: tuple[str, ...], wave: int) -> Reply:
        async with self._slots:
            left = self._seconds_left()
            if left <= 0:
                return Unasked(question=question, cause=self._over())
            self.queries += 1
            answering = self._peers.answering(addresses)
            most = self._settings.timeout if answering else SHORT_TRY
            seconds = min(most, self._settings.timeout, left)
            reply = await self._asker.fetch(question, answering or addresses, seconds)
        return dataclasses.replace(reply, wave=wave)

    def _seconds_left(self) -> float:
        return self._settings.end - time.monotonic()

    def _over(self) -> str:
        return f"not asked: the run's {self._settings.limit:g} s are over"


class _Branch(Generic[T]):
    """A branch under way. Whoever awaits it goes on from the later of both rounds."""

    def __init__(self, task: asyncio.Task[tuple[T, int]], depth: ContextVar[int]) -> None:
        self._task = task
        self._depth = depth

    def __await__(self) -> Generator[Any, Any, T]:
        if not self._task.done():
            yield from asyncio.wait([self._task]).__await__()
        result, depth = self._task.result()
        self._depth.set(max(self._depth.get(), depth))
        return result
