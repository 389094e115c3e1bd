"""The policies that the stack declares suffice for SES, SNS, SQS and KMS."""

from __future__ import annotations

import pytest

from infra import policies
from infra.place import Place
from rehearsal.aws import EmulatedAws
from tests.rehearsal.aws.emulator import (
    ACCOUNT,
    DOMAIN,
    REGION,
    SET,
    Pipe,
    client,
    lay_pipe,
    received,
    send,
    verify_domain,
)

PLACE = Place(account_id=ACCOUNT, region=REGION)
ADDRESS = f"no-reply@{DOMAIN}"


@pytest.fixture
def pipe(aws: EmulatedAws) -> Pipe:
    """Lay a pipe and put the stack's own policies and an encrypted topic in its way."""
    verify_domain(aws)
    pipe = lay_pipe(aws, events=["BOUNCE"])
    key = client(aws, "kms").create_key(Policy=policies.key_policy(PLACE))["KeyMetadata"]["KeyId"]
    wanted = {
        "Policy": policies.event_topic_policy(PLACE, pipe.topic_arn, SET),
        "KmsMasterKeyId": key,
    }
    for name, value in wanted.items():
        client(aws, "sns").set_topic_attributes(
            TopicArn=pipe.topic_arn, AttributeName=name, AttributeValue=value
        )
    policy = policies.queue_policy(pipe.queue_arn, [pipe.topic_arn])
    client(aws, "sqs").set_queue_attributes(QueueUrl=pipe.queue_url, Attributes={"Policy": policy})
    return pipe


def test_a_bounce_comes_back_through_them(aws: EmulatedAws, pipe: Pipe) -> None:
    message_id = send(aws, "bounce@simulator.amazonses.com")
    (event,) = received(aws, pipe.queue_url)
    assert event["mail"]["messageId"] == message_id


def test_they_are_for_this_set_alone(aws: EmulatedAws, pipe: Pipe) -> None:
    other = policies.event_topic_policy(PLACE, pipe.topic_arn, f"{SET}-other")
    client(aws, "sns").set_topic_attributes(
        TopicArn=pipe.topic_arn, AttributeName="Policy", AttributeValue=other
    )
    send(aws, "bounce@simulator.amazonses.com")
    assert received(aws, pipe.queue_url) == []


@pytest.mark.parametrize(
    ("sender", "expected"), [(ADDRESS, "allowed"), (f"ceo@{DOMAIN}", "implicitDeny")]
)
def test_the_sending_policy_pins_the_sender(aws: EmulatedAws, sender: str, expected: str) -> None:
    identity, configuration_set = PLACE.identity_arn(DOMAIN), PLACE.configuration_set_arn(SET)
    iam = client(aws, "iam")
    iam.create_user(UserName="app")
    text = policies.sending_policy(identity, configuration_set, [ADDRESS])
    iam.put_user_policy(UserName="app", PolicyName="send", PolicyDocument=text)
    context = {"ContextKeyName": "ses:FromAddress", "ContextKeyType": "string"}
    answer = iam.simulate_principal_policy(
        PolicySourceArn=f"arn:aws:iam::{ACCOUNT}:user/app",
        ActionNames=["ses:SendEmail"],
        ResourceArns=[identity],
        ContextEntries=[context | {"ContextKeyValues": [sender]}],
    )
    assert [row["EvalDecision"] for row in answer["EvaluationResults"]] == [expected]
