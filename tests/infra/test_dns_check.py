"""The DNS check reads the outputs as they are, and finds the records that they say to publish."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from contract.keys import public_key
from contract.records import split_txt
from tests.blackbox.tool import Ran, run_inside, run_process
from tests.infra.cloud import TOKENS
from tests.infra.keys import private_key
from tests.infra.variants import graph
from tests.support.loopback import RECURSIVE, World, world

ZONE = "dkim.test.amazonses.com."
TXT_KEY = " ".join(f'"{part}"' for part in split_txt(f"p={public_key(private_key())}"))


@pytest.fixture(scope="module", params=["plain", "byodkim"])
def published(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[World, Path]]:
    """Give a world in which exactly the stack's dnsRecords are published, and stack.json."""
    outputs = graph(request.param).outputs
    file = tmp_path_factory.mktemp("stack") / "stack.json"
    file.write_text(json.dumps(outputs), encoding="utf-8")
    keys = "\n".join(f"{token}.{ZONE} TXT {TXT_KEY}" for token in TOKENS)
    zone = "\n".join(_line(record) for record in outputs["dnsRecords"])
    with world(zone, other=keys) as started:
        yield started, file


def _line(record: Mapping[str, Any]) -> str:
    (value,) = record["values"]
    if record["type"] == "TXT":
        value = " ".join(f'"{part}"' for part in split_txt(value))
    return f"{record['name']} {record['type']} {value}"


def _check(published: tuple[World, Path], *, process: bool = False) -> Ran:
    started, file = published
    argv = [
        *("jobmatch.zip", "--stack", str(file), "--no-aws", "--format", "json"),
        *("--nameserver", RECURSIVE, "--dns-port", str(started.port)),
    ]
    return run_process(argv) if process else run_inside(argv)


def test_the_records_of_the_stack_pass_what_dns_can_say(published: tuple[World, Path]) -> None:
    report = _check(published).report

    assert report is not None
    failed = {
        finding["id"]: finding["message"]
        for finding in report["findings"]
        if finding["severity"] == "error" and finding["outcome"] == "fail"
    }
    passed = {finding["id"] for finding in report["findings"] if finding["outcome"] == "pass"}
    areas = {rule.partition("-")[0] for rule in passed}
    assert {} == failed
    assert {"spf", "dkim", "dmarc", "mail"} <= areas
    assert "bounce.jobmatch.zip" == report["mail_from"]


def test_what_only_ses_can_say_stays_unknown(published: tuple[World, Path]) -> None:
    ran = _check(published, process=True)

    assert ran.report is not None
    unknown = {
        finding["id"]
        for finding in ran.report["findings"]
        if finding["severity"] == "error" and finding["outcome"] == "unknown"
    }
    assert 3 == ran.code
    assert "undetermined" == ran.report["verdict"]
    assert {"ses-identity-verified", "ses-dkim-verified", "ses-mail-from-verified"} <= unknown
