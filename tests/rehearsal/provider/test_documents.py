"""When two documents are the same to the provider."""

from __future__ import annotations

import json
from typing import Any

import pytest

from rehearsal.provider.documents import same_json, same_policy

TOPIC = "arn:aws:sns:us-west-2:123456789012:bounce"
ROOT = "arn:aws:iam::123456789012:root"


def _policy(*statements: dict[str, Any], **more: Any) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements), **more})


def _statement(**more: Any) -> dict[str, Any]:
    return {
        "Effect": "Allow",
        "Principal": {"Service": "ses.amazonaws.com"},
        "Action": "sns:Publish",
        "Resource": TOPIC,
        **more,
    }


OTHER = _statement(Sid="Other", Action="sns:Subscribe")


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (_policy(_statement(), OTHER), _policy(OTHER, _statement()), True),
        (_policy(_statement()), json.dumps(json.loads(_policy(_statement())), indent=2), True),
        (_policy(_statement()), _policy(_statement(Action=["sns:Publish"])), True),
        (_policy(_statement(Action=["a:A", "a:B"])),
         _policy(_statement(Action=["a:B", "a:A"])), True),
        (_policy(_statement(Effect="allow")), _policy(_statement()), True),
        (_policy(_statement()),
         json.dumps({**json.loads(_policy()), "Statement": _statement()}), True),
        (_policy(_statement(Principal={"AWS": ROOT})),
         _policy(_statement(Principal={"AWS": "123456789012"})), True),
        (_policy(_statement(Condition={"Bool": {"aws:SecureTransport": True}})),
         _policy(_statement(Condition={"Bool": {"aws:SecureTransport": "true"}})), True),
        (_policy(_statement(Sid="")), _policy(_statement()), True),
        ("", "{}", True),
        # What counts.
        (_policy(_statement(Sid="A")), _policy(_statement()), False),
        (_policy(_statement(Action="SNS:Publish")), _policy(_statement()), False),
        (_policy(_statement(Principal="*")), _policy(_statement(Principal={"AWS": "*"})), False),
        (_policy(_statement()), _policy(_statement(), OTHER), False),
        (_policy(_statement()), _policy(_statement(), Version="2008-10-17"), False),
        (_policy(_statement()), _policy(_statement(), Id="x"), False),
        (_policy(_statement(Condition={"StringEquals": {"aws:SourceAccount": "1"}})),
         _policy(_statement()), False),
        (_policy(_statement(Condition={"StringEquals": {"a": "1"}})),
         _policy(_statement(Condition={"StringLike": {"a": "1"}})), False),
        (_policy(_statement(Effect="Deny")), _policy(_statement()), False),
        ("no JSON", _policy(_statement()), False),
        ("[]", _policy(), False),
    ],
)  # fmt: skip
def test_policies(one: str, other: str, same: bool) -> None:
    assert same == same_policy(one, other)
    assert same == same_policy(other, one)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ('{"a": 1, "b": [1, 2]}', '{"b":[1,2],"a":1}', True),
        ('{"b": [1, 2]}', '{"b": [2, 1]}', False),
        ('{"maxReceiveCount": 4}', '{"maxReceiveCount": "4"}', False),
        ("no JSON", "no JSON", True),
        ("no JSON", "{}", False),
    ],
)
def test_plain_json(one: str, other: str, same: bool) -> None:
    assert same == same_json(one, other)
