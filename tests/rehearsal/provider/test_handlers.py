"""Each type over emulated AWS: made, read, changed behind our back, changed, deleted.

One account is led through a small stack, in the order of the tests.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest

from rehearsal.aws import EmulatedAws
from rehearsal.provider.aws import Aws
from rehearsal.provider.handler import ProviderError
from tests.rehearsal.provider.making import (
    FILTER,
    QUEUE,
    TOPIC,
    Resource,
    handler,
    key_policy,
    make,
    policy,
)

DOMAIN = "jobmatch.zip"
PUBLISH = policy("ses.amazonaws.com", "sns:Publish", TOPIC)
SEND = json.dumps(
    {"Version": "2012-10-17",
     "Statement": [{"Effect": "Allow", "Action": "ses:SendEmail", "Resource": "*"}]}
)  # fmt: skip


@pytest.fixture(scope="module")
def stack(emulated: EmulatedAws, aws: Aws) -> dict[str, Resource]:
    """Make one resource of each type but the record, each after what it needs."""
    made: dict[str, Resource] = {}

    def add(kind: str, name: str, /, **inputs: Any) -> Resource:
        made[name] = make(aws, kind, name, **inputs)
        return made[name]

    key = add("Key", "key", policy=key_policy(), enableKeyRotation=True, deletionWindowInDays=30)
    add("Topic", "topic", name="bounce", kmsMasterKeyId=key.made.properties["arn"])
    add("TopicPolicy", "topic-policy", arn=TOPIC, policy=PUBLISH)
    queue = add("Queue", "queue", messageRetentionSeconds=1209600, sqsManagedSseEnabled=True)
    dead = add("Queue", "dead", sqsManagedSseEnabled=True)
    arn, dead_arn = (each.made.properties["arn"] for each in (queue, dead))
    admit = policy("sns.amazonaws.com", "sqs:SendMessage", arn)
    add("QueuePolicy", "queue-policy", queueUrl=queue.id, policy=admit)
    redrive = json.dumps({"deadLetterTargetArn": dead_arn, "maxReceiveCount": 5})
    add("RedrivePolicy", "redrive", queueUrl=queue.id, redrivePolicy=redrive)
    subscribed = {
        "topic": TOPIC,
        "protocol": "sqs",
        "endpoint": arn,
        "rawMessageDelivery": True,
        "filterPolicy": json.dumps(FILTER),
        "filterPolicyScope": "MessageBody",
        "redrivePolicy": json.dumps({"deadLetterTargetArn": dead_arn}),
    }
    add("TopicSubscription", "subscription", **subscribed)
    mailed = {"topic": TOPIC, "protocol": "email", "endpoint": "ops@jobmatch.zip"}
    add("TopicSubscription", "mail", **mailed)
    add(
        "ConfigurationSet",
        "set",
        configurationSetName="set",
        deliveryOptions={"maxDeliverySeconds": 600, "tlsPolicy": "REQUIRE"},
        reputationOptions={"reputationMetricsEnabled": True},
        sendingOptions={"sendingEnabled": True},
        suppressionOptions={"suppressedReasons": ["BOUNCE", "COMPLAINT"]},
    )
    event = {
        "enabled": True,
        "matchingEventTypes": ["BOUNCE", "REJECT"],
        "snsDestination": {"topicArn": TOPIC},
    }
    names = {"configurationSetName": "set", "eventDestinationName": "bounce"}
    add("ConfigurationSetEventDestination", "events", **names, eventDestination=event)
    signing = {"nextSigningKeyLength": "RSA_2048_BIT"}
    add(
        "EmailIdentity",
        "identity",
        emailIdentity=DOMAIN,
        configurationSetName="set",
        dkimSigningAttributes=signing,
    )
    bounce = f"bounce.{DOMAIN}"
    add("EmailIdentityMailFromAttributes", "mail-from", emailIdentity=DOMAIN, mailFromDomain=bounce)
    add("EmailIdentityFeedbackAttributes", "forwarding", emailIdentity=DOMAIN)
    add("AccountSuppressionAttributes", "suppression", suppressedReasons=["COMPLAINT", "BOUNCE"])
    add("Policy", "send", policy=SEND, description="Send")
    alarm = {
        "namespace": "AWS/SES",
        "metricName": "Send",
        "dimensions": {"a": "b"},
        "statistic": "Sum",
        "period": 3600,
        "evaluationPeriods": 1,
        "comparisonOperator": "GreaterThanThreshold",
        "threshold": 800.5,
        "alarmActions": [TOPIC],
    }
    add("MetricAlarm", "alarm", **alarm)
    zone = emulated.client("route53").create_hosted_zone(Name=DOMAIN, CallerReference="1")
    zone_id = zone["HostedZone"]["Id"].rpartition("/")[2]
    spf = {"type": "TXT", "ttl": 3600, "records": ["v=spf1 include:amazonses.com ~all"]}
    add("Record", "spf", zoneId=zone_id, name=bounce, **spf)
    return made


def test_what_was_made_is_read_as_it_was_declared(stack: dict[str, Resource], aws: Aws) -> None:
    assert dict.fromkeys(stack, ()) == {name: each.drift(aws) for name, each in stack.items()}


def test_tags_are_those_of_the_provider(stack: dict[str, Resource], aws: Aws) -> None:
    tagged = {name: each for name, each in stack.items() if each.handler.facts.tagged}

    assert {"key", "topic", "queue", "dead", "set", "identity", "send", "alarm"} == set(tagged)
    assert [{"stack": "dev"}] * 8 == [each.made.properties["tagsAll"] for each in tagged.values()]


@pytest.mark.parametrize(
    ("name", "identifier"),
    [
        ("topic", TOPIC),
        ("topic-policy", TOPIC),
        ("set", "set"),
        ("events", "set|bounce"),
        ("identity", DOMAIN),
        ("mail-from", DOMAIN),
        ("suppression", "123456789012"),
    ],
)
def test_ids_are_those_that_pulumi_imports_by(
    stack: dict[str, Resource], name: str, identifier: str
) -> None:
    assert identifier == stack[name].id


def test_ids_that_hold_what_aws_made_up(stack: dict[str, Resource]) -> None:
    assert stack["queue"].id.endswith(f"/123456789012/{stack['queue'].inputs['name']}")
    assert stack["subscription"].id.startswith(f"{TOPIC}:")
    assert stack["mail"].id.startswith(f"{TOPIC}:")
    assert stack["send"].id.startswith("arn:aws:iam::123456789012:policy/send-")
    assert re.fullmatch(r"Z[0-9A-Z]{20}_bounce\.jobmatch\.zip_TXT", stack["spf"].id)
    assert f"{QUEUE}:{stack['queue'].inputs['name']}" == stack["queue"].made.properties["arn"]


def test_what_aws_alone_knows_is_told(stack: dict[str, Resource]) -> None:
    identity = stack["identity"].made.properties

    assert len(identity["dkimSigningAttributes"]["tokens"]) == 3
    assert identity["dkimSigningAttributes"]["status"] == "PENDING"
    assert identity["arn"] == f"arn:aws:ses:us-west-2:123456789012:identity/{DOMAIN}"
    assert stack["mail"].made.properties["pendingConfirmation"] is True
    assert stack["subscription"].made.properties["pendingConfirmation"] is False


def test_an_import_takes_all_that_can_be_set(stack: dict[str, Resource], aws: Aws) -> None:
    """What a program declares and AWS never tells is all that is left to update."""
    left = {}
    for name, each in stack.items():
        found = each.handler.read(aws, each.id, {})
        assert found is not None
        if changed := each.handler.diff(found.inputs, each.inputs).changed:
            left[name] = changed

    assert left == {"key": ("deletionWindowInDays",)}


@pytest.mark.parametrize(
    ("name", "error"),
    [
        ("topic", r"SNS Topic \(bounce\) already exists"),
        ("set", "AlreadyExistsException"),
        ("events", "AlreadyExistsException"),
        ("identity", "AlreadyExistsException"),
        ("send", "EntityAlreadyExists"),
        ("spf", "InvalidChangeBatch"),
    ],
)
def test_what_exists_is_not_made_twice(
    stack: dict[str, Resource], aws: Aws, name: str, error: str
) -> None:
    with pytest.raises(ProviderError, match=error):
        stack[name].handler.create(aws, stack[name].inputs)


@pytest.mark.parametrize(
    "name", ["topic-policy", "queue", "queue-policy", "redrive", "mail-from", "forwarding",
             "suppression", "alarm", "subscription"]
)  # fmt: skip
def test_what_is_put_takes_over_what_exists(
    stack: dict[str, Resource], aws: Aws, name: str
) -> None:
    assert stack[name].id == stack[name].handler.create(aws, stack[name].inputs).id


def _disable(emulated: EmulatedAws) -> None:
    emulated.client("sesv2").update_configuration_set_event_destination(
        ConfigurationSetName="set",
        EventDestinationName="bounce",
        EventDestination={
            "Enabled": False,
            "MatchingEventTypes": ["REJECT", "BOUNCE"],
            "SnsDestination": {"TopicArn": TOPIC},
        },
    )


def _untag(emulated: EmulatedAws) -> None:
    emulated.client("sns").untag_resource(ResourceArn=TOPIC, TagKeys=["stack"])


def _other_policy(emulated: EmulatedAws) -> None:
    emulated.client("sns").set_topic_attributes(
        TopicArn=TOPIC,
        AttributeName="Policy",
        AttributeValue=policy("ses.amazonaws.com", "sns:*", TOPIC),
    )


@pytest.mark.parametrize(
    ("spoiled", "spoil"),
    [
        (("events", "eventDestination"), _disable),
        (("topic", "tagsAll"), _untag),
        (("topic-policy", "policy"), _other_policy),
        (
            ("mail-from", "mailFromDomain"),
            lambda e: e.client("sesv2").put_email_identity_mail_from_attributes(
                EmailIdentity=DOMAIN
            ),
        ),
        (
            ("forwarding", "emailForwardingEnabled"),
            lambda e: e.client("sesv2").put_email_identity_feedback_attributes(
                EmailIdentity=DOMAIN, EmailForwardingEnabled=True
            ),
        ),
        (
            ("suppression", "suppressedReasons"),
            lambda e: e.client("sesv2").put_account_suppression_attributes(SuppressedReasons=[]),
        ),
        (
            ("set", "sendingOptions"),
            lambda e: e.client("sesv2").put_configuration_set_sending_options(
                ConfigurationSetName="set", SendingEnabled=False
            ),
        ),
        (
            ("set", "suppressionOptions"),
            lambda e: e.client("sesv2").put_configuration_set_suppression_options(
                ConfigurationSetName="set"
            ),
        ),
        (
            ("identity", "configurationSetName"),
            lambda e: e.client("sesv2").put_email_identity_configuration_set_attributes(
                EmailIdentity=DOMAIN
            ),
        ),
        (
            ("alarm", "threshold"),
            lambda e: e.client("cloudwatch").put_metric_alarm(
                AlarmName=e.client("cloudwatch").describe_alarms()["MetricAlarms"][0]["AlarmName"],
                ComparisonOperator="GreaterThanThreshold",
                EvaluationPeriods=1,
                MetricName="Send",
                Namespace="AWS/SES",
                Statistic="Sum",
                Period=3600,
                Threshold=1.0,
                Dimensions=[{"Name": "a", "Value": "b"}],
            ),
        ),
    ],
)
def test_a_change_behind_our_back_is_seen_and_an_update_mends_it(
    stack: dict[str, Resource],
    emulated: EmulatedAws,
    aws: Aws,
    spoiled: tuple[str, str],
    spoil: Callable[[EmulatedAws], object],
) -> None:
    name, changed = spoiled

    spoil(emulated)

    assert changed in stack[name].drift(aws)
    found = stack[name].read(aws)
    assert found is not None
    stack[name].handler.update(aws, stack[name].id, found.inputs, stack[name].inputs)
    assert () == stack[name].drift(aws)


@pytest.mark.parametrize(
    ("name", "news"),
    [
        ("topic", {"displayName": "Bounces"}),
        ("topic", {"tags": {"team": "mail"}}),
        ("queue", {"visibilityTimeoutSeconds": 90}),
        ("queue", {"tags": {"team": "mail"}}),
        ("key", {"description": "Topics", "enableKeyRotation": False}),
        ("key", {"isEnabled": False}),
        ("key", {"tags": {"team": "mail"}}),
        ("set", {"deliveryOptions": None}),
        ("set", {"tags": {"team": "mail"}}),
        ("identity", {"configurationSetName": None}),
        ("identity", {"tags": {"team": "mail"}}),
        (
            "mail-from",
            {"mailFromDomain": f"mail.{DOMAIN}", "behaviorOnMxFailure": "REJECT_MESSAGE"},
        ),
        ("subscription", {"rawMessageDelivery": False}),
        ("subscription", {"filterPolicyScope": None, "filterPolicy": None}),
        ("alarm", {"threshold": 5, "okActions": [TOPIC]}),
        ("alarm", {"tags": {"team": "mail"}}),
        ("send", {"policy": SEND.replace("SendEmail", "SendRawEmail")}),
        ("send", {"tags": {"team": "mail"}}),
        ("spf", {"ttl": 300, "records": ["v=spf1 -all"]}),
        ("redrive", {"redrivePolicy": None}),
    ],
)
def test_an_update_is_what_is_read_then_and_can_be_taken_back(
    stack: dict[str, Resource], aws: Aws, name: str, news: dict[str, Any]
) -> None:
    resource = stack[name]
    if name == "redrive":
        dead = stack["dead"].made.properties["arn"]
        news = {"redrivePolicy": json.dumps({"deadLetterTargetArn": dead, "maxReceiveCount": 9})}

    made = resource.change(aws, name, **news)

    shown = {key: value for key, value in made.properties.items() if key in news}
    wanted = {key: value for key, value in news.items() if value is not None}
    assert {key: shown.get(key) for key in wanted} == wanted
    resource.handler.update(aws, resource.id, {**resource.inputs, **made.inputs, **news},
                            resource.inputs)  # fmt: skip
    assert () == resource.drift(aws)


def test_a_policy_keeps_five_versions(stack: dict[str, Resource], aws: Aws) -> None:
    send, client = stack["send"], aws.client("iam")
    for number in range(7):
        changed = json.loads(SEND)
        changed["Statement"][0]["Sid"] = f"S{number}"
        send.change(aws, "send", policy=json.dumps(changed))

    assert len(client.list_policy_versions(PolicyArn=send.id)["Versions"]) == 5


def test_deleting_undoes_what_pulumi_aws_undoes(
    stack: dict[str, Resource], emulated: EmulatedAws, aws: Aws
) -> None:
    order = list(stack)[::-1]

    for name in order:
        stack[name].handler.delete(aws, stack[name].id, stack[name].inputs)

    gone = {name for name in order if stack[name].read(aws) is None}
    # The account keeps its suppression; a subscription that is pending cannot be taken away.
    assert set(order) - {"suppression"} == gone
    assert stack["suppression"].drift(aws) == ()
    assert emulated.client("sns").list_topics()["Topics"] == []


def test_what_is_gone_can_be_deleted_again(stack: dict[str, Resource], aws: Aws) -> None:
    for name in list(stack)[::-1]:
        if name not in {"key", "suppression"}:
            stack[name].handler.delete(aws, stack[name].id, stack[name].inputs)


def test_a_deleted_topic_policy_leaves_the_owner_alone(emulated: EmulatedAws, aws: Aws) -> None:
    topic = make(aws, "Topic", "again", name="again")
    mine = policy("ses.amazonaws.com", "sns:Publish", topic.id)
    made = make(aws, "TopicPolicy", "again", arn=topic.id, policy=mine)

    made.handler.delete(aws, made.id, made.inputs)

    found = emulated.client("sns").get_topic_attributes(TopicArn=topic.id)["Attributes"]["Policy"]
    assert "ses.amazonaws.com" not in found
    assert "__default_policy_ID" in found


def test_a_resource_stays_in_the_region_that_it_was_made_in(
    emulated: EmulatedAws, aws: Aws
) -> None:
    """Where the provider's own Region changes, the old resources are deleted in the old one."""
    topic = make(aws, "Topic", "far", name="far", region="us-east-1")

    assert topic.id == "arn:aws:sns:us-east-1:123456789012:far"
    assert topic.drift(aws) == ()
    topic.handler.delete(aws, topic.id, topic.inputs)
    assert emulated.client("sns", "us-east-1").list_topics()["Topics"] == []


def test_a_record_that_was_deleted_can_be_made_again(emulated: EmulatedAws, aws: Aws) -> None:
    zone = emulated.client("route53").create_hosted_zone(Name="again.zip", CallerReference="2")
    named = {"zoneId": zone["HostedZone"]["Id"].rpartition("/")[2], "name": "bounce.again.zip"}
    mx = {
        **named,
        "type": "MX",
        "ttl": 60,
        "records": ["10 feedback-smtp.us-west-2.amazonses.com."],
    }
    made = make(aws, "Record", "mx", **mx)
    make(aws, "Record", "spf", **named, type="TXT", ttl=60, records=["v=spf1 -all"])

    made.handler.delete(aws, made.id, made.inputs)

    assert made.read(aws) is None
    assert make(aws, "Record", "mx", **mx).drift(aws) == ()


def test_byodkim_is_sent_and_never_read_back(aws: Aws, emulated: EmulatedAws) -> None:
    from tests.infra.keys import private_key

    signing = {"domainSigningSelector": "s1", "domainSigningPrivateKey": private_key(2048)}
    made = make(aws, "EmailIdentity", "own", emailIdentity="own.example",
                dkimSigningAttributes=signing)  # fmt: skip

    assert made.made.properties["dkimSigningAttributes"]["tokens"] == ["s1"]
    assert made.made.properties["dkimSigningAttributes"]["signingAttributesOrigin"] == "EXTERNAL"
    assert made.drift(aws) == ()
    paths = handler("EmailIdentity").secrets(made.made.properties)
    assert paths == {("dkimSigningAttributes", "domainSigningPrivateKey")}
