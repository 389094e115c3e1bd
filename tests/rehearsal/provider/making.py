"""Makes resources by their handlers, and knows a usable set of inputs for each type."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from rehearsal.provider.aws import Aws
from rehearsal.provider.handler import Handler, Made
from rehearsal.provider.registry import HANDLERS

ACCOUNT = "123456789012"
TOPIC = f"arn:aws:sns:us-west-2:{ACCOUNT}:bounce"
QUEUE = f"arn:aws:sqs:us-west-2:{ACCOUNT}"
FILTER = {"mail": {"destination": [{"suffix": "@simulator.amazonses.com"}]}}


def handler(name: str) -> Handler:
    """Return the handler of the type whose last part is ``name``."""
    (found,) = [each for kind, each in HANDLERS.items() if kind.endswith(f":{name}")]
    return found


@dataclass(frozen=True, slots=True)
class Resource:
    """A resource that was made, with the checked inputs that made it."""

    handler: Handler
    inputs: dict[str, Any]
    made: Made

    @property
    def id(self) -> str:
        """Return its id."""
        return self.made.id

    def read(self, aws: Aws) -> Made | None:
        """Return it as AWS has it, for a refresh."""
        return self.handler.read(aws, self.id, self.inputs)

    def drift(self, aws: Aws) -> tuple[str, ...]:
        """Return the properties in which AWS differs from what was declared."""
        found = self.read(aws)
        assert found is not None
        return self.handler.diff(found.inputs, self.inputs).changed

    def change(self, aws: Aws, name: str, /, **news: Any) -> Made:
        """Update it to its inputs overlaid by ``news``; None takes one away."""
        checked = self.handler.check(aws, name, {**self.inputs, **news}, self.inputs, b"")
        assert checked.failures == []
        return self.handler.update(aws, self.id, self.inputs, checked.inputs)


def make(aws: Aws, kind: str, name: str, /, **inputs: Any) -> Resource:
    """Check and create a resource."""
    found = handler(kind)
    checked = found.check(aws, name, inputs, {}, name.encode())
    assert checked.failures == []
    return Resource(found, checked.inputs, found.create(aws, checked.inputs))


def policy(service: str, action: str, resource: str, **more: Any) -> str:
    """Return a policy of one statement."""
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": service},
        "Action": action,
        "Resource": resource,
        **more,
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def key_policy() -> str:
    """Return a policy that KMS takes and SES can use."""
    root = {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}}
    found = json.loads(policy("ses.amazonaws.com", "kms:Decrypt", "*"))
    found["Statement"][0]["Action"] = ["kms:Decrypt", "kms:GenerateDataKey*"]
    found["Statement"].append({**root, "Action": "kms:*", "Resource": "*"})
    return json.dumps(found)
