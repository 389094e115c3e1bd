"""The command line as a process of its own: start-up, signals, closed streams, imports."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
IDENTITY = {
    "IdentityType": "DOMAIN",
    "VerifiedForSendingStatus": True,
    "VerificationStatus": "SUCCESS",
    "DkimAttributes": {
        "SigningEnabled": True,
        "Status": "SUCCESS",
        "Tokens": ["t1", "t2", "t3"],
        "SigningHostedZone": "a31d.dkim.us-west-2.amazonses.com",
        "SigningAttributesOrigin": "AWS_SES",
        "CurrentSigningKeyLength": "RSA_2048_BIT",
        "NextSigningKeyLength": "RSA_2048_BIT",
    },
    "MailFromAttributes": {
        "MailFromDomain": "bounce.jobmatch.zip",
        "MailFromDomainStatus": "SUCCESS",
        "BehaviorOnMxFailure": "USE_DEFAULT_VALUE",
    },
}
RUN = [sys.executable, "-m", "checks.dns"]


@pytest.fixture
def identity(tmp_path: Path) -> Path:
    """The identity of jobmatch.zip as the AWS command line prints it."""
    path = tmp_path / "identity.json"
    path.write_text(json.dumps(IDENTITY), encoding="utf-8")
    return path


@pytest.fixture
def closed_port() -> str:
    """A port of 127.0.0.1 on which nobody answers: the kernel refuses at once."""
    with socket.socket(type=socket.SOCK_DGRAM) as udp:
        udp.bind(("127.0.0.1", 0))
        return str(udp.getsockname()[1])


@pytest.fixture
def silent() -> Iterator[socket.socket]:
    """A resolver that hears every question and says nothing."""
    with socket.socket(type=socket.SOCK_DGRAM) as udp:
        udp.bind(("127.0.0.1", 0))
        udp.settimeout(20)
        yield udp


def command(port: str, identity: Path, *more: str) -> list[str]:
    asked = ["--nameserver", "127.0.0.1", "--dns-port", port, "--no-aws"]
    return [*RUN, "jobmatch.zip", "--identity", str(identity), *asked, *more]


def test_a_resolver_that_is_not_there_leaves_it_undetermined(
    closed_port: str, identity: Path
) -> None:
    done = subprocess.run(
        command(closed_port, identity, "--format", "json"),
        cwd=ROOT,
        capture_output=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 3, done.stderr.decode()
    report = json.loads(done.stdout)
    assert report["verdict"] == "undetermined"
    failed = [f["id"] for f in report["findings"] if f["outcome"] == "fail"]
    assert [rule for rule in failed if not rule.startswith("ses-")] == []


PROBE = """
import sys
from checks.dns.cli import main
code = main(sys.argv[1:])
heavy = ("boto3", "botocore", "pulumi", "pulumi_aws", "rich", "moto", "httpx")
print(code, *[name for name in heavy if name in sys.modules], file=sys.stderr)
"""


def test_a_run_with_a_file_imports_neither_boto3_nor_pulumi(
    closed_port: str, identity: Path
) -> None:
    argv = command(closed_port, identity)[3:]
    done = subprocess.run(
        [sys.executable, "-c", PROBE, *argv],
        cwd=ROOT,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        timeout=60,
    )
    assert done.stderr.splitlines()[-1] == "3"


def test_help_imports_next_to_nothing() -> None:
    probe = PROBE.replace('"boto3"', '"dns", "asyncio", "yaml", "cryptography", "boto3"')
    done = subprocess.run(
        [sys.executable, "-c", probe, "--help"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.stderr.splitlines()[-1] == "0"


@pytest.mark.skipif(os.name == "nt", reason="Ctrl-C cannot be sent to one process on Windows")
def test_an_interrupt_ends_the_run_with_one_line(silent: socket.socket, identity: Path) -> None:
    port = str(silent.getsockname()[1])
    with subprocess.Popen(
        command(port, identity),
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        silent.recv(512)  # the questions are under way
        process.send_signal(signal.SIGINT)
        began = time.monotonic()
        out, err = process.communicate(timeout=20)
    assert process.returncode == 130
    assert (out, err.splitlines()[-1]) == ("", "interrupted: there is no verdict")
    assert "Traceback" not in err
    assert time.monotonic() - began < 3


INTERRUPTING = """
import runpy, sys
name = sys.argv.pop(1)
class Hook:
    def find_spec(self, found, *_):
        if found == name:
            exec("raise KeyboardInterrupt")  # through exec(), where CPython remembers it
sys.meta_path.insert(0, Hook())
runpy.run_module("checks.dns", run_name="__main__", alter_sys=True)
"""


@pytest.mark.parametrize(
    "module",
    [
        "checks.dns.cli",
        "argparse",
        "checks.dns.command.live",
        "asyncio",
        "checks.dns.collect.everything",
        "checks.dns.drivers.dnspython",
        "checks.report.text",
    ],
)
def test_an_interrupt_during_start_up_is_one_line_too(
    module: str, closed_port: str, identity: Path
) -> None:
    argv = command(closed_port, identity)[3:]
    done = subprocess.run(
        [sys.executable, "-c", INTERRUPTING, module, *argv],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert (done.returncode, done.stdout) == (130, "")
    assert len(done.stderr.splitlines()) == 1
    assert done.stderr.startswith("interrupted")


@pytest.mark.skipif(os.name == "nt", reason="needs a shell that closes descriptors")
@pytest.mark.parametrize("redirect", [">&-", "| true", "2>&- >&-"])
def test_a_closed_stdout_ends_quietly(redirect: str, closed_port: str, identity: Path) -> None:
    line = " ".join(f"'{word}'" for word in command(closed_port, identity))
    done = subprocess.run(
        ["/bin/sh", "-c", f"{line} {redirect}"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert "Traceback" not in done.stderr
    assert "Exception ignored" not in done.stderr


def test_a_usage_error_is_two_and_says_how(tmp_path: Path) -> None:
    done = subprocess.run(
        [*RUN, "zip", "--identity", str(tmp_path / "none.json"), "--no-aws"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        timeout=60,
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert all(
        line.startswith("python -m checks.dns: error: ") for line in done.stderr.splitlines()
    )
    assert len(done.stderr.splitlines()) == 2


def test_a_fault_of_the_tool_is_shown_and_is_no_verdict() -> None:
    breaking = (
        "import runpy, sys, checks.dns.cli as cli; cli._main = lambda *_: 1 // 0; "
        "sys.argv = ['checks.dns', 'a.example']; runpy.run_module('checks.dns', "
        "run_name='__main__')"
    )
    done = subprocess.run(
        [sys.executable, "-c", breaking], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert "ZeroDivisionError" in done.stderr
