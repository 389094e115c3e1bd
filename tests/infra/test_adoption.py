"""What exists already is refused, and the way to take it over is told."""

from __future__ import annotations

import pytest

from infra.adoption import import_advice

IDENTITY = "aws:sesv2/emailIdentity:EmailIdentity"
TOPIC = "aws:sns/topic:Topic"


@pytest.mark.parametrize(
    ("kind", "error", "expected"),
    [
        (IDENTITY, "AlreadyExistsException: Email identity exists", "importIdentity true"),
        (TOPIC, "SNS Topic (x) already exists", "pulumi import --file import.json"),
        (TOPIC, "AuthorizationError: not authorized to perform SNS:CreateTopic", ""),
        (IDENTITY, "LimitExceededException: too many", ""),
    ],
)
def test_the_advice_follows_from_the_error(kind: str, error: str, expected: str) -> None:
    advice = import_advice("jobmatch-zip-thing", kind, [error])

    assert bool(expected) == bool(advice)
    assert expected in advice
