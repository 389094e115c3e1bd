"""Tags of identities and configuration sets, kept by ARN."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from rehearsal.aws.errors import bad_request, not_found
from rehearsal.aws.operations import Call, operation
from rehearsal.aws.state import SesRegion

_MOST = 50


def put(ses: SesRegion, arn: str, tags: Iterable[Mapping[str, str]]) -> None:
    """Add tags to a resource. Raises BadRequestException."""
    wanted = {tag["Key"]: tag["Value"] for tag in tags}
    for key, value in wanted.items():
        if not 1 <= len(key) <= 128 or len(value) > 256 or key.lower().startswith("aws:"):
            raise bad_request(f"Tag {key} is invalid.")
    merged = ses.tags.get(arn, {}) | wanted
    if len(merged) > _MOST:
        raise bad_request(f"A resource can have at most {_MOST} tags.")
    ses.tags[arn] = merged


def shown(ses: SesRegion, arn: str) -> list[dict[str, str]]:
    """Return the tags of a resource, in the API's shape."""
    return [{"Key": key, "Value": value} for key, value in sorted(ses.tags.get(arn, {}).items())]


def _arn_of(call: Call) -> str:
    arn = str(call.params["ResourceArn"])
    kind, _, name = arn.rpartition(":")[2].partition("/")
    known = {"identity": set(call.ses.identities), "configuration-set": set(call.ses.sets)}
    if name not in known.get(kind, set()) or arn != call.ses.arn(kind, name):
        raise not_found(f"Resource {arn} does not exist.")
    return arn


@operation("sesv2", "TagResource")
def tag_resource(call: Call) -> None:
    """Add or change tags."""
    put(call.ses, _arn_of(call), call.params["Tags"])


@operation("sesv2", "UntagResource")
def untag_resource(call: Call) -> None:
    """Remove tags by key."""
    tags = call.ses.tags.get(_arn_of(call), {})
    for key in call.params["TagKeys"]:
        tags.pop(key, None)


@operation("sesv2", "ListTagsForResource")
def list_tags_for_resource(call: Call) -> dict[str, Any]:
    """List the tags of a resource."""
    return {"Tags": shown(call.ses, _arn_of(call))}
