"""iam:SimulatePrincipalPolicy, which moto lacks: the policies of a role or a user, judged."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from typing import Any

from moto.iam.exceptions import NoSuchEntity, NotFoundException
from moto.iam.models import iam_backends

from rehearsal.aws.errors import AwsError
from rehearsal.aws.operations import Call, operation
from rehearsal.aws.policies import Access, MalformedPolicyError, decide, parse


@operation("iam", "SimulatePrincipalPolicy")
def simulate_principal_policy(call: Call) -> dict[str, Any]:
    """Judge actions on resources by a principal's policies. Raises InvalidInput, NoSuchEntity."""
    statements = list(_statements(call, call.params["PolicySourceArn"]))
    for document in call.params.get("PolicyInputList") or []:
        statements += _parsed(document)
    context = {
        entry["ContextKeyName"]: entry.get("ContextKeyValues", [])
        for entry in call.params.get("ContextEntries") or []
    }
    resources = call.params.get("ResourceArns") or ["*"]
    pairs = itertools.product(call.params["ActionNames"], resources)
    results = [
        {
            "EvalActionName": action,
            "EvalResourceName": resource,
            "EvalDecision": str(
                decide(statements, Access(action=action, resource=resource, context=context))
            ),
            "MatchedStatements": [],
            "MissingContextValues": [],
        }
        for action, resource in pairs
    ]
    return {"EvaluationResults": results, "IsTruncated": False}


def _statements(call: Call, arn: str) -> Iterator[dict[str, Any]]:
    iam = iam_backends[call.account]["aws"]
    kind, _, path = arn.rpartition(":")[2].partition("/")
    name = path.rpartition("/")[2]
    if ":iam:" not in arn or kind not in {"role", "user"}:
        text = f"Invalid Entity Arn: {arn} does not clearly define entity type and name."
        raise AwsError("InvalidInput", text)
    try:
        if kind == "role":
            role = iam.get_role(name)
            inline, attached = role.policies.values(), role.managed_policies.values()
        else:
            user = iam.get_user(name)
            inline, attached = user.policies.values(), user.managed_policies.values()
    except (NoSuchEntity, NotFoundException) as error:
        raise AwsError(
            "NoSuchEntity", f"The {kind} with name {name} cannot be found.", 404
        ) from error
    versions = (version for policy in attached for version in policy.versions)
    for document in (*inline, *(v.document for v in versions if v.is_default)):
        yield from _parsed(document)


def _parsed(document: object) -> list[dict[str, Any]]:
    text = document if isinstance(document, str) else json.dumps(document)
    try:
        return parse(text)
    except MalformedPolicyError as error:
        raise AwsError("InvalidInput", str(error)) from error
