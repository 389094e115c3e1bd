"""The outputs of the stack, exactly as contract/outputs.py defines them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi

from contract.outputs import OUTPUTS
from contract.settings import Settings
from infra.alarms import Alarms
from infra.configuration_set import ConfigurationSet
from infra.dns_plan import DnsPlan
from infra.feedback import Feedback
from infra.sender import Sender
from infra.sending_domain import FEEDBACK_FORWARDING, SendingDomain


@dataclass(frozen=True, slots=True)
class Built:
    """What the program has built."""

    settings: Settings
    feedback: Feedback
    sending: ConfigurationSet
    domain: SendingDomain
    sender: Sender
    alarms: Alarms
    signing_zone: pulumi.Output[str | None]
    dns: DnsPlan


def export(built: Built) -> None:
    """Export every output of the contract, under its name there."""
    values = {**_declared(built.settings), **_made(built)}
    for name, attribute in OUTPUTS.items():
        pulumi.export(name, values[attribute])


def _declared(settings: Settings) -> Mapping[str, pulumi.Input[object]]:
    """Return what the settings say, by attribute of StackOutputs. Never the private key."""
    return {
        "domain": settings.domain,
        "region": settings.region,
        "account_id": settings.aws_account_id,
        "mail_from_domain": settings.mail_from_domain,
        "from_addresses": list(settings.from_addresses),
        "hosted_zone_id": settings.hosted_zone_id,
        "dkim": settings.dkim,
        "feedback_forwarding": FEEDBACK_FORWARDING,
        "code_lifetime_seconds": settings.code_lifetime_seconds,
        "daily_volume": settings.daily_volume,
    }


def _made(built: Built) -> Mapping[str, pulumi.Input[object]]:
    """Return what AWS gave, by attribute of StackOutputs."""
    feedback, queues = built.feedback, built.feedback.queues
    return {
        "identity_arn": built.domain.identity.arn,
        "configuration_set_name": built.sending.configuration_set.configuration_set_name,
        "dkim_tokens": built.domain.dkim_tokens,
        "dkim_signing_hosted_zone": built.signing_zone,
        "dns_records": built.dns.to_json(),
        "topic_arns": {kind: topic.arn for kind, topic in feedback.topics.items()},
        "queue_urls": {kind: queue.queue.url for kind, queue in queues.items()},
        "dead_letter_queue_urls": {kind: queue.dead_letters.url for kind, queue in queues.items()},
        "alarm_names": [alarm.name for alarm in built.alarms.alarms],
        "sending_policy_arn": built.sender.sending_policy.arn,
        "gate_policy_arn": built.sender.gate_policy.arn,
        "kms_key_arn": feedback.key.arn,
    }
