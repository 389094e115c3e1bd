"""What a zone may hold to do harm: it is printed harmlessly, and a run ends in time."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from rehearsal.zone import Fault
from tests.blackbox.baseline import run_case
from tests.blackbox.case import USAGE, Broken, Case, Place
from tests.support.loopback import needs_loopback_net

pytestmark = needs_loopback_net

LIMIT_SECONDS = 20
STRING = "a" * 200

# Strings of one TXT record at MAIL FROM, and what the exit code must be.
ZONES = {
    "terminal-control": (
        r"""
            bounce TXT "v=spf1 \027[31mred\000\155\010 include:amazonses.com ~all"
            _dmarc TXT "v=DMARC1; p=no\027]0;title\007ne"
            @ TXT "\027[2J\013\127"
        """,
        1,
    ),
    "names": ("bounce MX 10 a\\027[7mb\\000c.example.", 1),
    "html": ('bounce TXT "v=spf1 <script>alert(1)</script> ~all"', 1),
    "64-kib": ("bounce TXT " + f'"v=spf1 {STRING}" ' + f'"{STRING}" ' * 300, 1),
    "many-records": (
        "\n".join(f'bounce TXT "v=spf1 ip4:203.0.{n // 250}.{n % 250} ~all"' for n in range(900)),
        1,
    ),
    "many-tags": (
        '_dmarc TXT "v=DMARC1; p=none; rua=mailto:d@jobmatch.zip; " '
        + " ".join(f'"x{n}={STRING};"' for n in range(280)),
        0,
    ),
}


def case(zone: str = "", faults: tuple[Broken, ...] = (), options: tuple[str, ...] = ()) -> Case:
    return Case(title="hostile", expect=USAGE, zone=zone, faults=faults, options=options)


def controls(text: str) -> set[str]:
    """Return the control characters of ``text`` but for the line end (C0, DEL and C1)."""
    return {c for c in text if c != "\n" and (ord(c) < 32 or 127 <= ord(c) < 160)}


@pytest.mark.parametrize("options", [(), ("-v",)], ids=["short", "verbose"])
@pytest.mark.parametrize(("zone", "code"), ZONES.values(), ids=ZONES)
def test_text_from_the_network_is_harmless(
    zone: str, code: int, options: tuple[str, ...], tmp_path: Path
) -> None:
    ran = run_case(case(zone, options=options), tmp_path, report="text")

    assert (ran.code, ran.stderr) == (code, "")
    assert controls(ran.stdout) == set()
    assert len(ran.stdout) < 200_000


LIARS: list[tuple[str, Fault, tuple[Place, ...], str]] = [
    ("octets-at-authority", Fault(name=".", kind="malformed", under=True), ("ns1", "ns2"), "11"),
    ("octets-at-the-resolver", Fault(name=".", kind="malformed", under=True), ("recursive",), ".1"),
]


@pytest.mark.parametrize(
    ("fault", "at", "named"), [row[1:] for row in LIARS], ids=[row[0] for row in LIARS]
)
def test_broken_servers_are_named_in_time(
    fault: Fault, at: tuple[Place, ...], named: str, tmp_path: Path
) -> None:
    started = time.monotonic()
    ran = run_case(case(faults=(Broken(fault, at),)), tmp_path, report="text")

    assert ran.code == 3
    assert named in ran.stdout
    assert time.monotonic() - started < LIMIT_SECONDS


def test_slow_servers_are_waited_for(tmp_path: Path) -> None:
    slow = Fault(name=".", kind="delay", under=True, seconds=0.7)
    ran = run_case(case(faults=(Broken(slow),)), tmp_path)

    assert ran.code == 0
