"""Policy documents, judged."""

from __future__ import annotations

from typing import Any

import pytest

from rehearsal.aws.policies import Access, Decision, MalformedPolicyError, decide, parse
from tests.rehearsal.aws.emulator import SET_ARN, document

TOPIC = "arn:aws:sns:us-west-2:123456789012:bounce"
ROLE = "arn:aws:iam::123456789012:role/gate"
SOURCE = {"aws:SourceAccount": ["123456789012"], "aws:SourceArn": [SET_ARN]}
SES: dict[str, Any] = {
    "action": "SNS:Publish",
    "resource": TOPIC,
    "service": "ses.amazonaws.com",
    "context": SOURCE,
}
BASE: dict[str, Any] = {"Principal": {"Service": "ses.amazonaws.com"}, "Action": "sns:Publish"}


@pytest.mark.parametrize(
    ("statement", "access", "expected"),
    [
        (BASE | {"Resource": TOPIC}, SES, "allowed"),
        (BASE | {"Resource": "*"}, SES, "allowed"),
        (BASE, SES, "allowed"),
        (BASE | {"Action": ["sns:Subscribe", "SNS:Pub*"]}, SES, "allowed"),
        (BASE | {"Action": "sns:publis?"}, SES, "allowed"),
        (BASE | {"Action": "sns:Subscribe"}, SES, "implicitDeny"),
        (BASE | {"Resource": TOPIC + "s"}, SES, "implicitDeny"),
        (BASE | {"Resource": "arn:aws:sns:*:*:[b]ounce"}, SES, "implicitDeny"),
        (BASE | {"Principal": "*"}, SES, "allowed"),
        (BASE | {"Principal": {"AWS": "*"}}, SES, "implicitDeny"),
        (BASE | {"Principal": {"Service": ["sns.amazonaws.com"]}}, SES, "implicitDeny"),
        (BASE | {"Effect": "Deny"}, SES, "explicitDeny"),
        ({"Principal": "*", "NotAction": "sns:Publish"}, SES, "implicitDeny"),
        ({"Principal": "*", "NotAction": "sns:Subscribe"}, SES, "allowed"),
        ({"Principal": "*", "Action": "*", "NotResource": TOPIC}, SES, "implicitDeny"),
        ({"Action": "sns:*"}, SES, "implicitDeny"),
        ({"Action": "sns:*"}, {"action": "sns:Publish"}, "allowed"),
        (BASE | {"Principal": {"AWS": ROLE}}, {"action": "sns:Publish", "arn": ROLE}, "allowed"),
        (
            BASE | {"Principal": {"AWS": "123456789012"}},
            {"action": "sns:Publish", "arn": ROLE},
            "allowed",
        ),
        (
            BASE | {"Principal": {"AWS": "arn:aws:iam::123456789012:root"}},
            {"action": "sns:Publish", "arn": ROLE},
            "allowed",
        ),
        (
            BASE | {"Principal": {"AWS": "210987654321"}},
            {"action": "sns:Publish", "arn": ROLE},
            "implicitDeny",
        ),
    ],
)
def test_statements(statement: dict[str, Any], access: dict[str, Any], expected: str) -> None:
    assert decide(parse(document(**statement)), Access(**access)) == Decision(expected)


@pytest.mark.parametrize(
    ("condition", "held"),
    [
        ({"StringEquals": {"AWS:sourceaccount": "123456789012"}}, True),
        ({"StringEquals": {"aws:SourceAccount": ["1", "123456789012"]}}, True),
        ({"StringEquals": {"aws:SourceAccount": "1"}}, False),
        ({"StringEquals": {"aws:SourceOwner": "123456789012"}}, False),
        ({"StringEqualsIfExists": {"aws:SourceOwner": "1"}}, True),
        ({"StringNotEquals": {"aws:SourceAccount": "1"}}, True),
        ({"StringNotEquals": {"aws:SourceAccount": ["1", "123456789012"]}}, False),
        ({"StringLike": {"aws:SourceArn": "*configuration-set/*"}}, True),
        ({"StringNotLike": {"aws:SourceArn": "*configuration-set/*"}}, False),
        ({"ArnLike": {"aws:SourceArn": SET_ARN.replace("us-west-2", "*")}}, True),
        ({"ArnLike": {"aws:SourceArn": "arn:aws:ses:*"}}, False),
        ({"ArnEquals": {"aws:SourceArn": [SET_ARN + "2", SET_ARN]}}, True),
        ({"ArnNotLike": {"aws:SourceArn": SET_ARN}}, False),
        ({"Null": {"aws:SourceArn": "false"}}, True),
        ({"Null": {"aws:SourceOwner": True}}, True),
        ({"Bool": {"aws:SecureTransport": True}}, False),
        ({"ForAnyValue:StringLike": {"aws:SourceAccount": "1*"}}, True),
        ({"ForAllValues:StringLike": {"aws:SourceOwner": "1*"}}, True),
        ({"DateGreaterThan": {"aws:SourceArn": "2020-01-01"}}, False),
        (
            {
                "StringEquals": {"aws:SourceAccount": "123456789012"},
                "ArnLike": {"aws:SourceArn": "arn:aws:ses:us-west-2:123456789012:identity/*"},
            },
            False,
        ),
    ],
)
def test_conditions(condition: dict[str, Any], held: bool) -> None:
    allow = parse(document(**BASE, Condition=condition))
    expected = Decision.ALLOWED if held else Decision.IMPLICIT_DENY
    assert decide(allow, Access(**SES)) == expected


def test_a_deny_wins_also_by_an_operator_that_is_not_known() -> None:
    allow = parse(document(**BASE))
    deny = parse(document(**BASE, Effect="Deny", Condition={"DateLessThan": {"aws:x": "1"}}))
    assert decide(allow + deny, Access(**SES)) == Decision.EXPLICIT_DENY


@pytest.mark.parametrize(
    "text",
    [
        "no",
        "[]",
        "{}",
        '{"Statement": ["x"]}',
        '{"Statement": {"Action": "*"}}',
        '{"Statement": {"Effect": "Maybe", "Action": "*"}}',
        '{"Statement": {"Effect": "Allow"}}',
    ],
)
def test_what_is_no_policy(text: str) -> None:
    with pytest.raises(MalformedPolicyError):
        parse(text)
