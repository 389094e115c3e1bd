"""Commands that end with us, whatever happens to us."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

ROOT = Path(__file__).parents[1]

Hear = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """One command: its exit code, what it wrote, and how long it took in seconds."""

    code: int
    out: str
    err: str
    seconds: float


class Children:
    """Runs commands, each below a parent that ends it when we end. Safe for several threads."""

    def __init__(self) -> None:
        self._running: set[subprocess.Popen[str]] = set()
        self._lock = threading.Lock()
        self._closed = False

    def run(
        self,
        command: Sequence[str],
        folder: Path,
        environment: Mapping[str, str],
        hear: Hear | None = None,
        hear_errors: Hear | None = None,
    ) -> Ended:
        """Run a command to its end. ``hear`` and ``hear_errors`` get each line as it comes.

        An exception in the meantime, Ctrl-C too, ends it. Raises RuntimeError after ``close``.
        """
        started = time.monotonic()
        out: list[str] = []
        err: list[str] = []
        child = self._start(command, folder, environment)
        taken = ((child.stdout, out, hear), (child.stderr, err, hear_errors))
        readers = [threading.Thread(target=_read, args=each, daemon=True) for each in taken]
        try:
            for reader in readers:
                reader.start()
            for reader in readers:
                reader.join()
            code = child.wait()
        finally:
            _end(child)
            with self._lock:
                self._running.discard(child)
        seconds = time.monotonic() - started
        return Ended(code=code, out="\n".join(out), err="\n".join(err), seconds=seconds)

    def _start(
        self, command: Sequence[str], folder: Path, environment: Mapping[str, str]
    ) -> subprocess.Popen[str]:
        with self._lock:
            if self._closed:
                raise RuntimeError("the deployment is closed")
            child = subprocess.Popen(  # noqa: S603 - this interpreter, and what the caller runs
                [sys.executable, str(ROOT / "rehearsal" / "deploy_child.py"), *command],
                cwd=folder,
                env={**environment, "PYTHONUTF8": "1"},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                encoding="utf-8",
                errors="replace",
            )
            self._running.add(child)
            return child

    def close(self) -> None:
        """End what runs, and wait for its end; nothing can be started after it."""
        with self._lock:
            self._closed = True
            running = list(self._running)
        for child in running:
            _end(child)


def _read(stream: IO[str], lines: list[str], hear: Hear | None) -> None:
    with stream:
        for line in stream:
            lines.append(line.rstrip())
            if hear is not None:
                hear(lines[-1])


def _end(child: subprocess.Popen[str]) -> None:
    """Close the pipe that the child lives by, and wait."""
    if child.stdin is not None and not child.stdin.closed:
        child.stdin.close()
    child.wait()
