"""SQS attributes where moto errs: setting one must leave the policy alone."""

from __future__ import annotations

import json
from typing import Any

from moto.sqs.exceptions import QueueDoesNotExist
from moto.sqs.models import Queue, sqs_backends

from rehearsal.aws.errors import AwsError, Reply
from rehearsal.aws.operations import Answer, Call, operation
from rehearsal.aws.policies import MalformedPolicyError, parse

_ALLOW = "RedriveAllowPolicy"
_STAMPS = ("CreatedTimestamp", "LastModifiedTimestamp")


def _queue(call: Call) -> Queue | None:
    name = call.params["QueueUrl"].rpartition("/")[2]
    try:
        queue: Queue = sqs_backends[call.account][call.region].get_queue(name)
    except QueueDoesNotExist:
        return None
    return queue


def _check(attributes: dict[str, str]) -> None:
    """Raise InvalidAttributeValue for a policy that is none; an empty one clears it."""
    for name in ("Policy", "RedrivePolicy", _ALLOW):
        text = attributes.get(name)
        if not text:
            continue
        try:
            parse(text) if name == "Policy" else json.loads(text)
        except (MalformedPolicyError, ValueError) as error:
            message = f"Invalid value for the parameter {name}."
            raise AwsError("InvalidAttributeValue", message) from error


@operation("sqs", "CreateQueue")
def create_queue(call: Call) -> Reply:
    """Make a queue. Raises InvalidAttributeValue."""
    _check(call.params.get("Attributes") or {})
    return call.forward()


@operation("sqs", "SetQueueAttributes")
def set_queue_attributes(call: Call) -> Reply:
    """Set attributes; moto would clear the policy with every other one. InvalidAttributeValue."""
    attributes = call.params["Attributes"]
    _check(attributes)
    queue = _queue(call)
    policy = queue.policy if queue is not None else None
    reply = call.forward()
    if queue is not None and reply.status == 200:
        if "Policy" not in attributes:
            queue.policy = policy
        if _ALLOW in attributes:
            call.world.redrive_allow[queue.queue_arn] = attributes[_ALLOW]
    return reply


@operation("sqs", "GetQueueAttributes")
def get_queue_attributes(call: Call) -> Answer:
    """Show attributes, RedriveAllowPolicy and whole seconds too."""
    queue, names = _queue(call), call.params.get("AttributeNames") or []
    if queue is None:
        return call.forward()
    known = {name: str(value) for name, value in queue.attributes.items() if value is not None}
    known |= {name: str(int(float(known[name]))) for name in _STAMPS}
    allow = call.world.redrive_allow.get(queue.queue_arn)
    known |= {_ALLOW: allow} if allow else {}
    asked: dict[str, Any] = known
    if "All" not in names:
        allowed = {*Queue.BASE_ATTRIBUTES, *Queue.FIFO_ATTRIBUTES, *Queue.KMS_ATTRIBUTES, _ALLOW}
        unknown = next((name for name in names if name not in allowed), None)
        if unknown is not None:
            raise AwsError("InvalidAttributeName", f"Unknown Attribute {unknown}.")
        asked = {name: known[name] for name in names if name in known}
    return {"Attributes": asked} if asked else {}
