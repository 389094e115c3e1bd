"""The port between sans-IO code and whoever moves the questions.

Evaluators and collectors are coroutines over a ``Lookup``. They ask lists of questions and start
branches; they never touch a socket or an event loop. A driver implements the protocol.
"""

from __future__ import annotations

from collections.abc import Awaitable, Coroutine, Sequence
from typing import Any, Protocol, TypeVar

from checks.dns.answers import Question, Reply

T = TypeVar("T")


class Lookup(Protocol):
    """Moves questions. Equal questions are asked once a run; those in flight are shared."""

    async def ask(self, questions: Sequence[Question]) -> list[Reply]:
        """Ask all questions at once and return their replies in the same order.

        Never raises for what the network does: every outcome is a Reply.
        """
        ...

    def start(self, branch: Coroutine[Any, Any, T]) -> Awaitable[T]:
        """Run ``branch`` beside the caller; awaiting the result joins it (once or more often)."""
        ...


class Network(Lookup, Protocol):
    """A driver: the lookup that reaches real servers."""

    @property
    def queries(self) -> int:
        """Return how many distinct questions were sent."""
        ...

    def routable(self, address: str) -> bool:
        """Return whether this host has a route to ``address``; sends nothing."""
        ...


async def together(lookup: Lookup, *branches: Coroutine[Any, Any, T]) -> list[T]:
    """Run branches of one type side by side and return their results in order."""
    pending = [lookup.start(branch) for branch in branches]
    return [await p for p in pending]


async def ask(lookup: Lookup, name: str, rdtype: str) -> Reply:
    """Ask one question of the default view and return its reply."""
    return (await lookup.ask([Question(name, rdtype)]))[0]
