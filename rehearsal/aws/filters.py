"""SNS filter policies on the message body.

moto's own matcher fails on a suffix or a prefix beside a list, which is what SES's
``mail.destination`` is. In SNS a list matches where any of its elements does.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

Value = Any  # what JSON holds


def body_matches(policy: Mapping[str, Any], message: str) -> bool:
    """Say whether a message passes a policy of scope MessageBody; no JSON object never does."""
    try:
        body = json.loads(message)
    except ValueError:
        return False
    return isinstance(body, dict) and _object_matches(policy, body)


def _object_matches(policy: Mapping[str, Any], body: Mapping[str, Any]) -> bool:
    """Every key must match; of the objects in ``$or`` one must."""
    return all(
        any(_object_matches(branch, body) for branch in wanted)
        if key == "$or"
        else _key_matches(wanted, body, key)
        for key, wanted in policy.items()
    )


def _key_matches(wanted: Value, body: Mapping[str, Any], key: str) -> bool:
    if isinstance(wanted, dict):
        inner = body.get(key)
        objects = inner if isinstance(inner, list) else [inner]
        return any(isinstance(o, dict) and _object_matches(wanted, o) for o in objects)
    present = key in body
    values = body[key] if isinstance(body.get(key), list) else [body.get(key)]
    return any(
        rule["exists"] == present
        if isinstance(rule, dict) and "exists" in rule
        else present and any(_value_matches(rule, value) for value in values)
        for rule in wanted
    )


def _value_matches(rule: Value, value: Value) -> bool:
    if not isinstance(rule, dict):
        return (type(rule) is type(value) and bool(rule == value)) or _equal_numbers(rule, value)
    (keyword, operand), *_ = rule.items()
    if keyword == "numeric":
        return _is_number(value) and _in_range(operand, value)
    if keyword == "anything-but":
        return not _forbidden(operand, value)
    if not isinstance(value, str):
        return False
    text = str(operand)
    return {
        "prefix": value.startswith(text),
        "suffix": value.endswith(text),
        "equals-ignore-case": value.lower() == text.lower(),
    }.get(keyword, False)


def _forbidden(operand: Value, value: Value) -> bool:
    if isinstance(operand, dict):
        return _value_matches(operand, value)
    return any(
        _value_matches(o, value) for o in (operand if isinstance(operand, list) else [operand])
    )


def _is_number(value: Value) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _equal_numbers(rule: Value, value: Value) -> bool:
    return _is_number(rule) and _is_number(value) and bool(rule == value)


def _in_range(operand: Value, value: float) -> bool:
    """Judge ["<", 5] or [">=", 1, "<", 5]."""
    tests = zip(operand[::2], operand[1::2], strict=True)
    compare = {
        "=": lambda limit: value == limit,
        "<": lambda limit: value < limit,
        "<=": lambda limit: value <= limit,
        ">": lambda limit: value > limit,
        ">=": lambda limit: value >= limit,
    }
    return all(compare[operator](limit) for operator, limit in tests)
