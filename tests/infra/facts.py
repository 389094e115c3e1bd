"""How pulumi-aws 7.51 judges the resource types of the program, as far as a stand-in needs it.

Property names are those on the wire. Dotted names are properties of a nested block. These are
facts of the provider's schema and documentation, not of this project.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

EVENT_TYPES = (
    "SEND", "REJECT", "BOUNCE", "COMPLAINT", "DELIVERY", "OPEN", "CLICK", "RENDERING_FAILURE",
    "DELIVERY_DELAY", "SUBSCRIPTION",
)  # fmt: skip
REASONS = ("BOUNCE", "COMPLAINT")
KEY_LENGTHS = ("RSA_1024_BIT", "RSA_2048_BIT")


@dataclass(frozen=True, slots=True, kw_only=True)
class TypeFacts:
    """One resource type: what it takes, what makes it anew, what the provider adds.

    ``computed`` are properties that are only known once the resource exists. ``auto_name`` is the
    longest automatic name, None where the provider gives none. ``sets`` are lists without order,
    ``policies`` JSON text that is compared as JSON. ``refuses_existing``: creating what exists is
    an error; otherwise it is taken over silently.
    """

    required: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    replaces: tuple[str, ...] = ()
    defaults: dict[str, Any] = field(default_factory=dict)
    enums: dict[str, tuple[str, ...]] = field(default_factory=dict)
    ranges: dict[str, tuple[int, int]] = field(default_factory=dict)
    computed: tuple[str, ...] = ("arn",)
    auto_name: int | None = None
    regional: bool = True
    tagged: bool = False
    sets: tuple[str, ...] = ()
    policies: tuple[str, ...] = ()
    refuses_existing: bool = False


TYPES: dict[str, TypeFacts] = {
    "aws:sesv2/emailIdentity:EmailIdentity": TypeFacts(
        required=("emailIdentity",),
        optional=("configurationSetName", "dkimSigningAttributes"),
        replaces=("emailIdentity",),
        enums={"dkimSigningAttributes.nextSigningKeyLength": KEY_LENGTHS},
        computed=("arn", "identityType", "verificationStatus", "verifiedForSendingStatus"),
        tagged=True,
        refuses_existing=True,
    ),
    "aws:sesv2/emailIdentityMailFromAttributes:EmailIdentityMailFromAttributes": TypeFacts(
        required=("emailIdentity",),
        optional=("mailFromDomain", "behaviorOnMxFailure"),
        replaces=("emailIdentity",),
        defaults={"behaviorOnMxFailure": "USE_DEFAULT_VALUE"},
        enums={"behaviorOnMxFailure": ("USE_DEFAULT_VALUE", "REJECT_MESSAGE")},
        computed=(),
    ),
    "aws:sesv2/emailIdentityFeedbackAttributes:EmailIdentityFeedbackAttributes": TypeFacts(
        required=("emailIdentity",),
        optional=("emailForwardingEnabled",),
        replaces=("emailIdentity",),
        defaults={"emailForwardingEnabled": False},
        computed=(),
    ),
    "aws:sesv2/configurationSet:ConfigurationSet": TypeFacts(
        required=("configurationSetName",),
        optional=(
            "deliveryOptions", "reputationOptions", "sendingOptions", "suppressionOptions",
            "trackingOptions", "vdmOptions",
        ),
        replaces=("configurationSetName",),
        enums={
            "deliveryOptions.tlsPolicy": ("REQUIRE", "OPTIONAL"),
            "suppressionOptions.suppressedReasons": REASONS,
        },
        ranges={"deliveryOptions.maxDeliverySeconds": (300, 50400)},
        tagged=True,
        refuses_existing=True,
    ),
    "aws:sesv2/configurationSetEventDestination:ConfigurationSetEventDestination": TypeFacts(
        required=("configurationSetName", "eventDestinationName", "eventDestination"),
        replaces=("configurationSetName", "eventDestinationName"),
        defaults={"eventDestination.enabled": False},
        enums={"eventDestination.matchingEventTypes": EVENT_TYPES},
        computed=(),
        sets=("eventDestination.matchingEventTypes",),
        refuses_existing=True,
    ),
    "aws:sesv2/accountSuppressionAttributes:AccountSuppressionAttributes": TypeFacts(
        required=("suppressedReasons",),
        enums={"suppressedReasons": REASONS},
        computed=(),
        sets=("suppressedReasons",),
    ),
    "aws:sns/topic:Topic": TypeFacts(
        optional=("name", "kmsMasterKeyId"),
        replaces=("name",),
        computed=("arn", "owner"),
        auto_name=80,
        tagged=True,
        refuses_existing=True,
    ),
    "aws:sns/topicPolicy:TopicPolicy": TypeFacts(
        required=("arn", "policy"),
        replaces=("arn",),
        computed=("owner",),
        policies=("policy",),
    ),
    "aws:sns/topicSubscription:TopicSubscription": TypeFacts(
        required=("topic", "protocol", "endpoint"),
        optional=("rawMessageDelivery", "filterPolicy", "filterPolicyScope", "redrivePolicy"),
        replaces=("topic", "protocol", "endpoint"),
        defaults={
            "confirmationTimeoutInMinutes": 1,
            "endpointAutoConfirms": False,
            "rawMessageDelivery": False,
        },
        enums={
            "protocol": (
                "application", "email", "email-json", "firehose", "http", "https", "lambda", "sms",
                "sqs",
            ),
            "filterPolicyScope": ("MessageAttributes", "MessageBody"),
        },
        computed=("arn", "ownerId", "pendingConfirmation"),
        policies=("filterPolicy", "redrivePolicy"),
    ),
    "aws:sqs/queue:Queue": TypeFacts(
        optional=(
            "name", "messageRetentionSeconds", "receiveWaitTimeSeconds", "sqsManagedSseEnabled",
            "visibilityTimeoutSeconds",
        ),
        replaces=("name", "fifoQueue"),
        defaults={
            "fifoQueue": False,
            "delaySeconds": 0,
            "maxMessageSize": 262144,
            "messageRetentionSeconds": 345600,
            "receiveWaitTimeSeconds": 0,
            "visibilityTimeoutSeconds": 30,
        },
        ranges={
            "messageRetentionSeconds": (60, 1209600),
            "receiveWaitTimeSeconds": (0, 20),
            "visibilityTimeoutSeconds": (0, 43200),
        },
        computed=("arn", "url"),
        auto_name=80,
        tagged=True,
    ),
    "aws:sqs/queuePolicy:QueuePolicy": TypeFacts(
        required=("queueUrl", "policy"),
        replaces=("queueUrl",),
        computed=(),
        policies=("policy",),
    ),
    "aws:sqs/redrivePolicy:RedrivePolicy": TypeFacts(
        required=("queueUrl", "redrivePolicy"),
        replaces=("queueUrl",),
        computed=(),
        policies=("redrivePolicy",),
    ),
    "aws:kms/key:Key": TypeFacts(
        optional=("policy", "description", "enableKeyRotation", "deletionWindowInDays"),
        replaces=("keyUsage", "customerMasterKeySpec"),
        defaults={
            "customerMasterKeySpec": "SYMMETRIC_DEFAULT",
            "enableKeyRotation": False,
            "isEnabled": True,
            "keyUsage": "ENCRYPT_DECRYPT",
            "bypassPolicyLockoutSafetyCheck": False,
        },
        ranges={"deletionWindowInDays": (7, 30)},
        computed=("arn", "keyId"),
        tagged=True,
        policies=("policy",),
    ),
    "aws:cloudwatch/metricAlarm:MetricAlarm": TypeFacts(
        optional=(
            "name", "actionsEnabled", "alarmActions", "alarmDescription", "comparisonOperator",
            "datapointsToAlarm", "dimensions", "evaluationPeriods", "metricName", "namespace",
            "okActions", "period", "statistic", "threshold", "treatMissingData",
        ),
        replaces=("name",),
        defaults={"actionsEnabled": True, "treatMissingData": "missing"},
        enums={
            "comparisonOperator": (
                "GreaterThanOrEqualToThreshold", "GreaterThanThreshold", "LessThanThreshold",
                "LessThanOrEqualToThreshold",
            ),
            "statistic": ("SampleCount", "Average", "Sum", "Minimum", "Maximum"),
            "treatMissingData": ("breaching", "notBreaching", "ignore", "missing"),
        },
        auto_name=255,
        tagged=True,
        sets=("alarmActions", "okActions"),
    ),
    "aws:iam/policy:Policy": TypeFacts(
        required=("policy",),
        optional=("name", "description", "path"),
        replaces=("name", "description", "path"),
        defaults={"path": "/"},
        computed=("arn", "policyId"),
        auto_name=128,
        regional=False,
        tagged=True,
        policies=("policy",),
        refuses_existing=True,
    ),
    "aws:route53/record:Record": TypeFacts(
        required=("zoneId", "name", "type"),
        optional=("ttl", "records", "allowOverwrite"),
        replaces=("zoneId", "name"),
        enums={"type": ("A", "AAAA", "CAA", "CNAME", "MX", "NS", "SRV", "TXT")},
        computed=("fqdn",),
        regional=False,
        sets=("records",),
        refuses_existing=True,
    ),
}  # fmt: skip
