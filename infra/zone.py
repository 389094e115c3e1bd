"""Zone: the DNS records in Route 53, where the stack is given a hosted zone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
from pulumi_aws import route53

from contract.records import DnsRecord, split_txt
from infra.dns_plan import DnsPlan
from infra.values import RecordType

_TYPES = ("mx", "spf")  # of the MAIL FROM domain, in the order of the plan


@dataclass(frozen=True, slots=True, kw_only=True)
class ZoneArgs:
    """``hosted_zone_id`` is the public zone that the domain is delegated to.

    ``rest`` is everything else that the stack makes: the DMARC record comes after it.
    """

    hosted_zone_id: str
    plan: DnsPlan
    rest: Sequence[pulumi.Resource] = ()


class Zone(pulumi.ComponentResource):
    """One record set a record. None is overwritten: what exists already stops its own record."""

    records: list[route53.Record]

    def __init__(
        self, name: str, args: ZoneArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("sesgate:mail:Zone", name, None, opts)
        self._zone_id = args.hosted_zone_id
        plan = args.plan
        self.records = [
            self._record(f"{name}-dkim-{number}", record)
            for number, record in enumerate(plan.dkim, start=1)
        ]
        self.records += [
            self._record(f"{name}-mail-from-{kind}", pulumi.Output.from_input(record))
            for kind, record in zip(_TYPES, plan.mail_from, strict=True)
        ]
        if plan.dmarc:
            # After all else, as the engine starts nothing more once one resource has failed: a
            # DMARC record that exists already stops nothing.
            dmarc = pulumi.Output.from_input(plan.dmarc)
            before = [*args.rest, *self.records]
            self.records.append(self._record(f"{name}-dmarc", dmarc, after=before))
        self.register_outputs({})

    def _record(
        self,
        name: str,
        record: pulumi.Output[DnsRecord],
        after: Sequence[pulumi.Resource] = (),
    ) -> route53.Record:
        return route53.Record(
            name,
            zone_id=self._zone_id,
            name=record.apply(lambda found: found.name.removesuffix(".")),
            type=record.apply(lambda found: RecordType(found.type).value),
            ttl=record.apply(lambda found: found.ttl),
            records=record.apply(route53_values),
            allow_overwrite=False,  # a record that somebody wrote is not ours to change
            opts=pulumi.ResourceOptions(parent=self, depends_on=list(after)),
        )


def publish(
    name: str,
    hosted_zone_id: str | None,
    plan: DnsPlan,
    rest: Sequence[pulumi.Resource],
    opts: pulumi.ResourceOptions,
) -> Zone | None:
    """Write the records where the stack has a hosted zone; else they are outputs only."""
    if hosted_zone_id is None:
        return None
    return Zone(name, ZoneArgs(hosted_zone_id=hosted_zone_id, plan=plan, rest=rest), opts)


def route53_values(record: DnsRecord) -> list[str]:
    """Return the values as the provider takes them: it adds the outer quotes of TXT itself."""
    if record.type != RecordType.TXT:
        return list(record.values)
    return ['" "'.join(split_txt(value)) for value in record.values]
