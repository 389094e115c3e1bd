"""The engine, once a run."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from tests.infra import engine as the_engine


@pytest.fixture(scope="session")
def engine() -> Iterator[None]:
    """Put the CLI on PATH. Without it: a skip with the reason, and in CI a failure.

    SESGATE_WITHOUT_ENGINE is for the systems on which CI does not build it.
    """
    reason = the_engine.missing()
    wanted = os.environ.get("CI") == "true" and not os.environ.get("SESGATE_WITHOUT_ENGINE")
    if reason and wanted:
        pytest.fail(reason)
    if reason:
        pytest.skip(reason)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", the_engine.search_path())
        yield
