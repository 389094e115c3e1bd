"""Where the result goes: stdout or a file, written whole or not at all; progress goes to stderr."""

from __future__ import annotations

import errno
import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from checks.errors import UsageError

# What a closed pipe gives: EPIPE, on Windows EINVAL; EBADF where stdout was closed by the shell.
_NOBODY_READS = frozenset({errno.EPIPE, errno.EINVAL, errno.EBADF})


def tell(line: str) -> None:
    """Write one line to stderr, nothing where there is none."""
    if sys.stderr is not None:
        with suppress(OSError):
            print(line, file=sys.stderr)  # noqa: T201 - the one place for progress and errors


def prepare_streams() -> None:
    """Make stdout UTF-8 unless it is a console, which knows its own, and never fail on a character.

    A redirected stdout on Windows has the old code page, which cannot hold every name.
    """
    stream = sys.stdout
    if isinstance(stream, io.TextIOWrapper):
        encoding = stream.encoding if stream.isatty() else "utf-8"
        stream.reconfigure(encoding=encoding, errors="backslashreplace")


@dataclass(frozen=True, slots=True)
class Target:
    """An open place for the result."""

    stream: IO[str] | None
    is_stdout: bool

    @staticmethod
    @contextmanager
    def open(path: str | None) -> Iterator[Target]:
        """Open stdout, or a file beside ``path`` that takes its place when all is written.

        Raises UsageError, before anything was asked, where the file cannot be written.
        """
        if path is None:
            yield Target(sys.stdout, is_stdout=True)
            return
        final = Path(path).resolve()
        draft = final.with_name(f".{final.name[:100]}.{os.urandom(4).hex()}.tmp")
        try:
            stream = draft.open("x", encoding="utf-8", errors="backslashreplace", newline="\n")
        except OSError as error:
            raise _unwritable(path, error.strerror) from error
        try:
            with stream:
                yield Target(stream, is_stdout=False)
            _replace(draft, final, path)
        finally:
            draft.unlink(missing_ok=True)

    def write(self, text: str) -> None:
        """Write text at once; a reader who left (a closed pipe) is no error.

        Raises UsageError where the result cannot be stored.
        """
        if self.stream is None:
            return
        try:
            self.stream.write(text)
            self.stream.flush()
        except OSError as error:
            if not self.is_stdout or error.errno not in _NOBODY_READS:
                raise UsageError([f"the result cannot be written: {error.strerror}"]) from error
            _silence_stdout()


def output_problems(path: str) -> Iterator[str]:
    """Yield why ``path`` cannot be written; nothing is created."""
    try:
        final = Path(path).resolve()
        if final.exists() and not (final.is_file() and os.access(final, os.W_OK)):
            yield f"--output {path!r} exists and is no file that may be written"
        elif not final.parent.is_dir():
            yield f"--output {path!r}: there is no folder {str(final.parent)!r}"
        elif not os.access(final.parent, os.W_OK):
            yield f"--output {path!r}: its folder may not be written"
    except (OSError, ValueError) as error:  # ValueError: a NUL in the path
        yield f"--output {path!r}: {error}"


def _replace(draft: Path, final: Path, path: str) -> None:
    try:
        draft.replace(final)
    except OSError as error:  # Windows: another program has it open
        raise _unwritable(path, error.strerror) from error


def _unwritable(path: str, cause: str | None) -> UsageError:
    return UsageError([f"--output {path!r} cannot be written: {cause}"])


def _silence_stdout() -> None:
    """Point stdout to nowhere, so that the interpreter does not fail on it when it ends."""
    with suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)
