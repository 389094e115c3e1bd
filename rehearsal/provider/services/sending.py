"""SES v2: configuration sets, and the account's suppression."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from rehearsal.provider.aws import Aws, tag_list, tags_of
from rehearsal.provider.facts import (
    Kind,
    Property,
    ResourceFacts,
    block,
    filled,
    flag,
    given,
    whole,
)
from rehearsal.provider.handler import Driver
from rehearsal.provider.services.identity import retag_ses
from rehearsal.provider.values import Properties

_NOT_FOUND = frozenset({"NotFoundException"})
_REASONS = ("BOUNCE", "COMPLAINT")

# Block → (member of botocore's model, property → member, the call that puts it).
_BLOCKS: dict[str, tuple[str, dict[str, str], str]] = {
    "deliveryOptions": (
        "DeliveryOptions",
        {
            "maxDeliverySeconds": "MaxDeliverySeconds",
            "sendingPoolName": "SendingPoolName",
            "tlsPolicy": "TlsPolicy",
        },
        "put_configuration_set_delivery_options",
    ),
    "reputationOptions": (
        "ReputationOptions",
        {"reputationMetricsEnabled": "ReputationMetricsEnabled"},
        "put_configuration_set_reputation_options",
    ),
    "sendingOptions": (
        "SendingOptions",
        {"sendingEnabled": "SendingEnabled"},
        "put_configuration_set_sending_options",
    ),
    "suppressionOptions": (
        "SuppressionOptions",
        {"suppressedReasons": "SuppressedReasons"},
        "put_configuration_set_suppression_options",
    ),
    "trackingOptions": (
        "TrackingOptions",
        {"customRedirectDomain": "CustomRedirectDomain", "httpsPolicy": "HttpsPolicy"},
        "put_configuration_set_tracking_options",
    ),
}


class ConfigurationSet(Driver):
    """How SES sends. One call puts each block; an update calls for those that changed."""

    kind = "aws:sesv2/configurationSet:ConfigurationSet"
    missing = _NOT_FOUND
    facts = ResourceFacts(
        tagged=True,
        properties={
            "configurationSetName": given(replaces=True, length=(1, 64), pattern="[A-Za-z0-9_-]+"),
            "deliveryOptions": block(
                {
                    "maxDeliverySeconds": whole(300, 50400),
                    "sendingPoolName": Property(),
                    "tlsPolicy": Property(words=("REQUIRE", "OPTIONAL")),
                }
            ),
            "reputationOptions": block(
                {
                    "reputationMetricsEnabled": flag(computed=True),
                    "lastFreshStart": filled(),
                },
                computed=True,
            ),
            "sendingOptions": block({"sendingEnabled": flag(computed=True)}, computed=True),
            "suppressionOptions": block(
                {"suppressedReasons": Property(kind=Kind.LIST, words=_REASONS)}
            ),
            "trackingOptions": block(
                {
                    "customRedirectDomain": given(),
                    "httpsPolicy": Property(words=("REQUIRE", "REQUIRE_OPEN_ONLY", "OPTIONAL")),
                }
            ),
            "arn": filled(),
        },
    )

    def create(self, aws: Aws, inputs: Properties) -> str:
        """Make the set with every block that is given; one that exists is refused."""
        blocks = {
            _BLOCKS[name][0]: _members(name, inputs[name]) for name in _BLOCKS if name in inputs
        }
        name = inputs["configurationSetName"]
        aws.client("sesv2").create_configuration_set(
            ConfigurationSetName=name, Tags=tag_list(inputs["tagsAll"]), **blocks
        )
        return str(name)

    def read(self, aws: Aws, identifier: str) -> Properties:
        """Read the set; a block that was never put is absent."""
        answer = aws.client("sesv2").get_configuration_set(ConfigurationSetName=identifier)
        found: Properties = {
            "configurationSetName": identifier,
            "arn": aws.arn("ses", f"configuration-set/{identifier}"),
            "tagsAll": tags_of(answer.get("Tags")),
        }
        for name, (member, parts, _) in _BLOCKS.items():
            if member in answer:
                found[name] = {
                    part: answer[member][inner]
                    for part, inner in parts.items()
                    if inner in answer[member]
                }
        if (started := answer.get("ReputationOptions", {}).get("LastFreshStart")) is not None:
            found["reputationOptions"]["lastFreshStart"] = started.isoformat()
        return found

    def update(
        self, aws: Aws, identifier: str, inputs: Properties, changed: Collection[str]
    ) -> None:
        """Put each changed block, in the order of the blocks; a removed one is put empty."""
        client = aws.client("sesv2")
        for name, (_, _, call) in _BLOCKS.items():
            if name in changed:
                members = _members(name, inputs.get(name) or {})
                # An empty list is sent as none: the account's settings apply again.
                sent = {key: value for key, value in members.items() if value != []}
                getattr(client, call)(ConfigurationSetName=identifier, **sent)

    def delete(self, aws: Aws, identifier: str, inputs: Properties) -> None:
        """Delete the set with its destinations; an identity may still name it."""
        aws.client("sesv2").delete_configuration_set(ConfigurationSetName=identifier)

    def retag(self, aws: Aws, identifier: str, before: Properties, after: Properties) -> None:
        """Change the tags of the set."""
        retag_ses(aws, f"configuration-set/{identifier}", before, after)


def _members(name: str, found: Properties) -> dict[str, Any]:
    return {member: found[part] for part, member in _BLOCKS[name][1].items() if part in found}


class AccountSuppression(Driver):
    """The account's suppression. Making it takes over what is set; Delete calls nothing."""

    kind = "aws:sesv2/accountSuppressionAttributes:AccountSuppressionAttributes"
    missing = _NOT_FOUND
    facts = ResourceFacts(
        properties={"suppressedReasons": Property(kind=Kind.SET, required=True, words=_REASONS)}
    )

    def create(self, aws: Aws, inputs: Properties) -> str:
        """Put the reasons; the id is the account's."""
        self.update(aws, aws.account, inputs, ())
        return aws.account

    def read(self, aws: Aws, identifier: str) -> Properties | None:
        """Read the reasons."""
        answer = aws.client("sesv2").get_account()
        found = answer.get("SuppressionAttributes")
        return None if found is None else {"suppressedReasons": found.get("SuppressedReasons", [])}

    def update(
        self, aws: Aws, identifier: str, inputs: Properties, changed: Collection[str]
    ) -> None:
        """Put the reasons; an empty list switches suppression off."""
        aws.client("sesv2").put_account_suppression_attributes(
            SuppressedReasons=inputs["suppressedReasons"]
        )

    def delete(self, aws: Aws, identifier: str, inputs: Properties) -> None:
        """Do nothing: the account keeps what was put last."""
