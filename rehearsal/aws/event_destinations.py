"""Event destinations of a configuration set."""

from __future__ import annotations

import re
from typing import Any

from rehearsal.aws import configuration_sets
from rehearsal.aws.errors import AwsError, already_exists, bad_request, not_found
from rehearsal.aws.operations import Call, operation
from rehearsal.aws.topics import RefusedError, publish_for_ses

MOST = 10
TOPIC_NOTICE = "Successfully validated SNS topic for Amazon SES event publishing."

_NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")
_TARGETS = (
    "KinesisFirehoseDestination",
    "CloudWatchDestination",
    "SnsDestination",
    "EventBridgeDestination",
    "PinpointDestination",
)


@operation("sesv2", "CreateConfigurationSetEventDestination")
def create_event_destination(call: Call) -> None:
    """Add a destination. Raises AlreadyExists-, LimitExceeded-, NotFound-, BadRequestException."""
    found = configuration_sets.find(call)
    name = call.params["EventDestinationName"]
    if not _NAME.fullmatch(name):
        raise bad_request(f"Event destination name {name} is invalid.")
    if name in found.destinations:
        raise already_exists(f"Event destination <{name}> already exists.")
    if len(found.destinations) >= MOST:
        text = f"Maximum number of event destinations ({MOST}) reached."
        raise AwsError("LimitExceededException", text)
    found.destinations[name] = _checked(call, name)


@operation("sesv2", "UpdateConfigurationSetEventDestination")
def update_event_destination(call: Call) -> None:
    """Replace a destination whole. Raises NotFoundException, BadRequestException."""
    name = _existing(call)
    configuration_sets.find(call).destinations[name] = _checked(call, name)


@operation("sesv2", "DeleteConfigurationSetEventDestination")
def delete_event_destination(call: Call) -> None:
    """Delete a destination. Raises NotFoundException."""
    name = _existing(call)
    del configuration_sets.find(call).destinations[name]


@operation("sesv2", "GetConfigurationSetEventDestinations")
def get_event_destinations(call: Call) -> dict[str, Any]:
    """Return the destinations in the order they were made."""
    return {"EventDestinations": list(configuration_sets.find(call).destinations.values())}


def _existing(call: Call) -> str:
    name = str(call.params["EventDestinationName"])
    if name not in configuration_sets.find(call).destinations:
        raise not_found(f"Event destination <{name}> does not exist.")
    return name


def _checked(call: Call, name: str) -> dict[str, Any]:
    wanted = dict(call.params["EventDestination"])
    targets = [target for target in _TARGETS if target in wanted]
    if len(targets) != 1:
        raise bad_request("An event destination must have exactly one destination type.")
    if not wanted.get("MatchingEventTypes"):
        raise bad_request("MatchingEventTypes must name at least one event type.")
    if targets == ["SnsDestination"]:
        _try_topic(call, wanted["SnsDestination"]["TopicArn"])
    return {"Name": name, "Enabled": False} | wanted


def _try_topic(call: Call, topic_arn: str) -> None:
    """Publish SES's notice: a topic that SES may not publish to is refused at once."""
    set_arn = call.ses.arn("configuration-set", call.params["ConfigurationSetName"])
    try:
        publish_for_ses(call.world, topic_arn, call.ses, set_arn, TOPIC_NOTICE)
    except RefusedError as error:
        raise bad_request(f"Could not publish message to SNS topic <{topic_arn}>.") from error
