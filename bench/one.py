"""One domain, whole processes, sesgate beside checkdmarc, each DNS answer delayed."""

from __future__ import annotations

import importlib.util
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bench.ordinary import TELLS, servers
from checks.verdict import EXIT_READY, EXIT_USAGE
from rehearsal import example
from rehearsal.journey import RESOLVER
from rehearsal.zone import World

ROOT = Path(__file__).parents[1]
LIMIT_SECONDS = 120
EXIT_NOT_MEASURED = 1
INSTALL = 'python -m pip install -c constraints.txt -e ".[bench]"'

START, OURS, PEER = "python -c pass", "sesgate", "checkdmarc"

Say = Callable[[str], None]


@dataclass(slots=True)
class Series:
    """The runs of one tool: seconds a run, and questions that reached the servers."""

    seconds: list[float] = field(default_factory=list)
    questions: list[int] = field(default_factory=list)


class NotMeasuredError(Exception):
    """A tool did not do its work, so that its time means nothing."""


def compare(rounds: int, delay: float, say: Say) -> int:
    """Measure in ``rounds``, every answer ``delay`` seconds late, and return the exit code."""
    if importlib.util.find_spec("checkdmarc") is None:
        say(f"checkdmarc is not installed: {INSTALL}")
        return EXIT_USAGE
    with World(servers(), delay=delay) as world:
        try:
            series = measure(world, commands(world.port), rounds)
        except NotMeasuredError as error:
            say(str(error))
            return EXIT_NOT_MEASURED
    for line in table(series, rounds, delay):
        say(line)
    return EXIT_READY


def commands(port: int) -> dict[str, list[str]]:
    """Return the command of each tool."""
    python = sys.executable
    identity = example.IDENTITY.relative_to(ROOT).as_posix()
    servers = ["--nameserver", RESOLVER, "--dns-port", str(port)]
    ours = ["-m", "checks.dns", example.DOMAIN, "--identity", identity, "--no-aws", *servers]
    return {
        START: [python, "-c", "pass"],
        OURS: [python, *ours, "--format", "json"],
        PEER: [python, "-m", "bench.checkdmarc_once", RESOLVER, str(port), example.DOMAIN],
    }


def measure(world: World, tools: Mapping[str, Sequence[str]], rounds: int) -> dict[str, Series]:
    """Run all tools in turn, ``rounds`` times after one that warms the caches of the files.

    The order is turned about from round to round. Raises NotMeasuredError where a tool fails.
    """
    series = {name: Series() for name in tools}
    for number in range(rounds + 1):
        for name in sorted(tools, reverse=number % 2 == 1):
            before = len(world.queries)
            seconds = run(name, tools[name])
            if number > 0:
                series[name].seconds.append(seconds)
                series[name].questions.append(len(world.queries) - before)
    return series


def run(name: str, command: Sequence[str]) -> float:
    """Return the seconds that one process takes, start-up included."""
    started = time.perf_counter()
    ended = subprocess.run(
        command,
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
        timeout=LIMIT_SECONDS,
    )
    seconds = time.perf_counter() - started
    if ended.returncode != 0:
        told = ended.stderr.decode("utf-8", "replace").strip()[-500:]
        raise NotMeasuredError(f"{name} ended with exit code {ended.returncode}: {told}")
    return seconds


def table(series: Mapping[str, Series], rounds: int, delay: float) -> list[str]:
    """Return the figures as lines: medians, and the ratio to ours as median over the rounds."""
    lines = [
        f"{example.DOMAIN}: {TELLS}",
        f"each DNS answer {delay * 1000:g} ms late",
        f"whole processes, medians of {rounds} interleaved rounds",
        "",
        f"{'':16}{'seconds':>9}{'x sesgate':>11}{'questions':>11}",
    ]
    for name in (START, OURS, PEER):
        one = series[name]
        shown = f"{statistics.median(one.seconds):9.3f}{ratio(one, series[OURS]):11.2f}"
        lines.append(f"{name:16}{shown}{statistics.median(one.questions):11.0f}")
    return [
        *lines,
        "",
        f"sesgate is {ratio(series[PEER], series[OURS]):.1f} times as fast as checkdmarc.",
        "sesgate asks the resolver and every authoritative server, and judges every rule.",
        "checkdmarc asks the resolver; for DNSSEC, TLSA, MTA-STS, TLS-RPT and BIMI too, not for",
        "DKIM and MAIL FROM.",
    ]


def ratio(one: Series, other: Series) -> float:
    """Return the median over the rounds of how many times longer ``one`` took than ``other``."""
    pairs = zip(one.seconds, other.seconds, strict=True)
    return statistics.median(mine / theirs for mine, theirs in pairs)
