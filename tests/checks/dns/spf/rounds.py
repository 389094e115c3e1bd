"""A lookup that counts the rounds of dependent questions: it answers when all branches wait."""

from __future__ import annotations

from collections.abc import Awaitable, Coroutine, Generator, Mapping, Sequence
from typing import Any, Generic, TypeVar

from checks.dns.answers import Question, Reply
from tests.support.table import TableLookup

T = TypeVar("T")


class _Pause:
    """Hands control back to the loop."""

    def __await__(self) -> Generator[None, None, None]:
        yield None


class Branch(Generic[T]):
    """One coroutine that runs beside others."""

    def __init__(self, coroutine: Coroutine[Any, Any, T]) -> None:
        self.coroutine = coroutine
        self.done = False
        self.value: T | None = None

    def step(self) -> None:
        try:
            self.coroutine.send(None)
        except StopIteration as stop:
            self.done, self.value = True, stop.value

    def __await__(self) -> Generator[None, None, T]:
        while not self.done:
            yield None
        return self.value  # type: ignore[return-value]  # set when done


class RoundsLookup:
    """Questions of all branches that wait are answered in one round; answers are remembered."""

    def __init__(self, zone: Mapping[str, Mapping[str, Sequence[Any]]]) -> None:
        self.table = TableLookup(zone)
        self.rounds: list[list[Question]] = []
        self._waiting: dict[Question, None] = {}
        self._known: dict[Question, Reply] = {}
        self._branches: list[Branch[Any]] = []

    async def ask(self, questions: Sequence[Question]) -> list[Reply]:
        self._waiting.update(dict.fromkeys(q for q in questions if q not in self._known))
        while any(q not in self._known for q in questions):
            await _Pause()
        return [self._known[q] for q in questions]

    def start(self, branch: Coroutine[Any, Any, T]) -> Awaitable[T]:
        started = Branch(branch)
        self._branches.append(started)
        return started

    def run(self, coroutine: Coroutine[Any, Any, T]) -> T:
        main = Branch(coroutine)
        self._branches.append(main)
        while not main.done:
            self._settle()
            if self._waiting:
                self._answer()
        assert main.value is not None
        return main.value

    def _settle(self) -> None:
        """Step every branch until none of them gets any further without an answer."""
        before = -1
        while before != self._progress():
            before = self._progress()
            for branch in list(self._branches):
                if not branch.done:
                    branch.step()

    def _progress(self) -> int:
        done = sum(branch.done for branch in self._branches)
        return done + len(self._branches) + len(self._waiting)

    def _answer(self) -> None:
        questions = list(self._waiting)
        self._waiting.clear()
        self.rounds.append(questions)
        for question in questions:
            self._known[question] = self.table._once(question)
