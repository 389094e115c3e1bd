"""Every case through real servers and the command line: exit code, verdict, findings, fixes."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.blackbox import cases_dkim, cases_dmarc, cases_dns, cases_ses, cases_spf
from tests.blackbox.baseline import run_case
from tests.blackbox.judge import differences
from tests.support.loopback import needs_loopback_net

TABLES = {
    "dns": cases_dns.CASES,
    "spf": cases_spf.CASES,
    "dkim": cases_dkim.CASES,
    "dmarc": cases_dmarc.CASES,
    "ses": cases_ses.CASES,
}
CASES = {f"{area}-{name}": case for area, cases in TABLES.items() for name, case in cases.items()}

# One of each exit code, run as processes of their own.
AS_PROCESSES = [
    "dns-as-it-should-be",
    "dns-domain-as-url",
    "dns-identity-not-json",
    "spf-two-records",
    "dmarc-alias-to-nothing",
    "dns-dmarc-servfail-everywhere",
]

# These wait for answers that never come, so they wait together, each as a process of its own.
SILENT = ["dns-resolver-silent", "dns-all-servers-silent", "dns-dmarc-silent-everywhere"]
LIMIT_SECONDS = 20

pytestmark = needs_loopback_net


@pytest.mark.parametrize("name", sorted(CASES.keys() - set(SILENT)))
def test_case(name: str, tmp_path: Path) -> None:
    case = CASES[name]

    assert differences(case.expect, run_case(case, tmp_path)) == []


@pytest.mark.parametrize("name", AS_PROCESSES)
def test_case_as_a_process(name: str, tmp_path: Path) -> None:
    case = CASES[name]

    assert differences(case.expect, run_case(case, tmp_path, as_process=True)) == []


def test_silent_servers_leave_the_verdict_open_in_time(tmp_path: Path) -> None:
    def found(name: str) -> list[str]:
        folder = tmp_path / name
        folder.mkdir()
        return differences(CASES[name].expect, run_case(CASES[name], folder, as_process=True))

    started = time.monotonic()
    with ThreadPoolExecutor(len(SILENT)) as pool:
        results = dict(zip(SILENT, pool.map(found, SILENT), strict=True))

    assert results == {name: [] for name in SILENT}
    assert time.monotonic() - started < LIMIT_SECONDS
