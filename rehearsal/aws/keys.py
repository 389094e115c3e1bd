"""KMS: no policy that locks the account out of its own key; AWS's keys; rotation periods."""

from __future__ import annotations

from typing import Any

from rehearsal.aws.errors import AwsError, Reply
from rehearsal.aws.managed_keys import find_key
from rehearsal.aws.operations import Answer, Call, operation
from rehearsal.aws.policies import Access, MalformedPolicyError, admits

_LONGEST = 32_768
_DEFAULT_PERIOD = 365  # days


@operation("kms", "CreateKey")
def create_key(call: Call) -> Reply:
    """Make a key. Raises MalformedPolicyDocumentException."""
    if "Policy" in call.params:
        _check(call, call.params["Policy"])
    return call.forward()


@operation("kms", "PutKeyPolicy")
def put_key_policy(call: Call) -> Reply:
    """Replace a key's policy. Raises MalformedPolicyDocumentException."""
    _check(call, call.params["Policy"])
    return call.forward()


def _check(call: Call, document: str) -> None:
    """Refuse what is no policy, and what would not let the caller change it again."""
    if len(document) > _LONGEST:
        raise AwsError("LimitExceededException", "The key policy is too long.")
    account_root = f"arn:aws:iam::{call.account}:root"
    role = call.caller.replace(":sts:", ":iam:").replace("assumed-role", "role").rpartition("/")[0]
    try:
        safe = any(
            admits(document, Access(action="kms:PutKeyPolicy", arn=arn))
            for arn in (account_root, role, call.caller)
        )
    except MalformedPolicyError as error:
        raise AwsError("MalformedPolicyDocumentException", str(error)) from error
    if not safe and not call.params.get("BypassPolicyLockoutSafetyCheck"):
        text = "The new key policy will not allow you to update the key policy in the future."
        raise AwsError("MalformedPolicyDocumentException", text)


@operation("kms", "DescribeKey")
def describe_key(call: Call) -> Reply:
    """Show a key; a predefined alias makes its AWS-managed key when first named."""
    find_key(call.account, call.region, call.params["KeyId"])
    return call.forward()


@operation("kms", "EnableKeyRotation")
def enable_key_rotation(call: Call) -> Reply:
    """Switch rotation on, with its period in days."""
    reply = call.forward()
    if reply.status == 200:
        period = call.params.get("RotationPeriodInDays", _DEFAULT_PERIOD)
        call.world.rotation_periods[call.params["KeyId"]] = period
    return reply


@operation("kms", "GetKeyRotationStatus")
def get_key_rotation_status(call: Call) -> Answer:
    """Show rotation with its period, which moto does not keep."""
    key = find_key(call.account, call.region, call.params["KeyId"])
    if key is None:
        return call.forward()
    answer: dict[str, Any] = {"KeyId": key.arn, "KeyRotationEnabled": key.key_rotation_status}
    if key.key_rotation_status:
        period = call.world.rotation_periods.get(call.params["KeyId"], _DEFAULT_PERIOD)
        answer["RotationPeriodInDays"] = period
    return answer
