"""The real program under recording mocks: registrations, options, dependencies, exports."""

from __future__ import annotations

import json

import pytest

from tests.infra.recorded import Recorded
from tests.infra.recording import run
from tests.infra.variants import graph

NAME = "jobmatch-zip"

COUNTS = {
    ":EmailIdentity": 1,
    ":EmailIdentityMailFromAttributes": 1,
    ":EmailIdentityFeedbackAttributes": 1,
    ":ConfigurationSet": 2,  # the component and its resource
    ":ConfigurationSetEventDestination": 3,
    ":AccountSuppressionAttributes": 1,
    ":Key": 1,
    ":Topic": 4,
    ":TopicPolicy": 4,
    ":Queue": 8,
    ":QueuePolicy": 8,
    ":RedrivePolicy": 4,
    ":TopicSubscription": 7,
    ":MetricAlarm": 12,
    "iam/policy:Policy": 2,
    ":Record": 0,
}


@pytest.fixture(scope="module")
def plain() -> Recorded:
    return graph("plain")


@pytest.mark.parametrize("kind", COUNTS)
def test_so_many_resources_of_each_kind(plain: Recorded, kind: str) -> None:
    assert COUNTS[kind] == len(plain.of_kind(kind))


def test_children_are_named_after_their_component(plain: Recorded) -> None:
    urns = {each.urn: each for each in plain.resources}
    children = [each for each in plain.resources if each.parent in urns]

    assert 60 < len(children)
    assert [] == [
        each.name for each in children if not each.name.startswith(urns[each.parent].name)
    ]


def test_a_component_registers_its_outputs_last(plain: Recorded) -> None:
    components = {each.urn for each in plain.resources if not each.custom}

    assert components == set(plain.finished)


def test_the_provider_refuses_other_accounts_and_tags_everything(plain: Recorded) -> None:
    inputs = plain.named("aws").inputs

    assert '["123456789012"]' == inputs["allowedAccountIds"]
    assert "us-west-2" == inputs["region"]
    assert {
        "managed-by": "pulumi",
        "project": "jobmatch-mail",
        "stack": "dev",
        "sending-domain": "jobmatch.zip",
    } == json.loads(inputs["defaultTags"])["tags"]


def test_the_identity_is_protected_with_a_long_key_and_the_default_set(plain: Recorded) -> None:
    identity = plain.named(f"{NAME}-identity")

    assert identity.protect
    assert "" == identity.import_id
    assert {
        "emailIdentity": "jobmatch.zip",
        "configurationSetName": NAME,
        "dkimSigningAttributes": {"nextSigningKeyLength": "RSA_2048_BIT"},
    } == identity.inputs


def test_an_existing_identity_is_imported_by_its_domain() -> None:
    recorded = graph("import")

    assert "jobmatch.zip" == recorded.named(f"{NAME}-identity").import_id
    assert {"", "jobmatch.zip"} == {each.import_id for each in recorded.resources}


def test_forwarding_ends_only_after_the_destinations_stand(plain: Recorded) -> None:
    forwarding = plain.named(f"{NAME}-forwarding")

    assert forwarding.inputs["emailForwardingEnabled"] is False
    assert {f"{NAME}-{topic}-events" for topic in ("bounce", "complaint", "delivery")} <= (
        plain.needs(forwarding)
    )


def test_the_set_is_protected_and_tracks_nothing(plain: Recorded) -> None:
    found = plain.named(f"{NAME}-set")

    assert found.protect
    assert {
        "configurationSetName": NAME,
        "deliveryOptions": {"maxDeliverySeconds": 600.0, "tlsPolicy": "REQUIRE"},
        "reputationOptions": {"reputationMetricsEnabled": True},
        "sendingOptions": {"sendingEnabled": True},
        "suppressionOptions": {"suppressedReasons": ["BOUNCE", "COMPLAINT"]},
    } == found.inputs


@pytest.mark.parametrize(
    ("lifetime", "seconds"), [("60", 300), ("300", 300), ("900", 900), ("50400", 50400)]
)
def test_ses_tries_as_long_as_a_code_lives(lifetime: str, seconds: int) -> None:
    options = run({"codeLifetimeSeconds": lifetime}).named(f"{NAME}-set").inputs["deliveryOptions"]

    assert seconds == options["maxDeliverySeconds"]


def test_each_event_goes_to_its_topic(plain: Recorded) -> None:
    found = {
        each.inputs["eventDestination"]["snsDestination"]["topicArn"].rpartition(":")[2]: each
        for each in plain.of_kind(":ConfigurationSetEventDestination")
    }

    assert {
        f"{NAME}-bounce": ["BOUNCE", "REJECT", "RENDERING_FAILURE"],
        f"{NAME}-complaint": ["COMPLAINT"],
        f"{NAME}-delivery": ["DELIVERY", "DELIVERY_DELAY"],
    } == {
        name: each.inputs["eventDestination"]["matchingEventTypes"] for name, each in found.items()
    }


def test_topics_are_encrypted_with_the_key_of_the_stack(plain: Recorded) -> None:
    key = plain.outputs["kmsKeyArn"]

    assert {key} == {each.inputs["kmsMasterKeyId"] for each in plain.of_kind(":Topic")}


def test_a_probe_gets_simulator_mail_and_the_application_everything(plain: Recorded) -> None:
    subscriptions = [
        e for e in plain.of_kind(":TopicSubscription") if e.inputs["protocol"] == "sqs"
    ]
    filters = {each.name: each.inputs.get("filterPolicy") for each in subscriptions}
    probes = {name for name in filters if "-probe-" in name}

    assert 3 == len(probes)
    assert {None} == {filters[name] for name in set(filters) - probes}
    assert {"mail": {"destination": [{"suffix": "@simulator.amazonses.com"}]}} == json.loads(
        str(filters[f"{NAME}-probe-queue-from-bounce"])
    )
    assert {"MessageBody"} == {
        each.inputs["filterPolicyScope"] for each in subscriptions if each.name in probes
    }


def test_a_queue_is_subscribed_after_it_admits_the_topic(plain: Recorded) -> None:
    subscription = plain.named(f"{NAME}-bounce-queue-from-bounce")

    assert {f"{NAME}-bounce-queue-policy", f"{NAME}-bounce-queue-dead-policy"} <= plain.needs(
        subscription
    )


def test_alarms_ring_at_the_alarm_topic_and_match_any_unit(plain: Recorded) -> None:
    topic = plain.outputs["topicArns"]["alarm"]
    alarms = plain.of_kind(":MetricAlarm")

    assert [] == [each.name for each in alarms if each.inputs["alarmActions"] != [topic]]
    assert [] == [each.name for each in alarms if "unit" in each.inputs]
    assert [] == [each.name for each in alarms if f"{NAME}-alarm-policy" not in plain.needs(each)]


@pytest.mark.parametrize(
    ("suffix", "metric", "threshold", "missing"),
    [
        ("bounce-rate-warn", "Reputation.BounceRate", 0.02, "ignore"),
        ("bounce-rate-critical", "Reputation.BounceRate", 0.05, "ignore"),
        ("complaint-rate-warn", "Reputation.ComplaintRate", 0.0005, "ignore"),
        ("complaint-rate-critical", "Reputation.ComplaintRate", 0.001, "ignore"),
        ("daily-volume", "Send", 800.0, "notBreaching"),
        ("probe-dead-letters", "ApproximateNumberOfMessagesVisible", 1, "notBreaching"),
        ("bounce-oldest-message", "ApproximateAgeOfOldestMessage", 3600, "notBreaching"),
    ],
)
def test_an_alarm_watches_its_metric(
    plain: Recorded, suffix: str, metric: str, threshold: float, missing: str
) -> None:
    inputs = plain.named(f"{NAME}-{suffix}").inputs

    assert (metric, threshold, missing) == (
        inputs["metricName"],
        inputs["threshold"],
        inputs["treatMissingData"],
    )


def test_somebody_is_mailed_by_alarms_where_the_settings_name_him(plain: Recorded) -> None:
    quiet = graph("no alarm mail")

    assert "ops@jobmatch.zip" == plain.named(f"{NAME}-alarm-mail").inputs["endpoint"]
    assert [] == [each.name for each in quiet.resources if each.name.endswith("-alarm-mail")]
