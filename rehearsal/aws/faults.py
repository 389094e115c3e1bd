"""What is to go wrong: throttling, denied actions, answers that get lost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from rehearsal.aws.errors import AwsError

# The service's prefix in IAM where it is not the name of the boto3 client.
_IAM_PREFIX = {"sesv2": "ses"}
_ARNS = ("TopicArn", "ResourceArn", "PolicyArn", "PolicySourceArn")
_SENDING = {"SendEmail", "SendBulkEmail", "SendRawEmail"}


def iam_action(service: str, operation: str) -> str:
    """Return the IAM action of an operation: ("sesv2", "GetAccount") is ``ses:GetAccount``."""
    return f"{_IAM_PREFIX.get(service, service)}:{operation}"


@dataclass(slots=True)
class Faults:
    """Faults that hold until they are used up or cleared."""

    throttle: int = 0  # so many SES calls, Send* excepted, get 429
    denied: set[str] = field(default_factory=set)  # IAM actions, such as ses:GetAccount
    lost: set[str] = field(default_factory=set)  # IAM actions done, whose answer gets lost once

    def before(
        self, service: str, operation: str, caller: str, resource: str = "*"
    ) -> AwsError | None:
        """Return the error that a call meets before it does anything."""
        action = iam_action(service, operation)
        if action in self.denied:
            return denial(service, operation, caller, resource)
        if self.throttle and service in {"ses", "sesv2"} and operation not in _SENDING:
            self.throttle -= 1
            if service == "sesv2":
                return AwsError("TooManyRequestsException", "Rate exceeded", 429)
            return AwsError("Throttling", "Rate exceeded")
        return None

    def loses(self, service: str, operation: str) -> bool:
        """Say whether this answer gets lost, once."""
        action = iam_action(service, operation)
        if action not in self.lost:
            return False
        self.lost.discard(action)
        return True

    def clear(self) -> None:
        """Let everything work again."""
        self.throttle = 0
        self.denied.clear()
        self.lost.clear()


def resource_of(params: Mapping[str, Any], account: str, region: str) -> str:
    """Return the ARN that a denial names, ``*`` where the action knows no resource.

    Source: Service Authorization Reference, "Amazon SES v2"; other services name theirs by ARN.
    """
    ses = f"arn:aws:ses:{region}:{account}"
    sender = str(params.get("FromEmailAddress", "")).rpartition("@")[2].rstrip(">")
    identity = params.get("EmailIdentity") or sender
    if identity:
        return f"{ses}:identity/{identity}"
    if "ConfigurationSetName" in params:
        return f"{ses}:configuration-set/{params['ConfigurationSetName']}"
    named = (params[name] for name in _ARNS if params.get(name))
    return str(next(named, "*"))


def denial(service: str, operation: str, caller: str, resource: str = "*") -> AwsError:
    """Return a service's way to say that the caller may not: code, status and text differ."""
    action = iam_action(service, operation)
    if service == "sesv2" and operation in _SENDING:
        text = f"User `{caller}' is not authorized to perform `{action}' on resource `{resource}'"
        return AwsError("AccessDeniedException", text, 403)
    text = (
        f"User: {caller} is not authorized to perform: {action} on resource: {resource} "
        f"because no identity-based policy allows the {action} action"
    )
    if service == "kms":
        return AwsError("AccessDeniedException", text, 400)
    code = {"sesv2": "AccessDeniedException", "sns": "AuthorizationError"}
    return AwsError(code.get(service, "AccessDenied"), text, 403)
