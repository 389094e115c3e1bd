"""Sender: what the application may do, and what the gate may read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pulumi
from pulumi_aws import iam

from contract.settings import Settings
from infra import policies
from infra.feedback import Feedback
from infra.place import Place


@dataclass(frozen=True, slots=True)
class SenderArgs:
    """What the policies name; ``set_name`` is the configuration set's."""

    settings: Settings
    place: Place
    set_name: str
    feedback: Feedback


class Sender(pulumi.ComponentResource):
    """Two policies to attach to roles: one that sends, one that reads."""

    sending_policy: iam.Policy
    gate_policy: iam.Policy

    def __init__(
        self, name: str, args: SenderArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("sesgate:mail:Sender", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        self.sending_policy = iam.Policy(
            f"{name}-send",
            description=f"Send as {args.settings.domain} through Amazon SES",
            # The ARNs follow from the names, so a preview shows the whole policy.
            policy=policies.sending_policy(
                args.place.identity_arn(args.settings.domain),
                args.place.configuration_set_arn(args.set_name),
                args.settings.from_addresses,
            ),
            opts=child,
        )
        self.gate_policy = iam.Policy(
            f"{name}-gate",
            description=f"Read what the gate judges of {args.settings.domain}",
            policy=self._gate_policy(args),
            opts=child,
        )
        self.register_outputs({"sendingPolicyArn": self.sending_policy.arn})

    def _gate_policy(self, args: SenderArgs) -> pulumi.Output[str]:
        queues = args.feedback.queues.values()
        found: pulumi.Output[Mapping[str, Any]] = pulumi.Output.all(
            topics=[topic.arn for topic in args.feedback.topics.values()],
            queues=[each.arn for queue in queues for each in (queue.queue, queue.dead_letters)],
            key=args.feedback.key.arn,
            sending_policy=self.sending_policy.arn,
        )

        def build(arns: Mapping[str, Any]) -> str:
            scope = policies.GateScope(
                domain=args.settings.domain,
                configuration_set=args.set_name,
                hosted_zone_id=args.settings.hosted_zone_id,
                **arns,
            )
            return policies.gate_policy(args.place, scope)

        return found.apply(build)
