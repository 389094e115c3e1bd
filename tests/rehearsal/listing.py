"""Everything that stands in an emulated account, as plain data, to compare two of them."""

from __future__ import annotations

import json
import re
from typing import Any

from rehearsal.aws import EmulatedAws

Listing = dict[str, Any]

_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_AUTOMATIC = re.compile(r"-[0-9a-f]{7}(?![0-9a-z-])")
_ZONE = re.compile(r"hostedzone/[0-9A-Z]+")
_TOKEN = re.compile(r"[a-z0-9]{32}(?=[._])")
_ENDPOINT = re.compile(r"http://127\.0\.0\.1:[0-9]+")
_CHANGING = frozenset(
    {
        "ResponseMetadata", "CreatedTimestamp", "LastModifiedTimestamp", "CreationDate",
        "CreateDate", "UpdateDate", "AlarmConfigurationUpdatedTimestamp", "StateUpdatedTimestamp",
        "StateTransitionedTimestamp", "LastKeyGenerationTimestamp", "Tokens", "PolicyId",
        "VerificationInfo", "ApproximateNumberOfMessages",
    }
)  # fmt: skip


def everything(aws: EmulatedAws) -> Listing:
    """Return what stands in the account, without what two accounts never share.

    Made-up names, ids, times and DKIM tokens are replaced; a list without order is sorted.
    """
    found = {
        "ses": _ses(aws),
        "sns": _sns(aws),
        "sqs": _sqs(aws),
        "kms": _kms(aws),
        "cloudwatch": aws.client("cloudwatch").describe_alarms()["MetricAlarms"],
        "iam": _iam(aws),
        "route53": _route53(aws),
    }
    plain: Listing = _plain(found)
    return plain


def _route53(aws: EmulatedAws) -> dict[str, Any]:
    client = aws.client("route53")
    return {
        zone["Name"]: client.list_resource_record_sets(HostedZoneId=zone["Id"])[
            "ResourceRecordSets"
        ]
        for zone in client.list_hosted_zones()["HostedZones"]
    }


def _ses(aws: EmulatedAws) -> Listing:
    client = aws.client("sesv2")
    names = [each["IdentityName"] for each in client.list_email_identities()["EmailIdentities"]]
    sets = client.list_configuration_sets()["ConfigurationSets"]
    return {
        "account": client.get_account()["SuppressionAttributes"],
        "identities": [client.get_email_identity(EmailIdentity=name) for name in names],
        "sets": [client.get_configuration_set(ConfigurationSetName=name) for name in sets],
        "destinations": {
            name: client.get_configuration_set_event_destinations(ConfigurationSetName=name)
            for name in sets
        },
    }


def _sns(aws: EmulatedAws) -> Listing:
    client = aws.client("sns")
    topics = [each["TopicArn"] for each in client.list_topics()["Topics"]]
    listed = client.list_subscriptions()["Subscriptions"]
    confirmed = [each for each in listed if each["SubscriptionArn"].startswith("arn:")]
    return {
        "topics": [client.get_topic_attributes(TopicArn=arn)["Attributes"] for arn in topics],
        "tags": [client.list_tags_for_resource(ResourceArn=arn)["Tags"] for arn in topics],
        "pending": [each for each in listed if each not in confirmed],
        "subscriptions": [
            client.get_subscription_attributes(SubscriptionArn=each["SubscriptionArn"])
            for each in confirmed
        ],
    }


def _sqs(aws: EmulatedAws) -> list[Any]:
    client = aws.client("sqs")
    return [
        {
            **client.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"],
            "tags": client.list_queue_tags(QueueUrl=url).get("Tags"),
        }
        for url in client.list_queues().get("QueueUrls", [])
    ]


def _kms(aws: EmulatedAws) -> list[Any]:
    client = aws.client("kms")
    return [
        {
            **client.describe_key(KeyId=key["KeyId"])["KeyMetadata"],
            "policy": client.get_key_policy(KeyId=key["KeyId"], PolicyName="default")["Policy"],
            "rotation": client.get_key_rotation_status(KeyId=key["KeyId"])["KeyRotationEnabled"],
            "tags": client.list_resource_tags(KeyId=key["KeyId"])["Tags"],
        }
        for key in client.list_keys()["Keys"]
    ]


def _iam(aws: EmulatedAws) -> list[Any]:
    client = aws.client("iam")
    return [
        {
            **client.get_policy(PolicyArn=each["Arn"])["Policy"],
            "versions": client.list_policy_versions(PolicyArn=each["Arn"])["Versions"],
        }
        for each in client.list_policies(Scope="Local")["Policies"]
    ]


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {
            _named(key): _plain(each) for key, each in sorted(value.items()) if key not in _CHANGING
        }
    if isinstance(value, list | tuple):
        return sorted(
            (_plain(each) for each in value), key=lambda each: json.dumps(each, default=str)
        )
    return _named(value) if isinstance(value, str) else value


def _named(text: str) -> str:
    replaced = ((_ENDPOINT, "http://aws"), (_UUID, "UUID"), (_ZONE, "hostedzone/ZONE"),
                (_TOKEN, "TOKEN"), (_AUTOMATIC, "-AUTO"))  # fmt: skip
    for pattern, word in replaced:
        text = pattern.sub(word, text)
    return text
