"""The policy documents: who may do what, and that the services accept them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from moto import mock_aws

from infra import policies
from infra.place import Place, resource_name
from tests.infra.cloud import ACCOUNT, REGION

PLACE = Place(account_id=ACCOUNT, region=REGION)
TOPIC = PLACE.arn("sns", "jobmatch-zip-bounce")
QUEUE = PLACE.arn("sqs", "jobmatch-zip-bounce-queue")
IDENTITY = PLACE.identity_arn("jobmatch.zip")
SET = PLACE.configuration_set_arn("jobmatch-zip")


def _scope(name: str = "jobmatch-zip", domain: str = "jobmatch.zip") -> policies.GateScope:
    kinds = ("bounce", "complaint", "delivery", "alarm")
    queues = [f"{name}-{kind}-queue{end}-1234567" for kind in kinds for end in ("", "-dead")]
    return policies.GateScope(
        domain=domain,
        configuration_set=name,
        topics=[PLACE.arn("sns", f"{name}-{kind}") for kind in kinds],
        queues=[PLACE.arn("sqs", queue) for queue in queues],
        key=PLACE.arn("kms", "key/14d22f28-1d99-578b-b213-727966b475e0"),
        sending_policy=f"arn:aws:iam::{ACCOUNT}:policy/{name}-send-1234567",
        hosted_zone_id="Z0123456789ABC",
    )


DOCUMENTS = {
    "key": policies.key_policy(PLACE),
    "event topic": policies.event_topic_policy(PLACE, TOPIC, "jobmatch-zip"),
    "alarm topic": policies.alarm_topic_policy(PLACE, TOPIC),
    "queue": policies.queue_policy(QUEUE, [TOPIC]),
    "send": policies.sending_policy(IDENTITY, SET, ["no-reply@jobmatch.zip"]),
    "gate": policies.gate_policy(PLACE, _scope()),
}


def _statements(name: str) -> list[dict[str, Any]]:
    found = json.loads(DOCUMENTS[name])["Statement"]
    assert isinstance(found, list)
    return found


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_document_is_a_policy_in_canonical_text(name: str) -> None:
    parsed = json.loads(DOCUMENTS[name])

    assert "2012-10-17" == parsed["Version"]
    assert json.dumps(parsed, sort_keys=True, separators=(",", ":")) == DOCUMENTS[name]
    assert {"Allow"} == {each["Effect"] for each in parsed["Statement"]}
    assert len(parsed["Statement"]) == len({each["Sid"] for each in parsed["Statement"]})


def test_the_key_admits_the_account_ses_and_cloudwatch() -> None:
    root, ses, cloudwatch = _statements("key")

    assert ({"AWS": f"arn:aws:iam::{ACCOUNT}:root"}, "kms:*") == (root["Principal"], root["Action"])
    assert {"Service": "ses.amazonaws.com"} == ses["Principal"]
    assert ["kms:Decrypt", "kms:GenerateDataKey*"] == ses["Action"]
    assert "Condition" not in ses
    assert {"Service": "cloudwatch.amazonaws.com"} == cloudwatch["Principal"]
    assert {"StringEquals": {"aws:SourceAccount": ACCOUNT}} == cloudwatch["Condition"]


def test_a_topic_admits_ses_for_one_set_of_one_account() -> None:
    (statement,) = _statements("event topic")

    assert ({"Service": "ses.amazonaws.com"}, "sns:Publish", TOPIC) == (
        statement["Principal"],
        statement["Action"],
        statement["Resource"],
    )
    assert {"StringEquals": {"aws:SourceAccount": ACCOUNT, "aws:SourceArn": SET}} == (
        statement["Condition"]
    )


def test_the_alarm_topic_admits_alarms_of_the_account() -> None:
    (statement,) = _statements("alarm topic")

    assert {"Service": "cloudwatch.amazonaws.com"} == statement["Principal"]
    assert {
        "StringEquals": {"aws:SourceAccount": ACCOUNT},
        "ArnLike": {"aws:SourceArn": f"arn:aws:cloudwatch:{REGION}:{ACCOUNT}:alarm:*"},
    } == statement["Condition"]


def test_a_queue_admits_its_topic_alone() -> None:
    (statement,) = _statements("queue")

    assert ({"Service": "sns.amazonaws.com"}, "sqs:SendMessage", QUEUE) == (
        statement["Principal"],
        statement["Action"],
        statement["Resource"],
    )
    assert {"ArnEquals": {"aws:SourceArn": [TOPIC]}} == statement["Condition"]


def test_the_application_may_send_from_its_addresses_and_nothing_else() -> None:
    (statement,) = _statements("send")

    assert ["ses:SendEmail", "ses:SendRawEmail"] == statement["Action"]
    assert [IDENTITY, SET] == statement["Resource"]
    assert {"StringEquals": {"ses:FromAddress": ["no-reply@jobmatch.zip"]}} == (
        statement["Condition"]
    )


def test_the_gate_only_reads() -> None:
    actions = {action for each in _statements("gate") for action in each["Action"]}
    verbs = ("Get", "List", "Describe", "Simulate")

    assert 20 < len(actions)
    assert [] == [a for a in sorted(actions) if not a.partition(":")[2].startswith(verbs)]


def test_the_gate_reads_a_zone_only_where_there_is_one() -> None:
    without = policies.GateScope(
        domain="jobmatch.zip",
        configuration_set="jobmatch-zip",
        topics=[TOPIC],
        queues=[QUEUE],
        key=PLACE.arn("kms", "key/1"),
        sending_policy=f"arn:aws:iam::{ACCOUNT}:policy/p",
        hosted_zone_id=None,
    )

    assert "hostedzone" in DOCUMENTS["gate"]
    assert "hostedzone" not in policies.gate_policy(PLACE, without)


def test_the_longest_gate_policy_fits_into_iam() -> None:
    domain = ".".join(["a" * 61] * 4)

    text = policies.gate_policy(PLACE, _scope(resource_name(domain), domain))

    assert len(text) <= 6144  # IAM and STS quotas, "managed policy", without white space


@pytest.fixture
def account(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for key in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(key, "testing")
    with mock_aws():
        yield


def _client(service: str) -> Any:
    return boto3.client(service, region_name=REGION)


@pytest.mark.usefixtures("account")
def test_kms_accepts_the_key_policy() -> None:
    client = _client("kms")
    key = client.create_key(Policy=DOCUMENTS["key"])["KeyMetadata"]["KeyId"]

    found = client.get_key_policy(KeyId=key, PolicyName="default")["Policy"]

    assert json.loads(DOCUMENTS["key"]) == json.loads(found)


@pytest.mark.parametrize("name", ["event topic", "alarm topic"])
@pytest.mark.usefixtures("account")
def test_sns_accepts_the_topic_policies(name: str) -> None:
    client = _client("sns")
    arn = client.create_topic(Name="jobmatch-zip-bounce")["TopicArn"]
    client.set_topic_attributes(
        TopicArn=arn, AttributeName="Policy", AttributeValue=DOCUMENTS[name]
    )

    found = client.get_topic_attributes(TopicArn=arn)["Attributes"]["Policy"]

    assert TOPIC == arn
    assert json.loads(DOCUMENTS[name]) == json.loads(found)


@pytest.mark.usefixtures("account")
def test_sqs_accepts_the_queue_policy() -> None:
    client = _client("sqs")
    url = client.create_queue(QueueName="jobmatch-zip-bounce-queue")["QueueUrl"]
    client.set_queue_attributes(QueueUrl=url, Attributes={"Policy": DOCUMENTS["queue"]})

    found = client.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]

    assert QUEUE == found["QueueArn"]
    assert json.loads(DOCUMENTS["queue"]) == json.loads(found["Policy"])


@pytest.mark.parametrize("name", ["send", "gate"])
@pytest.mark.usefixtures("account")
def test_iam_accepts_the_policies(name: str) -> None:
    client = _client("iam")
    made = client.create_policy(PolicyName=name, PolicyDocument=DOCUMENTS[name])["Policy"]

    version = client.get_policy_version(PolicyArn=made["Arn"], VersionId="v1")["PolicyVersion"]

    assert json.loads(DOCUMENTS[name]) == version["Document"]


@pytest.mark.usefixtures("account")
def test_iam_refuses_what_is_no_policy() -> None:
    client = _client("iam")

    with pytest.raises(client.exceptions.MalformedPolicyDocumentException):
        client.create_policy(PolicyName="broken", PolicyDocument='{"Statement": "everything"}')
