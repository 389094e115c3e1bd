"""Runs the real command line against loopback servers, scenario by scenario."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from rehearsal import example
from rehearsal.scenarios import Scenario
from rehearsal.zone import Host, Records, World, can_bind, overlay, parse_records

ROOT = Path(__file__).parents[1]
RESOLVER, NS1, NS2, PARENT = "127.0.0.1", "127.0.0.11", "127.0.0.12", "127.0.0.13"
LIMIT_SECONDS = 60

# Where the system has only 127.0.0.1, every name server of the example has this address.
ONE_ADDRESS = """
    ns1.dnshost.example. A 127.0.0.1
    ns2.dnshost.example. A 127.0.0.1
    ns1.nic.zip. A 127.0.0.1
"""

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Ended:
    """How the tool ended: exit code, what it printed, and the time in seconds."""

    code: int
    stdout: str
    stderr: str
    seconds: float


def rehearse(scenarios: Sequence[Scenario], say: Say) -> bool:
    """Run every scenario, tell each step with ``say``, and return whether all ended as expected."""
    several = can_bind(NS1)
    say(_servers(several))
    say(
        "Each command below gets --nameserver, --dns-port and --no-aws added, which put loopback "
        "in the place of the internet; with your own domain you leave them out."
    )
    started = time.monotonic()
    good = 0
    for number, scenario in enumerate(scenarios, 1):
        say(f"\n── {number}/{len(scenarios)}  {scenario.name}: {scenario.title}\n")
        good += _scenario(scenario, several, say)
    seconds = time.monotonic() - started
    say(f"\n{good} of {len(scenarios)} runs ended as expected, in {seconds:.1f} s")
    return good == len(scenarios)


def _servers(several: bool) -> str:
    if several:
        return (
            f"Loopback DNS: resolver {RESOLVER}, name servers {NS1} and {NS2}, "
            f"the zone above {PARENT}. No network and no AWS is used."
        )
    return (
        f"Loopback DNS: this system has only {RESOLVER}, so one server there is the resolver and "
        "every name server. No network and no AWS is used."
    )


def _scenario(scenario: Scenario, several: bool, say: Say) -> bool:
    identity = example.IDENTITY.relative_to(ROOT).as_posix()
    typed = [example.DOMAIN, "--identity", identity]
    say(f"$ python -m checks.dns {' '.join(typed)}\n")
    with World(hosts(scenario.records(), several=several)) as world:
        loopback = ["--nameserver", RESOLVER, "--dns-port", str(world.port), "--no-aws"]
        ended = run_check([*typed, *loopback])
    say((ended.stdout + ended.stderr).rstrip())
    wrong = differences(scenario, ended)
    expected = "as expected" if not wrong else "NOT as expected: " + "; ".join(wrong)
    say(f"\nexit code {ended.code} after {ended.seconds:.2f} s, {expected}")
    return not wrong


def hosts(zone: Records, *, several: bool) -> list[Host]:
    """Return the servers of the example with ``zone`` for the domain, on four addresses or one."""
    everything = overlay(example.internet(), zone)
    if several:
        return [
            Host(RESOLVER, everything, recursive=True),
            Host(NS1, zone),
            Host(NS2, zone),
            Host(PARENT, example.parent()),
        ]
    return [
        Host(
            RESOLVER,
            overlay(everything, parse_records(ONE_ADDRESS)),
            recursive=True,
            authoritative=(f"{example.DOMAIN}.", "zip."),
        )
    ]


def run_check(arguments: Sequence[str]) -> Ended:
    """Run ``python -m checks.dns`` as a process of its own, as a user does."""
    started = time.monotonic()
    ended = subprocess.run(  # noqa: S603 - this interpreter, our own arguments
        [sys.executable, "-m", "checks.dns", *arguments],
        cwd=ROOT,
        env={**os.environ, "PYTHONUTF8": "1"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
        timeout=LIMIT_SECONDS,
        encoding="utf-8",
        errors="replace",
    )
    return Ended(ended.returncode, ended.stdout, ended.stderr, time.monotonic() - started)


def differences(scenario: Scenario, ended: Ended) -> list[str]:
    """Return in what a run is not what the scenario expects."""
    wrong = []
    if ended.code != scenario.exit_code:
        wrong.append(f"exit code {scenario.exit_code} was due")
    wrong += [f"{rule} is not told" for rule in scenario.blockers if rule not in ended.stdout]
    return wrong
