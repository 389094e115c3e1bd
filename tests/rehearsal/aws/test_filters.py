"""Filter policies on the message body."""

from __future__ import annotations

import json
from typing import Any

import pytest

from rehearsal.aws.filters import body_matches

EVENT = {
    "eventType": "Bounce",
    "mail": {"destination": ["a@jobmatch.zip", "bounce@simulator.amazonses.com"], "size": 12},
    "recipients": [{"name": "a", "hard": True}, {"name": "b", "hard": False}],
}


@pytest.mark.parametrize(
    ("policy", "passes"),
    [
        ({}, True),
        ({"eventType": ["Bounce", "Complaint"]}, True),
        ({"eventType": ["bounce"]}, False),
        ({"eventType": [{"equals-ignore-case": "bounce"}]}, True),
        ({"eventType": [{"prefix": "Bo"}]}, True),
        ({"eventType": [{"suffix": "Bo"}]}, False),
        ({"eventType": [{"anything-but": ["Send", "Delivery"]}]}, True),
        ({"eventType": [{"anything-but": {"prefix": "Bou"}}]}, False),
        ({"eventType": [{"exists": True}]}, True),
        ({"notThere": [{"exists": False}]}, True),
        ({"notThere": [{"anything-but": ["x"]}]}, False),
        ({"notThere": ["x"]}, False),
        ({"mail": {"destination": [{"suffix": "@simulator.amazonses.com"}]}}, True),
        ({"mail": {"destination": [{"suffix": "@example.net"}]}}, False),
        ({"mail": {"size": [12]}}, True),
        ({"mail": {"size": [12.0]}}, True),
        ({"mail": {"size": ["12"]}}, False),
        ({"mail": {"size": [{"numeric": [">", 10, "<=", 12]}]}}, True),
        ({"mail": {"size": [{"numeric": ["<", 12]}]}}, False),
        ({"eventType": [{"numeric": ["=", 12]}]}, False),
        ({"mail": {"destination": {"x": ["y"]}}}, False),
        ({"recipients": {"name": ["b"], "hard": [False]}}, True),
        ({"recipients": {"hard": [1]}}, False),
        ({"$or": [{"eventType": ["Send"]}, {"mail": {"size": [12]}}]}, True),
        ({"eventType": ["Send"], "mail": {"size": [12]}}, False),
    ],
)
def test_policies(policy: dict[str, Any], passes: bool) -> None:
    assert body_matches(policy, json.dumps(EVENT)) is passes


@pytest.mark.parametrize("message", ["not JSON", '["Bounce"]', ""])
def test_what_is_no_object_never_passes(message: str) -> None:
    assert body_matches({"eventType": [{"exists": False}]}, message) is False
