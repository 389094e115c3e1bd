"""The engine, once a run."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from tests.infra.engine import is_wanted, missing, search_path


@pytest.fixture(scope="session")
def engine() -> Iterator[None]:
    """Put the CLI on PATH. Without it: a skip with the reason, and in CI a failure."""
    reason = missing()
    if reason and is_wanted(os.environ):
        pytest.fail(reason)
    if reason:
        pytest.skip(reason)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", search_path())
        yield
