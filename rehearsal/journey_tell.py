"""How a rehearsal is told: steps, what a user types, what comes back, and how long it took."""

from __future__ import annotations

import re
import textwrap
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Say = Callable[[str], None]

FOLD = 44  # lines of one output that are shown without --verbose
WIDTH = 100  # columns
HEAD = 6  # of them, lines of its beginning


class Teller:
    """Tells with ``say``, line by line. ``verbose`` folds no output."""

    def __init__(self, say: Say, *, verbose: bool = False) -> None:
        self._say = say
        self._verbose = verbose
        self._brief = False

    @contextmanager
    def step(self, title: str, why: str, *, brief: bool = False) -> Iterator[None]:
        """Tell a step around what is done in it: title, what it is for, its time.

        ``brief`` tells the title and the time alone, unless ``verbose``.
        """
        self._brief = brief and not self._verbose
        started = time.monotonic()
        if self._brief:
            yield
            self._say(f"  {title}: {time.monotonic() - started:.1f} s")
        else:
            self._say(f"\n── {title}\n")
            self.note(why)
            yield
            self._say(f"\n({time.monotonic() - started:.1f} s)")
        self._brief = False

    def heading(self, text: str) -> None:
        """Tell the title of a whole run."""
        self._say(f"\n━━ {text}")

    def loud(self, text: str) -> None:
        """Tell something, in a brief step too."""
        self._say(wrapped(text))

    def note(self, text: str) -> None:
        """Tell something in our own words."""
        if text and not self._brief:
            self._say(wrapped(text))

    def aside(self, text: str) -> None:
        """Tell what a brief step must not leave out."""
        if self._brief:
            self._say(f"  {text}")

    def typed(self, command: str) -> None:
        """Tell a command that a user types."""
        if not self._brief:
            self._say(f"\n$ {command}")

    def printed(
        self,
        text: str,
        code: int,
        seconds: float,
        *,
        limit: int = FOLD,
        boring: re.Pattern[str] | None = None,
    ) -> None:
        """Tell what a command printed, its exit code and its time.

        ``limit`` is in lines. Lines that ``boring`` matches are only counted.
        """
        if self._brief:
            return
        lines = text.strip("\n").splitlines()
        for line in lines if self._verbose else folded(lines, limit, boring):
            self._say(f"  {line}".rstrip())
        self._say(f"  (exit code {code}, {seconds:.2f} s)")


def folded(lines: list[str], limit: int, boring: re.Pattern[str] | None = None) -> list[str]:
    """Return what is worth its place of a long output, with a line that counts the rest."""
    told = [line for line in lines if boring is None or not boring.match(line)]
    head, tail = told, []
    if len(told) > limit:
        head, tail = told[:HEAD], told[HEAD - limit :]
    left_out = len(lines) - len(head) - len(tail)
    if not left_out:
        return lines
    return [*head, f"[… {left_out} lines more: --verbose shows them …]", *tail]


def wrapped(text: str) -> str:
    """Return our own words in lines that fit a terminal; what is indented stays as it is."""
    return "\n".join(
        line if line.startswith(" ") else textwrap.fill(line, WIDTH, break_on_hyphens=False)
        for line in text.split("\n")
    )
