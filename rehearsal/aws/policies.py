"""Policy documents judged as IAM judges them: who may do what on which resource, and when."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from fnmatch import fnmatchcase
from typing import Any


class Decision(StrEnum):
    """The three answers of policy evaluation, as SimulatePrincipalPolicy spells them."""

    ALLOWED = "allowed"
    EXPLICIT_DENY = "explicitDeny"
    IMPLICIT_DENY = "implicitDeny"


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """One access: an action such as ``sns:Publish`` on a resource, and its context keys.

    ``service`` (``ses.amazonaws.com``) or ``arn`` says who asks; both empty where the policy
    is attached to the caller and has no Principal.
    """

    action: str
    resource: str = "*"
    service: str = ""
    arn: str = ""
    context: Mapping[str, Sequence[str]] = field(default_factory=dict)


class MalformedPolicyError(ValueError):
    """A policy document that no service accepts; the message says why."""


def parse(document: str) -> list[dict[str, Any]]:
    """Return the statements of a policy document. Raises MalformedPolicyError."""
    try:
        policy = json.loads(document)
    except ValueError as error:
        raise MalformedPolicyError("the policy is not JSON") from error
    if not isinstance(policy, dict) or "Statement" not in policy:
        raise MalformedPolicyError("the policy has no Statement")
    statements = as_list(policy["Statement"])
    for statement in statements:
        if not isinstance(statement, dict) or statement.get("Effect") not in {"Allow", "Deny"}:
            raise MalformedPolicyError("a statement needs an Effect, Allow or Deny")
        if not ({"Action", "NotAction"} & statement.keys()):
            raise MalformedPolicyError("a statement needs an Action")
    return statements


def decide(statements: Iterable[Mapping[str, Any]], access: Access) -> Decision:
    """Judge an access: a Deny that matches wins, then an Allow, else the implicit deny."""
    effects = {s["Effect"] for s in statements if _matches(s, access)}
    if "Deny" in effects:
        return Decision.EXPLICIT_DENY
    return Decision.ALLOWED if "Allow" in effects else Decision.IMPLICIT_DENY


def admits(document: str | None, access: Access) -> bool:
    """Say whether a resource's policy (None or empty: nobody) allows an access."""
    if not document:
        return False
    return decide(parse(document), access) is Decision.ALLOWED


def as_list(value: object) -> list[Any]:
    """Return a policy element that may be one value or a list of them as a list."""
    return list(value) if isinstance(value, list) else [value]


def _matches(statement: Mapping[str, Any], access: Access) -> bool:
    return (
        _action_matches(statement, access.action)
        and _resource_matches(statement, access.resource)
        and _principal_matches(statement, access)
        and _conditions_hold(statement, access.context)
    )


def _action_matches(statement: Mapping[str, Any], action: str) -> bool:
    if "NotAction" in statement:
        return not _any_like(as_list(statement["NotAction"]), action.lower(), lower=True)
    return _any_like(as_list(statement["Action"]), action.lower(), lower=True)


def _resource_matches(statement: Mapping[str, Any], resource: str) -> bool:
    if "NotResource" in statement:
        return not _any_like(as_list(statement["NotResource"]), resource)
    return _any_like(as_list(statement.get("Resource", "*")), resource)


def _principal_matches(statement: Mapping[str, Any], access: Access) -> bool:
    if not access.service and not access.arn:
        return True
    principal = statement.get("Principal")
    if principal is None:
        return False
    if principal == "*":
        return True
    if access.service:
        return access.service in as_list(principal.get("Service", []))
    return any(_names(name, access.arn) for name in as_list(principal.get("AWS", [])))


def _names(principal: str, arn: str) -> bool:
    """Say whether an AWS principal (an ARN, an account, "*") names the caller's ARN."""
    account = arn.split(":")[4]
    everybody = {"*", account, f"arn:aws:iam::{account}:root"}
    return principal in everybody or principal == arn


def _any_like(patterns: Iterable[str], value: str, *, lower: bool = False) -> bool:
    return any(like(value, p.lower() if lower else p) for p in patterns)


def like(value: str, pattern: str) -> bool:
    """Match with IAM's ``*`` and ``?``; a bracket is a plain character there."""
    return fnmatchcase(value, pattern.replace("[", "[[]"))


def arn_like(value: str, pattern: str) -> bool:
    """Match ARNs part by part: a star does not cross one of the first five colons."""
    parts, wanted = value.split(":", 5), pattern.split(":", 5)
    return len(parts) == len(wanted) and all(map(like, parts, wanted))


_OPERATORS: dict[str, Callable[[str, str], bool]] = {
    "StringEquals": lambda value, wanted: value == wanted,
    "StringEqualsIgnoreCase": lambda value, wanted: value.lower() == wanted.lower(),
    "StringLike": like,
    "ArnEquals": arn_like,
    "ArnLike": arn_like,
    "Bool": lambda value, wanted: value.lower() == wanted.lower(),
}
_NEGATIVE = {"StringNotEquals": "StringEquals", "StringNotLike": "StringLike"}
_NEGATIVE |= {"ArnNotEquals": "ArnEquals", "ArnNotLike": "ArnLike"}


def _conditions_hold(statement: Mapping[str, Any], context: Mapping[str, Sequence[str]]) -> bool:
    keys = {key.lower(): values for key, values in context.items()}
    for operator, tests in statement.get("Condition", {}).items():
        for key, wanted in tests.items():
            texts = [str(w).lower() if isinstance(w, bool) else str(w) for w in as_list(wanted)]
            held = _condition_holds(operator, keys.get(key.lower()), texts)
            if held is None:  # an operator that is not known here: never lets anybody in
                return bool(statement["Effect"] == "Deny")
            if not held:
                return False
    return True


def _condition_holds(
    operator: str, values: Sequence[str] | None, wanted: Sequence[str]
) -> bool | None:
    """Judge one condition key; None for an operator that is not imitated."""
    if operator == "Null":
        return (values is None) == (wanted[0] == "true")
    quantifier, _, rest = operator.rpartition(":")
    name = rest.removesuffix("IfExists")
    negative = name in _NEGATIVE
    test = _OPERATORS.get(_NEGATIVE.get(name, name))
    if test is None:
        return None
    if values is None:
        return negative or name != rest or quantifier == "ForAllValues"
    hits = [any(test(value, w) for w in wanted) for value in values]
    if negative:
        hits = [not hit for hit in hits]
    return all(hits) if quantifier == "ForAllValues" or negative else any(hits)
