"""Route 53: ids begin with Z, a change that cannot be made is refused, a list says how it ends."""

from __future__ import annotations

import secrets
import string
from typing import Any

from moto.route53.models import FakeZone, HostedZoneIdentifier, route53_backends
from moto.utilities.id_generator import moto_id_manager

from rehearsal.aws.errors import AwsError, Reply
from rehearsal.aws.operations import Call, operation

Key = tuple[str, str, str]  # name, type, set identifier


_ID_CHARACTERS = string.ascii_uppercase + string.digits
_ID_LENGTH = 20  # characters after the Z


@operation("route53", "CreateHostedZone")
def create_hosted_zone(call: Call) -> Reply:
    """Make a zone. Its id begins with Z, as they all do in Route 53; moto's begin with anything."""
    name = _absolute(call.params["Name"])
    identifier = HostedZoneIdentifier(call.account, name, call.params.get("DelegationSetId"))
    made_up = "".join(secrets.choice(_ID_CHARACTERS) for _ in range(_ID_LENGTH))
    moto_id_manager.set_custom_id(identifier, f"Z{made_up}")
    try:
        return call.forward()
    finally:
        moto_id_manager.unset_custom_id(identifier)


@operation("route53", "ChangeResourceRecordSets")
def change_resource_record_sets(call: Call) -> Reply:
    """Change records as one batch, or not at all. Raises InvalidChangeBatch."""
    zone_id = call.params["HostedZoneId"].rpartition("/")[2]
    zone = route53_backends[call.account]["aws"].zones.get(zone_id)
    if zone is not None:
        known = {(_absolute(r.name), str(r.type), str(r.set_identifier or "")) for r in zone.rrsets}
        _forget_what_is_gone(zone, {(name, kind) for name, kind, _ in known})
        problems = _problems(call.params["ChangeBatch"]["Changes"], known, zone.name)
        if problems:
            raise AwsError("InvalidChangeBatch", f"[{', '.join(problems)}]")
    return call.forward()


def _forget_what_is_gone(zone: FakeZone, known: set[tuple[str, str]]) -> None:
    """Keep of moto's journal what stands: else a set that was deleted cannot be made again."""
    zone.rr_changes[:] = [
        change
        for change in zone.rr_changes
        if (
            _absolute(change["ResourceRecordSet"]["Name"]),
            change["ResourceRecordSet"]["Type"],
        )
        in known
    ]


def _absolute(name: str) -> str:
    return name.lower().rstrip(".") + "."


def _problems(changes: list[dict[str, Any]], known: set[Key], zone: str) -> list[str]:
    """Play the batch over the record sets that are there and return what is wrong with it."""
    problems = []
    for change in changes:
        record, action = change["ResourceRecordSet"], change["Action"]
        key = (
            _absolute(record["Name"]),
            str(record["Type"]),
            str(record.get("SetIdentifier") or ""),
        )
        shown = f"resource record set [name='{key[0]}', type='{key[1]}']"
        if action == "DELETE":
            if key not in known:
                problems.append(f"Tried to delete {shown} but it was not found")
            known.discard(key)
            continue
        if action == "CREATE" and key in known:
            problems.append(f"Tried to create {shown} but it already exists")
        elif _conflicts(key, known):
            problems.append(
                f"RRSet of type {key[1]} with DNS name {key[0]} is not permitted as it conflicts "
                f"with other records with the same DNS name in zone {zone}"
            )
        known.add(key)
    return problems


def _conflicts(key: Key, known: set[Key]) -> bool:
    """Say whether a CNAME would stand beside other data (RFC 1034 section 3.6.2)."""
    others = {kind for name, kind, _ in known if name == key[0] and kind != key[1]}
    return bool(others) if key[1] == "CNAME" else "CNAME" in others


@operation("route53", "ListHostedZonesByName")
def list_hosted_zones_by_name(call: Call) -> dict[str, Any]:
    """List the zones from a name on, by reversed labels; moto leaves out how the list ends."""
    start = _reversed(call.params.get("DNSName") or "")
    most = int(call.params.get("MaxItems") or 100)
    zones = sorted(route53_backends[call.account]["aws"].zones.values(), key=_zone_key)
    wanted = [zone for zone in zones if _reversed(zone.name) >= start]
    answer: dict[str, Any] = {
        "HostedZones": [_shown(zone) for zone in wanted[:most]],
        "IsTruncated": len(wanted) > most,
        "MaxItems": str(most),
    }
    if "DNSName" in call.params:
        answer["DNSName"] = call.params["DNSName"]
    if len(wanted) > most:
        answer["NextDNSName"] = wanted[most].name
        answer["NextHostedZoneId"] = wanted[most].resource_id
    return answer


def _reversed(name: str) -> list[str]:
    return _absolute(name).rstrip(".").split(".")[::-1] if name else []


def _zone_key(zone: FakeZone) -> tuple[list[str], str]:
    return _reversed(zone.name), zone.id


def _shown(zone: FakeZone) -> dict[str, Any]:
    return {
        "Id": zone.id,
        "Name": zone.name,
        "CallerReference": zone.caller_reference,
        "Config": {"PrivateZone": bool(zone.private_zone)},
        "ResourceRecordSetCount": len(zone.rrsets),
    }
