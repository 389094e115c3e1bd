"""KMS refuses a key policy that would lock the account out of its own key."""

from __future__ import annotations

from rehearsal.aws.errors import AwsError, Reply
from rehearsal.aws.operations import Call, operation
from rehearsal.aws.policies import Access, MalformedPolicyError, admits

_LONGEST = 32_768


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
