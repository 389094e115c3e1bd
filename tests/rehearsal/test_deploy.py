"""Which engine applies the program, what it tells, and that nothing is left behind."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from contract.outputs import parse_outputs
from rehearsal import deploy as deploying
from rehearsal.aws import EmulatedAws
from rehearsal.deploy import DeployError, Engine, deploy, engine_here
from rehearsal.deploy_children import ROOT, Children
from rehearsal.deploy_cli import missing_cli, shown
from rehearsal.deploy_project import clean_environment

SETTINGS = {"alarmEmail": "ops@jobmatch.zip"}
POSIX = pytest.mark.skipif(sys.platform == "win32", reason="looks for processes by a signal")


@pytest.fixture
def aws() -> Iterator[EmulatedAws]:
    """Return an empty emulated account."""
    with EmulatedAws() as running:
        yield running


def test_the_small_engine_makes_everything_and_takes_over_what_exists(
    aws: EmulatedAws, tmp_path: Path
) -> None:
    ses, heard = aws.client("sesv2"), list[str]()
    ses.create_email_identity(EmailIdentity="jobmatch.zip")
    before = ses.get_email_identity(EmailIdentity="jobmatch.zip")["DkimAttributes"]["Tokens"]
    settings = {**SETTINGS, "importIdentity": True}

    with deploy(
        aws, tmp_path / "stack", settings, engine=Engine.FALLBACK, hear=heard.append
    ) as deployment:
        outputs = parse_outputs(deployment.outputs)

    assert outputs.domain == "jobmatch.zip"
    assert set(before) == set(outputs.dkim_tokens)
    after = ses.get_email_identity(EmailIdentity="jobmatch.zip")
    assert after["ConfigurationSetName"] == outputs.configuration_set_name
    assert " +  aws:sns/topic:Topic jobmatch-zip-bounce created" in heard
    assert " =  aws:sesv2/emailIdentity:EmailIdentity jobmatch-zip-identity imported" in heard
    assert "not by pulumi" in deployment.note
    assert "make pulumi" in deployment.note
    assert deployment.environment() == {}
    with pytest.raises(DeployError, match="neither preview nor state"):
        deployment.drift()


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"awsAccountId": "210987654321"}, "AWS account ID not allowed: 123456789012"),
        ({"mailFromLabel": "a.b"}, "1 setting is not usable"),
    ],
)
def test_the_small_engine_tells_what_is_wrong(
    aws: EmulatedAws, tmp_path: Path, settings: dict[str, object], told: str
) -> None:
    with pytest.raises(DeployError, match=told):
        deploy(aws, tmp_path / "stack", settings, engine=Engine.FALLBACK)

    assert aws.client("sns").list_topics()["Topics"] == []


def test_without_the_cli_the_small_engine_is_taken(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("rehearsal.deploy_cli.TOOLS", tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))

    assert engine_here() is Engine.FALLBACK
    assert missing_cli(str(tmp_path)) == (
        "no pulumi, pulumi-language-python on PATH or in .tools/bin: run make pulumi"
    )


def test_a_missing_package_is_told_with_the_command_that_installs_it(
    aws: EmulatedAws, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deploying, "_PACKAGES", ("pulumi_is_not_here",))

    with pytest.raises(DeployError, match=r"python -m pip install .*\[deploy,rehearsal\]"):
        deploy(aws, tmp_path / "stack", SETTINGS)


def test_a_folder_that_cannot_be_written_is_told(aws: EmulatedAws, tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file", encoding="utf-8")

    for engine in Engine:
        with pytest.raises(DeployError, match=r"cannot be prepared in .*taken"):
            deploy(aws, tmp_path / "taken" / "stack", SETTINGS, engine=engine)


def test_a_shown_command_holds_no_secret() -> None:
    typed = ["config", "set-all", "--secret", "key=QQ==", "--plaintext", "a=b", "--non-interactive"]

    assert shown(typed) == "pulumi config set-all --secret key=[secret] --plaintext a=b"


def test_what_leads_to_aws_does_not_reach_the_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_PROFILE", "production")
    monkeypatch.setenv("PULUMI_ACCESS_TOKEN", "token")
    monkeypatch.setenv("OTHER", "stays")

    found = clean_environment()

    assert {"OTHER": "stays"} == {
        name: found[name]
        for name in ("AWS_PROFILE", "PULUMI_ACCESS_TOKEN", "OTHER")
        if name in found
    }


@pytest.mark.engine
@pytest.mark.usefixtures("engine")
def test_the_real_engine_tells_a_wrong_setting_as_the_cli_does(
    aws: EmulatedAws, tmp_path: Path
) -> None:
    with pytest.raises(DeployError) as refused:
        deploy(aws, tmp_path / "stack", {"dailyVolume": "many"}, engine=Engine.PULUMI)

    assert "dailyVolume" in refused.value.output
    assert "integer" in refused.value.output


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
        # What has ended is still there until somebody asks for its code; /proc is Linux.
        return ") Z " not in Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
    except ProcessLookupError:
        return False
    except FileNotFoundError:
        return not Path("/proc/self").exists()


def _wait(over: Callable[[], bool], seconds: float = 10.0) -> bool:
    until = time.monotonic() + seconds
    while not over() and time.monotonic() < until:
        time.sleep(0.02)
    return over()


# A child that starts a grandchild in its group, and says both process ids.
FAMILY = """
import os, subprocess, sys, time
inner = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
print(os.getpid(), inner.pid, flush=True)
time.sleep(600)
"""
PARENT = """
import sys
from pathlib import Path
from rehearsal.deploy_children import Children
Children().run([sys.executable, "-c", sys.argv[1]], Path.cwd(), {}, print)
"""


@POSIX
def test_children_end_with_a_parent_that_is_killed(tmp_path: Path) -> None:
    parent = subprocess.Popen(
        [sys.executable, "-u", "-c", PARENT, FAMILY],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert parent.stdout is not None
    with parent.stdout as told:
        family = [int(word) for word in told.readline().split()]
        parent.kill()
        parent.wait()

    assert len(family) == 2
    assert _wait(lambda: not any(_lives(pid) for pid in family))


@POSIX
def test_ctrl_c_ends_parent_and_children(tmp_path: Path) -> None:
    parent = subprocess.Popen(
        [sys.executable, "-u", "-c", PARENT, FAMILY],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert parent.stdout is not None
    family = [int(word) for word in parent.stdout.readline().split()]
    if sys.platform != "win32":
        os.killpg(parent.pid, signal.SIGINT)
    _, complaint = parent.communicate(timeout=20)

    assert parent.returncode != 0
    assert "KeyboardInterrupt" in complaint.splitlines()[-1]
    assert "deploy_child.py" not in complaint
    assert _wait(lambda: not any(_lives(pid) for pid in family))


@POSIX
def test_children_end_when_they_are_closed_or_an_exception_comes(tmp_path: Path) -> None:
    children = Children()
    family: list[int] = []

    def hear(line: str) -> None:
        family.extend(int(word) for word in line.split())
        children.close()

    ended = children.run([sys.executable, "-c", FAMILY], tmp_path, {}, hear)

    assert ended.code != 0
    assert _wait(lambda: not any(_lives(pid) for pid in family))
    with pytest.raises(RuntimeError, match="is closed"):
        children.run([sys.executable, "-c", ""], tmp_path, {})


@POSIX
def test_what_a_command_leaves_behind_ends_with_it(tmp_path: Path) -> None:
    leaving = FAMILY.replace("time.sleep(600)\n", "\n")
    heard: list[str] = []

    ended = Children().run([sys.executable, "-c", leaving], tmp_path, {}, heard.append)

    assert ended.code == 0
    pids = [int(word) for word in heard[0].split()]
    assert _wait(lambda: not any(_lives(pid) for pid in pids))


def test_the_code_and_both_outputs_are_handed_on(tmp_path: Path) -> None:
    script = "import sys; print('out'); print('err', file=sys.stderr); sys.exit(7)"
    heard: list[str] = []

    ended = Children().run([sys.executable, "-c", script], tmp_path, {}, heard.append, heard.append)

    assert (7, "out", "err") == (ended.code, ended.out, ended.err)
    assert {"out", "err"} == set(heard)


def test_the_settings_of_the_small_engine_are_those_of_the_cli() -> None:
    from rehearsal.engine import project_config

    name, config = project_config(ROOT, {"awsAccountId": "1", "aws:region": "us-east-1"})

    assert name == "jobmatch-mail"
    assert config["jobmatch-mail:domain"] == "jobmatch.zip"
    assert config["jobmatch-mail:manageDmarc"] == "true"
    assert config["jobmatch-mail:dailyVolume"] == json.dumps(1000)
    assert config["aws:region"] == "us-east-1"
