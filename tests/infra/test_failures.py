"""A creation that fails stops what needs it, and nothing else."""

from __future__ import annotations

import pytest

from tests.infra.recorded import Recorded
from tests.infra.recording import run
from tests.infra.variants import VARIANTS, graph

NAME = "jobmatch-zip"

# One resource of each kind.
FAILING = [
    "topics", "bounce", "bounce-policy", "bounce-queue", "bounce-queue-dead",
    "bounce-queue-policy", "bounce-queue-redrive", "bounce-queue-from-bounce", "set",
    "complaint-events", "identity", "mail-from", "forwarding", "send", "gate", "daily-volume",
    "suppression", "dkim-1", "dmarc",
]  # fmt: skip


@pytest.mark.parametrize("suffix", FAILING)
def test_a_failed_creation_stops_exactly_its_dependants(suffix: str) -> None:
    whole = graph("zone")
    failed = f"{NAME}-{suffix}"
    stopped = {failed} | _dependants(whole, failed)
    others = _names(whole) - stopped

    broken = run(VARIANTS["zone"], fails=failed, after=frozenset(others))

    assert f"{failed} cannot be created" in broken.error
    assert others == _names(broken)


def test_a_resource_of_every_kind_is_among_them() -> None:
    resources = [each for each in graph("zone").resources if each.kind.startswith("aws:")]
    failing = {f"{NAME}-{suffix}" for suffix in FAILING}

    assert {each.kind for each in resources} == {
        each.kind for each in resources if each.name in failing
    }


def _names(recorded: Recorded) -> set[str]:
    return {each.name for each in recorded.resources if each.custom}


def _dependants(recorded: Recorded, name: str) -> set[str]:
    return {e.name for e in recorded.resources if e.custom and name in recorded.needs(e)}


@pytest.mark.parametrize(
    ("suffix", "dependants"),
    [
        ("identity", {"mail-from", "forwarding", "dkim-1", "dkim-2", "dkim-3"}),
        ("bounce-policy", {"bounce-events", "forwarding"}),
        ("bounce-events", {"forwarding"}),
        ("dmarc", set()),
    ],
)
def test_what_waits_for_what(suffix: str, dependants: set[str]) -> None:
    found = _dependants(graph("zone"), f"{NAME}-{suffix}") - {f"{NAME}-dmarc"}

    assert {f"{NAME}-{each}" for each in dependants} == found
