"""When two JSON documents are the same to the provider (hashicorp/awspolicyequivalence)."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

Value = Any  # JSON

_ACCOUNT = re.compile(r"[0-9]{12}")
_TEXT_SETS = ("Action", "NotAction", "Resource", "NotResource")


def same_json(one: str, other: str) -> bool:
    """Return whether two texts are the same JSON; white space and the order of keys are nothing."""
    if one == other:
        return True
    try:
        return bool(json.loads(one) == json.loads(other))
    except ValueError:
        return False


def same_policy(one: str, other: str) -> bool:
    """Return whether two policy documents say the same to the provider.

    The order of statements and of lists is nothing. Version, Id, Sid and the case of actions
    count. What is no JSON object equals only itself.
    """
    if one == other or {one.strip(), other.strip()} <= {"", "{}"}:
        return True
    try:
        first, second = json.loads(one), json.loads(other)
    except ValueError:
        return False
    if not (isinstance(first, dict) and isinstance(second, dict)):
        return False
    return canonical_policy(first) == canonical_policy(second)


def canonical_policy(policy: Mapping[str, Any]) -> dict[str, Any]:
    """Return a policy in which only what counts is left, in a fixed order."""
    statements = policy.get("Statement", [])
    listed = statements if isinstance(statements, list) else [statements]
    return {
        "Version": policy.get("Version"),
        "Id": policy.get("Id"),
        "Statement": sorted((_statement(each) for each in listed), key=_order),
    }


def _statement(statement: Mapping[str, Any]) -> dict[str, Any]:
    made: dict[str, Any] = {
        "Sid": statement.get("Sid", ""),
        "Effect": str(statement.get("Effect", "")).lower(),
        "Condition": {
            operator: {key: _texts(value) for key, value in keys.items()}
            for operator, keys in statement.get("Condition", {}).items()
        },
    }
    made |= {key: _texts(statement[key]) for key in _TEXT_SETS if statement.get(key)}
    made |= {
        key: _principal(statement[key]) for key in ("Principal", "NotPrincipal") if key in statement
    }
    return made


def _principal(principal: Value) -> Value:
    """Return a principal; an account id is the same as its root. "*" is not {"AWS": "*"}."""
    if not isinstance(principal, dict):
        return principal
    return {
        kind: sorted(_root_of(text) for text in _texts(who))
        for kind, who in principal.items()
        if who
    }


def _root_of(principal: str) -> str:
    return f"arn:aws:iam::{principal}:root" if _ACCOUNT.fullmatch(principal) else principal


def _texts(value: Value) -> list[str]:
    """Return a set of texts in order: one is a set of one, true is "true" and 5 is "5"."""
    values = value if isinstance(value, list) else [value]
    return sorted({each if isinstance(each, str) else json.dumps(each) for each in values})


def _order(statement: Mapping[str, Any]) -> str:
    return json.dumps(statement, sort_keys=True)
