"""The engine, once a run."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from tests.infra import engine as the_engine


@pytest.fixture(scope="session")
def engine() -> Iterator[None]:
    """Put the CLI on PATH. Without it: a skip with the reason, and in CI a failure."""
    reason = the_engine.missing()
    if reason and os.environ.get("CI") == "true":
        pytest.fail(reason)
    if reason:
        pytest.skip(reason)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", the_engine.search_path())
        yield
