"""Values judged by botocore's service model, as the service judges them.

botocore itself checks types and least lengths before it sends; the longest lengths, the ranges,
the enums and the patterns of the model are checked by the service, and so by ``check_input``.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

import botocore.session
from botocore.model import OperationModel, Shape

Value = Any  # whatever the shape says

_TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "character": (str,),
    "boolean": (bool,),
    "integer": (int,),
    "long": (int,),
    "double": (float, int),
    "float": (float, int),
    "timestamp": (dt.datetime,),
    "blob": (bytes, bytearray),
    "structure": (dict,),
    "map": (dict,),
    "list": (list,),
}


# Ids of Route 53: in answers they have a prefix ("/hostedzone/"), which the limit does not count.
_LONGER_IN_ANSWERS = frozenset({"ResourceId"})


@lru_cache(maxsize=1)
def _session() -> botocore.session.Session:
    return botocore.session.Session()


@lru_cache(maxsize=512)
def operation_model(service: str, operation: str) -> OperationModel:
    """Return botocore's model of an operation, such as ("sesv2", "GetAccount")."""
    return _session().get_service_model(service).operation_model(operation)


def check_input(service: str, operation: str, params: Mapping[str, Any]) -> str | None:
    """Return AWS's message about the first value that the model forbids, None if there is none."""
    shape = operation_model(service, operation).input_shape
    if shape is None:
        return None
    return next(_input_problems(shape, params, ""), None)


def output_problems(service: str, operation: str, answer: Mapping[str, Any] | None) -> list[str]:
    """Return what is wrong with an answer: unknown, missing or mistyped members, enums, limits."""
    shape = operation_model(service, operation).output_shape
    if shape is None:
        return [f"{operation} has no output"] if answer else []
    return list(_output_problems(shape, answer or {}, operation))


def _children(shape: Shape, value: Value, path: str) -> Iterator[tuple[Shape, Any, str]]:
    """Yield (shape, value, path) of each member that has a value."""
    if shape.type_name == "structure":
        for name, member in shape.members.items():
            if value.get(name) is not None:
                yield member, value[name], f"{path}.{_camel(name)}".lstrip(".")
    elif shape.type_name == "list":
        for index, item in enumerate(value, start=1):
            yield shape.member, item, f"{path}.{index}.member"
    elif shape.type_name == "map":
        for key, item in value.items():
            yield shape.key, key, f"{path}.key"
            yield shape.value, item, f"{path}.{key}"


def _camel(name: str) -> str:
    return name[:1].lower() + name[1:]


def _input_problems(shape: Shape, value: Value, path: str) -> Iterator[str]:
    if shape.type_name == "structure":
        for name in shape.required_members:
            if value.get(name) is None:
                where = f"{path}.{_camel(name)}".lstrip(".")
                yield _message("null", where, "Member must not be null")
    rule = _broken_limit(shape, value)
    if rule:
        yield _message("***" if shape.metadata.get("sensitive") else value, path, rule)
    for child, item, where in _children(shape, value, path):
        yield from _input_problems(child, item, where)


def _message(value: Value, path: str, rule: str) -> str:
    shown = value if value == "null" else f"'{value}'"
    where = f"Value {shown} at '{path}'"
    return f"1 validation error detected: {where} failed to satisfy constraint: {rule}"


def _broken_limit(shape: Shape, value: Value) -> str | None:
    """Return the constraint of the model that a value breaks, in AWS's words."""
    meta = shape.metadata
    if "enum" in meta and value not in meta["enum"]:
        return f"Member must satisfy enum value set: [{', '.join(meta['enum'])}]"
    number = shape.type_name in {"integer", "long", "double", "float"}
    if not number and not hasattr(value, "__len__"):
        return None
    size, what = (value, "value") if number else (len(value), "length")
    if "min" in meta and size < meta["min"]:
        return f"Member must have {what} greater than or equal to {meta['min']}"
    if "max" in meta and size > meta["max"]:
        return f"Member must have {what} less than or equal to {meta['max']}"
    pattern = meta.get("pattern")
    if pattern and isinstance(value, str) and not _compiled(pattern).fullmatch(value):
        return f"Member must satisfy regular expression pattern: {pattern}"
    return None


@lru_cache(maxsize=256)
def _compiled(pattern: str) -> re.Pattern[str]:
    """Compile a pattern of the model; one that only Java knows is met by everything."""
    try:
        return re.compile(pattern, re.DOTALL)
    except re.error:
        return re.compile(".*", re.DOTALL)


def _output_problems(shape: Shape, value: Value, path: str) -> Iterator[str]:
    expected = _TYPES[shape.type_name]
    wrong = not isinstance(value, expected)
    if wrong or (isinstance(value, bool) and shape.type_name != "boolean"):
        yield f"{path} is {type(value).__name__}, not {shape.type_name}"
        return
    if shape.type_name == "structure":
        yield from (f"{path}.{k} is unknown" for k in value if k not in shape.members)
        yield from (f"{path}.{k} is missing" for k in shape.required_members if k not in value)
        yield from (f"{path}.{k} is None" for k, v in value.items() if v is None)
    rule = _broken_limit(shape, value)
    if rule and shape.name not in _LONGER_IN_ANSWERS:
        yield f"{path}: {rule}"
    for child, item, where in _children(shape, value, path):
        yield from _output_problems(child, item, where)
