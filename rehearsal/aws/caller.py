"""Who the caller is: the temporary session of one role, as a person with SSO has."""

from __future__ import annotations

import json
from typing import Any

from moto.iam.models import iam_backends

from rehearsal.aws.operations import Call, operation

ROLE = "rehearsal"
SESSION = "engineer"
_TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {"Service": "ec2.amazonaws.com"},
            "Action": "sts:AssumeRole",
        }
    ],
}
_EVERYTHING = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}],
}


def caller_arn(account: str) -> str:
    """Return the ARN that STS gives the caller."""
    return f"arn:aws:sts::{account}:assumed-role/{ROLE}/{SESSION}"


def create_role(account: str) -> None:
    """Create the caller's role in IAM, which may do everything until a policy is taken from it."""
    iam = iam_backends[account]["aws"]
    iam.create_role(
        role_name=ROLE,
        assume_role_policy_document=json.dumps(_TRUST),
        path="/",
        permissions_boundary=None,
        description="The rehearsal's caller",
        tags=[],
        max_session_duration="3600",
    )
    iam.put_role_policy(ROLE, "everything", json.dumps(_EVERYTHING))


@operation("sts", "GetCallerIdentity")
def get_caller_identity(call: Call) -> dict[str, Any]:
    """Return the session of the role; moto knows only users."""
    return {
        "UserId": f"AROA{call.account}REHEA:{SESSION}",
        "Account": call.account,
        "Arn": call.caller,
    }
