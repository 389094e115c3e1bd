"""The command line over real sockets: loopback servers hold the example domain."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import dns.rdatatype
import dns.zonefile
import jsonschema
import pytest

from checks.dns.catalogue import load
from checks.dns.cli import main
from rehearsal import example
from rehearsal.journey import hosts
from rehearsal.scenarios_dns import mistaken
from rehearsal.zone import World
from tests.support.loopback import needs_loopback_net

ROOT = Path(__file__).parents[3]
IDENTITY = ROOT / "rehearsal" / "example" / "identity.json"
SCHEMA = json.loads((ROOT / "docs" / "report.schema.json").read_text(encoding="utf-8"))

pytestmark = needs_loopback_net


@pytest.fixture(autouse=True)
def nowhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Run in an empty folder: no project files say what is expected."""
    monkeypatch.chdir(tmp_path)


@pytest.fixture(scope="module")
def good() -> Iterator[World]:
    """Servers that hold every record right."""
    with World(hosts(example.zone(), several=True)) as world:
        yield world


@pytest.fixture
def two_spf() -> Iterator[World]:
    """The same, with a second SPF record at MAIL FROM."""
    with World(hosts(mistaken("two-spf"), several=True)) as world:
        yield world


def run(world: World, *options: str) -> int:
    asked = ["--nameserver", "127.0.0.1", "--dns-port", str(world.port), "--no-aws"]
    return main([example.DOMAIN, *asked, *options])


def test_a_good_domain_is_ready_and_every_rule_is_in_the_report(
    good: World, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(good, "--identity", str(IDENTITY), "--format", "json") == 0
    report = json.loads(capsys.readouterr().out)
    jsonschema.validate(report, SCHEMA)
    assert report["verdict"] == "ready"
    assert {finding["id"] for finding in report["findings"]} == set(load())
    assert report["sources"]["identity"] == "file"


def test_what_blocks_is_told_with_the_record_to_paste(
    two_spf: World, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(two_spf, "--identity", str(IDENTITY)) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == f"not ready: {example.DOMAIN} — 2 errors block"
    assert f"      host   bounce    (in full: bounce.{example.DOMAIN}.)" in lines
    (value,) = [line for line in lines if line.startswith("      value  v=spf1")]
    assert "include:amazonses.com" in value


def test_without_an_identity_it_is_undetermined_and_says_what_ends_it(
    good: World, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(good) == 3
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith(f"undetermined: {example.DOMAIN} — no error was found, but ")
    assert lines[1].endswith("give --identity FILE, --stack FILE or --aws.")


def test_verbose_prints_the_spf_tree(good: World, capsys: pytest.CaptureFixture[str]) -> None:
    run(good, "--identity", str(IDENTITY), "-v")
    out = capsys.readouterr().out
    tree = out[out.index("Details") :]
    assert "  include:amazonses.com  (1 lookup" in tree


def test_only_judges_what_was_chosen(good: World, capsys: pytest.CaptureFixture[str]) -> None:
    argv = ("--identity", str(IDENTITY), "--only", "mail-from-*", "--format", "jsonl")
    assert run(good, *argv) == 0
    findings = json.loads(capsys.readouterr().out)["findings"]
    assert {f["id"].startswith("mail-from-") for f in findings} == {True}


def test_only_warnings_decide_nothing(good: World, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(good, "--identity", str(IDENTITY), "--only", "dmarc-rua-*") == 3
    assert "only warnings and notes were judged" in capsys.readouterr().out


def test_a_good_domain_and_one_that_does_not_exist(
    good: World, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(good, "nowhere.example", "--format", "jsonl") == 1
    first, second = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert (first["domain"], first["verdict"]) == (example.DOMAIN, "undetermined")
    assert (second["domain"], second["verdict"]) == ("nowhere.example", "not-ready")
    delegated = [f["outcome"] for f in second["findings"] if f["id"] == "dns-domain-delegated"]
    assert delegated == ["fail"]


def test_records_as_a_master_file_are_merged_with_what_is_published(
    two_spf: World, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(two_spf, "--identity", str(IDENTITY), "--records", "bind") == 0
    text, told = capsys.readouterr()
    assert told == ""
    rrsets = dns.zonefile.read_rrsets(text, rdclass=None, default_ttl=None)
    types = sorted(dns.rdatatype.to_text(rrset.rdtype) for rrset in rrsets)
    assert types == ["CNAME", "CNAME", "CNAME", "MX", "TXT", "TXT"]
    (spf,) = [line for line in text.splitlines() if "v=spf1" in line and not line.startswith(";")]
    assert "include:amazonses.com" in spf
    assert "include:_spf.mail.example" in spf


def test_records_as_a_table(good: World, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(good, "--identity", str(IDENTITY), "--records", "table") == 0
    rows = capsys.readouterr().out.splitlines()[1:7]
    assert [row.split()[0] for row in rows] == ["published"] * 6


def test_records_without_tokens_print_nothing_and_say_what_ends_it(
    good: World, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(good, "--records", "table") == 3
    out, err = capsys.readouterr()
    assert out == ""
    assert "give --identity FILE, --stack FILE, --aws" in err


def test_records_where_dns_cannot_be_read_are_plain_and_say_so(
    good: World, capsys: pytest.CaptureFixture[str]
) -> None:
    options = ("--identity", str(IDENTITY), "--records", "bind", "--dns-port", "1")
    assert run(good, *options) == 0
    out, err = capsys.readouterr()
    assert len(dns.zonefile.read_rrsets(out, rdclass=None, default_ttl=None)) == 6
    assert out.count("merge with what stands there by hand") == 6
    assert err.count("not read, so nothing could be merged") == 6
