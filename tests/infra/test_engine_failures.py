"""A creation that fails on the real engine stops what needs it; the next up finishes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.infra.engine import Deployment, deployment

pytestmark = [pytest.mark.engine, pytest.mark.usefixtures("engine")]

NAME = "jobmatch-zip"
UP = ("up", "--yes", "--skip-preview", "--continue-on-error")


@pytest.fixture
def stack(engine: None, tmp_path: Path) -> Iterator[Deployment]:
    with deployment(tmp_path) as made:
        yield made


def _up(stack: Deployment, *failing: str) -> set[str]:
    """Return what an up creates, or tries to, while the creations in ``failing`` fail."""
    stack.provider.fails = tuple(f"{NAME}-{suffix}" for suffix in failing)
    stack.provider.calls.clear()
    result = stack.cli(*UP)
    told = result.stdout + result.stderr
    assert bool(failing) == bool(result.returncode)
    assert [] == [name for name in stack.provider.fails if f"({name}): BadRequest" not in told]
    return {name.removeprefix(f"{NAME}-") for name in stack.provider.did("Create")}


def test_a_failed_creation_stops_what_needs_it_and_the_next_up_finishes(stack: Deployment) -> None:
    first = _up(stack, "identity", "bounce-policy")
    second = _up(stack, "bounce-events")
    third = _up(stack)

    assert 58 == len(first | second | third)
    assert {"mail-from", "bounce-events", "forwarding"} == (second | third) - first
    assert {"identity", "mail-from", "bounce-policy", "bounce-events"} == second
    assert {"bounce-events", "forwarding"} == third
