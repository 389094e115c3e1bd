"""The invariants hold in every configuration, and each of them can fail."""

from __future__ import annotations

import copy
import dataclasses
import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.infra import invariants
from tests.infra.invariants import INVARIANTS, Invariant
from tests.infra.recorded import Recorded, Registered
from tests.infra.variants import VARIANTS, graph

Spoil = Callable[[Registered], Registered]


@pytest.mark.parametrize("variant", VARIANTS)
def test_every_configuration_keeps_every_invariant(variant: str) -> None:
    recorded = graph(variant)

    assert "" == recorded.error
    assert {each.__name__: [] for each in INVARIANTS} == {
        each.__name__: each(recorded) for each in INVARIANTS
    }


def _inputs(**changes: Any) -> Spoil:
    def spoil(resource: Registered) -> Registered:
        return dataclasses.replace(resource, inputs={**resource.inputs, **changes})

    return spoil


def _options(**changes: Any) -> Spoil:
    return lambda resource: dataclasses.replace(resource, **changes)


def _policy(change: Callable[[dict[str, Any]], None]) -> Spoil:
    def spoil(resource: Registered) -> Registered:
        document = json.loads(resource.inputs["policy"])
        change(document["Statement"][-1])
        return _inputs(policy=json.dumps(document))(resource)

    return spoil


def _disabled(resource: Registered) -> Registered:
    block = {**resource.inputs["eventDestination"], "enabled": False}
    return _inputs(eventDestination=block)(resource)


def _opens(resource: Registered) -> Registered:
    block = {**resource.inputs["eventDestination"], "matchingEventTypes": ["BOUNCE", "OPEN"]}
    return _inputs(eventDestination=block)(resource)


def _plain_key(resource: Registered) -> Registered:
    return dataclasses.replace(resource, raw=copy.deepcopy(resource.inputs))


SPOILT: list[tuple[Invariant, str, Spoil]] = [
    (invariants.identity_and_set_are_protected, "identity", _options(protect=False)),
    (invariants.identity_and_set_are_protected, "set", _options(protect=False)),
    (invariants.topics_admit_one_source, "bounce-policy", _policy(lambda s: s.pop("Condition"))),
    (invariants.topics_admit_one_source, "alarm-policy", _inputs(arn="arn:aws:sns:::other")),
    (invariants.destinations_publish, "bounce-events", _disabled),
    (invariants.destinations_publish, "complaint-events", _options(dependencies=())),
    (invariants.feedback_is_published, "bounce-events", _opens),
    (invariants.everything_is_in_the_region, "bounce", _inputs(region="eu-west-1")),
    (invariants.everything_is_in_the_region, "topics", _options(provider="")),
    (
        invariants.everything_is_in_the_region,
        "mail-from",
        _inputs(x="arn:aws:sns:eu-west-1:123456789012:x"),
    ),
    (invariants.no_wildcards, "send", _policy(lambda s: s.update(Action="ses:*"))),
    (invariants.no_wildcards, "bounce-policy", _policy(lambda s: s.update(Principal="*"))),
    (invariants.no_wildcards, "topics", _policy(lambda s: s.update(Action="kms:*"))),
    (invariants.queues_have_dead_letters, "bounce-queue-redrive", _inputs(queueUrl="other")),
    (
        invariants.queues_admit_topics_alone,
        "probe-queue-policy",
        _policy(lambda s: s.pop("Condition")),
    ),
    (invariants.secrets_are_secret, "identity", _plain_key),
    (invariants.nothing_is_overwritten, "dmarc", _inputs(allowOverwrite=True)),
    (invariants.nothing_is_overwritten, "suppression", _options(retain=False)),
]


@pytest.fixture(scope="module")
def good() -> Recorded:
    return graph("byodkim in a zone")


@pytest.mark.parametrize(("invariant", "name", "spoil"), SPOILT)
def test_an_invariant_sees_what_breaks_it(
    good: Recorded, invariant: Invariant, name: str, spoil: Spoil
) -> None:
    broken = Recorded(
        resources=[
            spoil(each) if each.custom and each.name == f"jobmatch-zip-{name}" else each
            for each in good.resources
        ],
        outputs=good.outputs,
    )

    assert [] == invariant(good)
    assert [] != invariant(broken)


def test_the_private_key_in_an_output_is_seen(good: Recorded) -> None:
    key = VARIANTS["byodkim"]["byodkimPrivateKey"]
    leaking = Recorded(resources=good.resources, outputs={**good.outputs, "key": key})

    assert ["outputs"] == invariants.secrets_are_secret(leaking)
