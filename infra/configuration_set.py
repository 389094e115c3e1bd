"""ConfigurationSet: how SES sends, and where it publishes what became of the mail."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
from pulumi_aws import sesv2

from contract.settings import Settings
from infra.adoption import told_how_to_import
from infra.feedback import Feedback
from infra.values import EventType, SuppressedReason, TlsPolicy

# Topic → the events it gets. OPEN and CLICK are left out: a code is not tracked. Nothing goes to
# CloudWatch, where each metric would cost and tell no more than SES's own.
EVENTS: Mapping[str, tuple[EventType, ...]] = {
    "bounce": (EventType.BOUNCE, EventType.REJECT, EventType.RENDERING_FAILURE),
    "complaint": (EventType.COMPLAINT,),
    "delivery": (EventType.DELIVERY, EventType.DELIVERY_DELAY),
}


@dataclass(frozen=True, slots=True)
class ConfigurationSetArgs:
    """``set_name`` is what applications name the set by; the topics take its events."""

    set_name: str
    settings: Settings
    feedback: Feedback


class ConfigurationSet(pulumi.ComponentResource):
    """The default configuration set of the domain, with one event destination a topic."""

    configuration_set: sesv2.ConfigurationSet
    destinations: list[sesv2.ConfigurationSetEventDestination]

    def __init__(
        self, name: str, args: ConfigurationSetArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("sesgate:mail:ConfigurationSet", name, None, opts)
        self.configuration_set = self._set(f"{name}-set", args)
        self.destinations = [self._destination(name, topic, args) for topic in EVENTS]
        self.register_outputs({"name": self.configuration_set.configuration_set_name})

    def _set(self, name: str, args: ConfigurationSetArgs) -> sesv2.ConfigurationSet:
        return sesv2.ConfigurationSet(
            name,
            configuration_set_name=args.set_name,
            delivery_options=sesv2.ConfigurationSetDeliveryOptionsArgs(
                # An expired code helps nobody.
                max_delivery_seconds=args.settings.max_delivery_seconds,
                tls_policy=TlsPolicy.REQUIRE,  # a code in clear text is nobody's secret
            ),
            reputation_options=sesv2.ConfigurationSetReputationOptionsArgs(
                reputation_metrics_enabled=True  # the gate and the alarms read them
            ),
            # Said outright: a block without it is sent as "off".
            sending_options=sesv2.ConfigurationSetSendingOptionsArgs(sending_enabled=True),
            suppression_options=sesv2.ConfigurationSetSuppressionOptionsArgs(
                suppressed_reasons=[SuppressedReason.BOUNCE, SuppressedReason.COMPLAINT]
            ),
            opts=pulumi.ResourceOptions(
                parent=self,
                protect=True,  # without its default set every send of the identity fails
                hooks=told_how_to_import(
                    f"{name}-exists",
                    self.pulumi_resource_name,
                    lambda made: str(made["configurationSetName"]),
                ),
            ),
        )

    def _destination(
        self, name: str, topic: str, args: ConfigurationSetArgs
    ) -> sesv2.ConfigurationSetEventDestination:
        target = sesv2.ConfigurationSetEventDestinationEventDestinationSnsDestinationArgs(
            topic_arn=args.feedback.topics[topic].arn
        )
        return sesv2.ConfigurationSetEventDestination(
            f"{name}-{topic}-events",
            configuration_set_name=self.configuration_set.configuration_set_name,
            event_destination_name=topic,
            event_destination=sesv2.ConfigurationSetEventDestinationEventDestinationArgs(
                enabled=True,  # AWS's default is off: a destination that publishes nothing
                matching_event_types=list(EVENTS[topic]),
                sns_destination=target,
            ),
            # SES publishes a test message at once, and gives up where the policy is missing.
            opts=pulumi.ResourceOptions(
                parent=self, depends_on=[args.feedback.topic_policies[topic]]
            ),
        )
