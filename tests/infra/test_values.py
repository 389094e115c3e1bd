"""Every closed word that the program uses is one that AWS knows, by botocore's own models."""

from __future__ import annotations

import functools
from enum import StrEnum
from typing import Any

import botocore.session
import pytest

from infra import values
from tests.infra.variants import VARIANTS, graph

SHAPES: dict[type[StrEnum], tuple[str, str]] = {
    values.EventType: ("sesv2", "EventType"),
    values.SuppressedReason: ("sesv2", "SuppressionListReason"),
    values.TlsPolicy: ("sesv2", "TlsPolicy"),
    values.SigningKeyLength: ("sesv2", "DkimSigningKeyLength"),
    values.MxFailure: ("sesv2", "BehaviorOnMxFailure"),
    values.Comparison: ("cloudwatch", "ComparisonOperator"),
    values.Statistic: ("cloudwatch", "Statistic"),
    values.RecordType: ("route53", "RRType"),
}

# (type, path) → (service, shape) of what really goes over the wire.
WIRE = {
    (":EmailIdentity", "dkimSigningAttributes.nextSigningKeyLength"): (
        "sesv2",
        "DkimSigningKeyLength",
    ),
    (":EmailIdentityMailFromAttributes", "behaviorOnMxFailure"): ("sesv2", "BehaviorOnMxFailure"),
    (":ConfigurationSet", "deliveryOptions.tlsPolicy"): ("sesv2", "TlsPolicy"),
    (":ConfigurationSet", "suppressionOptions.suppressedReasons"): (
        "sesv2",
        "SuppressionListReason",
    ),
    (":AccountSuppressionAttributes", "suppressedReasons"): ("sesv2", "SuppressionListReason"),
    (":ConfigurationSetEventDestination", "eventDestination.matchingEventTypes"): (
        "sesv2",
        "EventType",
    ),
    (":MetricAlarm", "comparisonOperator"): ("cloudwatch", "ComparisonOperator"),
    (":MetricAlarm", "statistic"): ("cloudwatch", "Statistic"),
    (":Record", "type"): ("route53", "RRType"),
}


@functools.cache
def _known(service: str, shape: str) -> set[str]:
    model = botocore.session.get_session().get_service_model(service)
    return set(model.shape_for(shape).enum)


@pytest.mark.parametrize("words", SHAPES)
def test_the_words_are_in_the_model(words: type[StrEnum]) -> None:
    assert set() == {word.value for word in words} - _known(*SHAPES[words])


def test_every_set_of_words_is_looked_at() -> None:
    found = {each for each in vars(values).values() if _is_words(each)}

    # CloudWatch's TreatMissingData is free text in the model; the user guide names four words.
    assert found - set(SHAPES) == {values.MissingData}
    assert {"ignore", "notBreaching"} == {word.value for word in values.MissingData}


def _is_words(value: Any) -> bool:
    return isinstance(value, type) and issubclass(value, StrEnum) and value is not StrEnum


@pytest.mark.parametrize("variant", VARIANTS)
def test_what_goes_over_the_wire_is_in_the_model(variant: str) -> None:
    wrong = []
    for (kind, path), shape in WIRE.items():
        for each in graph(variant).of_kind(kind):
            found = {word for word in _at(each.inputs, path) if word}
            wrong += [(each.name, word) for word in found - _known(*shape)]

    assert [] == wrong


def _at(inputs: dict[str, Any], path: str) -> list[str]:
    value: Any = inputs
    for part in path.split("."):
        value = value.get(part) if isinstance(value, dict) else None
    return value if isinstance(value, list) else [value]


def test_a_word_that_aws_does_not_know_would_be_seen() -> None:
    assert {"BOUNCED"} == {"BOUNCED"} - _known("sesv2", "EventType")
