"""Imports every module that registers operations, so that the gateway knows them."""

from rehearsal.aws import (
    account,
    caller,
    configuration_sets,
    event_destinations,
    identities,
    identity_attributes,
    keys,
    metrics,
    recommendations,
    sending,
    ses_v1,
    simulation,
    subscriptions,
    suppression,
    tags,
)

MODULES = (
    account,
    caller,
    configuration_sets,
    event_destinations,
    identities,
    identity_attributes,
    keys,
    metrics,
    recommendations,
    sending,
    ses_v1,
    simulation,
    subscriptions,
    suppression,
    tags,
)
