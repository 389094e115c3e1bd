"""Colour, on a terminal that wants it and nowhere else."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import IO

RED, GREEN, YELLOW, BOLD = "31", "32", "33", "1"


@dataclass(frozen=True, slots=True)
class Style:
    """Whether text is coloured (ECMA-48 SGR)."""

    colour: bool = False

    def paint(self, text: str, code: str) -> str:
        """Return ``text`` in the colour, or as it is."""
        return f"\x1b[{code}m{text}\x1b[0m" if self.colour else text


def style_for(stream: IO[str], environ: Mapping[str, str]) -> Style:
    """Return the style for a stream: colour on a terminal, unless NO_COLOR is set (no-color.org).

    The old Windows console prints the codes instead of the colours; Windows Terminal does not.
    """
    plain = environ.get("NO_COLOR") or environ.get("TERM") == "dumb"
    console = os.name != "nt" or "WT_SESSION" in environ
    return Style(colour=bool(not plain and console and stream.isatty()))
