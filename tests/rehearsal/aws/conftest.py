"""One emulated AWS for a test: its world is empty."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from rehearsal.aws import EmulatedAws
from tests.rehearsal.aws.emulator import Session


@pytest.fixture
def aws() -> Iterator[EmulatedAws]:
    """Return emulated AWS in a fresh sandbox, with no DNS."""
    with EmulatedAws() as running:
        yield running


@pytest.fixture
def session(aws: EmulatedAws, monkeypatch: pytest.MonkeyPatch) -> Session:
    for name, value in aws.environment().items():
        monkeypatch.setenv(name, value)
    return Session()
