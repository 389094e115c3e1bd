"""boto3, told only where AWS is, drives every operation that the project uses."""

from __future__ import annotations

import ast
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore import xform_name

from infra.place import Place
from infra.policies import GateScope, gate_policy
from rehearsal.aws import EmulatedAws
from rehearsal.aws.gateway import SERVICES
from rehearsal.aws.services import answered_here
from tests.rehearsal.aws.emulator import (
    ACCOUNT,
    DOMAIN,
    REGION,
    document,
    judge_answers,
    ses_may_publish,
    topic_may_send,
)

ROOT = Path(__file__).parents[3]
CALLERS = ("checks/account", "infra", "rehearsal/provider")  # whoever calls boto3 but the emulator
REFUSED = {("sns", "publish_batch")}  # docs/emulation.md

ACCOUNT_POLICY = document(
    Principal={"AWS": f"arn:aws:iam::{ACCOUNT}:root"}, Action="kms:*", Resource="*"
)
KEY = {"KeyId": "<KeyId>"}
TOPIC = f"arn:aws:sns:{REGION}:{ACCOUNT}:bounce"
QUEUE = f"arn:aws:sqs:{REGION}:{ACCOUNT}:bounce"
ALARM = f"arn:aws:cloudwatch:{REGION}:{ACCOUNT}:alarm:bounce-rate"
POLICY = f"arn:aws:iam::{ACCOUNT}:policy/send"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/rehearsal"
IDENTITY = {"EmailIdentity": DOMAIN}
IDENTITY_ARN = f"arn:aws:ses:{REGION}:{ACCOUNT}:identity/{DOMAIN}"
NAMED_POLICY = IDENTITY | {"PolicyName": "partner"}
PARTNER = document(
    Principal={"AWS": ACCOUNT}, Action="ses:SendEmail", Resource=IDENTITY_ARN, Sid="partner"
)
SET = {"ConfigurationSetName": "jobmatch"}
DESTINATION = SET | {"EventDestinationName": "bounce"}
EVENTS = {"MatchingEventTypes": ["BOUNCE"], "SnsDestination": {"TopicArn": TOPIC}}
GONE = {"EmailAddress": "gone@example.net"}
TAGS = [{"Key": "app", "Value": "jobmatch"}]
RECORD = {"Name": f"_dmarc.{DOMAIN}", "Type": "TXT", "TTL": 3600}
HOUR = {"StartTime": "2026-01-01T00:00:00Z", "EndTime": "2026-01-01T01:00:00Z", "Period": 300}
BOUNCE_RATE = {"Namespace": "AWS/SES", "MetricName": "Reputation.BounceRate"}
MAIL = {"Simple": {"Subject": {"Data": "Your code"}, "Body": {"Text": {"Data": "123456"}}}}

# (service, operation, parameters), in the order of a life. "<Name>" is what the first answer that
# had a member of this name said it is; "<ZoneId>" is the Id of the hosted zone.
Row = tuple[str, str, dict[str, Any]]
TOPICS: list[Row] = [
    ("sts", "get_caller_identity", {}),
    ("kms", "create_key", {"Policy": ACCOUNT_POLICY, "Description": "topics"}),
    ("kms", "describe_key", {"KeyId": "<KeyId>"}),
    ("kms", "update_key_description", {"KeyId": "<KeyId>", "Description": "of the topics"}),
    ("kms", "put_key_policy", KEY | {"Policy": ACCOUNT_POLICY, "PolicyName": "default"}),
    ("kms", "get_key_policy", {"KeyId": "<KeyId>", "PolicyName": "default"}),
    ("kms", "enable_key_rotation", {"KeyId": "<KeyId>"}),
    ("kms", "get_key_rotation_status", {"KeyId": "<KeyId>"}),
    ("kms", "disable_key_rotation", {"KeyId": "<KeyId>"}),
    ("kms", "tag_resource", {"KeyId": "<KeyId>", "Tags": [{"TagKey": "a", "TagValue": "b"}]}),
    ("kms", "list_resource_tags", {"KeyId": "<KeyId>"}),
    ("kms", "untag_resource", {"KeyId": "<KeyId>", "TagKeys": ["a"]}),
    ("kms", "disable_key", {"KeyId": "<KeyId>"}),
    ("kms", "enable_key", {"KeyId": "<KeyId>"}),
    ("sns", "create_topic", {"Name": "bounce"}),
    (
        "sns",
        "set_topic_attributes",
        {
            "TopicArn": TOPIC,
            "AttributeName": "Policy",
            "AttributeValue": ses_may_publish(
                TOPIC, f"arn:aws:ses:{REGION}:{ACCOUNT}:configuration-set/jobmatch"
            ),
        },
    ),
    ("sns", "get_topic_attributes", {"TopicArn": TOPIC}),
    ("sns", "tag_resource", {"ResourceArn": TOPIC, "Tags": TAGS}),
    ("sns", "list_tags_for_resource", {"ResourceArn": TOPIC}),
    ("sns", "untag_resource", {"ResourceArn": TOPIC, "TagKeys": ["app"]}),
    ("sqs", "create_queue", {"QueueName": "bounce"}),
    ("sqs", "get_queue_url", {"QueueName": "bounce"}),
    (
        "sqs",
        "set_queue_attributes",
        {"QueueUrl": "<QueueUrl>", "Attributes": {"Policy": topic_may_send(QUEUE, TOPIC)}},
    ),
    ("sqs", "get_queue_attributes", {"QueueUrl": "<QueueUrl>", "AttributeNames": ["All"]}),
    ("sqs", "tag_queue", {"QueueUrl": "<QueueUrl>", "Tags": {"app": "jobmatch"}}),
    ("sqs", "list_queue_tags", {"QueueUrl": "<QueueUrl>"}),
    ("sqs", "untag_queue", {"QueueUrl": "<QueueUrl>", "TagKeys": ["app"]}),
    ("sns", "subscribe", {"TopicArn": TOPIC, "Protocol": "sqs", "Endpoint": QUEUE}),
    ("sns", "get_subscription_attributes", {"SubscriptionArn": "<SubscriptionArn>"}),
    (
        "sns",
        "set_subscription_attributes",
        {
            "SubscriptionArn": "<SubscriptionArn>",
            "AttributeName": "RawMessageDelivery",
            "AttributeValue": "true",
        },
    ),
    ("sns", "list_subscriptions", {}),
    ("sns", "list_subscriptions_by_topic", {"TopicArn": TOPIC}),
    ("sns", "publish", {"TopicArn": TOPIC, "Message": "hello"}),
]
SES: list[Row] = [
    ("sesv2", "get_account", {}),
    ("sesv2", "put_account_suppression_attributes", {"SuppressedReasons": ["BOUNCE"]}),
    ("sesv2", "put_account_vdm_attributes", {"VdmAttributes": {"VdmEnabled": "ENABLED"}}),
    ("sesv2", "put_account_sending_attributes", {"SendingEnabled": True}),
    ("sesv2", "create_configuration_set", SET),
    ("sesv2", "put_configuration_set_archiving_options", SET),
    ("sesv2", "put_configuration_set_delivery_options", SET | {"TlsPolicy": "REQUIRE"}),
    ("sesv2", "put_configuration_set_reputation_options", SET | {"ReputationMetricsEnabled": True}),
    ("sesv2", "put_configuration_set_sending_options", SET | {"SendingEnabled": True}),
    ("sesv2", "put_configuration_set_suppression_options", SET | {"SuppressedReasons": ["BOUNCE"]}),
    ("sesv2", "put_configuration_set_tracking_options", SET),
    ("sesv2", "put_configuration_set_vdm_options", SET | {"VdmOptions": {}}),
    ("sesv2", "get_configuration_set", SET),
    ("sesv2", "list_configuration_sets", {}),
    (
        "sesv2",
        "create_configuration_set_event_destination",
        DESTINATION | {"EventDestination": EVENTS},
    ),
    (
        "sesv2",
        "update_configuration_set_event_destination",
        DESTINATION | {"EventDestination": EVENTS | {"Enabled": True}},
    ),
    ("sesv2", "get_configuration_set_event_destinations", SET),
    ("sesv2", "create_email_identity", IDENTITY),
    ("sesv2", "put_email_identity_configuration_set_attributes", IDENTITY | SET),
    ("sesv2", "put_email_identity_dkim_attributes", IDENTITY | {"SigningEnabled": True}),
    (
        "sesv2",
        "put_email_identity_dkim_signing_attributes",
        IDENTITY
        | {
            "SigningAttributesOrigin": "AWS_SES",
            "SigningAttributes": {"NextSigningKeyLength": "RSA_2048_BIT"},
        },
    ),
    (
        "sesv2",
        "put_email_identity_feedback_attributes",
        IDENTITY | {"EmailForwardingEnabled": False},
    ),
    (
        "sesv2",
        "put_email_identity_mail_from_attributes",
        IDENTITY | {"MailFromDomain": f"bounce.{DOMAIN}"},
    ),
    ("sesv2", "create_email_identity_policy", NAMED_POLICY | {"Policy": PARTNER}),
    ("sesv2", "update_email_identity_policy", NAMED_POLICY | {"Policy": PARTNER}),
    ("sesv2", "get_email_identity_policies", IDENTITY),
    ("sesv2", "delete_email_identity_policy", NAMED_POLICY),
    ("sesv2", "tag_resource", {"ResourceArn": IDENTITY_ARN, "Tags": TAGS}),
    ("sesv2", "list_tags_for_resource", {"ResourceArn": IDENTITY_ARN}),
    ("sesv2", "untag_resource", {"ResourceArn": IDENTITY_ARN, "TagKeys": ["app"]}),
    ("sesv2", "get_email_identity", IDENTITY),
    ("sesv2", "list_email_identities", {}),
    ("sesv2", "list_recommendations", {}),
    ("ses", "get_identity_notification_attributes", {"Identities": [DOMAIN]}),
    ("ses", "get_send_quota", {}),
    ("ses", "get_send_statistics", {}),
]
REQUEST: list[Row] = [
    (
        "sesv2",
        "put_account_details",
        {
            "MailType": "TRANSACTIONAL",
            "WebsiteURL": f"https://{DOMAIN}/",
            "ProductionAccessEnabled": True,
        },
    ),
    (
        "sesv2",
        "send_email",
        SET
        | {
            "FromEmailAddress": f"no-reply@{DOMAIN}",
            "Destination": {"ToAddresses": ["bounce@simulator.amazonses.com"]},
            "Content": MAIL,
        },
    ),
    ("sqs", "receive_message", {"QueueUrl": "<QueueUrl>"}),
    ("sqs", "delete_message", {"QueueUrl": "<QueueUrl>", "ReceiptHandle": "<ReceiptHandle>"}),
    ("sesv2", "put_suppressed_destination", GONE | {"Reason": "BOUNCE"}),
    ("sesv2", "get_suppressed_destination", GONE),
    ("sesv2", "list_suppressed_destinations", {}),
    ("sesv2", "delete_suppressed_destination", GONE),
]
WATCH: list[Row] = [
    ("cloudwatch", "put_metric_data", {"Namespace": "Own", "MetricData": [{"MetricName": "m"}]}),
    (
        "cloudwatch",
        "put_metric_alarm",
        BOUNCE_RATE
        | {
            "AlarmName": "bounce-rate",
            "ComparisonOperator": "GreaterThanOrEqualToThreshold",
            "EvaluationPeriods": 1,
            "Period": 300,
            "Statistic": "Maximum",
            "Threshold": 0.02,
        },
    ),
    ("cloudwatch", "describe_alarms", {"AlarmNames": ["bounce-rate"]}),
    ("cloudwatch", "tag_resource", {"ResourceARN": ALARM, "Tags": TAGS}),
    ("cloudwatch", "list_tags_for_resource", {"ResourceARN": ALARM}),
    ("cloudwatch", "untag_resource", {"ResourceARN": ALARM, "TagKeys": ["app"]}),
    ("cloudwatch", "get_metric_statistics", BOUNCE_RATE | HOUR | {"Statistics": ["Maximum"]}),
    ("iam", "create_policy", {"PolicyName": "send", "PolicyDocument": PARTNER}),
    ("iam", "tag_policy", {"PolicyArn": POLICY, "Tags": TAGS}),
    ("iam", "untag_policy", {"PolicyArn": POLICY, "TagKeys": ["app"]}),
    (
        "iam",
        "create_policy_version",
        {"PolicyArn": POLICY, "PolicyDocument": PARTNER, "SetAsDefault": True},
    ),
    ("iam", "list_policy_versions", {"PolicyArn": POLICY}),
    ("iam", "get_policy", {"PolicyArn": POLICY}),
    ("iam", "get_policy_version", {"PolicyArn": POLICY, "VersionId": "v2"}),
    ("iam", "get_role", {"RoleName": "rehearsal"}),
    (
        "iam",
        "simulate_principal_policy",
        {"PolicySourceArn": ROLE, "ActionNames": ["ses:SendEmail"]},
    ),
    ("route53", "create_hosted_zone", {"Name": DOMAIN, "CallerReference": "once"}),
    ("route53", "list_hosted_zones_by_name", {"DNSName": DOMAIN}),
    ("route53", "get_hosted_zone", {"Id": "<ZoneId>"}),
    (
        "route53",
        "change_resource_record_sets",
        {
            "HostedZoneId": "<ZoneId>",
            "ChangeBatch": {
                "Changes": [
                    {
                        "Action": "UPSERT",
                        "ResourceRecordSet": RECORD
                        | {"ResourceRecords": [{"Value": '"v=DMARC1; p=none"'}]},
                    }
                ]
            },
        },
    ),
    ("route53", "list_resource_record_sets", {"HostedZoneId": "<ZoneId>"}),
]
END: list[Row] = [
    ("cloudwatch", "delete_alarms", {"AlarmNames": ["bounce-rate"]}),
    ("iam", "delete_policy_version", {"PolicyArn": POLICY, "VersionId": "v1"}),
    ("iam", "delete_policy", {"PolicyArn": POLICY}),
    ("sesv2", "delete_configuration_set_event_destination", DESTINATION),
    ("sesv2", "delete_email_identity", IDENTITY),
    ("sesv2", "delete_configuration_set", SET),
    ("sns", "unsubscribe", {"SubscriptionArn": "<SubscriptionArn>"}),
    ("sns", "delete_topic", {"TopicArn": TOPIC}),
    ("sqs", "delete_queue", {"QueueUrl": "<QueueUrl>"}),
    ("kms", "schedule_key_deletion", {"KeyId": "<KeyId>"}),
]
ROWS = TOPICS + SES + REQUEST + WATCH + END
BY_MAIL = {("sns", "confirm_subscription")}  # by the link of a letter: test_topics.py


def test_boto3_with_only_the_endpoint_set_drives_every_operation(
    aws: EmulatedAws, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):  # not this machine's own
        monkeypatch.setenv(name, os.devnull)
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "anything")
    monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
    monkeypatch.setenv("AWS_ENDPOINT_URL", aws.endpoint)
    clients = {service: boto3.client(service) for service in SERVICES}
    for client in clients.values():
        judge_answers(client)
    known: dict[str, Any] = {}
    for service, operation, params in ROWS:
        if operation == "put_suppressed_destination":  # which SES takes in production alone
            aws.play("production")
        if operation == "send_email":
            aws.ses.identities[DOMAIN].dkim.status = "SUCCESS"
        answer = getattr(clients[service], operation)(**filled(params, known))
        assert answer.pop("ResponseMetadata")["HTTPStatusCode"] < 300
        known = dict(members(answer)) | known
        known |= {"ZoneId": answer["HostedZone"]["Id"]} if "HostedZone" in answer else {}


def filled(value: Any, known: dict[str, Any]) -> Any:
    """Put in what earlier answers said."""
    if isinstance(value, dict):
        return {name: filled(inner, known) for name, inner in value.items()}
    if isinstance(value, str) and value.startswith("<"):
        return known[value.strip("<>")]
    return value


def members(answer: Any) -> Iterator[tuple[str, Any]]:
    """Yield the texts in an answer, by the names of their members."""
    if isinstance(answer, list):
        for row in answer:
            yield from members(row)
    elif isinstance(answer, dict):
        for name, value in answer.items():
            if isinstance(value, str):
                yield name, value
            else:
                yield from members(value)


def test_no_operation_that_the_project_uses_is_left_out() -> None:
    driven = {(service, operation) for service, operation, _ in ROWS}
    assert len(driven) == len(ROWS)
    answered = {(service, xform_name(name)) for service, name in answered_here()}
    assert answered - driven == REFUSED | BY_MAIL
    assert called_in_the_sources() - {operation for _, operation in driven} == set()
    assert granted_to_the_gate() - driven == set()


def called_in_the_sources() -> set[str]:
    """Return every name in the sources that is an operation of an imitated service."""
    session = boto3.Session(region_name=REGION)
    models = [session.client(service).meta.service_model for service in SERVICES]
    operations = {xform_name(name) for model in models for name in model.operation_names}
    paths = [path for folder in CALLERS for path in (ROOT / folder).rglob("*.py")]
    nodes = [node for path in paths for node in ast.walk(ast.parse(path.read_text("utf-8")))]
    names = {node.attr for node in nodes if isinstance(node, ast.Attribute)}
    texts = {str(node.value) for node in nodes if isinstance(node, ast.Constant)}
    return operations & (names | texts)


def granted_to_the_gate() -> set[tuple[str, str]]:
    """Return the operations that the policy of the gate allows."""
    scope = GateScope(
        domain=DOMAIN,
        configuration_set="jobmatch",
        topics=[TOPIC],
        queues=[QUEUE],
        key="*",
        sending_policy=POLICY,
        hosted_zone_id="Z1",
    )
    place = Place(account_id=ACCOUNT, region=REGION)
    statements = json.loads(gate_policy(place, scope))["Statement"]
    actions = [action.split(":") for statement in statements for action in statement["Action"]]
    v1 = {name for service, name in answered_here() if service == "ses"}
    return {
        ("sesv2" if prefix == "ses" and name not in v1 else prefix, xform_name(name))
        for prefix, name in actions
    }
