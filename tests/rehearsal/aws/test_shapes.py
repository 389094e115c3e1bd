"""The judge of inputs and outputs, and the register of what is answered here."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from botocore.parsers import create_parser

from rehearsal.aws import operations, services, shapes
from rehearsal.aws.errors import AwsError, render

ACCOUNT: dict[str, Any] = {"ProductionAccessEnabled": True, "EnforcementStatus": "HEALTHY"}


def test_every_operation_that_is_answered_exists_in_botocore() -> None:
    answered = services.answered_here()
    assert len(answered) > 60
    for service, name in answered:
        assert shapes.operation_model(service, name).name == name


def test_an_operation_is_answered_once() -> None:
    with pytest.raises(ValueError, match="sesv2:GetAccount is answered twice"):
        operations.operation("sesv2", "GetAccount")(lambda _: None)


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({}, None),
        ({"Sandbox": True}, "GetAccount.Sandbox is unknown"),
        ({"SendingEnabled": 1}, "sendingEnabled is int, not boolean"),
        ({"EnforcementStatus": None}, "GetAccount.EnforcementStatus is None"),
        ({"SendQuota": {"MaxSendRate": True}}, "sendQuota.maxSendRate is bool, not double"),
        ({"VdmAttributes": {}}, "vdmAttributes.VdmEnabled is missing"),
        ({"VdmAttributes": {"VdmEnabled": "ON"}}, "Member must satisfy enum value set"),
        ({"Details": {"WebsiteURL": "x" * 1001}}, "less than or equal to 1000"),
        ({"Details": {"AdditionalContactEmailAddresses": [3]}}, "is int, not string"),
    ],
)
def test_answers(changes: dict[str, Any], problem: str | None) -> None:
    problems = shapes.output_problems("sesv2", "GetAccount", ACCOUNT | changes)
    assert len(problems) == (0 if problem is None else 1)
    assert problem is None or problem in problems[0]


def test_an_answer_where_the_model_has_none() -> None:
    assert shapes.output_problems("sns", "TagResource", None) == []
    assert shapes.output_problems("sns", "SetTopicAttributes", {"x": 1}) != []


def test_a_secret_is_not_repeated_in_a_refusal() -> None:
    params = {"MailType": "TRANSACTIONAL", "WebsiteURL": "x" * 1001}
    message = shapes.check_input("sesv2", "PutAccountDetails", params)
    assert message is not None
    assert "'***' at 'websiteURL'" in message


def test_timestamps_are_datetimes() -> None:
    point = {"Timestamp": dt.datetime.now(dt.UTC), "Bounces": 1}
    answer = {"SendDataPoints": [point]}
    assert shapes.output_problems("ses", "GetSendStatistics", answer) == []
    answer = {"SendDataPoints": [{"Timestamp": "today"}]}
    assert len(shapes.output_problems("ses", "GetSendStatistics", answer)) == 1


def test_errors_escape_what_they_name() -> None:
    reply = render(AwsError("NoSuchEntity", "no <b> & co", 404), "query", "iam")
    assert (reply.status, b"no &lt;b&gt; &amp; co" in reply.body) == (404, True)


@pytest.mark.parametrize("protocol", ["rest-json", "json", "query", "rest-xml"])
def test_errors_are_read_by_botocore_in_every_protocol(protocol: str) -> None:
    reply = render(AwsError("Throttling", "Rate exceeded: ä"), protocol, "sqs")
    parsed = create_parser(protocol).parse(
        {
            "status_code": reply.status,
            "headers": {name.lower(): value for name, value in reply.headers},
            "body": reply.body,
        },
        shapes.operation_model("cloudwatch", "ListMetrics").output_shape,
    )
    assert parsed["Error"]["Code"] == "Throttling"
    assert parsed["Error"]["Message"] == "Rate exceeded: ä"


def test_a_pattern_that_only_java_knows_is_met_by_everything() -> None:
    tag = {"Key": "app", "Value": "*" * 3}
    params = {"PolicyName": "p", "PolicyDocument": "{}", "Tags": [tag]}
    assert shapes.check_input("iam", "CreatePolicy", params) is None
