"""Errors that reach the user, by who can act on them.

SesgateError
 └─ UsageError        the command line, a file or a setting is wrong: exit 2, no report
"""

from __future__ import annotations

from collections.abc import Iterable


class SesgateError(Exception):
    """Root of the errors that the command line turns into a message instead of a traceback."""


class UsageError(SesgateError):
    """Input that cannot be used; ``problems`` holds all of them, a line each (exit code 2)."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(self.problems))
