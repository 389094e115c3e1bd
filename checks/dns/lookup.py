"""The public resolver: ``Resolver(nameservers=("127.0.0.1",), port=53, timeout=5.0)``.

async with Resolver() as lookup:
    result = await check_host(ip, domain, sender, helo=helo, lookup=lookup)
"""

from __future__ import annotations

import ipaddress
import math
import time
from collections.abc import Awaitable, Coroutine, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

from checks.dns.answers import Question, Reply

if TYPE_CHECKING:
    from types import TracebackType
    from typing import Self

    from checks.dns.drivers.dnspython import DnspythonDriver

T = TypeVar("T")

MAX_IN_FLIGHT = 200  # questions


class Resolver:
    """A lookup over real DNS servers (checks.dns.port.Network). One run, one event loop.

    ``nameservers`` are addresses of recursive resolvers, the system's where None. ``port`` is used
    for every server, authoritative ones too. ``timeout`` is the whole time for one question and
    ``deadline`` for the run, counted from here, both in seconds; when it is over every further
    question is answered ``Unasked``. Raises ValueError for what is no address, port or duration.
    """

    def __init__(
        self,
        nameservers: Sequence[str] | None = None,
        port: int = 53,
        timeout: float = 5.0,
        *,
        deadline: float | None = None,
        concurrency: int = MAX_IN_FLIGHT,
    ) -> None:
        for address in nameservers or ():
            ipaddress.ip_address(address)
        if not 0 < port < 65536:
            raise ValueError(f"{port} is no port: 1 to 65535")
        if timeout <= 0 or concurrency < 1:
            raise ValueError("timeout and concurrency must be positive")
        self._nameservers = None if nameservers is None else tuple(nameservers)
        self._port = port
        self._timeout = timeout
        self._concurrency = concurrency
        self._limit = math.inf if deadline is None else deadline
        self._end = time.monotonic() + self._limit

    @cached_property
    def _driver(self) -> DnspythonDriver:
        """The driver, made at the first question: asyncio and dnspython take 0.1 s to import."""
        from checks.dns.drivers.dnspython import DnspythonDriver, Settings
        from checks.dns.drivers.system import system_nameservers

        chosen = self._nameservers
        return DnspythonDriver(
            Settings(
                nameservers=system_nameservers() if chosen is None else chosen,
                port=self._port,
                timeout=self._timeout,
                concurrency=self._concurrency,
                limit=self._limit,
                end=self._end,
            )
        )

    async def ask(self, questions: Sequence[Question]) -> list[Reply]:
        """Ask all questions at once and return their replies in the same order; never raises for
        what the network does.
        """
        return await self._driver.ask(questions)

    def start(self, branch: Coroutine[Any, Any, T]) -> Awaitable[T]:
        """Run ``branch`` beside the caller; awaiting the result joins it, once or more often."""
        return self._driver.start(branch)

    def routable(self, address: str) -> bool:
        """Return whether this host has a route to ``address``; sends nothing."""
        return self._driver.routable(address)

    @property
    def nameservers(self) -> tuple[str, ...]:
        """Return the addresses of the recursive resolvers that are asked."""
        return self._driver.nameservers

    @property
    def queries(self) -> int:
        """Return how many distinct questions were sent; repetitions of a question do not count."""
        return self._driver.queries

    @property
    def waves(self) -> int:
        """Return the rounds of dependent questions so far: the longest chain of them."""
        return self._driver.waves

    async def aclose(self) -> None:
        """Stop what is under way; nothing of the run is left behind."""
        await self._driver.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.aclose()
