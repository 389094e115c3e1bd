"""SES v2: where a configuration set publishes what became of the mail."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from rehearsal.provider.aws import Aws
from rehearsal.provider.facts import Kind, Property, ResourceFacts, block, flag, given
from rehearsal.provider.handler import Driver
from rehearsal.provider.values import Properties

_EVENTS = (
    "SEND", "REJECT", "BOUNCE", "COMPLAINT", "DELIVERY", "OPEN", "CLICK", "RENDERING_FAILURE",
    "DELIVERY_DELAY", "SUBSCRIPTION",
)  # fmt: skip


class EventDestination(Driver):
    """Where a set publishes. Only a topic of SNS is imitated as its target."""

    kind = "aws:sesv2/configurationSetEventDestination:ConfigurationSetEventDestination"
    missing = frozenset({"NotFoundException"})
    facts = ResourceFacts(
        properties={
            "configurationSetName": given(replaces=True),
            "eventDestinationName": given(replaces=True),
            "eventDestination": block(
                {
                    "matchingEventTypes": Property(kind=Kind.SET, required=True, words=_EVENTS),
                    "enabled": flag(default=False),
                    "snsDestination": block({"topicArn": given(arn=True)}, required=True),
                },
                required=True,
            ),
        }
    )

    def create(self, aws: Aws, inputs: Properties) -> str:
        """Make the destination; SES publishes a test message at once."""
        names = (inputs["configurationSetName"], inputs["eventDestinationName"])
        aws.client("sesv2").create_configuration_set_event_destination(
            **_names(names), EventDestination=_destination(inputs)
        )
        return "|".join(names)

    def read(self, aws: Aws, identifier: str) -> Properties | None:
        """Read the destination among those of its set."""
        set_name, _, name = identifier.partition("|")
        answer = aws.client("sesv2").get_configuration_set_event_destinations(
            ConfigurationSetName=set_name
        )
        for each in answer.get("EventDestinations", []):
            if each["Name"] == name:
                target = each.get("SnsDestination")
                return {
                    "configurationSetName": set_name,
                    "eventDestinationName": name,
                    "eventDestination": {
                        "matchingEventTypes": each["MatchingEventTypes"],
                        "enabled": each.get("Enabled", False),
                        **({"snsDestination": {"topicArn": target["TopicArn"]}} if target else {}),
                    },
                }
        return None

    def update(
        self, aws: Aws, identifier: str, inputs: Properties, changed: Collection[str]
    ) -> None:
        """Put the whole definition."""
        set_name, _, name = identifier.partition("|")
        aws.client("sesv2").update_configuration_set_event_destination(
            **_names((set_name, name)), EventDestination=_destination(inputs)
        )

    def delete(self, aws: Aws, identifier: str, inputs: Properties) -> None:
        """Delete the destination."""
        set_name, _, name = identifier.partition("|")
        aws.client("sesv2").delete_configuration_set_event_destination(**_names((set_name, name)))


def _names(names: tuple[str, str]) -> dict[str, str]:
    return {"ConfigurationSetName": names[0], "EventDestinationName": names[1]}


def _destination(inputs: Properties) -> dict[str, Any]:
    found = inputs["eventDestination"]
    return {
        "Enabled": found["enabled"],
        "MatchingEventTypes": found["matchingEventTypes"],
        "SnsDestination": {"TopicArn": found["snsDestination"]["topicArn"]},
    }
