"""A client that judges every answer, errors, and a small stack to send through."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from botocore.model import OperationModel

from rehearsal.aws import EmulatedAws, shapes
from tests.rehearsal.aws.model import wire_problems

DOMAIN = "jobmatch.zip"
ACCOUNT = "123456789012"
REGION = "us-west-2"
SET = "jobmatch"
SET_ARN = f"arn:aws:ses:{REGION}:{ACCOUNT}:configuration-set/{SET}"
BOTOCORE_DECODES = "ocument is dict, not string"  # the policies in the answers of IAM
ALL_EVENTS = ["SEND", "DELIVERY", "BOUNCE", "COMPLAINT"]


def client(aws: EmulatedAws, service: str, region: str | None = None, **config: Any) -> Any:
    """Return a boto3 client; of sesv2 every good answer is judged on the wire."""
    made = aws.client(service, region, **config)
    judge_answers(made)
    if service == "sesv2":
        made.meta.events.register("before-parse.sesv2", _judge, unique_id="judge")
    return made


def judge_answers(made: Any) -> None:
    """Have every answer that a client gets judged by botocore's output shapes."""
    service = made.meta.service_model.service_name

    def judge(model: OperationModel, parsed: dict[str, Any], **_: Any) -> None:
        if "Error" not in parsed:
            answer = {k: v for k, v in parsed.items() if k != "ResponseMetadata"}
            problems = shapes.output_problems(service, model.name, answer)
            assert [p for p in problems if not p.endswith(BOTOCORE_DECODES)] == []

    made.meta.events.register("after-call", judge, unique_id="judge answers")


def _judge(operation_model: OperationModel, response_dict: dict[str, Any], **_: Any) -> None:
    if response_dict["status_code"] < 300:
        assert wire_problems(operation_model, response_dict["body"]) == []


class Session:
    """A session that knows only what ``environment()`` says, and judges every answer."""

    def client(self, service: str) -> Any:
        made = boto3.Session().client(service)
        judge_answers(made)
        return made


def refusal(call: Callable[..., Any], **params: Any) -> tuple[str, int, str]:
    """Return (code, HTTP status, message) of the error that a call must end in."""
    with pytest.raises(ClientError) as caught:
        call(**params)
    answer = caught.value.response
    error = answer["Error"]
    return error["Code"], answer["ResponseMetadata"]["HTTPStatusCode"], error["Message"]


def gone(call: Any, **params: Any) -> str:
    """Return the code of the error that tells a provider that a thing is not there."""
    with pytest.raises(ClientError) as caught:
        call(**params)
    return str(caught.value.response["Error"]["Code"])


def verify_domain(aws: EmulatedAws, name: str = DOMAIN) -> None:
    """Have SES know a domain as verified, without any DNS."""
    client(aws, "sesv2").create_email_identity(EmailIdentity=name)
    aws.ses.identities[name].dkim.status = "SUCCESS"


@dataclass(frozen=True, slots=True)
class Pipe:
    """A configuration set whose events go through a topic into a queue."""

    topic_arn: str
    queue_url: str
    queue_arn: str
    subscription_arn: str


def ses_may_publish(topic_arn: str, source_arn: str = SET_ARN, account: str = ACCOUNT) -> str:
    """Return the least topic policy."""
    return document(
        Principal={"Service": "ses.amazonaws.com"},
        Action="sns:Publish",
        Resource=topic_arn,
        Condition={
            "StringEquals": {"AWS:SourceAccount": account},
            "ArnLike": {"AWS:SourceArn": source_arn},
        },
    )


def topic_may_send(queue_arn: str, topic_arn: str) -> str:
    """Return the least queue policy."""
    return document(
        Principal={"Service": "sns.amazonaws.com"},
        Action="sqs:SendMessage",
        Resource=queue_arn,
        Condition={"ArnEquals": {"aws:SourceArn": topic_arn}},
    )


def document(**statement: Any) -> str:
    """Return a policy of one statement that allows."""
    return json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow"} | statement]})


def lay_pipe(
    aws: EmulatedAws,
    *,
    events: list[str] | None = None,
    raw: bool = True,
    attributes: dict[str, str] | None = None,
) -> Pipe:
    """Build set, topic, queue, subscription and destination, in the order a stack needs."""
    sns, sqs, ses = (client(aws, s) for s in ("sns", "sqs", "sesv2"))
    topic = sns.create_topic(Name="jobmatch-bounce")["TopicArn"]
    sns.set_topic_attributes(
        TopicArn=topic, AttributeName="Policy", AttributeValue=ses_may_publish(topic)
    )
    url, arn = make_queue(aws, "jobmatch-bounce")
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": topic_may_send(arn, topic)})
    ses.create_configuration_set(ConfigurationSetName=SET)
    ses.create_configuration_set_event_destination(
        ConfigurationSetName=SET,
        EventDestinationName="feedback",
        EventDestination={
            "Enabled": True,
            "MatchingEventTypes": events or ALL_EVENTS,
            "SnsDestination": {"TopicArn": topic},
        },
    )
    subscription = sns.subscribe(
        TopicArn=topic,
        Protocol="sqs",
        Endpoint=arn,
        Attributes={"RawMessageDelivery": str(raw).lower()} | (attributes or {}),
    )["SubscriptionArn"]
    return Pipe(topic, url, arn, subscription)


def make_queue(aws: EmulatedAws, name: str) -> tuple[str, str]:
    """Make a queue and return its URL and ARN."""
    sqs = client(aws, "sqs")
    url = sqs.create_queue(QueueName=name)["QueueUrl"]
    names = ["QueueArn"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=names)["Attributes"]["QueueArn"]
    return url, arn


def send(aws: EmulatedAws, *to: str, sender: str = f"no-reply@{DOMAIN}", **more: Any) -> str:
    """Send a mail through the set and return its message id."""
    params: dict[str, Any] = {
        "FromEmailAddress": sender,
        "Destination": {"ToAddresses": list(to)},
        "ConfigurationSetName": SET,
        "Content": {
            "Simple": {"Subject": {"Data": "Your code"}, "Body": {"Text": {"Data": "123456"}}}
        },
    } | more
    given = {name: value for name, value in params.items() if value is not None}
    return str(client(aws, "sesv2").send_email(**given)["MessageId"])


def received(aws: EmulatedAws, queue_url: str) -> list[Any]:
    """Take everything out of a queue, in order, as JSON."""
    sqs = client(aws, "sqs")
    bodies: list[Any] = []
    while messages := sqs.receive_message(
        QueueUrl=queue_url, MaxNumberOfMessages=10, MessageAttributeNames=["All"]
    ).get("Messages"):
        for message in messages:
            assert "MessageAttributes" not in message
            bodies.append(json.loads(message["Body"]))
            sqs.delete_message(QueueUrl=queue_url, ReceiptHandle=message["ReceiptHandle"])
    return bodies
