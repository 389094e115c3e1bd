"""Who the caller is, what it may do, and which key policies KMS takes."""

from __future__ import annotations

import json
from typing import Any

import pytest

from rehearsal.aws import EmulatedAws
from tests.rehearsal.aws.emulator import ACCOUNT, REGION, client, document, refusal

ROLE = f"arn:aws:iam::{ACCOUNT}:role/rehearsal"
SESSION = f"arn:aws:sts::{ACCOUNT}:assumed-role/rehearsal/engineer"
IDENTITY = f"arn:aws:ses:{REGION}:{ACCOUNT}:identity/jobmatch.zip"


def test_the_caller_is_a_session_of_a_role_that_exists(aws: EmulatedAws) -> None:
    caller = client(aws, "sts").get_caller_identity()
    assert (caller["Account"], caller["Arn"]) == (ACCOUNT, SESSION)
    assert client(aws, "iam").get_role(RoleName="rehearsal")["Role"]["Arn"] == ROLE


def decisions(aws: EmulatedAws, arn: str, **params: Any) -> dict[str, str]:
    answer = client(aws, "iam").simulate_principal_policy(PolicySourceArn=arn, **params)
    return {row["EvalActionName"]: row["EvalDecision"] for row in answer["EvaluationResults"]}


def test_the_policies_of_a_role_are_simulated(aws: EmulatedAws) -> None:
    actions = ["ses:PutAccountDetails", "ses:SendEmail"]
    assert set(decisions(aws, ROLE, ActionNames=actions).values()) == {"allowed"}
    iam = client(aws, "iam")
    iam.create_role(RoleName="sender", AssumeRolePolicyDocument=document(Action="sts:AssumeRole"))
    sender = f"arn:aws:iam::{ACCOUNT}:role/sender"
    assert set(decisions(aws, sender, ActionNames=actions).values()) == {"implicitDeny"}
    policy = document(
        Action=["ses:SendEmail", "ses:SendRawEmail"],
        Resource=IDENTITY,
        Condition={"StringEquals": {"ses:FromAddress": "no-reply@jobmatch.zip"}},
    )
    arn = iam.create_policy(PolicyName="send", PolicyDocument=policy)["Policy"]["Arn"]
    iam.attach_role_policy(RoleName="sender", PolicyArn=arn)
    asked = {"ActionNames": actions, "ResourceArns": [IDENTITY]}
    context = [
        {
            "ContextKeyName": "ses:FromAddress",
            "ContextKeyValues": ["no-reply@jobmatch.zip"],
            "ContextKeyType": "string",
        }
    ]
    assert set(decisions(aws, sender, **asked).values()) == {"implicitDeny"}
    assert decisions(aws, sender, **asked, ContextEntries=context) == {
        "ses:PutAccountDetails": "implicitDeny",
        "ses:SendEmail": "allowed",
    }
    iam.put_role_policy(
        RoleName="sender",
        PolicyName="not",
        PolicyDocument=document(Effect="Deny", Action="ses:Send*", Resource="*"),
    )
    assert decisions(aws, sender, **asked)["ses:SendEmail"] == "explicitDeny"


def test_a_new_version_of_a_policy_is_the_one_that_counts(aws: EmulatedAws) -> None:
    iam = client(aws, "iam")
    iam.create_user(UserName="ops")
    old = document(Action="ses:GetAccount", Resource="*")
    arn = iam.create_policy(PolicyName="p", PolicyDocument=old)["Policy"]["Arn"]
    iam.attach_user_policy(UserName="ops", PolicyArn=arn)
    new = document(Action="ses:SendEmail", Resource="*")
    iam.create_policy_version(PolicyArn=arn, PolicyDocument=new, SetAsDefault=True)
    actions = ["ses:GetAccount", "ses:SendEmail"]
    user = f"arn:aws:iam::{ACCOUNT}:user/ops"
    assert decisions(aws, user, ActionNames=actions) == {
        "ses:GetAccount": "implicitDeny",
        "ses:SendEmail": "allowed",
    }


@pytest.mark.parametrize(
    ("arn", "expected"),
    [
        (SESSION, ("InvalidInput", 400)),
        (f"arn:aws:iam::{ACCOUNT}:root", ("InvalidInput", 400)),
        (f"arn:aws:iam::{ACCOUNT}:role/nobody", ("NoSuchEntity", 404)),
        (f"arn:aws:iam::{ACCOUNT}:user/nobody", ("NoSuchEntity", 404)),
    ],
)
def test_who_cannot_be_simulated(aws: EmulatedAws, arn: str, expected: tuple[str, int]) -> None:
    call = client(aws, "iam").simulate_principal_policy
    asked: dict[str, Any] = {"PolicySourceArn": arn, "ActionNames": ["ses:GetAccount"]}
    assert refusal(call, **asked)[:2] == expected


LOCKED_OUT = document(Principal={"Service": "ses.amazonaws.com"}, Action="kms:*", Resource="*")
SAFE = document(Principal={"AWS": f"arn:aws:iam::{ACCOUNT}:root"}, Action="kms:*", Resource="*")


def test_a_key_policy_that_locks_the_account_out_is_refused(aws: EmulatedAws) -> None:
    kms = client(aws, "kms")
    code, status, message = refusal(kms.create_key, Policy=LOCKED_OUT)
    assert (code, status) == ("MalformedPolicyDocumentException", 400)
    assert message.startswith("The new key policy will not allow you to update the key policy")
    key = kms.create_key(Policy=SAFE)["KeyMetadata"]["KeyId"]
    put = {"KeyId": key, "PolicyName": "default"}
    assert refusal(kms.put_key_policy, **put, Policy=LOCKED_OUT)[0] == code
    assert refusal(kms.put_key_policy, **put, Policy="no")[0] == code
    assert json.loads(kms.get_key_policy(**put)["Policy"]) == json.loads(SAFE)
    by_role = document(Principal={"AWS": ROLE}, Action="kms:PutKeyPolicy", Resource="*")
    kms.put_key_policy(**put, Policy=by_role)
    kms.put_key_policy(**put, Policy=LOCKED_OUT, BypassPolicyLockoutSafetyCheck=True)
    assert json.loads(kms.get_key_policy(**put)["Policy"]) == json.loads(LOCKED_OUT)


def test_the_key_of_sns_itself_admits_no_service(aws: EmulatedAws) -> None:
    kms = client(aws, "kms")
    metadata = kms.describe_key(KeyId="alias/aws/sns")["KeyMetadata"]
    assert metadata["KeyManager"] == "AWS"
    policy = kms.get_key_policy(KeyId=metadata["KeyId"], PolicyName="default")["Policy"]
    assert "amazonaws.com" not in json.dumps(
        [s["Principal"] for s in json.loads(policy)["Statement"]]
    )
    assert kms.describe_key(KeyId="alias/aws/sns")["KeyMetadata"] == metadata
