"""An account in memory: what AWS would answer for the resources of the program."""

from __future__ import annotations

import copy
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.infra.facts import TYPES

ACCOUNT = "123456789012"
REGION = "us-west-2"
TOKENS = ("tok1aaaaaaaaaaaaaaaaaaaaaaaaaaaa", "tok2bbbbbbbbbbbbbbbbbbbbbbbbbbbb", "tok3cccccc")
SIGNING_ZONE = "dkim.us-west-2.example-cell.amazonses.com"

UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"  # the engine's word for text that is not known yet
_SIGNING = ("currentSigningKeyLength", "signingAttributesOrigin", "status", "tokens")

Properties = dict[str, Any]


class AlreadyExistsError(Exception):
    """What AWS refuses to create twice."""


@dataclass
class Cloud:
    """Resources by (type, id), as the provider would read them back."""

    resources: dict[tuple[str, str], Properties] = field(default_factory=dict)

    def put(self, kind: str, inputs: Properties) -> tuple[str, Properties]:
        """Return the id and all properties of a new resource; nothing is checked."""
        found = made(kind, inputs)
        identifier = identify(kind, found)
        self.resources[kind, identifier] = found
        return identifier, copy.deepcopy(found)

    def of_kind(self, suffix: str) -> dict[str, Properties]:
        """Return the resources whose type ends so, by id."""
        return {
            key: found for (kind, key), found in self.resources.items() if kind.endswith(suffix)
        }


def made(kind: str, inputs: Properties) -> Properties:
    """Return the properties of a resource once it exists."""
    return {**copy.deepcopy(inputs), **_COMPUTED.get(kind, _nothing)(inputs)}


def planned(kind: str, inputs: Properties) -> Properties:
    """Return the properties as a preview knows them: what AWS makes is unknown."""
    computed = dict.fromkeys(TYPES[kind].computed, UNKNOWN)
    found = {**copy.deepcopy(inputs), **computed}
    if "dkimSigningAttributes" in found:
        signing = found["dkimSigningAttributes"]
        found["dkimSigningAttributes"] = {**signing, **dict.fromkeys(_SIGNING, UNKNOWN)}
    return found


def identify(kind: str, found: Properties) -> str:
    """Return the import id of a resource (pulumi-aws registry, "Import")."""
    return _IDS[kind](found)


def _nothing(_: Properties) -> Properties:
    return {}


def _arn(service: str, resource: str) -> str:
    return f"arn:aws:{service}:{REGION}:{ACCOUNT}:{resource}"


def _identity(inputs: Properties) -> Properties:
    signing = dict(inputs.get("dkimSigningAttributes", {}))
    own = signing.get("domainSigningSelector")
    signing |= {
        "currentSigningKeyLength": "RSA_2048_BIT",
        "signingAttributesOrigin": "EXTERNAL" if own else "AWS_SES",
        "status": "PENDING",
        "tokens": [own] if own else list(TOKENS),
    }
    return {
        "arn": _arn("ses", f"identity/{inputs['emailIdentity']}"),
        "identityType": "DOMAIN",
        "verificationStatus": "PENDING",
        "verifiedForSendingStatus": False,
        "dkimSigningAttributes": signing,
    }


def _queue(inputs: Properties) -> Properties:
    url = f"https://sqs.{REGION}.amazonaws.com/{ACCOUNT}/{inputs['name']}"
    return {"arn": _arn("sqs", inputs["name"]), "url": url}


def _key(inputs: Properties) -> Properties:
    key = str(uuid.uuid5(uuid.NAMESPACE_URL, str(inputs.get("description"))))
    return {"arn": _arn("kms", f"key/{key}"), "keyId": key}


def _subscription(inputs: Properties) -> Properties:
    topic = inputs["topic"]
    return {
        "arn": f"{topic}:{uuid.uuid5(uuid.NAMESPACE_URL, topic + inputs['endpoint'])}",
        "ownerId": ACCOUNT,
        "pendingConfirmation": inputs["protocol"] == "email",
    }


_COMPUTED: dict[str, Callable[[Properties], Properties]] = {
    "aws:sesv2/emailIdentity:EmailIdentity": _identity,
    "aws:sesv2/configurationSet:ConfigurationSet": lambda i: {
        "arn": _arn("ses", f"configuration-set/{i['configurationSetName']}")
    },
    "aws:sns/topic:Topic": lambda i: {"arn": _arn("sns", i["name"]), "owner": ACCOUNT},
    "aws:sns/topicPolicy:TopicPolicy": lambda _: {"owner": ACCOUNT},
    "aws:sns/topicSubscription:TopicSubscription": _subscription,
    "aws:sqs/queue:Queue": _queue,
    "aws:kms/key:Key": _key,
    "aws:cloudwatch/metricAlarm:MetricAlarm": lambda i: {
        "arn": _arn("cloudwatch", f"alarm:{i['name']}")
    },
    "aws:iam/policy:Policy": lambda i: {
        "arn": f"arn:aws:iam::{ACCOUNT}:policy/{i['name']}",
        "policyId": "ANPA0000000000000000",
    },
    "aws:route53/record:Record": lambda i: {"fqdn": i["name"]},
}

_IDS: dict[str, Callable[[Properties], str]] = {
    "aws:sesv2/emailIdentity:EmailIdentity": lambda f: f["emailIdentity"],
    "aws:sesv2/emailIdentityMailFromAttributes:EmailIdentityMailFromAttributes": (
        lambda f: f["emailIdentity"]
    ),
    "aws:sesv2/emailIdentityFeedbackAttributes:EmailIdentityFeedbackAttributes": (
        lambda f: f["emailIdentity"]
    ),
    "aws:sesv2/configurationSet:ConfigurationSet": lambda f: f["configurationSetName"],
    "aws:sesv2/configurationSetEventDestination:ConfigurationSetEventDestination": (
        lambda f: f"{f['configurationSetName']}|{f['eventDestinationName']}"
    ),
    "aws:sesv2/accountSuppressionAttributes:AccountSuppressionAttributes": lambda _: ACCOUNT,
    "aws:sns/topic:Topic": lambda f: f["arn"],
    "aws:sns/topicPolicy:TopicPolicy": lambda f: f["arn"],
    "aws:sns/topicSubscription:TopicSubscription": lambda f: f["arn"],
    "aws:sqs/queue:Queue": lambda f: f["url"],
    "aws:sqs/queuePolicy:QueuePolicy": lambda f: f["queueUrl"],
    "aws:sqs/redrivePolicy:RedrivePolicy": lambda f: f["queueUrl"],
    "aws:kms/key:Key": lambda f: f["keyId"],
    "aws:cloudwatch/metricAlarm:MetricAlarm": lambda f: f["name"],
    "aws:iam/policy:Policy": lambda f: f["arn"],
    "aws:route53/record:Record": lambda f: f"{f['zoneId']}_{f['name']}_{f['type']}",
}
