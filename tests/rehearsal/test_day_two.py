"""A stack on the real engine after its first day: changed behind its back, mended, half destroyed.

The tests lead one stack through its life, in their order.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from rehearsal.aws import EmulatedAws
from rehearsal.deploy import Engine, deploy
from rehearsal.deploy_pulumi import PulumiDeployment
from tests.rehearsal.listing import Listing, everything

pytestmark = [pytest.mark.engine, pytest.mark.usefixtures("engine")]

NAME = "jobmatch-zip"
SETTINGS = {"alarmEmail": "ops@jobmatch.zip"}
RESOURCES = 70  # with components, provider and stack


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
        deploy(aws, folder / "fallback", SETTINGS, engine=Engine.FALLBACK),
    ):
        left_by_fallback = everything(aws)
    with (
        EmulatedAws() as aws,
        deploy(aws, folder / "real", SETTINGS, engine=Engine.PULUMI) as deployment,
    ):
        assert isinstance(deployment, PulumiDeployment)
        yield Stack(
            aws=aws,
            deployment=deployment,
            left=everything(aws),
            left_by_fallback=left_by_fallback,
        )


def test_both_engines_leave_the_same_account_behind(stack: Stack) -> None:
    assert stack.left == stack.left_by_fallback
    counts = {service: len(found) for service, found in stack.left.items()}
    assert counts["sqs"] == 8
    assert counts["cloudwatch"] == 12


def test_a_second_preview_with_what_aws_says_is_empty(stack: Stack) -> None:
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

    assert everything(stack.aws) == stack.left


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

    left = everything(stack.aws)
    keys = [key for key in left.pop("kms") if key["KeyState"] == "Enabled"]
    before = dict(stack.left)
    assert keys == before.pop("kms")
    assert left == before
    assert Path(stack.deployment.folder / "state").is_dir()
