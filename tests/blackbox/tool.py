"""Runs the command line on a case: in this process for speed, or as a process of its own."""

from __future__ import annotations

import contextlib
import io
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from checks.dns.cli import main
from tests.support.loopback import RECURSIVE

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Ran:
    """How the tool ended. ``report`` is None where stdout held none."""

    code: int
    report: dict[str, Any] | None
    stdout: str
    stderr: str


def arguments(
    domain: str, port: int, identity: Path, options: Sequence[str], *, report: str = "json"
) -> list[str]:
    """Return the command line of a case; ``report`` is its format."""
    return [
        domain,
        *("--nameserver", RECURSIVE, "--dns-port", str(port)),
        *("--identity", str(identity), "--format", report, "--no-aws"),
        *options,
    ]


def run_inside(argv: Sequence[str]) -> Ran:
    """Run ``main`` in this process."""
    out = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True)
    err = io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            code = main(list(argv))
        except SystemExit as ended:
            code = ended.code if isinstance(ended.code, int) else 1
    return _ran(code, out.buffer.getvalue().decode(), err.getvalue())


def run_process(argv: Sequence[str]) -> Ran:
    """Run ``python -m checks.dns``."""
    ended = subprocess.run(
        [sys.executable, "-m", "checks.dns", *argv],
        cwd=ROOT,
        env={**os.environ, "PYTHONUTF8": "1"},
        capture_output=True,
        check=False,
        timeout=60,
    )
    return _ran(ended.returncode, ended.stdout.decode(), ended.stderr.decode())


def _ran(code: int, stdout: str, stderr: str) -> Ran:
    report = json.loads(stdout) if stdout.lstrip().startswith("{") else None
    return Ran(code, report, stdout, stderr)
