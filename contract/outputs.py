"""The outputs of the stack: one definition, exported by the program and read by the checks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from contract.output_values import QUEUES, TOPICS, Reading, shown
from contract.records import DnsRecord

__all__ = ["OUTPUTS", "QUEUES", "TOPICS", "ContractError", "StackOutputs", "parse_outputs"]


class ContractError(ValueError):
    """Outputs that are not those of this project's stack; ``problems`` names every key."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        self.problems = problems
        super().__init__("; ".join(problems))


@dataclass(frozen=True, slots=True, kw_only=True)
class StackOutputs:
    """What ``pulumi stack output --json`` gives. Names of domains have no trailing dot.

    ``dkim_tokens`` are the three Easy DKIM tokens, or the one BYODKIM selector;
    ``dkim_signing_hosted_zone`` is None with BYODKIM. ``topic_arns`` has the keys TOPICS,
    ``queue_urls`` and ``dead_letter_queue_urls`` the keys QUEUES. ``code_lifetime_seconds`` is in
    seconds, ``daily_volume`` in mails a day.
    """

    domain: str
    region: str
    account_id: str
    identity_arn: str
    mail_from_domain: str
    configuration_set_name: str
    dkim_tokens: tuple[str, ...]
    dkim_signing_hosted_zone: str | None
    dns_records: tuple[DnsRecord, ...]
    topic_arns: Mapping[str, str]
    queue_urls: Mapping[str, str]
    dead_letter_queue_urls: Mapping[str, str]
    alarm_names: tuple[str, ...]
    sending_policy_arn: str
    gate_policy_arn: str
    kms_key_arn: str
    from_addresses: tuple[str, ...]
    hosted_zone_id: str | None
    dkim: str
    feedback_forwarding: bool
    code_lifetime_seconds: int
    daily_volume: int

    def to_json(self) -> dict[str, Any]:
        """Return the outputs under their exported names, ready for JSON."""
        return {key: _plain(getattr(self, name)) for key, name in OUTPUTS.items()}


# Exported name → attribute. The program exports exactly these keys.
OUTPUTS: Mapping[str, str] = {
    "domain": "domain",
    "region": "region",
    "accountId": "account_id",
    "identityArn": "identity_arn",
    "mailFromDomain": "mail_from_domain",
    "configurationSetName": "configuration_set_name",
    "dkimTokens": "dkim_tokens",
    "dkimSigningHostedZone": "dkim_signing_hosted_zone",
    "dnsRecords": "dns_records",
    "topicArns": "topic_arns",
    "queueUrls": "queue_urls",
    "deadLetterQueueUrls": "dead_letter_queue_urls",
    "alarmNames": "alarm_names",
    "sendingPolicyArn": "sending_policy_arn",
    "gatePolicyArn": "gate_policy_arn",
    "kmsKeyArn": "kms_key_arn",
    "fromAddresses": "from_addresses",
    "hostedZoneId": "hosted_zone_id",
    "dkim": "dkim",
    "feedbackForwarding": "feedback_forwarding",
    "codeLifetimeSeconds": "code_lifetime_seconds",
    "dailyVolume": "daily_volume",
}


def parse_outputs(mapping: object) -> StackOutputs:
    """Return the outputs in ``mapping``; further keys are ignored.

    Raises ContractError that names every missing and every wrong key, with what was expected and
    what was found.
    """
    if not isinstance(mapping, Mapping):
        raise ContractError((f"expected a JSON object of stack outputs, found {shown(mapping)}",))
    reading = Reading(mapping)
    values: dict[str, Any] = {name: reading.value(key) for key, name in OUTPUTS.items()}
    if reading.problems:
        raise ContractError(tuple(reading.problems))
    return StackOutputs(**values)


def _plain(value: object) -> object:
    if isinstance(value, DnsRecord):
        return value.to_json()
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, Mapping):
        return dict(value)
    return value
