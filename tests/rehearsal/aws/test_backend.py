"""What a stack makes, reads back, changes and deletes, with nothing but the environment set."""

from __future__ import annotations

import json
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from rehearsal.aws import EmulatedAws
from tests.rehearsal.aws.emulator import (
    ACCOUNT,
    REGION,
    document,
    judge_answers,
    refusal,
    ses_may_publish,
    topic_may_send,
)

ARN = f"{REGION}:{ACCOUNT}"


class Session:
    """A session that knows only what ``environment()`` says, and judges every answer."""

    def client(self, service: str) -> Any:
        made = boto3.Session().client(service)
        judge_answers(made)
        return made


@pytest.fixture
def session(aws: EmulatedAws, monkeypatch: pytest.MonkeyPatch) -> Session:
    for name, value in aws.environment().items():
        monkeypatch.setenv(name, value)
    return Session()


def gone(call: Any, **params: Any) -> str:
    """Return the code of the error that tells a provider that a thing is not there."""
    with pytest.raises(ClientError) as caught:
        call(**params)
    return str(caught.value.response["Error"]["Code"])


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
    assert refusal(sqs.set_queue_attributes, QueueUrl=url, Attributes={"Policy": "no"})[0] == (
        "InvalidAttributeValue"
    )
    assert refusal(sqs.get_queue_attributes, QueueUrl=url, AttributeNames=["Colour"])[0] == (
        "InvalidAttributeName"
    )
    sqs.tag_queue(QueueUrl=url, Tags={"c": "d"})
    sqs.untag_queue(QueueUrl=url, TagKeys=["a"])
    assert sqs.list_queue_tags(QueueUrl=url)["Tags"] == {"c": "d"}
    for queue in (url, letters):
        sqs.delete_queue(QueueUrl=queue)
    missing = {"QueueUrl": url, "AttributeNames": ["All"]}
    assert gone(sqs.get_queue_attributes, **missing) == "AWS.SimpleQueueService.NonExistentQueue"


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


def change(zone: str, action: str, name: str, kind: str, *values: str) -> dict[str, Any]:
    record = {
        "Name": name,
        "Type": kind,
        "TTL": 300,
        "ResourceRecords": [{"Value": value} for value in values],
    }
    batch = {"Changes": [{"Action": action, "ResourceRecordSet": record}]}
    return {"HostedZoneId": zone, "ChangeBatch": batch}


def test_records_of_route_53(session: Session) -> None:
    route53 = session.client("route53")
    zone = route53.create_hosted_zone(Name="jobmatch.zip", CallerReference="x")["HostedZone"]["Id"]
    put = route53.change_resource_record_sets
    host = "bounce.jobmatch.zip"
    spf = '"v=spf1 include:amazonses.com ~all"'
    answer = put(**change(zone, "CREATE", host, "TXT", spf))
    assert route53.get_change(Id=answer["ChangeInfo"]["Id"])["ChangeInfo"]["Status"] == "INSYNC"
    put(**change(zone, "CREATE", host, "MX", f"10 feedback-smtp.{REGION}.amazonses.com"))
    put(**change(zone, "CREATE", f"t._domainkey.{host[7:]}", "CNAME", "t.dkim.amazonses.com"))
    shown = {
        (record["Name"], record["Type"]): [r["Value"] for r in record["ResourceRecords"]]
        for record in route53.list_resource_record_sets(HostedZoneId=zone)["ResourceRecordSets"]
        if record["Type"] not in {"NS", "SOA"}
    }
    assert shown == {
        (f"{host}.", "TXT"): [spf],
        (f"{host}.", "MX"): [f"10 feedback-smtp.{REGION}.amazonses.com"],
        ("t._domainkey.jobmatch.zip.", "CNAME"): ["t.dkim.amazonses.com"],
    }
    put(**change(zone, "UPSERT", host, "TXT", '"v=spf1 -all"'))
    put(**change(zone, "DELETE", host, "TXT", '"v=spf1 -all"'))
    for other in ("example.net", "mail.jobmatch.zip", "zip"):
        route53.create_hosted_zone(Name=other, CallerReference=other)
    found = route53.list_hosted_zones_by_name(DNSName="jobmatch.zip", MaxItems="1")
    assert [row["Id"] for row in found["HostedZones"]] == [zone]
    assert (found["IsTruncated"], found["NextDNSName"]) == (True, "mail.jobmatch.zip.")
    rest = route53.list_hosted_zones_by_name()
    names = [row["Name"] for row in rest["HostedZones"]]
    assert names == ["example.net.", "zip.", "jobmatch.zip.", "mail.jobmatch.zip."]
    assert rest["IsTruncated"] is False
    assert len(route53.get_hosted_zone(Id=zone)["DelegationSet"]["NameServers"]) == 4
    assert gone(route53.get_hosted_zone, Id="ZNOBODY") == "NoSuchHostedZone"


@pytest.mark.parametrize(
    ("action", "kind", "words"),
    [
        ("CREATE", "TXT", "[name='a.jobmatch.zip.', type='TXT'] but it already exists"),
        ("DELETE", "MX", "[name='a.jobmatch.zip.', type='MX'] but it was not found"),
        ("CREATE", "CNAME", "is not permitted as it conflicts with other records"),
        ("UPSERT", "CNAME", "is not permitted as it conflicts with other records"),
    ],
)
def test_a_change_that_cannot_be_made(session: Session, action: str, kind: str, words: str) -> None:
    route53 = session.client("route53")
    zone = route53.create_hosted_zone(Name="jobmatch.zip", CallerReference="x")["HostedZone"]["Id"]
    put = route53.change_resource_record_sets
    put(**change(zone, "CREATE", "A.jobmatch.zip", "TXT", '"x"'))
    code, status, message = refusal(put, **change(zone, action, "a.jobmatch.zip", kind, "b.zip"))
    assert (code, status, words in message) == ("InvalidChangeBatch", 400, True)


def test_one_batch_may_replace_a_record(session: Session) -> None:
    route53 = session.client("route53")
    zone = route53.create_hosted_zone(Name="jobmatch.zip", CallerReference="x")["HostedZone"]["Id"]
    route53.change_resource_record_sets(**change(zone, "CREATE", "a.jobmatch.zip", "TXT", '"x"'))
    old = change(zone, "DELETE", "a.jobmatch.zip", "TXT", '"x"')["ChangeBatch"]["Changes"]
    new = change(zone, "CREATE", "a.jobmatch.zip", "CNAME", "b.zip")["ChangeBatch"]["Changes"]
    route53.change_resource_record_sets(HostedZoneId=zone, ChangeBatch={"Changes": old + new})
    records = route53.list_resource_record_sets(HostedZoneId=zone)["ResourceRecordSets"]
    assert [r["Type"] for r in records if r["Name"] == "a.jobmatch.zip."] == ["CNAME"]


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
