"""The rehearsal end to end, and how it judges a run."""

from __future__ import annotations

import dataclasses
import os
import subprocess
import sys
import time
from collections.abc import Sequence

import pytest

from rehearsal import __main__ as command
from rehearsal import example, journey
from rehearsal.journey import ROOT, Ended, differences, rehearse
from rehearsal.scenarios import SCENARIOS, Scenario

GOOD = SCENARIOS[0]
TWO_SPF = next(s for s in SCENARIOS if s.name == "two-spf")


def told(scenarios: Sequence[Scenario]) -> tuple[bool, str]:
    lines: list[str] = []
    good = rehearse(scenarios, lines.append)
    return good, "\n".join(lines)


def test_the_whole_rehearsal_as_a_process() -> None:
    started = time.monotonic()
    ended = subprocess.run(
        [sys.executable, "-m", "rehearsal"],
        cwd=ROOT,
        env={**os.environ, "PYTHONUTF8": "1"},
        capture_output=True,
        check=False,
        timeout=60,
    )
    output = ended.stdout.decode()

    assert (0, b"") == (ended.returncode, ended.stderr), output
    assert time.monotonic() - started < 15
    command_line = "$ python -m checks.dns jobmatch.zip --identity rehearsal/example/identity.json"
    assert output.count(command_line) == len(SCENARIOS)
    assert output.count(", as expected") == len(SCENARIOS)
    for scenario in SCENARIOS:
        assert scenario.title in output


def test_one_address_serves_where_the_system_has_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journey, "can_bind", lambda _: False)
    good, output = told([GOOD, TWO_SPF])

    assert good, output
    assert "this system has only 127.0.0.1" in output


def test_another_end_than_expected_is_told() -> None:
    wrong = dataclasses.replace(GOOD, exit_code=1, blockers=("spf-record-single",))
    good, output = told([wrong])

    assert not good
    assert "NOT as expected: exit code 1 was due; spf-record-single is not told" in output
    assert "0 of 1 runs ended as expected" in output


@pytest.mark.parametrize(
    ("ended", "expected"),
    [
        (Ended(1, "FAIL spf-record-single", "", 0.1), []),
        (Ended(3, "FAIL spf-record-single", "", 0.1), ["exit code 1 was due"]),
        (Ended(1, "", "Traceback", 0.1), ["spf-record-single is not told"]),
    ],
)
def test_differences(ended: Ended, expected: list[str]) -> None:
    assert expected == differences(TWO_SPF, ended)


def test_the_example_holds_what_its_identity_says() -> None:
    attributes = example.identity()["DkimAttributes"]

    assert list(example.TOKENS) == attributes["Tokens"]
    assert attributes["SigningHostedZone"] == example.SIGNING_ZONE


def test_list_names_every_scenario(capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["--list"]) == 0

    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == [s.name for s in SCENARIOS]


@pytest.mark.parametrize(("good", "code"), [(True, 0), (False, 1)])
def test_scenario_chooses_and_the_exit_code_tells(
    good: bool, code: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    chosen: list[str] = []

    def record(scenarios: Sequence[Scenario], say: object) -> bool:
        chosen.extend(s.name for s in scenarios)
        return good

    monkeypatch.setattr(command, "rehearse", record)

    assert command.main(["--scenario", "strict-spf", "--scenario", "good"]) == code
    assert chosen == ["good", "strict-spf"]


@pytest.mark.parametrize(
    ("argv", "code"), [(["--help"], 0), (["--scenario", "moo"], 2), (["x"], 2)]
)
def test_usage(argv: list[str], code: int, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        command.main(argv)

    assert ended.value.code == code
    assert capsys.readouterr().out or code


def test_ctrl_c_is_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(scenarios: object, say: object) -> bool:
        raise KeyboardInterrupt

    monkeypatch.setattr(command, "rehearse", interrupted)

    assert command.main([]) == 130
    assert capsys.readouterr().err == "interrupted\n"
