"""The journey as processes: what it tells, and that nothing is left of it."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from rehearsal.deployment import Engine
from tests.infra.engine import missing
from tests.rehearsal.processes import Rehearsal, soon

needs_posix = pytest.mark.skipif(os.name != "posix", reason="POSIX signals")
needs_proc = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")

TYPED = (
    "$ pulumi up",
    "$ aws sns list-subscriptions-by-topic",
    "$ pulumi stack output --json > stack.json",
    "$ python -m checks.dns jobmatch.zip --stack stack.json --records table",
    "$ aws sesv2 get-email-identity --email-identity jobmatch.zip",
    "$ python -m checks.dns jobmatch.zip --stack stack.json --aws",
    "$ aws sesv2 get-account",
)
SHOWN = (
    "jobmatch.zip wants to send one-time codes",
    "── 1/7  Start emulated AWS and DNS",
    "── 6/7  Check what receivers will see",
    "── 7/7  See three typical mistakes",
    "spf-record-single",
    "dkim-owner-undoubled",
    "align-aspf-relaxed",
    "publish  MX     bounce ",
    '"Dkim": "PENDING"',
    '"Dkim": "SUCCESS"',
    "ready: jobmatch.zip — nothing blocks",
    '"ProductionAccess": false',
    "The 6 records are published with a mistake: a second SPF record was published at MAIL FROM.",
    "The whole way took ",
)
WAITING = "── 2/7  Declare the sender"


@pytest.fixture
def started(tmp_path: Path) -> Iterator[list[Rehearsal]]:
    """Take rehearsals, and end what of them still runs."""
    taken: list[Rehearsal] = []
    yield taken
    for each in taken:
        each.process.kill()
        each.process.communicate()


def assert_told(output: str) -> None:
    places = [output.find(each) for each in TYPED]
    assert sorted(places) == places, output
    assert -1 not in places, output
    assert [] == [each for each in SHOWN if each not in output], output
    last = " ".join(output.strip().splitlines()[-3:])
    for command in ("checks.probe", "checks.readiness", "checks.request"):
        assert command in last
    assert "Not built yet" in last


@dataclass(frozen=True)
class Went:
    """A rehearsal that has ended."""

    engine: Engine
    code: int
    output: str
    errors: str
    seconds: float
    on_disk: list[str]


@pytest.fixture(scope="module")
def two_at_once(tmp_path_factory: pytest.TempPathFactory) -> list[Went]:
    """Go the whole way twice at once, by both engines where both are here."""
    folder = tmp_path_factory.mktemp("two")
    engines = [Engine.FALLBACK, Engine.FALLBACK if missing() else Engine.PULUMI]
    begun = time.monotonic()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_PROFILE", "nobody")  # what a user may have; none of it is used
        patch.setenv("PULUMI_STACK", "prod")
        started = [Rehearsal(folder, "--engine", engine) for engine in engines]
    ended = [each.end() for each in started]
    seconds = time.monotonic() - begun
    return [
        Went(engine, *end, seconds, each.left_on_disk())
        for engine, end, each in zip(engines, ended, started, strict=True)
    ]


def test_two_at_once_go_the_whole_way(two_at_once: list[Went]) -> None:
    for each in two_at_once:
        assert (0, "", []) == (each.code, each.errors, each.on_disk), each.output
        assert_told(each.output)
        assert each.seconds < 60
    assert "Applied by the rehearsal's small engine, not by pulumi" in two_at_once[0].output


@pytest.mark.usefixtures("engine")
def test_the_real_engine_says_that_it_is(two_at_once: list[Went]) -> None:
    output = two_at_once[1].output

    assert Engine.PULUMI == two_at_once[1].engine
    assert "Applied by the real pulumi CLI and engine" in output
    assert "created" in output


@needs_posix
@needs_proc
@pytest.mark.parametrize(
    ("number", "expected", "told"),
    [
        (signal.SIGINT, 130, "rehearsal: interrupted; everything that was started has ended\n"),
        (signal.SIGTERM, 143, ""),
    ],
)
def test_a_signal_leaves_nothing(
    number: int, expected: int, told: str, tmp_path: Path, started: list[Rehearsal]
) -> None:
    started.append(Rehearsal(tmp_path, "--engine", "fallback"))
    each = started[0]
    each.read_until(WAITING)
    assert soon(lambda: len(each.left_running()) > 2)  # itself, and the engine
    each.process.send_signal(number)
    code, _, errors = each.end()

    assert (expected, told) == (code, errors)
    assert [] == each.left_on_disk()
    assert [] == each.left_running()


@needs_posix
@needs_proc
@pytest.mark.usefixtures("engine")
def test_ctrl_c_leaves_nothing_of_the_real_engine(tmp_path: Path, started: list[Rehearsal]) -> None:
    started.append(Rehearsal(tmp_path, "--engine", "pulumi"))
    each = started[0]
    each.read_until(WAITING)
    assert soon(lambda: any("pulumi-language-python" in line for line in each.left_running()))
    each.process.send_signal(signal.SIGINT)
    code, _, errors = each.end()

    assert (130, 1) == (code, errors.count("\n")), errors
    assert [] == each.left_on_disk()
    assert soon(lambda: each.left_running() == [], 2.0), each.left_running()


@needs_posix
@needs_proc
def test_children_end_with_a_parent_that_was_killed(
    tmp_path: Path, started: list[Rehearsal]
) -> None:
    started.append(Rehearsal(tmp_path, "--engine", "fallback"))
    each = started[0]
    each.read_until(WAITING)
    assert soon(lambda: len(each.left_running()) > 2)
    each.process.kill()

    assert soon(lambda: each.left_running() == []), each.left_running()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full")
def test_a_full_disk_under_the_output_is_one_line(tmp_path: Path, started: list[Rehearsal]) -> None:
    with Path("/dev/full").open("w") as full:
        started.append(Rehearsal(tmp_path, stdout=full.fileno()))
        code, _, errors = started[0].end()

    assert (2, "rehearsal: No space left on device\n") == (code, errors)
    assert [] == started[0].left_on_disk()


@needs_posix
def test_a_full_disk_under_the_files_is_one_line(tmp_path: Path, started: list[Rehearsal]) -> None:
    # No file may hold a byte; what is printed goes to a pipe.
    limited = ["sh", "-c", 'ulimit -f 0 && exec "$@"', "sh"]
    started.append(Rehearsal(tmp_path, "--engine", "fallback", before=limited))
    code, output, errors = started[0].end()

    assert (2, 1) == (code, errors.count("\n")), output + errors
    assert errors.startswith("rehearsal: ")
    assert [] == started[0].left_on_disk()


def test_a_reader_that_goes_away_is_no_traceback(tmp_path: Path, started: list[Rehearsal]) -> None:
    started.append(Rehearsal(tmp_path, "--engine", "fallback"))
    each = started[0]
    each.read_until("── 1/7")
    assert each.process.stdout is not None
    each.process.stdout.close()
    assert each.process.stderr is not None

    assert "" == each.process.stderr.read()
    assert 141 == each.process.wait(timeout=60)
    assert [] == each.left_on_disk()
