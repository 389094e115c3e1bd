"""SNS: the subscriptions of a topic."""

from __future__ import annotations

from collections.abc import Collection

from botocore.exceptions import ClientError

from rehearsal.provider.aws import Aws
from rehearsal.provider.facts import Kind, Property, ResourceFacts, filled, flag, given, whole
from rehearsal.provider.handler import Driver
from rehearsal.provider.values import Properties

_PROTOCOLS = (
    "application", "email", "email-json", "firehose", "http", "https", "lambda", "sms", "sqs",
)  # fmt: skip

# Property → attribute of a subscription; the scope is put before the filter that it is of.
_SUBSCRIPTION = {
    "rawMessageDelivery": "RawMessageDelivery",
    "filterPolicyScope": "FilterPolicyScope",
    "filterPolicy": "FilterPolicy",
    "redrivePolicy": "RedrivePolicy",
}


class TopicSubscription(Driver):
    """A subscription. One by e-mail stays pending; nothing waits for the click."""

    kind = "aws:sns/topicSubscription:TopicSubscription"
    missing = frozenset({"NotFound", "NotFoundException"})
    facts = ResourceFacts(
        properties={
            "topic": given(replaces=True, arn=True),
            "protocol": given(replaces=True, words=_PROTOCOLS),
            "endpoint": given(replaces=True),
            "endpointAutoConfirms": flag(default=False, write_only=True),
            "confirmationTimeoutInMinutes": whole(0, 1440, default=1, write_only=True),
            "rawMessageDelivery": flag(default=False),
            "filterPolicy": Property(document="json"),
            "filterPolicyScope": Property(
                computed=True,
                words=("MessageAttributes", "MessageBody"),
                needs=("filterPolicy",),
            ),
            "redrivePolicy": Property(document="json"),
            "arn": filled(),
            "ownerId": filled(),
            "pendingConfirmation": filled(Kind.FLAG),
            "confirmationWasAuthenticated": filled(Kind.FLAG),
        }
    )

    def create(self, aws: Aws, inputs: Properties) -> str:
        """Subscribe, with the attributes; the ARN is given while it is pending, too."""
        attributes = {
            attribute: _written(inputs[name])
            for name, attribute in _SUBSCRIPTION.items()
            if inputs.get(name)
        }
        made = aws.client("sns").subscribe(
            TopicArn=inputs["topic"],
            Protocol=inputs["protocol"],
            Endpoint=inputs["endpoint"],
            Attributes=attributes,
            ReturnSubscriptionArn=True,
        )
        return str(made["SubscriptionArn"])

    def read(self, aws: Aws, identifier: str) -> Properties:
        """Read the attributes."""
        client = aws.client("sns")
        found = client.get_subscription_attributes(SubscriptionArn=identifier)["Attributes"]
        return {
            "topic": found["TopicArn"],
            "protocol": found["Protocol"],
            "endpoint": found["Endpoint"],
            "rawMessageDelivery": found.get("RawMessageDelivery") == "true",
            **{
                name: found[attribute]
                for name, attribute in _SUBSCRIPTION.items()
                if name != "rawMessageDelivery" and found.get(attribute)
            },
            "arn": identifier,
            "ownerId": found.get("Owner"),
            "pendingConfirmation": found.get("PendingConfirmation") == "true",
            "confirmationWasAuthenticated": found.get("ConfirmationWasAuthenticated") == "true",
        }

    def update(
        self, aws: Aws, identifier: str, inputs: Properties, changed: Collection[str]
    ) -> None:
        """Put each changed attribute; a filter that is taken away is put as {}."""
        for name, attribute in _SUBSCRIPTION.items():
            if name in changed:
                empty = "{}" if name == "filterPolicy" else ""
                aws.client("sns").set_subscription_attributes(
                    SubscriptionArn=identifier,
                    AttributeName=attribute,
                    AttributeValue=_written(inputs.get(name, empty)),
                )

    def delete(self, aws: Aws, identifier: str, inputs: Properties) -> None:
        """Unsubscribe; one that is pending cannot be, and lapses by itself."""
        try:
            aws.client("sns").unsubscribe(SubscriptionArn=identifier)
        except ClientError as error:
            if "pending confirmation" not in error.response["Error"]["Message"]:
                raise


def _written(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
