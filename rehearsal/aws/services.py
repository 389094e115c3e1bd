"""Everything that is answered here: importing this module registers every operation."""

from __future__ import annotations

from rehearsal.aws import (
    account,
    caller,
    configuration_sets,
    event_destinations,
    hosted_zones,
    identities,
    identity_attributes,
    keys,
    metrics,
    queues,
    recommendations,
    sending,
    ses_v1,
    simulation,
    subscriptions,
    suppression,
    tags,
    topic_attributes,
)
from rehearsal.aws.operations import Handler, registered

MODULES = (
    account,
    caller,
    configuration_sets,
    event_destinations,
    hosted_zones,
    identities,
    identity_attributes,
    keys,
    metrics,
    queues,
    recommendations,
    sending,
    ses_v1,
    simulation,
    subscriptions,
    suppression,
    tags,
    topic_attributes,
)

_HANDLERS = registered()


def handler_of(service: str, name: str) -> Handler | None:
    """Return the function that answers an operation, None where moto does."""
    return _HANDLERS.get((service, name))


def answered_here() -> list[tuple[str, str]]:
    """Return every (service, operation) that is answered here."""
    return sorted(_HANDLERS)
