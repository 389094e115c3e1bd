"""Rehearsals as processes of their own, and what they leave behind."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Sequence
from pathlib import Path

from rehearsal.deploy_children import ROOT

MARK = "SESGATE_TEST_RUN"
LIMIT = 60.0  # seconds


class Rehearsal:
    """A process of ``python -m rehearsal`` that keeps its files in ``folder`` alone."""

    def __init__(
        self, folder: Path, *options: str, before: Sequence[str] = (), stdout: int = subprocess.PIPE
    ) -> None:
        self.folder = folder / uuid.uuid4().hex
        self.folder.mkdir()
        self._mark = uuid.uuid4().hex
        places = {name: str(self.folder) for name in ("TMPDIR", "TEMP", "TMP")}
        self.process = subprocess.Popen(
            [*before, sys.executable, "-m", "rehearsal", *options],
            cwd=ROOT,
            env={**os.environ, **places, "PYTHONUTF8": "1", MARK: self._mark},
            stdin=subprocess.DEVNULL,
            stdout=stdout,
            stderr=subprocess.PIPE,
            encoding="utf-8",
        )

    def read_until(self, text: str) -> str:
        """Return what was printed up to and with the line that holds ``text``."""
        assert self.process.stdout is not None
        lines: list[str] = []
        for line in self.process.stdout:
            lines.append(line)
            if text in line:
                return "".join(lines)
        raise AssertionError(f"{text!r} was never printed:\n{''.join(lines)}")

    def end(self) -> tuple[int, str, str]:
        """Wait, and return exit code, what else was printed, and standard error."""
        out, err = self.process.communicate(timeout=LIMIT)
        return self.process.returncode, out or "", err

    def left_on_disk(self) -> list[str]:
        """Return the files that are left."""
        return sorted(path.name for path in self.folder.iterdir())

    def left_running(self) -> list[str]:
        """Return the command lines of processes that this one started and that still run."""
        found = []
        for entry in Path("/proc").glob("[0-9]*"):
            try:
                environment = (entry / "environ").read_bytes()
                command = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            except OSError:  # ended in the meantime
                continue
            if f"{MARK}={self._mark}".encode() in environment.split(b"\0"):
                found.append(command)
        return found


def soon(condition: Callable[[], bool], seconds: float = 15.0) -> bool:
    """Return whether a condition comes true in time."""
    until = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > until:
            return False
        time.sleep(0.05)
    return True
