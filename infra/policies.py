"""The policy documents: who may do what. Pure; each returns canonical JSON text."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from infra.place import Place

Statement = Mapping[str, Any]

# What a service needs to publish into a topic that is encrypted with a customer-managed key
# (SES developer guide, "Set up event notifications"; CloudWatch user guide, "Alarms and SNS").
_USE_KEY = ["kms:Decrypt", "kms:GenerateDataKey*"]


def document(*statements: Statement) -> str:
    """Return a policy as compact JSON with sorted keys, so that equal policies are equal text."""
    policy = {"Version": "2012-10-17", "Statement": list(statements)}
    return json.dumps(policy, sort_keys=True, separators=(",", ":"))


def key_policy(place: Place) -> str:
    """Return the policy of the key of the topics.

    The account's root has everything: without it KMS refuses the key (KMS developer guide,
    "Default key policy"). SES has no condition, as AWS documents it: SES is not known to send a
    source, and a wrong condition would lose every bounce silently. Queues are encrypted by SQS
    itself, so SNS needs no statement.
    """
    return document(
        _key_statement("AccountAdministersKey", {"AWS": place.root_arn}, "kms:*"),
        _key_statement("SesPublishes", {"Service": "ses.amazonaws.com"}, _USE_KEY),
        {
            **_key_statement("CloudWatchRings", {"Service": "cloudwatch.amazonaws.com"}, _USE_KEY),
            "Condition": {"StringEquals": {"aws:SourceAccount": place.account_id}},
        },
    )


def _key_statement(sid: str, principal: Mapping[str, str], action: str | list[str]) -> Statement:
    # In a key policy "*" is the key itself.
    return {
        "Sid": sid,
        "Effect": "Allow",
        "Principal": principal,
        "Action": action,
        "Resource": "*",
    }


def event_topic_policy(place: Place, topic_arn: str, configuration_set: str) -> str:
    """Return the policy of a topic that SES publishes the events of one configuration set to.

    Only SES, only for this account, only for this set. Callers of the own account need no
    statement: their IAM policies suffice.
    """
    return document(
        {
            "Sid": "SesPublishes",
            "Effect": "Allow",
            "Principal": {"Service": "ses.amazonaws.com"},
            "Action": "sns:Publish",
            "Resource": topic_arn,
            "Condition": {
                "StringEquals": {
                    "aws:SourceAccount": place.account_id,
                    "aws:SourceArn": place.configuration_set_arn(configuration_set),
                }
            },
        }
    )


def alarm_topic_policy(place: Place, topic_arn: str) -> str:
    """Return the policy of the topic that CloudWatch alarms of this account publish to."""
    return document(
        {
            "Sid": "CloudWatchRings",
            "Effect": "Allow",
            "Principal": {"Service": "cloudwatch.amazonaws.com"},
            "Action": "sns:Publish",
            "Resource": topic_arn,
            "Condition": {
                "StringEquals": {"aws:SourceAccount": place.account_id},
                "ArnLike": {"aws:SourceArn": place.arn("cloudwatch", "alarm:*")},
            },
        }
    )


def queue_policy(queue_arn: str, topic_arns: Sequence[str]) -> str:
    """Return the policy of a queue that takes messages of these topics alone."""
    return document(
        {
            "Sid": "TopicDelivers",
            "Effect": "Allow",
            "Principal": {"Service": "sns.amazonaws.com"},
            "Action": "sqs:SendMessage",
            "Resource": queue_arn,
            "Condition": {"ArnEquals": {"aws:SourceArn": sorted(topic_arns)}},
        }
    )


def sending_policy(identity_arn: str, set_arn: str, addresses: Sequence[str]) -> str:
    """Return what the application may do: send, with this set, from these addresses."""
    return document(
        {
            "Sid": "Send",
            "Effect": "Allow",
            "Action": ["ses:SendEmail", "ses:SendRawEmail"],
            "Resource": [identity_arn, set_arn],
            "Condition": {"StringEquals": {"ses:FromAddress": sorted(addresses)}},
        }
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class GateScope:
    """What the gate may read, as ARNs; ``domain`` and ``hosted_zone_id`` are the plain values."""

    domain: str
    configuration_set: str
    topics: Sequence[str]
    queues: Sequence[str]
    key: str
    sending_policy: str
    hosted_zone_id: str | None


# These actions know no resource (Service Authorization Reference), so "*" is the least there is.
_UNSCOPED = [
    "cloudwatch:DescribeAlarms",
    "cloudwatch:GetMetricStatistics",
    "route53:ListHostedZonesByName",
    "ses:GetAccount",
    "ses:GetIdentityNotificationAttributes",
    "ses:GetSendQuota",
    "ses:GetSendStatistics",
    "ses:ListEmailIdentities",
    "ses:ListRecommendations",
    "sns:GetSubscriptionAttributes",
    "sts:GetCallerIdentity",
]


def gate_policy(place: Place, scope: GateScope) -> str:
    """Return what the gate may do: read, and nothing else."""
    # Any Region: an identity that is not here is looked for in the others.
    identity = f"arn:{place.partition}:ses:*:{place.account_id}:identity/{scope.domain}"
    set_actions = ["ses:GetConfigurationSet", "ses:GetConfigurationSetEventDestinations"]
    statements = [
        _read("Account", _UNSCOPED, ["*"]),
        _read("Identity", ["ses:GetEmailIdentity", "ses:GetEmailIdentityPolicies"], [identity]),
        _read("Set", set_actions, [place.configuration_set_arn(scope.configuration_set)]),
        _read("Topics", ["sns:GetTopicAttributes", "sns:ListSubscriptionsByTopic"], scope.topics),
        _read("Queues", ["sqs:GetQueueAttributes", "sqs:GetQueueUrl"], scope.queues),
        _read("Key", ["kms:DescribeKey", "kms:GetKeyPolicy"], [scope.key]),
        _read("Sender", ["iam:GetPolicy", "iam:GetPolicyVersion"], [scope.sending_policy]),
        _read("Simulate", ["iam:GetRole", "iam:SimulatePrincipalPolicy"], [_roles(place)]),
    ]
    if scope.hosted_zone_id:
        zone = f"arn:{place.partition}:route53:::hostedzone/{scope.hosted_zone_id}"
        statements.append(
            _read("Zone", ["route53:GetHostedZone", "route53:ListResourceRecordSets"], [zone])
        )
    return document(*statements)


def _roles(place: Place) -> str:
    return f"arn:{place.partition}:iam::{place.account_id}:role/*"


def _read(sid: str, actions: Sequence[str], resources: Sequence[str]) -> Statement:
    return {
        "Sid": f"Read{sid}",
        "Effect": "Allow",
        "Action": list(actions),
        "Resource": sorted(resources),
    }
