"""Delivery through SNS: topic, key and queue policies, dead letters, mail subscriptions."""

from __future__ import annotations

import datetime as dt
import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from rehearsal.aws import EmulatedAws
from tests.rehearsal.aws.emulator import (
    ACCOUNT,
    SET_ARN,
    Pipe,
    client,
    document,
    lay_pipe,
    make_queue,
    received,
    refusal,
    send,
    ses_may_publish,
    topic_may_send,
    verify_domain,
)

ROOT = {"Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}, "Action": "kms:*", "Resource": "*"}
USE = ["kms:Decrypt", "kms:GenerateDataKey*"]


@pytest.fixture
def pipe(aws: EmulatedAws) -> Pipe:
    verify_domain(aws)
    return lay_pipe(aws, events=["BOUNCE"])


def bounces(aws: EmulatedAws, queue_url: str) -> int:
    """Provoke a bounce and count what arrives."""
    aws.clock.advance(dt.timedelta(seconds=1))
    send(aws, "bounce@simulator.amazonses.com")
    return len(received(aws, queue_url))


def set_topic(aws: EmulatedAws, pipe: Pipe, name: str, value: str) -> None:
    client(aws, "sns").set_topic_attributes(
        TopicArn=pipe.topic_arn, AttributeName=name, AttributeValue=value
    )


def key_for(aws: EmulatedAws, *services: str, **condition: Any) -> str:
    statements = [{"Effect": "Allow"} | ROOT]
    for service in services:
        use = {"Principal": {"Service": service}, "Action": USE, "Resource": "*"}
        statements.append({"Effect": "Allow"} | use | condition)
    policy = json.dumps({"Version": "2012-10-17", "Statement": statements})
    return str(client(aws, "kms").create_key(Policy=policy)["KeyMetadata"]["Arn"])


def test_the_topic_policy_decides(aws: EmulatedAws, pipe: Pipe) -> None:
    assert bounces(aws, pipe.queue_url) == 1
    set_topic(aws, pipe, "Policy", ses_may_publish(pipe.topic_arn, SET_ARN + "x"))
    assert bounces(aws, pipe.queue_url) == 0
    assert "does not admit ses.amazonaws.com" in aws.world.lost_events[-1]
    set_topic(aws, pipe, "Policy", ses_may_publish(pipe.topic_arn, "arn:aws:ses:*:*:*"))
    assert bounces(aws, pipe.queue_url) == 1


def test_the_queue_policy_decides(aws: EmulatedAws, pipe: Pipe) -> None:
    sqs = client(aws, "sqs")
    for policy, arrives in (
        ("", 0),
        (topic_may_send(pipe.queue_arn, pipe.topic_arn + "x"), 0),
        (topic_may_send(pipe.queue_arn, pipe.topic_arn), 1),
    ):
        sqs.set_queue_attributes(QueueUrl=pipe.queue_url, Attributes={"Policy": policy})
        assert bounces(aws, pipe.queue_url) == arrives


def test_the_key_policy_decides(aws: EmulatedAws, pipe: Pipe) -> None:
    by_account = {"StringEquals": {"aws:SourceAccount": ACCOUNT}}
    for key, arrives in (
        (key_for(aws, "ses.amazonaws.com"), 1),
        (key_for(aws, "cloudwatch.amazonaws.com"), 0),
        (key_for(aws), 0),
        (key_for(aws, "ses.amazonaws.com", Condition=by_account), 0),
        ("alias/aws/sns", 0),
        ("alias/nobody-made-this", 0),
        ("", 1),
    ):
        set_topic(aws, pipe, "KmsMasterKeyId", key)
        assert bounces(aws, pipe.queue_url) == arrives, key


def test_a_disabled_key_lets_nothing_through(aws: EmulatedAws, pipe: Pipe) -> None:
    key = key_for(aws, "ses.amazonaws.com")
    set_topic(aws, pipe, "KmsMasterKeyId", key)
    client(aws, "kms").disable_key(KeyId=key.rpartition("/")[2])
    assert bounces(aws, pipe.queue_url) == 0


def test_an_encrypted_queue_needs_a_key_that_admits_sns(aws: EmulatedAws, pipe: Pipe) -> None:
    sqs = client(aws, "sqs")
    for service, arrives in (("sns.amazonaws.com", 1), ("ses.amazonaws.com", 0)):
        key = {"KmsMasterKeyId": key_for(aws, service)}
        sqs.set_queue_attributes(QueueUrl=pipe.queue_url, Attributes=key)
        assert bounces(aws, pipe.queue_url) == arrives


def test_what_the_queue_refuses_goes_to_the_dead_letters(aws: EmulatedAws, pipe: Pipe) -> None:
    url, arn = make_queue(aws, "dead-letters")
    sqs = client(aws, "sqs")
    sqs.set_queue_attributes(
        QueueUrl=url, Attributes={"Policy": topic_may_send(arn, pipe.topic_arn)}
    )
    client(aws, "sns").set_subscription_attributes(
        SubscriptionArn=pipe.subscription_arn,
        AttributeName="RedrivePolicy",
        AttributeValue=json.dumps({"deadLetterTargetArn": arn}),
    )
    assert bounces(aws, url) == 0
    sqs.delete_queue(QueueUrl=pipe.queue_url)
    assert bounces(aws, url) == 1


def test_publishing_by_hand_obeys_the_queue_policy_too(aws: EmulatedAws, pipe: Pipe) -> None:
    sns = client(aws, "sns")
    sns.publish(TopicArn=pipe.topic_arn, Message='{"by": "hand"}')
    assert received(aws, pipe.queue_url) == [{"by": "hand"}]
    client(aws, "sqs").set_queue_attributes(QueueUrl=pipe.queue_url, Attributes={"Policy": ""})
    sns.publish(TopicArn=pipe.topic_arn, Message='{"by": "hand"}')
    assert received(aws, pipe.queue_url) == []
    long = {"TopicArn": pipe.topic_arn, "Message": "x" * 262_145}
    assert refusal(sns.publish, **long)[:2] == ("InvalidParameter", 400)


def test_a_mail_subscription_waits_for_a_click(aws: EmulatedAws) -> None:
    sns = client(aws, "sns")
    topic = sns.create_topic(Name="alarm")["TopicArn"]
    wanted = {"TopicArn": topic, "Protocol": "email", "Endpoint": "ops@jobmatch.zip"}
    assert sns.subscribe(**wanted)["SubscriptionArn"] == "pending confirmation"
    (listed,) = sns.list_subscriptions_by_topic(TopicArn=topic)["Subscriptions"]
    assert listed["SubscriptionArn"] == "PendingConfirmation"
    arn = sns.subscribe(**wanted, ReturnSubscriptionArn=True)["SubscriptionArn"]
    attributes = sns.get_subscription_attributes(SubscriptionArn=arn)["Attributes"]
    assert attributes["PendingConfirmation"] == "true"
    counts = sns.get_topic_attributes(TopicArn=topic)["Attributes"]
    assert (counts["SubscriptionsPending"], counts["SubscriptionsConfirmed"]) == ("1", "0")
    assert refusal(sns.unsubscribe, SubscriptionArn=arn)[:2] == ("InvalidParameter", 400)
    sns.publish(TopicArn=topic, Message="lost")
    assert aws.confirm("ops@jobmatch.zip") == 1
    sns.publish(TopicArn=topic, Message="found")
    assert [letter.text for letter in aws.world.letters][2:] == ["found"]
    assert sns.subscribe(**wanted)["SubscriptionArn"] == arn
    (listed,) = sns.list_subscriptions()["Subscriptions"]
    assert listed["SubscriptionArn"] == arn
    counts = sns.get_topic_attributes(TopicArn=topic)["Attributes"]
    assert (counts["SubscriptionsPending"], counts["SubscriptionsConfirmed"]) == ("0", "1")
    sns.unsubscribe(SubscriptionArn=arn)
    assert sns.list_subscriptions_by_topic(TopicArn=topic)["Subscriptions"] == []


def test_the_token_of_the_letter_confirms(aws: EmulatedAws) -> None:
    sns = client(aws, "sns")
    topic = sns.create_topic(Name="alarm")["TopicArn"]
    sns.subscribe(TopicArn=topic, Protocol="email", Endpoint="ops@jobmatch.zip")
    token = aws.world.letters[-1].token
    assert token in aws.world.letters[-1].text
    wrong = refusal(sns.confirm_subscription, TopicArn=topic, Token="x")
    assert wrong[:2] == ("InvalidParameter", 400)
    arn = sns.confirm_subscription(TopicArn=topic, Token=token)["SubscriptionArn"]
    attributes = sns.get_subscription_attributes(SubscriptionArn=arn)["Attributes"]
    assert attributes["PendingConfirmation"] == "false"
    assert attributes["ConfirmationWasAuthenticated"] == "false"
    missing = refusal(sns.confirm_subscription, TopicArn=topic + "x", Token=token)
    assert missing[:2] == ("NotFound", 404)


def test_subscriptions_are_listed_in_pages_of_a_hundred(aws: EmulatedAws) -> None:
    sns = client(aws, "sns")
    topic = sns.create_topic(Name="alarm")["TopicArn"]
    for n in range(101):
        sns.subscribe(TopicArn=topic, Protocol="email", Endpoint=f"u{n}@jobmatch.zip")
    pages = sns.get_paginator("list_subscriptions_by_topic").paginate(TopicArn=topic)
    assert [len(page["Subscriptions"]) for page in pages] == [100, 1]
    missing = refusal(sns.list_subscriptions_by_topic, TopicArn=topic + "x")
    assert missing[:2] == ("NotFound", 404)


def test_a_topic_policy_that_is_none_is_refused(aws: EmulatedAws) -> None:
    sns = client(aws, "sns")
    topic = sns.create_topic(Name="bounce")["TopicArn"]
    wrong = {"TopicArn": topic, "AttributeName": "Policy", "AttributeValue": "no"}
    assert refusal(sns.set_topic_attributes, **wrong)[:2] == ("InvalidParameter", 400)
    fine = document(Principal="*", Action="sns:Publish", Resource=topic)
    sns.set_topic_attributes(TopicArn=topic, AttributeName="Policy", AttributeValue=fine)
    shown = sns.get_topic_attributes(TopicArn=topic)["Attributes"]["Policy"]
    assert json.loads(shown) == json.loads(fine)


def test_waiting_for_a_message_keeps_nobody_out(aws: EmulatedAws, pipe: Pipe) -> None:
    waiting = {"QueueUrl": pipe.queue_url, "WaitTimeSeconds": 20}
    sqs = client(aws, "sqs")
    with ThreadPoolExecutor(1) as pool:
        messages = pool.submit(sqs.receive_message, **waiting)
        send(aws, "bounce@simulator.amazonses.com")
        assert len(messages.result(10)["Messages"]) == 1


def test_what_would_pass_the_policies_by_is_refused(aws: EmulatedAws, pipe: Pipe) -> None:
    sns = client(aws, "sns")
    batch = [{"Id": "1", "Message": "x"}]
    refused = refusal(sns.publish_batch, TopicArn=pipe.topic_arn, PublishBatchRequestEntries=batch)
    assert refused[:2] == ("NotImitated", 501)
    parts = {"MessageStructure": "json", "Message": '{"default": "x"}'}
    assert refusal(sns.publish, TopicArn=pipe.topic_arn, **parts)[:2] == ("NotImitated", 501)
