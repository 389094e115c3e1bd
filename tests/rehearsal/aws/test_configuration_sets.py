"""Configuration sets, their options, and their event destinations."""

from __future__ import annotations

from typing import Any

import pytest

from rehearsal.aws import EmulatedAws
from tests.rehearsal.aws.emulator import (
    ACCOUNT,
    REGION,
    SET,
    SET_ARN,
    client,
    make_queue,
    refusal,
    ses_may_publish,
    topic_may_send,
    verify_domain,
)

OPTIONS: dict[str, Any] = {
    "DeliveryOptions": {"TlsPolicy": "REQUIRE", "MaxDeliverySeconds": 600},
    "ReputationOptions": {"ReputationMetricsEnabled": True},
    "SendingOptions": {"SendingEnabled": True},
    "SuppressionOptions": {"SuppressedReasons": ["BOUNCE", "COMPLAINT"]},
    "VdmOptions": {"GuardianOptions": {"OptimizedSharedDelivery": "ENABLED"}},
}


def shown(aws: EmulatedAws) -> dict[str, Any]:
    answer = client(aws, "sesv2").get_configuration_set(ConfigurationSetName=SET)
    answer.pop("ResponseMetadata")
    return dict(answer)


def test_a_bare_set_shows_no_block_that_was_never_put(aws: EmulatedAws) -> None:
    client(aws, "sesv2").create_configuration_set(ConfigurationSetName=SET)
    assert shown(aws) == {
        "ConfigurationSetName": SET,
        "Tags": [],
        "ReputationOptions": {"ReputationMetricsEnabled": False},
        "SendingOptions": {"SendingEnabled": True},
    }


def test_all_options_come_back_as_given(aws: EmulatedAws) -> None:
    verify_domain(aws)
    tags = [{"Key": "app", "Value": "jobmatch"}]
    tracking = {"CustomRedirectDomain": "click.jobmatch.zip", "HttpsPolicy": "REQUIRE"}
    wanted = OPTIONS | {"TrackingOptions": tracking}
    ses = client(aws, "sesv2")
    ses.create_configuration_set(ConfigurationSetName=SET, Tags=tags, **wanted)
    assert shown(aws) == {"ConfigurationSetName": SET, "Tags": tags} | wanted
    again = refusal(ses.create_configuration_set, ConfigurationSetName=SET)
    assert again == ("AlreadyExistsException", 400, "Configuration set <jobmatch> already exists.")


def test_each_block_is_put_and_an_empty_put_takes_it_away(aws: EmulatedAws) -> None:
    ses = client(aws, "sesv2")
    named = {"ConfigurationSetName": SET}
    ses.create_configuration_set(**named)
    ses.put_configuration_set_delivery_options(**named, MaxDeliverySeconds=300)
    ses.put_configuration_set_reputation_options(**named, ReputationMetricsEnabled=True)
    ses.put_configuration_set_sending_options(**named)
    ses.put_configuration_set_suppression_options(**named, SuppressedReasons=[])
    ses.put_configuration_set_vdm_options(**named, VdmOptions=OPTIONS["VdmOptions"])
    answer = shown(aws)
    assert answer["DeliveryOptions"] == {"TlsPolicy": "OPTIONAL", "MaxDeliverySeconds": 300}
    assert answer["ReputationOptions"] == {"ReputationMetricsEnabled": True}
    assert answer["SendingOptions"] == {"SendingEnabled": False}
    assert answer["SuppressionOptions"] == {"SuppressedReasons": []}
    assert answer["VdmOptions"] == OPTIONS["VdmOptions"]
    ses.put_configuration_set_delivery_options(**named)
    ses.put_configuration_set_suppression_options(**named)
    ses.put_configuration_set_vdm_options(**named)
    ses.put_configuration_set_tracking_options(**named, HttpsPolicy="REQUIRE")
    assert shown(aws).keys() == {
        "ConfigurationSetName",
        "ReputationOptions",
        "SendingOptions",
        "Tags",
    }


@pytest.mark.parametrize(
    ("params", "code"),
    [
        ({"ConfigurationSetName": "two words"}, "BadRequestException"),
        ({"ConfigurationSetName": "x" * 65}, "BadRequestException"),
        ({"DeliveryOptions": {"MaxDeliverySeconds": 299}}, "BadRequestException"),
        ({"DeliveryOptions": {"MaxDeliverySeconds": 50_401}}, "BadRequestException"),
        ({"DeliveryOptions": {"TlsPolicy": "ALWAYS"}}, "BadRequestException"),
        ({"DeliveryOptions": {"SendingPoolName": "own"}}, "NotFoundException"),
        ({"SuppressionOptions": {"SuppressedReasons": ["SPAM"]}}, "BadRequestException"),
        ({"TrackingOptions": {"CustomRedirectDomain": "click.zip"}}, "BadRequestException"),
    ],
)
def test_unsound_sets_are_refused(aws: EmulatedAws, params: dict[str, Any], code: str) -> None:
    ses = client(aws, "sesv2", parameter_validation=False)
    call = {"ConfigurationSetName": SET} | params
    assert refusal(ses.create_configuration_set, **call)[0] == code
    assert ses.list_configuration_sets()["ConfigurationSets"] == []


def test_a_set_goes_with_its_destinations(aws: EmulatedAws) -> None:
    ses = client(aws, "sesv2")
    ses.create_configuration_set(ConfigurationSetName=SET)
    ses.delete_configuration_set(ConfigurationSetName=SET)
    missing = ("NotFoundException", 404, "Configuration set <jobmatch> does not exist.")
    assert refusal(ses.get_configuration_set, ConfigurationSetName=SET) == missing
    assert refusal(ses.delete_configuration_set, ConfigurationSetName=SET) == missing
    call = ses.get_configuration_set_event_destinations
    assert refusal(call, ConfigurationSetName=SET) == missing


@pytest.fixture
def topic(aws: EmulatedAws) -> str:
    """Return a topic that SES may publish to, beside a set."""
    client(aws, "sesv2").create_configuration_set(ConfigurationSetName=SET)
    sns = client(aws, "sns")
    arn = str(sns.create_topic(Name="bounce")["TopicArn"])
    sns.set_topic_attributes(
        TopicArn=arn, AttributeName="Policy", AttributeValue=ses_may_publish(arn)
    )
    return arn


def to_topic(arn: str, **more: Any) -> dict[str, Any]:
    destination = {"MatchingEventTypes": ["BOUNCE"], "SnsDestination": {"TopicArn": arn}}
    return {
        "ConfigurationSetName": SET,
        "EventDestinationName": "bounce",
        "EventDestination": destination | more,
    }


def test_a_destination_is_off_unless_switched_on(aws: EmulatedAws, topic: str) -> None:
    ses = client(aws, "sesv2")
    ses.create_configuration_set_event_destination(**to_topic(topic))
    off = {
        "Name": "bounce",
        "Enabled": False,
        "MatchingEventTypes": ["BOUNCE"],
        "SnsDestination": {"TopicArn": topic},
    }
    get = ses.get_configuration_set_event_destinations
    assert get(ConfigurationSetName=SET)["EventDestinations"] == [off]
    again = refusal(ses.create_configuration_set_event_destination, **to_topic(topic))
    assert again[:2] == ("AlreadyExistsException", 400)
    ses.update_configuration_set_event_destination(
        **to_topic(topic, Enabled=True, MatchingEventTypes=["BOUNCE", "COMPLAINT"])
    )
    (on,) = get(ConfigurationSetName=SET)["EventDestinations"]
    assert (on["Enabled"], on["MatchingEventTypes"]) == (True, ["BOUNCE", "COMPLAINT"])
    named = {"ConfigurationSetName": SET, "EventDestinationName": "bounce"}
    ses.delete_configuration_set_event_destination(**named)
    assert get(ConfigurationSetName=SET)["EventDestinations"] == []
    gone = refusal(ses.delete_configuration_set_event_destination, **named)
    assert gone[:2] == ("NotFoundException", 404)


def test_a_topic_that_ses_may_not_publish_to_is_refused(aws: EmulatedAws, topic: str) -> None:
    create = client(aws, "sesv2").create_configuration_set_event_destination
    refused = (
        "BadRequestException",
        400,
        f"Could not publish message to SNS topic <{topic}>.",
    )
    sns = client(aws, "sns")
    policies = {
        "of another set": ses_may_publish(topic, SET_ARN + "x"),
        "of another account": ses_may_publish(topic, account="210987654321"),
        "of another topic": ses_may_publish(topic + "x"),
    }
    for policy in policies.values():
        sns.set_topic_attributes(TopicArn=topic, AttributeName="Policy", AttributeValue=policy)
        assert refusal(create, **to_topic(topic)) == refused
    sns.delete_topic(TopicArn=topic)
    assert refusal(create, **to_topic(topic)) == refused


def test_ses_announces_itself_to_a_topic(aws: EmulatedAws, topic: str) -> None:
    url, queue = make_queue(aws, "bounce")
    sqs = client(aws, "sqs")
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": topic_may_send(queue, topic)})
    client(aws, "sns").subscribe(
        TopicArn=topic, Protocol="sqs", Endpoint=queue, Attributes={"RawMessageDelivery": "true"}
    )
    client(aws, "sesv2").create_configuration_set_event_destination(**to_topic(topic))
    (message,) = sqs.receive_message(QueueUrl=url)["Messages"]
    assert message["Body"] == "Successfully validated SNS topic for Amazon SES event publishing."


def test_other_targets_are_kept_and_unsound_ones_refused(aws: EmulatedAws, topic: str) -> None:
    ses = client(aws, "sesv2", parameter_validation=False)
    create = ses.create_configuration_set_event_destination
    bus = f"arn:aws:events:{REGION}:{ACCOUNT}:event-bus/default"
    unsound: list[dict[str, Any]] = [
        to_topic(topic, EventBridgeDestination={"EventBusArn": bus}),
        to_topic(topic, MatchingEventTypes=[]),
        to_topic(topic, MatchingEventTypes=["BOUNCED"]),
        to_topic(topic) | {"EventDestinationName": "two words"},
        to_topic("arn:aws:sns:us-east-1:123456789012:bounce"),
    ]
    assert [refusal(create, **params)[0] for params in unsound] == ["BadRequestException"] * 5
    event_bridge = {"MatchingEventTypes": ["SEND"], "EventBridgeDestination": {"EventBusArn": bus}}
    for n in range(10):
        create(
            ConfigurationSetName=SET,
            EventDestinationName=f"d{n}",
            EventDestination=event_bridge,
        )
    assert refusal(create, **to_topic(topic))[:2] == ("LimitExceededException", 400)
