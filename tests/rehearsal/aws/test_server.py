"""The server: on loopback alone, one in a process, gone when it is over."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import boto3
import pytest

from rehearsal.aws import EmulatedAws
from rehearsal.aws.__main__ import main
from rehearsal.aws.server import HOST
from rehearsal.zone import can_bind
from tests.rehearsal.aws.emulator import client

ROOT = Path(__file__).parents[3]


def port_of(aws: EmulatedAws) -> int:
    return int(aws.endpoint.rpartition(":")[2])


def test_the_environment_is_all_that_boto3_needs(
    aws: EmulatedAws, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in aws.environment().items():
        monkeypatch.setenv(name, value)
    session = boto3.Session()
    assert session.region_name == "us-west-2"
    assert session.client("sts").get_caller_identity()["Account"] == "123456789012"
    assert session.client("sesv2").get_account()["ProductionAccessEnabled"] is False
    assert session.client("sqs").list_queues().get("QueueUrls", []) == []


def test_it_listens_on_loopback_alone_and_stops(aws: EmulatedAws) -> None:
    assert aws.endpoint.startswith("http://127.0.0.1:")
    port = port_of(aws)
    if can_bind("127.0.0.2"):
        with socket.socket() as free:  # another loopback address is not listened on
            free.bind(("127.0.0.2", port))
    aws.stop()
    aws.stop()
    with socket.socket() as again:
        again.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        again.bind((HOST, port))
    with pytest.raises(RuntimeError, match="does not run"):
        _ = aws.endpoint


def test_one_in_a_process(aws: EmulatedAws) -> None:
    with pytest.raises(RuntimeError, match="runs in this process already"):
        EmulatedAws().start()


def test_a_failed_start_leaves_the_way_free() -> None:
    with socket.socket() as taken:
        taken.bind((HOST, 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(OSError, match="use"):
            EmulatedAws(port=port).start()
        assert main(["--port", str(port)]) == 2
    with EmulatedAws() as aws:
        assert aws.endpoint


def test_each_start_has_an_empty_world() -> None:
    for _ in range(2):
        with EmulatedAws() as aws:
            sns = client(aws, "sns")
            assert sns.list_topics()["Topics"] == []
            sns.create_topic(Name="bounce")
            client(aws, "sesv2").create_email_identity(EmailIdentity="jobmatch.zip")


def test_another_account_and_region_can_be_chosen() -> None:
    with EmulatedAws(account="111122223333", region="eu-west-1") as aws:
        arn = client(aws, "sns", "eu-west-1").create_topic(Name="t")["TopicArn"]
        assert arn == "arn:aws:sns:eu-west-1:111122223333:t"
        assert aws.environment()["AWS_REGION"] == "eu-west-1"


@contextmanager
def command(*arguments: str) -> Iterator[tuple[subprocess.Popen[str], dict[str, str]]]:
    """Run the command until its standard input closes; yield it and the environment it printed."""
    with subprocess.Popen(
        [sys.executable, "-m", "rehearsal.aws", "--until-eof", *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    ) as process:
        assert process.stdout is not None
        environment = {}
        for line in process.stdout:
            if not line.startswith("export "):
                break
            name, _, value = line.removeprefix("export ").strip().partition("=")
            environment[name] = value
        yield process, environment


def test_its_time_runs_out_also_while_the_parent_waits() -> None:
    with command("--lifetime", "0.1") as (process, _):
        assert process.wait(20) == 0
        assert process.stderr is not None
        assert process.stderr.read() == ""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGINT for one process")
def test_ctrl_c_ends_it_quietly() -> None:
    with command() as (process, _):
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 130
        assert process.stderr is not None
        assert process.stderr.read() == ""


def back_door(url: str, wish: dict[str, object] | None = None) -> dict[str, object]:
    body = None if wish is None else json.dumps(wish).encode()
    with urllib.request.urlopen(f"{url}/_rehearsal", data=body, timeout=10) as answer:
        shown: dict[str, object] = json.load(answer)
        return shown


def test_two_commands_do_not_disturb_each_other_and_end_with_their_parent(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with command("--scenario", "production") as (one, first), command() as (two, second):
        seen = []
        for environment in (first, second):
            for name, value in environment.items():
                monkeypatch.setenv(name, value)
            seen.append(boto3.Session().client("sesv2").get_account()["ProductionAccessEnabled"])
        assert seen == [True, False]
        url = second["AWS_ENDPOINT_URL"]
        assert main(["--at", url, "--scenario", "pending"]) == 0
        assert main(["--at", url, "--advance", "86400"]) == 0
        assert main(["--at", url, "--confirm", "nobody@jobmatch.zip"]) == 2
        assert main(["--at", url, "--scenario", "nonsense"]) == 2
        assert main(["--at", url]) == 0
        assert back_door(url)["calls"] == ["sesv2:GetAccount"]
        for process in (one, two):
            assert process.stdin is not None
            process.stdin.close()
            assert process.wait(20) == 0
    said, errors = capsys.readouterr()
    assert said.count("done; the clock of emulated AWS shows 20") == 2
    assert said.count('"sesv2:GetAccount"') == 1  # acting tells one line, not all that was asked
    assert "no mail to nobody@jobmatch.zip waits for a click" in errors
    assert "no scenario 'nonsense'" in errors


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["--list"], 0, "denied-open-case"),
        (["--scenario", "nonsense"], 2, "no scenario"),
        (["--scenario", "queue-cut"], 2, "no subscribed queue"),
        (["--scenario", "throttled(x)"], 2, "'x' is no number"),
        (["--at", "https://example.net"], 2, "http://127.0.0.1:"),
        (["--at", "http://127.0.0.1:1", "--scenario", "x", "--advance", "1"], 2, "at a time"),
        (["--at", "http://127.0.0.1:1", "--scenario", "sandbox"], 2, "rehearsal.aws: "),
        (["--lifetime", "0.05"], 0, "export AWS_ENDPOINT_URL=http://127.0.0.1:"),
    ],
)
def test_the_command(
    capsys: pytest.CaptureFixture[str], arguments: list[str], code: int, words: str
) -> None:
    assert main(arguments) == code
    output = capsys.readouterr()
    assert words in (output.out if code == 0 else output.err)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--port", "99999"], "argument --port: 99999 is no port: 0 to 65535"),
        (["--dns-port", "-1"], "argument --dns-port: -1 is no port"),
        (["--port", "http"], "argument --port: invalid"),
        (["--account", "12"], "argument --account: '12' is no account: 12 digits"),
    ],
)
def test_a_wrong_option_is_told(
    capsys: pytest.CaptureFixture[str], arguments: list[str], words: str
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    assert words in capsys.readouterr().err


def test_nothing_of_the_callers_own_aws_is_used(aws: EmulatedAws) -> None:
    environment = aws.environment()
    assert environment["AWS_CONFIG_FILE"] == os.devnull
    assert environment["AWS_SHARED_CREDENTIALS_FILE"] == os.devnull
    assert environment["NO_PROXY"] == HOST


def test_the_back_door_says_what_was_wrong(aws: EmulatedAws) -> None:
    client(aws, "sesv2").create_email_identity(EmailIdentity="ops@jobmatch.zip")
    assert back_door(aws.endpoint, {"confirm": "ops@jobmatch.zip"})["lost_events"] == []
    assert aws.ses.identities["ops@jobmatch.zip"].verified
    for wish in ({}, {"advance": -1}, {"scenario": "x"}, {"confirm": "a@b.c"}):
        with pytest.raises(urllib.error.HTTPError) as caught:
            back_door(aws.endpoint, dict(wish))
        assert caught.value.code == 400
        assert json.load(caught.value)["error"]
        caught.value.close()
