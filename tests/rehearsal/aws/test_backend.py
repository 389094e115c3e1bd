"""What a stack makes, reads back, changes and deletes, with nothing but the environment set."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.rehearsal.aws.emulator import (
    ACCOUNT,
    REGION,
    Session,
    document,
    gone,
    refusal,
    ses_may_publish,
    topic_may_send,
)

ARN = f"{REGION}:{ACCOUNT}"


def test_account_suppression(session: Session) -> None:
    ses = session.client("sesv2")
    ses.put_account_suppression_attributes(SuppressedReasons=[])
    assert ses.get_account()["SuppressionAttributes"] == {"SuppressedReasons": []}


def test_a_topic(session: Session) -> None:
    sns = session.client("sns")
    arn = f"arn:aws:sns:{ARN}:bounce"
    assert gone(sns.get_topic_attributes, TopicArn=arn) == "NotFound"
    tags = [{"Key": "app", "Value": "jobmatch"}]
    made = sns.create_topic(Name="bounce", Attributes={"KmsMasterKeyId": "alias/x"}, Tags=tags)
    assert made["TopicArn"] == arn
    for name, value in {"SignatureVersion": "2", "DisplayName": "Bounces"}.items():
        sns.set_topic_attributes(TopicArn=arn, AttributeName=name, AttributeValue=value)
    shown = sns.get_topic_attributes(TopicArn=arn)["Attributes"]
    assert (shown["KmsMasterKeyId"], shown["SignatureVersion"]) == ("alias/x", "2")
    assert (shown["DisplayName"], shown["Owner"]) == ("Bounces", ACCOUNT)
    assert "TracingConfig" not in shown
    policy = ses_may_publish(arn)
    sns.set_topic_attributes(TopicArn=arn, AttributeName="Policy", AttributeValue=policy)
    shown = sns.get_topic_attributes(TopicArn=arn)["Attributes"]
    assert json.loads(shown["Policy"]) == json.loads(policy)
    assert sns.list_tags_for_resource(ResourceArn=arn)["Tags"] == tags
    sns.untag_resource(ResourceArn=arn, TagKeys=["app"])
    assert sns.list_tags_for_resource(ResourceArn=arn)["Tags"] == []
    sns.delete_topic(TopicArn=arn)
    assert gone(sns.get_topic_attributes, TopicArn=arn) == "NotFound"


def test_a_queue_with_policy_and_redrive(session: Session) -> None:
    sqs = session.client("sqs")
    letters = sqs.create_queue(QueueName="dead")["QueueUrl"]
    attributes = {"MessageRetentionPeriod": "1209600", "SqsManagedSseEnabled": "true"}
    url = sqs.create_queue(QueueName="bounce", Attributes=attributes, tags={"a": "b"})["QueueUrl"]
    arn = f"arn:aws:sqs:{ARN}:bounce"
    written = {
        "Policy": topic_may_send(arn, f"arn:aws:sns:{ARN}:bounce"),
        "RedrivePolicy": json.dumps(
            {"deadLetterTargetArn": f"arn:aws:sqs:{ARN}:dead", "maxReceiveCount": 5}
        ),
        "RedriveAllowPolicy": json.dumps({"redrivePermission": "denyAll"}),
    }
    for name, value in written.items():
        sqs.set_queue_attributes(QueueUrl=url, Attributes={name: value})

    def read(*names: str) -> dict[str, str]:
        answer = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=list(names))
        return dict(answer.get("Attributes", {}))

    shown = read("All")
    assert shown.items() >= attributes.items()
    assert shown["QueueArn"] == arn
    assert shown["CreatedTimestamp"].isdecimal()
    assert {n: json.loads(shown[n]) for n in written} == {
        n: json.loads(t) for n, t in written.items()
    }
    for name in written:
        sqs.set_queue_attributes(QueueUrl=url, Attributes={name: ""})
        assert read(name) == {}
    sqs.tag_queue(QueueUrl=url, Tags={"c": "d"})
    sqs.untag_queue(QueueUrl=url, TagKeys=["a"])
    assert sqs.list_queue_tags(QueueUrl=url)["Tags"] == {"c": "d"}
    for queue in (url, letters):
        sqs.delete_queue(QueueUrl=queue)
    missing = {"QueueUrl": url, "AttributeNames": ["All"]}
    assert gone(sqs.get_queue_attributes, **missing) == "AWS.SimpleQueueService.NonExistentQueue"


def test_attributes_of_a_queue_that_are_refused(session: Session) -> None:
    sqs = session.client("sqs")
    url = sqs.create_queue(QueueName="bounce")["QueueUrl"]
    assert refusal(sqs.set_queue_attributes, QueueUrl=url, Attributes={"Policy": "no"})[0] == (
        "InvalidAttributeValue"
    )
    assert refusal(sqs.get_queue_attributes, QueueUrl=url, AttributeNames=["Colour"])[0] == (
        "InvalidAttributeName"
    )


def test_messages_that_nobody_can_handle_end_in_the_dead_letters(session: Session) -> None:
    sqs = session.client("sqs")
    dead = sqs.create_queue(QueueName="dead")["QueueUrl"]
    redrive = {"deadLetterTargetArn": f"arn:aws:sqs:{ARN}:dead", "maxReceiveCount": 1}
    url = sqs.create_queue(
        QueueName="bounce",
        Attributes={"RedrivePolicy": json.dumps(redrive), "VisibilityTimeout": "0"},
    )["QueueUrl"]
    sqs.send_message(QueueUrl=url, MessageBody="poison")
    for _ in range(2):
        sqs.receive_message(QueueUrl=url)
    names = ["ApproximateNumberOfMessages"]
    shown = sqs.get_queue_attributes(QueueUrl=dead, AttributeNames=names)["Attributes"]
    assert shown == {"ApproximateNumberOfMessages": "1"}


def test_a_subscription(session: Session) -> None:
    sns, sqs = session.client("sns"), session.client("sqs")
    topic = sns.create_topic(Name="bounce")["TopicArn"]
    sqs.create_queue(QueueName="bounce")
    wanted = {"TopicArn": topic, "Protocol": "sqs", "Endpoint": f"arn:aws:sqs:{ARN}:bounce"}
    redrive = json.dumps({"deadLetterTargetArn": f"arn:aws:sqs:{ARN}:dead"})
    attributes = {
        "RawMessageDelivery": "true",
        "FilterPolicyScope": "MessageBody",
        "FilterPolicy": '{"mail":{"destination":[{"suffix":"@simulator.amazonses.com"}]}}',
        "RedrivePolicy": redrive,
    }
    arn = sns.subscribe(**wanted, Attributes=attributes, ReturnSubscriptionArn=True)[
        "SubscriptionArn"
    ]
    shown = sns.get_subscription_attributes(SubscriptionArn=arn)["Attributes"]
    assert shown.items() >= attributes.items()
    assert (shown["PendingConfirmation"], shown["Owner"]) == ("false", ACCOUNT)
    assert sns.subscribe(**wanted)["SubscriptionArn"] == arn
    sns.set_subscription_attributes(
        SubscriptionArn=arn, AttributeName="RawMessageDelivery", AttributeValue="false"
    )
    shown = sns.get_subscription_attributes(SubscriptionArn=arn)["Attributes"]
    assert shown["RawMessageDelivery"] == "false"
    sns.unsubscribe(SubscriptionArn=arn)
    assert gone(sns.get_subscription_attributes, SubscriptionArn=arn) == "NotFound"


def test_a_key_and_its_alias(session: Session) -> None:
    kms = session.client("kms")
    policy = document(
        Principal={"AWS": f"arn:aws:iam::{ACCOUNT}:root"}, Action="kms:*", Resource="*"
    )
    tags = [{"TagKey": "app", "TagValue": "jobmatch"}]
    made = kms.create_key(Policy=policy, Description="topics", Tags=tags)["KeyMetadata"]
    key = made["KeyId"]
    assert made["KeyManager"] == "CUSTOMER"
    assert kms.get_key_rotation_status(KeyId=key)["KeyRotationEnabled"] is False
    kms.enable_key_rotation(KeyId=key, RotationPeriodInDays=180)
    rotation = kms.get_key_rotation_status(KeyId=key)
    assert (rotation["KeyRotationEnabled"], rotation["RotationPeriodInDays"]) == (True, 180)
    kms.create_alias(AliasName="alias/topics", TargetKeyId=key)
    assert kms.describe_key(KeyId="alias/topics")["KeyMetadata"]["KeyId"] == key
    names = [alias["AliasName"] for alias in kms.list_aliases(KeyId=key)["Aliases"]]
    assert names == ["alias/topics"]
    shown = kms.get_key_policy(KeyId=key, PolicyName="default")["Policy"]
    assert json.loads(shown) == json.loads(policy)
    assert kms.list_resource_tags(KeyId=key)["Tags"] == tags
    kms.update_key_description(KeyId=key, Description="changed")
    kms.delete_alias(AliasName="alias/topics")
    kms.schedule_key_deletion(KeyId=key, PendingWindowInDays=7)
    metadata = kms.describe_key(KeyId=key)["KeyMetadata"]
    assert (metadata["KeyState"], metadata["Description"]) == ("PendingDeletion", "changed")
    assert gone(kms.get_key_rotation_status, KeyId="0" * 36) == "NotFoundException"


def test_an_alarm(session: Session) -> None:
    cloudwatch = session.client("cloudwatch")
    alarm: dict[str, Any] = {
        "AlarmName": "bounce-rate",
        "AlarmDescription": "too many bounces",
        "Namespace": "AWS/SES",
        "MetricName": "Reputation.BounceRate",
        "Statistic": "Maximum",
        "Period": 300,
        "EvaluationPeriods": 1,
        "DatapointsToAlarm": 1,
        "Threshold": 0.05,
        "ComparisonOperator": "GreaterThanOrEqualToThreshold",
        "TreatMissingData": "ignore",
        "ActionsEnabled": True,
        "AlarmActions": [f"arn:aws:sns:{ARN}:alarm"],
    }
    cloudwatch.put_metric_alarm(**alarm, Tags=[{"Key": "app", "Value": "jobmatch"}])
    (shown,) = cloudwatch.describe_alarms(AlarmNames=["bounce-rate"])["MetricAlarms"]
    assert {name: shown[name] for name in alarm} == alarm
    assert "Unit" not in shown
    arn = f"arn:aws:cloudwatch:{ARN}:alarm:bounce-rate"
    assert shown["AlarmArn"] == arn
    tags = cloudwatch.list_tags_for_resource(ResourceARN=arn)["Tags"]
    assert tags == [{"Key": "app", "Value": "jobmatch"}]
    cloudwatch.put_metric_alarm(**alarm | {"Threshold": 0.02})
    (shown,) = cloudwatch.describe_alarms(AlarmNames=["bounce-rate"])["MetricAlarms"]
    assert shown["Threshold"] == 0.02
    cloudwatch.delete_alarms(AlarmNames=["bounce-rate"])
    assert cloudwatch.describe_alarms(AlarmNames=["bounce-rate"])["MetricAlarms"] == []


def test_a_policy_of_iam(session: Session) -> None:
    iam = session.client("iam")
    text = document(Action="ses:SendEmail", Resource="*")
    arn = iam.create_policy(PolicyName="send", PolicyDocument=text)["Policy"]["Arn"]
    assert gone(iam.create_policy, PolicyName="send", PolicyDocument=text) == "EntityAlreadyExists"
    newer = document(Action="ses:SendRawEmail", Resource="*")
    iam.create_policy_version(PolicyArn=arn, PolicyDocument=newer, SetAsDefault=True)
    version = iam.get_policy(PolicyArn=arn)["Policy"]["DefaultVersionId"]
    shown = iam.get_policy_version(PolicyArn=arn, VersionId=version)["PolicyVersion"]
    assert shown["Document"] == json.loads(newer)
    iam.delete_policy_version(PolicyArn=arn, VersionId="v1")
    iam.delete_policy(PolicyArn=arn)
    assert gone(iam.get_policy, PolicyArn=arn) == "NoSuchEntity"


@pytest.mark.parametrize(
    ("service", "call", "params", "expected"),
    [
        ("kms", "create_key", {"Description": "x" * 8193}, "ValidationException"),
        (
            "iam",
            "create_policy",
            {"PolicyName": "x" * 129, "PolicyDocument": document(Action="*")},
            "ValidationError",
        ),
        ("route53", "get_hosted_zone", {"Id": "x" * 33}, "InvalidInput"),
        ("cloudwatch", "delete_alarms", {"AlarmNames": ["x" * 256]}, "ValidationError"),
    ],
)
def test_the_limits_of_the_model_hold_for_every_service(
    session: Session, service: str, call: str, params: dict[str, Any], expected: str
) -> None:
    code, status, message = refusal(getattr(session.client(service), call), **params)
    assert (code, status) == (expected, 400)
    assert "failed to satisfy constraint" in message
