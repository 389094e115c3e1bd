"""One emulated AWS for a test: its world is empty."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from rehearsal.aws import EmulatedAws


@pytest.fixture
def aws() -> Iterator[EmulatedAws]:
    """Return emulated AWS in a fresh sandbox, with no DNS."""
    with EmulatedAws() as running:
        yield running
