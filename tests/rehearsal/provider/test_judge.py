"""What the provider refuses before it asks AWS, with the path of the property."""

from __future__ import annotations

from typing import Any

import pytest

from rehearsal.provider.handler import ProviderError
from rehearsal.provider.judge import judge
from rehearsal.provider.registry import HANDLERS, handler_of
from rehearsal.provider.values import UNKNOWN

TOPIC = "arn:aws:sns:us-west-2:123456789012:bounce"
ALARM: dict[str, Any] = {
    "metricName": "Send",
    "namespace": "AWS/SES",
    "statistic": "Sum",
    "evaluationPeriods": 1,
    "comparisonOperator": "GreaterThanThreshold",
}
DESTINATION: dict[str, Any] = {
    "configurationSetName": "s",
    "eventDestinationName": "d",
    "eventDestination": {
        "matchingEventTypes": ["BOUNCE"],
        "enabled": True,
        "snsDestination": {"topicArn": TOPIC},
    },
}


def _event(**more: Any) -> dict[str, Any]:
    return {**DESTINATION, "eventDestination": {**DESTINATION["eventDestination"], **more}}


def _signing(**more: Any) -> dict[str, Any]:
    return {"emailIdentity": "jobmatch.zip", "dkimSigningAttributes": more}


def _subscription(**more: Any) -> dict[str, Any]:
    return {"topic": TOPIC, "protocol": "email", "endpoint": "ops@jobmatch.zip", **more}


@pytest.mark.parametrize(
    ("kind", "inputs", "path", "reason"),
    [
        ("EmailIdentity", {}, "emailIdentity", "Missing required"),
        ("EmailIdentity", {"emailIdentity": "a", "colour": 1}, "colour", "Unexpected property"),
        ("EmailIdentity", {"emailIdentity": "a", "arn": "x"}, "arn", "filled by AWS"),
        ("EmailIdentity", {"emailIdentity": 5}, "emailIdentity", "must be text, is 5"),
        ("EmailIdentity", {"emailIdentity": ""}, "emailIdentity", "below 1"),
        ("EmailIdentity", _signing(nextSigningKeyLength="RSA_4096_BIT"),
         "dkimSigningAttributes.nextSigningKeyLength", "RSA_1024_BIT, RSA_2048_BIT, got RSA_4096"),
        ("EmailIdentity", _signing(domainSigningSelector="s"),
         "dkimSigningAttributes.domainSigningSelector", "needs dkimSigningAttributes."),
        ("EmailIdentity", _signing(domainSigningSelector="s", domainSigningPrivateKey="----"),
         "dkimSigningAttributes.domainSigningPrivateKey", "does not match"),
        ("EmailIdentity", _signing(nextSigningKeyLength="RSA_2048_BIT", domainSigningSelector="s",
                                   domainSigningPrivateKey="QQ=="),
         "dkimSigningAttributes.nextSigningKeyLength", "conflicts with"),
        ("EmailIdentityMailFromAttributes",
         {"emailIdentity": "a", "behaviorOnMxFailure": "BOGUS"}, "behaviorOnMxFailure", "BOGUS"),
        ("EmailIdentityFeedbackAttributes",
         {"emailIdentity": "a", "emailForwardingEnabled": "yes"}, "emailForwardingEnabled",
         "must be true or false"),
        ("ConfigurationSet", {"configurationSetName": "a b"}, "configurationSetName", "match"),
        ("ConfigurationSet", {"configurationSetName": "a" * 65}, "configurationSetName", "1 to 64"),
        ("ConfigurationSet",
         {"configurationSetName": "a", "deliveryOptions": {"maxDeliverySeconds": 60}},
         "deliveryOptions.maxDeliverySeconds", "expected 300 to 50400, got 60"),
        ("ConfigurationSet",
         {"configurationSetName": "a", "deliveryOptions": {"maxDeliverySeconds": 300.5}},
         "deliveryOptions.maxDeliverySeconds", "a whole number"),
        ("ConfigurationSet",
         {"configurationSetName": "a", "suppressionOptions": {"suppressedReasons": ["SPAM"]}},
         "suppressionOptions.suppressedReasons[0]", "BOUNCE, COMPLAINT"),
        ("ConfigurationSet", {"configurationSetName": "a", "deliveryOptions": []},
         "deliveryOptions", "must be an object"),
        ("ConfigurationSetEventDestination", _event(matchingEventTypes=["BOUNCED"]),
         "eventDestination.matchingEventTypes[0]", "got BOUNCED"),
        ("ConfigurationSetEventDestination", _event(snsDestination=None),
         "eventDestination.snsDestination", "Missing required"),
        ("ConfigurationSetEventDestination", _event(snsDestination={"topicArn": "bounce"}),
         "eventDestination.snsDestination.topicArn", "is no ARN"),
        ("ConfigurationSetEventDestination", _event(cloudWatchDestination={}),
         "eventDestination.cloudWatchDestination", "does not know it"),
        ("AccountSuppressionAttributes", {}, "suppressedReasons", "Missing required"),
        ("Topic", {"name": "a.b"}, "name", "does not match"),
        ("TopicPolicy", {"arn": TOPIC, "policy": "{"}, "policy", "invalid JSON"),
        ("TopicPolicy", {"arn": TOPIC, "policy": "[]"}, "policy", "no JSON object"),
        ("TopicSubscription", _subscription(protocol="fax"), "protocol", "got fax"),
        ("TopicSubscription", _subscription(filterPolicyScope="MessageBody"), "filterPolicyScope",
         "needs filterPolicy"),
        ("Queue", {"messageRetentionSeconds": 1}, "messageRetentionSeconds", "60 to 1209600"),
        ("Queue", {"sqsManagedSseEnabled": True, "kmsMasterKeyId": "k"}, "sqsManagedSseEnabled",
         "conflicts with kmsMasterKeyId"),
        ("Queue", {"delaySeconds": True}, "delaySeconds", "must be a whole number"),
        ("QueuePolicy", {"queueUrl": "u"}, "policy", "Missing required"),
        ("RedrivePolicy", {"queueUrl": "u", "redrivePolicy": "no"}, "redrivePolicy", "invalid"),
        ("Key", {"deletionWindowInDays": 3}, "deletionWindowInDays", "expected 7 to 30"),
        ("Key", {"keyUsage": "BOGUS"}, "keyUsage", "ENCRYPT_DECRYPT"),
        ("MetricAlarm", {**ALARM, "statistic": None}, "statistic", "exactly one of"),
        ("MetricAlarm", {**ALARM, "extendedStatistic": "p99"}, "statistic", "conflicts with"),
        ("MetricAlarm", {**ALARM, "period": 90}, "period", "or a multiple of 60, got 90"),
        ("MetricAlarm", {**ALARM, "treatMissingData": "never"}, "treatMissingData", "got never"),
        ("MetricAlarm", {**ALARM, "alarmActions": [TOPIC] * 6}, "alarmActions", "above 5"),
        ("MetricAlarm", {**ALARM, "alarmActions": ["mail"]}, "alarmActions[0]", "is no ARN"),
        ("MetricAlarm", {**ALARM, "name": "a" * 256}, "name", "above 255"),
        ("Policy", {"policy": "{}", "name": "a b"}, "name", "does not match"),
        ("Policy", {"policy": "{}", "description": "d" * 1001}, "description", "above 1000"),
        ("Record", {"zoneId": "Z", "name": "a.zip", "type": "cname", "ttl": 1, "records": ["b."]},
         "type", "got cname"),
        ("Record", {"zoneId": "Z", "name": "a.zip", "type": "A", "ttl": 1}, "records",
         "Missing required"),
    ],
)  # fmt: skip
def test_a_refusal_names_the_property(
    kind: str, inputs: dict[str, Any], path: str, reason: str
) -> None:
    found = [each.reason for each in judge(_of_kind(kind), inputs) if each.path == path]

    assert any(reason in each for each in found), found


def _of_kind(name: str) -> Any:
    (found,) = [each for kind, each in HANDLERS.items() if kind.endswith(f":{name}")]
    return found.facts


@pytest.mark.parametrize(
    ("kind", "inputs"),
    [
        ("EmailIdentity", {"emailIdentity": UNKNOWN, "dkimSigningAttributes": UNKNOWN}),
        ("ConfigurationSetEventDestination", _event(snsDestination={"topicArn": UNKNOWN})),
        ("ConfigurationSetEventDestination", _event(matchingEventTypes=[UNKNOWN])),
        ("MetricAlarm", {**ALARM, "treatMissingData": "NOTBREACHING"}),
        ("MetricAlarm", {**ALARM, "threshold": 0.05, "alarmActions": []}),
        ("MetricAlarm", {**ALARM, "period": 20}),
        ("Key", {"policy": None}),
        ("Policy", {"policy": UNKNOWN}),
    ],
)
def test_what_is_right_or_not_known_yet_is_not_refused(kind: str, inputs: dict[str, Any]) -> None:
    assert [] == judge(_of_kind(kind), inputs)


def test_a_type_that_is_not_known_is_told_with_those_that_are() -> None:
    with pytest.raises(ProviderError, match=r"not pulumi-aws, does not know aws:s3/bucket:Bucket"):
        handler_of("aws:s3/bucket:Bucket")
