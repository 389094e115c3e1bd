"""The command line over fakes: what is refused, what is printed where, and the exit code."""

from __future__ import annotations

import dataclasses
import errno
import json
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from checks.dns.cli import main
from checks.dns.command.live import Services
from checks.dns.command.options import UNBUILT, Options
from checks.dns.expectation import Expectation
from checks.errors import UsageError
from checks.model import Report, Verdict
from tests.support.reports import REPORT

PREFIX = "python -m checks.dns: error: "


class FakeServices(Services):
    """Gives the fixed report for every domain, with the verdict chosen for it."""

    def __init__(self, verdicts: dict[str, Verdict] | None = None) -> None:
        self.verdicts = verdicts or {}
        self.seen: list[Options] = []
        self.checked: list[str] = []

    def expectations(
        self, options: Options, *, offline: bool = False
    ) -> tuple[list[Expectation], list[str]]:
        bad = [f"{domain} is no domain" for domain in options.domains if "." not in domain]
        if bad or not options.domains:
            raise UsageError(bad or ["no DOMAIN is given"])
        self.seen.append(options)
        expected = [Expectation(domain=f"{d}.", from_host=f"{d}.") for d in options.domains]
        return expected, ["no AWS credentials were found"]

    async def check(self, expectation: Expectation, options: Options) -> Report:
        domain = expectation.domain.removesuffix(".")
        self.checked.append(domain)
        verdict = self.verdicts.get(domain, Verdict.READY)
        return dataclasses.replace(REPORT, domain=domain, verdict=verdict)


class Interrupted(FakeServices):
    """Ctrl-C while the questions are under way."""

    async def check(self, expectation: Expectation, options: Options) -> Report:
        raise KeyboardInterrupt


def errors(capsys: pytest.CaptureFixture[str]) -> list[str]:
    """Return the problems on stderr without their prefix; stdout must be empty."""
    out, err = capsys.readouterr()
    assert out == ""
    assert all(line.startswith(PREFIX) for line in err.splitlines())
    return [line.removeprefix(PREFIX) for line in err.splitlines()]


@pytest.mark.parametrize(
    ("verdict", "code"),
    [(Verdict.READY, 0), (Verdict.NOT_READY, 1), (Verdict.UNDETERMINED, 3)],
)
def test_the_verdict_is_the_exit_code(
    verdict: Verdict, code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["jobmatch.zip"], FakeServices({"jobmatch.zip": verdict})) == code
    out, err = capsys.readouterr()
    assert out.startswith(verdict.value.replace("-", " "))
    assert err == "no AWS credentials were found\n"


@pytest.mark.parametrize(
    ("verdicts", "code"),
    [
        ((Verdict.READY, Verdict.READY), 0),
        ((Verdict.READY, Verdict.UNDETERMINED), 3),
        ((Verdict.UNDETERMINED, Verdict.NOT_READY), 1),
    ],
)
def test_of_several_domains_the_worst_decides(
    verdicts: tuple[Verdict, Verdict], code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    services = FakeServices(dict(zip(("a.example", "b.example"), verdicts, strict=True)))
    assert main(["a.example", "b.example", "--format", "jsonl"], services) == code
    objects = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [o["domain"] for o in objects] == ["a.example", "b.example"]
    assert [o["verdict"] for o in objects] == [verdict.value for verdict in verdicts]


def test_text_reports_of_several_domains_follow_each_other(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["a.example", "b.example"], FakeServices()) == 0
    heads = [line for line in capsys.readouterr().out.splitlines() if line.startswith("ready: ")]
    assert [head.split()[1] for head in heads] == ["a.example", "b.example"]


def test_json_is_one_object_and_stdout_holds_nothing_else(
    capsys: pytest.CaptureFixture[str],
) -> None:
    main(["jobmatch.zip", "--format", "json"], FakeServices())
    assert json.loads(capsys.readouterr().out)["domain"] == "jobmatch.zip"


def test_every_option_reaches_the_work() -> None:
    services = FakeServices()
    argv = "--identity i.json --stack s.json --no-aws --dkim-token t1 --dkim-token t2 "
    argv += "--dkim-zone z.example --dkim-selector s --from f.example --mail-from m.example "
    argv += "--dkim-only --region eu-west-1 --view resolver --nameserver 127.0.0.1 "
    argv += "--nameserver ::1 --dns-port 5353 --format jsonl -v one.example"
    main(argv.split(), services)
    assert services.seen == [
        Options(
            domains=("one.example",),
            identity="i.json",
            stack="s.json",
            aws=False,
            dkim_tokens=("t1", "t2"),
            dkim_zone="z.example",
            dkim_selector="s",
            from_host="f.example",
            mail_from="m.example",
            dkim_only=True,
            region="eu-west-1",
            view="resolver",
            nameservers=("127.0.0.1", "::1"),
            dns_port="5353",
            format="jsonl",
            format_given=True,
            verbose=True,
        )
    ]


def test_domains_may_stand_anywhere() -> None:
    services = FakeServices()
    main(["a.example", "--no-aws", "b.example", "--region", "us-east-1", "c.example"], services)
    assert services.checked == ["a.example", "b.example", "c.example"]


REFUSED: list[tuple[Sequence[str], str]] = [
    ([], "no DOMAIN is given"),
    (["a.example", "--foo"], "unrecognized argument '--foo'"),
    (["a.example", "--ident", "x"], "unrecognized argument '--ident'"),
    (["a.example", "--identity"], "argument --identity: expected one argument"),
    (["a.example", "--aws", "--no-aws"], "--aws and --no-aws contradict each other"),
    (["a.example", "--format", "junit"], "--format junit is not built yet"),
    (["a.example", "--format", "markdown"], "--format markdown is not built yet"),
    (["a.example", "--format", "xml"], "--format 'xml' is not known; use text, json or jsonl"),
    (["a.example", "--records", "route53"], "--records route53 is not built yet"),
    (["a.example", "--records", "octodns"], "--records octodns is not built yet"),
    (["a.example", "--records", "cloudflare"], "--records cloudflare is not built yet"),
    (["a.example", "--records", "csv"], "--records 'csv' is not known; use table or bind"),
    (["a.example", "--records", "bind", "--format", "json"], "leave out --format"),
    (["a.example", "--records", "bind", "--only", "dns-*"], "leave out --only"),
    (["a.example", "b.example", "--records", "bind"], "--records takes one domain"),
    (["a.example", "b.example", "--format", "json"], "use --format jsonl"),
    (["a.example", "--view", "child"], "--view 'child' is not known; use authority or resolver"),
    (["a.example", "--nameserver", "dns.example"], "--nameserver 'dns.example' is no IP address"),
    (["a.example", "--nameserver", "127.1"], "--nameserver '127.1' is no IP address"),
    *((["a.example", "--dns-port", port], "is no port") for port in ("0", "65536", "x", "-1", "")),
    (["a.example", "--dns-port", "٥٣"], "is no port"),
    (["a.example", "--output", "nowhere/at/all"], "there is no folder"),
    (["a.example", "--output", "."], "exists and is no file that may be written"),
    (["a.example", "--output", "a\0b"], "--output 'a\\x00b'"),
    (["--list-rules", "a.example"], "--list-rules asks nothing"),
    (["--list-rules", "--format", "jsonl"], "printed as text or json"),
    (["--list-rules", "--records", "bind"], "exclude each other"),
    (["--list-rules", "--only", "dns-*"], "--list-rules lists all rules"),
]


@pytest.mark.parametrize(("argv", "problem"), REFUSED)
def test_what_cannot_be_done_is_refused_before_anything_is_asked(
    argv: Sequence[str], problem: str, capsys: pytest.CaptureFixture[str]
) -> None:
    services = FakeServices()
    assert main(argv, services) == 2
    assert any(problem in line for line in errors(capsys))
    assert services.checked == []


@pytest.mark.parametrize("option", list(UNBUILT))
def test_an_option_that_is_not_built_is_refused(
    option: str, capsys: pytest.CaptureFixture[str]
) -> None:
    value = [] if UNBUILT[option] is None else ["value"]
    assert main(["a.example", option, *value], FakeServices()) == 2
    assert errors(capsys) == [f"{option} is not built yet"]


def test_all_problems_are_told_at_once(capsys: pytest.CaptureFixture[str]) -> None:
    argv = ["zip", "a.example", "--format", "json", "--dns-port", "0", "--wait", "3s", "--bad"]
    assert main(argv, FakeServices()) == 2
    told = errors(capsys)
    for word in ("--bad", "--wait", "jsonl", "--dns-port", "zip is no domain"):
        assert any(word in line for line in told), word


def test_a_bad_domain_is_told_and_no_other_is_checked(capsys: pytest.CaptureFixture[str]) -> None:
    services = FakeServices()
    assert main(["a.example", "zip"], services) == 2
    assert errors(capsys) == ["zip is no domain"]
    assert services.checked == []


def test_help_says_every_exit_code_and_prints_to_stdout(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["--help"]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    for code in ("0    ready", "1    not ready", "2    usage", "3    undetermined", "130"):
        assert code in out
    assert out.isascii()


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == "sesgate 0.1.0\n"


def test_an_interrupt_is_one_line_and_130(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["jobmatch.zip"], Interrupted()) == 130
    out, err = capsys.readouterr()
    assert out == ""
    assert err.splitlines()[-1] == "interrupted: there is no verdict"
    assert "Traceback" not in err


def test_output_takes_the_result_and_stdout_stays_empty(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "report.json"
    target.write_text("old", encoding="utf-8")
    argv = ["jobmatch.zip", "--format", "json", "--output", str(target)]
    assert main(argv, FakeServices()) == 0
    assert capsys.readouterr().out == ""
    assert json.loads(target.read_text(encoding="utf-8"))["domain"] == "jobmatch.zip"
    assert [path.name for path in tmp_path.glob("*report*")] == ["report.json"]


@pytest.mark.parametrize("services", [Interrupted()])
def test_output_is_whole_or_untouched(tmp_path: Path, services: FakeServices) -> None:
    target = tmp_path / "report.txt"
    target.write_text("old", encoding="utf-8")
    main(["jobmatch.zip", "--output", str(target)], services)
    assert target.read_text(encoding="utf-8") == "old"
    assert [path.name for path in tmp_path.glob("*report*")] == ["report.txt"]


class Unwritable:
    """A stdout that fails like a closed pipe or a full disk."""

    def __init__(self, number: int) -> None:
        self.number = number

    def write(self, text: str) -> int:
        raise OSError(self.number, "it fails")

    def flush(self) -> None:
        """Nothing is held."""

    def fileno(self) -> int:
        raise OSError(errno.EBADF, "no file")

    def isatty(self) -> bool:
        return False


@pytest.mark.parametrize("number", [errno.EPIPE, errno.EINVAL])
def test_a_reader_who_left_ends_the_run_quietly(
    number: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdout", Unwritable(number))
    assert main(["jobmatch.zip"], FakeServices({"jobmatch.zip": Verdict.NOT_READY})) == 1
    assert "error" not in capsys.readouterr().err


def test_a_full_disk_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdout", Unwritable(errno.ENOSPC))
    assert main(["jobmatch.zip"], FakeServices()) == 2
    assert "the result cannot be written: it fails" in capsys.readouterr().err


def test_without_stdout_and_stderr_the_exit_code_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", None)
    monkeypatch.setattr(sys, "stderr", None)
    assert main(["jobmatch.zip"], FakeServices()) == 0
    assert main([], FakeServices()) == 2


def test_the_time_that_aws_took_is_taken_from_the_questions(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clock = iter([100.0, 107.0, 200.0, 250.0])
    monkeypatch.setattr("checks.dns.command.live.time.monotonic", lambda: next(clock))
    monkeypatch.setattr("checks.dns.sources.build_expectations", lambda *_a, **_k: ([], []))
    given: list[float] = []
    monkeypatch.setattr(
        "checks.dns.lookup.Resolver", lambda *_a, deadline, **_k: given.append(deadline)
    )
    services = Services()

    for _ in range(2):
        services.expectations(Options())
        services._resolver(Options())

    assert [9.0, 4.0] == given
