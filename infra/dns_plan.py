"""The DNS records of the domain, as far as they are known: for Route 53, and for the outputs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pulumi

from contract.records import Byodkim, DnsRecord, EasyDkim, dmarc_value, required_records
from contract.settings import Settings

EASY_KEYS = 3  # CNAMEs of Easy DKIM (SES developer guide, "Easy DKIM")


@dataclass(frozen=True, slots=True, kw_only=True)
class DnsPlan:
    """DKIM records follow from the identity; the others from the settings alone.

    ``dmarc`` None: a DMARC record exists already, and is not ours.
    """

    dkim: tuple[pulumi.Output[DnsRecord], ...]
    mail_from: tuple[DnsRecord, ...]
    dmarc: DnsRecord | None

    def to_json(self) -> pulumi.Output[list[dict[str, Any]]]:
        """Return all records as the stack output ``dnsRecords`` has them."""
        known = [*self.mail_from, *([self.dmarc] if self.dmarc else [])]
        return pulumi.Output.all(*self.dkim).apply(
            lambda dkim: [record.to_json() for record in (*dkim, *known)]
        )


def dns_plan(
    settings: Settings,
    tokens: pulumi.Output[Sequence[str]],
    signing_zone: pulumi.Output[str | None],
) -> DnsPlan:
    """Return the records of the settings and of what SES says of the identity."""
    records = required_records(
        domain=settings.domain,
        region=settings.region,
        mail_from=settings.mail_from_domain,
        dmarc=dmarc_value(settings.dmarc_policy, settings.dmarc_report_address),
    )
    *mail_from, dmarc = records
    return DnsPlan(
        dkim=_dkim(settings, tokens, signing_zone),
        mail_from=tuple(mail_from),
        dmarc=dmarc if settings.manage_dmarc else None,
    )


def _dkim(
    settings: Settings,
    tokens: pulumi.Output[Sequence[str]],
    signing_zone: pulumi.Output[str | None],
) -> tuple[pulumi.Output[DnsRecord], ...]:
    if settings.byodkim_selector:
        # The public key is public, though it is derived from a secret.
        own = Byodkim(settings.byodkim_selector, settings.byodkim_public_key or "")
        record = required_records(domain=settings.domain, region=settings.region, dkim=own)[0]
        return (pulumi.Output.from_input(record),)
    both = pulumi.Output.all(tokens, signing_zone)
    records = both.apply(lambda found: easy_records(settings, found[0], found[1]))
    return tuple(_pick(records, number) for number in range(EASY_KEYS))


def _pick(records: pulumi.Output[tuple[DnsRecord, ...]], number: int) -> pulumi.Output[DnsRecord]:
    return records.apply(lambda found: found[number])


def easy_records(settings: Settings, tokens: Sequence[str], zone: str) -> tuple[DnsRecord, ...]:
    """Return the CNAMEs of Easy DKIM, in the order of their names, which SES may change.

    Raises pulumi.RunError where there are not three tokens: the key is not one of SES.
    """
    if len(tokens) != EASY_KEYS:
        raise pulumi.RunError(
            f"SES gives {len(tokens)} DKIM tokens for {settings.domain}, {EASY_KEYS} are expected: "
            "the identity signs with another key than Easy DKIM. Set dkim to byodkim with its "
            "selector and key, or switch the identity to Easy DKIM in SES first"
        )
    dkim = EasyDkim(tuple(sorted(tokens)), zone)
    return required_records(domain=settings.domain, region=settings.region, dkim=dkim)
