"""A stack on the real engine after its first day: changed behind its back, mended, half destroyed.

The tests lead one stack through its life, in their order.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from rehearsal.aws import EmulatedAws
from rehearsal.deploy import Engine, deploy
from rehearsal.deploy_pulumi import PulumiDeployment
from tests.rehearsal.listing import Listing, everything

pytestmark = [pytest.mark.engine, pytest.mark.usefixtures("engine")]

NAME = "jobmatch-zip"
ALARM_EMAIL = "ops@jobmatch.zip"
RESOURCES = 77  # with components, provider and stack


@dataclass(frozen=True, slots=True, kw_only=True)
class Stack:
    """The stack, its account, and what the two engines left behind after the first day."""

    aws: EmulatedAws
    deployment: PulumiDeployment
    left: Listing
    left_by_fallback: Listing


@pytest.fixture(scope="module")
def stack(engine: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """Apply the program by either engine, each to an empty account; keep the real one's stack."""
    folder = tmp_path_factory.mktemp("stack")
    with (
        EmulatedAws() as aws,
        deploy(aws, folder / "fallback", _settings(aws), engine=Engine.FALLBACK),
    ):
        left_by_fallback = everything(aws)
    with (
        EmulatedAws() as aws,
        deploy(aws, folder / "real", _settings(aws), engine=Engine.PULUMI) as deployment,
    ):
        assert isinstance(deployment, PulumiDeployment)
        yield Stack(
            aws=aws,
            deployment=deployment,
            left=everything(aws),
            left_by_fallback=left_by_fallback,
        )


def _settings(aws: EmulatedAws) -> dict[str, str]:
    """Return settings with a zone that the stack writes."""
    made = aws.client("route53").create_hosted_zone(Name="jobmatch.zip", CallerReference="1")
    zone = made["HostedZone"]["Id"].rpartition("/")[2]
    return {"alarmEmail": ALARM_EMAIL, "hostedZoneId": zone}


def test_both_engines_leave_the_same_account_behind(stack: Stack) -> None:
    assert stack.left == stack.left_by_fallback
    counts = {service: len(found) for service, found in stack.left.items()}
    assert counts["sqs"] == 8
    assert counts["cloudwatch"] == 12
    assert len(stack.left["route53"]["jobmatch.zip."]) == 2 + 6  # its own, and ours


def test_what_is_verified_and_confirmed_since_is_no_drift(stack: Stack) -> None:
    """As it is on the second day: SES has seen the records, and somebody followed the link."""
    stack.aws.ses.identities["jobmatch.zip"].dkim.status = "SUCCESS"
    assert stack.aws.confirm(ALARM_EMAIL) == 1

    preview = stack.deployment.drift()

    assert preview.code == 0
    assert f"{RESOURCES} unchanged" in preview.text


def test_what_changed_behind_its_back_is_named(stack: Stack) -> None:
    _spoil(stack)

    preview = stack.deployment.drift()

    assert preview.code != 0
    assert "no changes were expected" in preview.text
    assert {"bounce-queue-from-bounce"} == _named(preview.text, "create")
    assert {"complaint-events", "delivery-policy", "suppression"} == _named(preview.text, "update")


def _spoil(stack: Stack) -> None:
    """Delete a subscription, disable a destination, weaken a topic policy, stop suppression."""
    sns, ses = stack.aws.client("sns"), stack.aws.client("sesv2")
    (bounce,) = [
        each["SubscriptionArn"]
        for each in sns.list_subscriptions()["Subscriptions"]
        if f"{NAME}-bounce-queue-" in each["Endpoint"]
    ]
    sns.unsubscribe(SubscriptionArn=bounce)
    topics = stack.deployment.outputs["topicArns"]
    ses.update_configuration_set_event_destination(
        ConfigurationSetName=NAME,
        EventDestinationName="complaint",
        EventDestination={
            "Enabled": False,
            "MatchingEventTypes": ["COMPLAINT"],
            "SnsDestination": {"TopicArn": topics["complaint"]},
        },
    )
    found = sns.get_topic_attributes(TopicArn=topics["delivery"])["Attributes"]["Policy"]
    weak = json.loads(found)
    del weak["Statement"][0]["Condition"]
    sns.set_topic_attributes(
        TopicArn=topics["delivery"], AttributeName="Policy", AttributeValue=json.dumps(weak)
    )
    ses.put_account_suppression_attributes(SuppressedReasons=[])


def _named(text: str, planned: str) -> set[str]:
    """Return the resources whose lines in a preview plan this: create, update, delete."""
    lines = [line.split() for line in text.splitlines()]
    return {
        word.removeprefix(f"{NAME}-")
        for words in lines
        for word in words
        if word.startswith(f"{NAME}-") and planned in words
    }


def test_up_mends_it(stack: Stack) -> None:
    stack.deployment.up()

    assert _without_verification(everything(stack.aws)) == _without_verification(stack.left)


def _without_verification(left: Listing) -> Listing:
    """Return a listing without what SES and a person do once there are records and a mail."""
    kept = {key: value for key, value in left.items() if key not in {"ses", "sns"}}
    hidden = {
        "VerificationStatus", "VerifiedForSendingStatus", "DkimAttributes", "MailFromAttributes",
    }  # fmt: skip
    identities = [
        {key: value for key, value in each.items() if key not in hidden}
        for each in left["ses"]["identities"]
    ]
    topics = [
        {key: value for key, value in each.items() if not key.startswith("Subscriptions")}
        for each in left["sns"]["topics"]
    ]
    machines = [
        each for each in left["sns"]["subscriptions"] if each["Attributes"]["Protocol"] == "sqs"
    ]
    return {
        **kept,
        "ses": {**left["ses"], "identities": identities},
        "topics": topics,
        "subscriptions": machines,
    }


def test_the_next_preview_is_clean(stack: Stack) -> None:
    assert stack.deployment.drift().code == 0


def test_a_stack_that_is_half_destroyed_is_seen(stack: Stack) -> None:
    destroyed = stack.deployment.run("destroy", "--yes", "--skip-preview")

    assert destroyed.code != 0
    assert "protected" in destroyed.text
    preview = stack.deployment.drift()
    assert preview.code != 0
    assert {"bounce-events", "bounce-policy", "bounce"} <= _named(preview.text, "create")


def test_up_builds_it_again(stack: Stack) -> None:
    stack.deployment.up()

    left = _without_verification(everything(stack.aws))
    before = _without_verification(stack.left)
    # The old key waits for its deletion.
    assert [each for each in left.pop("kms") if each["KeyState"] == "Enabled"] == before.pop("kms")
    assert left == before
