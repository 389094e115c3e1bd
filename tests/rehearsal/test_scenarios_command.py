"""The command line of the rehearsal, and what it leaves running with --keep."""

from __future__ import annotations

import importlib.util
import os
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path
from types import SimpleNamespace

import pytest

from rehearsal import __main__ as command
from rehearsal import journey_keep, journey_run, scenarios
from rehearsal.deployment import DeployError, Engine
from rehearsal.journey_keep import ZoneFile, exports
from rehearsal.journey_signals import own_environment
from rehearsal.journey_stage import Stage
from rehearsal.journey_tell import Teller, folded, wrapped
from rehearsal.steps import NotAsDueError
from tests.rehearsal.processes import Rehearsal


def test_list_names_everything_with_one_line_each(capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["--list"]) == 0

    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == list(scenarios.NAMES)
    assert all(len(line) <= 100 for line in lines)


def test_help_has_examples_and_exit_codes(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        command.main(["--help"])

    assert ended.value.code == 0
    output = capsys.readouterr().out
    for each in ("examples", "--scenario two-spf", "--keep", "130  interrupted"):
        assert each in output


@pytest.mark.parametrize(
    ("argv", "told"),
    [
        (["--scenario", "moo"], "no scenario 'moo'; --list shows them: good, two-spf"),
        (["--scenario", "good", "--scenario", "pending", "--keep"], "--keep leaves one"),
        (["--engine", "steam"], "invalid choice"),
        (["--scen", "good"], "unrecognized"),
        (["x"], "unrecognized"),
    ],
)
def test_bad_usage_ends_with_2(
    argv: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        command.main(argv)

    assert ended.value.code == 2
    assert told in capsys.readouterr().err


def test_the_real_engine_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("rehearsal.deploy_cli.TOOLS", tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))

    assert command.main(["--engine", "pulumi"]) == 2

    told = capsys.readouterr()
    assert told.out == ""
    assert told.err == (
        "rehearsal: no pulumi, pulumi-language-python on PATH or in .tools/bin: run make pulumi\n"
    )


@pytest.mark.parametrize("name", ["moto", "pulumi", "pulumi_aws"])
def test_a_missing_package_is_told_with_the_command(
    name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    find = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda each: None if each == name else find(each)
    )

    assert command.main([]) == 2
    output = capsys.readouterr()
    assert output.out == ""
    assert f"not installed: {name}." in output.err
    assert '-m pip install -c constraints.txt -e ".[deploy,rehearsal]"' in output.err


@pytest.mark.parametrize(
    ("error", "code", "told"),
    [
        (None, 0, "Ended as it must"),
        (NotAsDueError("exit code 0 was due, not 1"), 1, "NOT as it must end: exit code 0 was due"),
        (DeployError("up ended with 1", "error: x"), 1, "cannot be deployed: up ended with 1\nerr"),
    ],
)
def test_the_end_decides_the_exit_code(
    error: Exception | None,
    code: int,
    told: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def rehearse(name: str, stage: Stage, teller: Teller) -> None:
        assert name == "pending"
        if error is not None:
            raise error

    monkeypatch.setattr(journey_run, "rehearse", rehearse)

    assert command.main(["--scenario", "pending"]) == code
    assert told in capsys.readouterr().out


@pytest.mark.parametrize(
    ("error", "code", "told"),
    [
        (KeyboardInterrupt(), 130, "rehearsal: interrupted; everything that was started has ended"),
        (OSError(28, "No space left on device", "x"), 2, "rehearsal: No space left on device: x"),
    ],
)
def test_what_ends_a_rehearsal_is_one_line_and_its_folder_goes(
    error: BaseException,
    code: int,
    told: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    folders: list[Path] = []

    def rehearse(_: str, stage: Stage, teller: Teller) -> None:
        folders.append(stage.folder)
        (stage.folder / "something").write_text("x", encoding="utf-8")
        raise error

    monkeypatch.setattr(journey_run, "rehearse", rehearse)
    monkeypatch.setattr(command, "_abandon_output", lambda: None)  # it is pytest's here

    assert command.main([]) == code
    assert capsys.readouterr().err == f"{told}\n"
    assert [False] == [folder.exists() for folder in folders]


def typed_in(shell: list[str], commands: list[str]) -> subprocess.CompletedProcess[str]:
    """Type commands as a user does, with nothing but what --keep has told."""
    return subprocess.run(
        ["sh", "-ec", "\n".join([*shell, *commands])],
        capture_output=True,
        check=False,
        encoding="utf-8",
        env={"LC_ALL": "C.UTF-8"},
    )


@pytest.mark.skipif(os.name != "posix", reason="types into a POSIX shell")
def test_keep_leaves_it_running_until_ctrl_c(tmp_path: Path) -> None:
    each = Rehearsal(tmp_path, "--engine", "fallback", "--scenario", "two-spf", "--keep")
    try:
        output = each.read_until("Ctrl-C here")
        lines = output[output.index("It is left running") :].splitlines()
        shell = [line for line in lines if line.startswith(("export ", "cd "))]
        typed = [line for line in lines if line.startswith("python -m checks.dns")]
        names = [line.partition("=")[0].removeprefix("export ") for line in shell]
        judged = typed_in(shell, typed)
        mended = typed_in([*shell, "grep -v _spf.mail zone.txt > z && mv z zone.txt"], [])
        assert "zone.txt is served" in each.read_until("zone.txt is ")
        ready = typed_in(shell, typed)
    finally:
        each.process.send_signal(signal.SIGINT)
        code, _, errors = each.end()

    assert (0, 0) == (mended.returncode, ready.returncode), ready.stdout
    assert {"AWS_ENDPOINT_URL", "AWS_REGION", "PATH", "PYTHONPATH"} <= set(names)
    assert "small engine keeps no state" in output
    assert (1, "") == (judged.returncode, judged.stderr)
    assert "spf-record-single" in judged.stdout
    assert (130, 1) == (code, errors.count("\n"))
    assert [] == each.left_on_disk()


def test_exports_are_quoted_for_either_shell() -> None:
    environment = {"A": "plain", "B": "it's here"}

    assert ["export A=plain", "export B='it'\"'\"'s here'"] == exports(environment, system="posix")
    assert ["$env:A = 'plain'", "$env:B = 'it''s here'"] == exports(environment, system="nt")


def test_keep_tells_pulumi_where_it_is(tmp_path: Path) -> None:
    class Deployed:
        def environment(self) -> dict[str, str]:
            names = ("PULUMI_DEBUG_PROVIDERS", "PULUMI_BACKEND_URL", "PULUMI_CONFIG_PASSPHRASE")
            return dict.fromkeys(names, "x")

    with Stage(one_address=True) as stage:
        stage.deployment = Deployed()  # type: ignore[assignment]  # what is asked of one
        lines = journey_keep.instructions(stage)

    told = "\n".join(lines)
    for each in (
        "PULUMI_DEBUG_PROVIDERS",
        "PULUMI_BACKEND_URL",
        "PULUMI_CONFIG_PASSPHRASE",
        "pulumi up",
        "pulumi preview --refresh --expect-no-changes",
        f"--nameserver 127.0.0.1 --dns-port {stage.dns.port}",
        "--scenario mail-from-failed",
    ):
        assert each in told


def test_long_outputs_are_folded_with_a_count() -> None:
    lines = [str(number) for number in range(100)]

    shown = folded(lines, 10)
    assert lines[:6] == shown[:6]
    assert "[… 90 lines more: --verbose shows them …]" == shown[6]
    assert lines[-4:] == shown[7:]
    assert lines[:10] == folded(lines[:10], 10)


def test_our_own_words_are_wrapped_and_what_is_indented_is_not() -> None:
    text = "word " * 30 + "\n  " + "x" * 120

    assert all(len(line) <= 100 for line in wrapped(text).splitlines()[:-1])
    assert "  " + "x" * 120 == wrapped(text).splitlines()[-1]


def test_verbose_folds_nothing_and_brief_tells_the_title() -> None:
    lines: list[str] = []
    for verbose in (False, True):
        teller = Teller(lines.append, verbose=verbose)
        with teller.step("Deploy", "why", brief=True):
            teller.typed("pulumi up")
            teller.printed("\n".join("x" * 100), 0, 0.1, limit=10)

    assert "  Deploy: 0.0 s" == lines[0]
    assert 100 == lines.count("  x")


def test_the_zone_file_that_is_kept_is_served_when_it_changes() -> None:
    with Stage(one_address=True) as stage:
        zone_file = ZoneFile(stage)
        path = stage.desk / "zone.txt"
        text = path.read_text(encoding="utf-8")
        assert "" == zone_file.look()
        path.write_text("bounce MX moo\n", encoding="utf-8")
        assert zone_file.look().startswith("zone.txt is not served: line 1: ")
        assert "" == zone_file.look()
        path.write_text(f"{text}bounce TXT hello\n", encoding="utf-8")
        assert "zone.txt is served" == zone_file.look()
        assert "hello" in stage.zone[-1].rdata.to_text()
        path.unlink()
        assert "" == zone_file.look()


def test_a_fault_of_ours_leaves_nothing_either(monkeypatch: pytest.MonkeyPatch) -> None:
    folders: list[Path] = []

    def rehearse(_: str, stage: Stage, teller: Teller) -> None:
        folders.append(stage.folder)
        raise LookupError("a bug")

    monkeypatch.setattr(journey_run, "rehearse", rehearse)
    with pytest.raises(LookupError, match="a bug"):
        command.main([])

    assert [False] == [folder.exists() for folder in folders]
    with Stage(one_address=True):  # emulated AWS has ended too
        pass


def test_nothing_is_kept_where_nothing_was_deployed(monkeypatch: pytest.MonkeyPatch) -> None:
    def rehearse(_: str, stage: Stage, teller: Teller) -> None:
        raise DeployError("no")

    monkeypatch.setattr(journey_run, "rehearse", rehearse)

    assert command.main(["--keep"]) == 1


def test_the_environment_of_the_user_is_out_of_sight_and_comes_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    given = {"AWS_PROFILE": "nobody", "PULUMI_STACK": "prod", "OTHER": "x"}
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    before = dict(os.environ)
    with own_environment():
        seen = {name: os.environ.get(name) for name in (*given, "AWS_CONFIG_FILE")}

    assert {
        "AWS_PROFILE": None,
        "PULUMI_STACK": None,
        "OTHER": "x",
        "AWS_CONFIG_FILE": os.devnull,
    } == seen
    assert before == dict(os.environ)


def test_a_day_is_led_to_in_brief() -> None:
    lines: list[str] = []
    with Stage(engine=Engine.FALLBACK, one_address=True) as stage:
        scenarios.rehearse("sandbox", stage, Teller(lines.append))

    output = " ".join("\n".join(lines).split())
    told = (
        'Below "$" stands what you would type.',
        "(the program is applied by the rehearsal's small engine, not by pulumi)",
        "Declare the sender: ",
        "Publish and verify: ",
        "── The day: a fresh account",
        "$ aws sesv2 get-account",
        "Advice: Make everything ready first",
    )
    places = [output.find(each) for each in told]
    assert -1 not in places, output
    assert sorted(places) == places, output


def test_a_disk_that_is_full_from_the_start_is_told_at_once(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=1_000_000))
    monkeypatch.setattr(command, "_abandon_output", lambda: None)  # it is pytest's here

    assert command.main([]) == 2
    told = f"rehearsal: No space left on device (16 MB are needed): {tmp_path}\n"
    assert told == capsys.readouterr().err
    assert [] == [each for each in tmp_path.iterdir() if each.name != "home"]
