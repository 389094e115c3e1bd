"""An emulated account, and the provider configured for it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from rehearsal.aws import EmulatedAws
from rehearsal.provider.aws import Aws, Clients


@pytest.fixture(scope="module")
def emulated() -> Iterator[EmulatedAws]:
    """Return an emulated account that the tests of a module share."""
    with EmulatedAws() as aws:
        yield aws


@pytest.fixture(scope="module")
def aws(emulated: EmulatedAws) -> Aws:
    """Return the account as the handlers get it."""
    return Aws(
        clients=Clients(emulated.environment()),
        account="123456789012",
        region="us-west-2",
        default_tags={"stack": "dev"},
    )
