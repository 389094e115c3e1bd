"""Route 53: record sets."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from botocore.exceptions import ClientError

from rehearsal.provider.aws import Aws
from rehearsal.provider.facts import Kind, Property, ResourceFacts, filled, flag, given, whole
from rehearsal.provider.handler import Driver
from rehearsal.provider.values import Properties

_TYPES = (
    "SOA", "A", "TXT", "NS", "CNAME", "MX", "NAPTR", "PTR", "SRV", "SPF", "AAAA", "CAA", "DS",
    "TLSA", "SSHFP", "SVCB", "HTTPS",
)  # fmt: skip
_QUOTED = frozenset({"TXT", "SPF"})


class Record(Driver):
    """A record set of a zone. One that exists is refused, unless it may be overwritten.

    A change of its type deletes the old set and makes the new one, in one batch.
    """

    kind = "aws:route53/record:Record"
    missing = frozenset({"NoSuchHostedZone"})
    facts = ResourceFacts(
        regional=False,
        properties={
            "zoneId": given(replaces=True, length=(1, 32)),
            "name": given(replaces=True, same="dns-name", shape="route53:DNSName"),
            "type": given(words=_TYPES),
            "ttl": whole(0, 2147483647, needs=("records",)),
            "records": Property(kind=Kind.SET, required=True),
            "allowOverwrite": flag(computed=True, write_only=True),
            "fqdn": filled(),
        },
    )

    def create(self, aws: Aws, inputs: Properties) -> str:
        """Make the set. The id is ZONE_name_TYPE."""
        action = "UPSERT" if inputs.get("allowOverwrite") else "CREATE"
        self._change(aws, inputs["zoneId"], (action, _set_of(inputs)))
        return f"{inputs['zoneId']}_{_plain(inputs['name'])}_{inputs['type']}"

    def read(self, aws: Aws, identifier: str) -> Properties | None:
        """Read the set, TXT without its outer quotes."""
        zone, name, kind = _parts(identifier)
        found = self._find(aws, zone, name, kind)
        if found is None:
            return None
        values = [each["Value"] for each in found.get("ResourceRecords", [])]
        return {
            "zoneId": zone,
            "name": name,
            "type": kind,
            "ttl": found.get("TTL"),
            "records": [each[1:-1] if kind in _QUOTED else each for each in values],
            "fqdn": name,
        }

    def update(
        self, aws: Aws, identifier: str, inputs: Properties, changed: Collection[str]
    ) -> None:
        """Put the set; with another type the old one goes in the same batch."""
        zone, name, kind = _parts(identifier)
        if "type" in changed and (old := self._find(aws, zone, name, kind)) is not None:
            self._change(aws, zone, ("DELETE", old), ("CREATE", _set_of(inputs)))
        else:
            self._change(aws, zone, ("UPSERT", _set_of(inputs)))

    def delete(self, aws: Aws, identifier: str, inputs: Properties) -> None:
        """Delete what AWS holds now, which may be more than was declared."""
        zone, name, kind = _parts(identifier)
        found = self._find(aws, zone, name, kind)
        if found is None:
            return
        try:
            self._change(aws, zone, ("DELETE", found))
        except ClientError as error:
            if error.response["Error"]["Code"] != "InvalidChangeBatch":
                raise

    def _change(self, aws: Aws, zone: str, *changes: tuple[str, dict[str, Any]]) -> None:
        batch = [{"Action": action, "ResourceRecordSet": each} for action, each in changes]
        aws.client("route53").change_resource_record_sets(
            HostedZoneId=zone, ChangeBatch={"Changes": batch}
        )

    def _find(self, aws: Aws, zone: str, name: str, kind: str) -> dict[str, Any] | None:
        answer = aws.client("route53").list_resource_record_sets(
            HostedZoneId=zone, StartRecordName=name, StartRecordType=kind, MaxItems="1"
        )
        for each in answer["ResourceRecordSets"]:
            if _plain(each["Name"]) == name and each["Type"] == kind:
                found: dict[str, Any] = each
                return found
        return None


def _set_of(inputs: Properties) -> dict[str, Any]:
    quoted = inputs["type"] in _QUOTED
    values = [f'"{each}"' if quoted else each for each in inputs["records"]]
    return {
        "Name": inputs["name"],
        "Type": inputs["type"],
        **({"TTL": inputs["ttl"]} if "ttl" in inputs else {}),
        "ResourceRecords": [{"Value": value} for value in values],
    }


def _parts(identifier: str) -> tuple[str, str, str]:
    """Return zone, name and type of an id; the name may hold "_"."""
    zone, _, rest = identifier.partition("_")
    name, _, kind = rest.rpartition("_")
    return zone, _plain(name), kind


def _plain(name: str) -> str:
    return name.lower().removesuffix(".").replace(r"\052", "*")
