"""Answers on the wire judged by botocore's model, apart from the judge that the emulator has."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from botocore.model import OperationModel, Shape

Value = Any  # what JSON holds

_JSON_TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "boolean": (bool,),
    "integer": (int,),
    "long": (int,),
    "double": (int, float),
    "timestamp": (int, float),
    "structure": (dict,),
    "map": (dict,),
    "list": (list,),
}


def wire_problems(model: OperationModel, body: bytes) -> list[str]:
    """Return what a rest-json body has that the output shape forbids, or lacks."""
    if model.output_shape is None:
        return [] if body in {b"", b"{}"} else [f"{model.name} has no output, got {body!r}"]
    return list(_problems(model.output_shape, json.loads(body), model.name))


def _problems(shape: Shape, value: Value, path: str) -> Iterator[str]:
    fits = isinstance(value, _JSON_TYPES[shape.type_name])
    if not fits:
        yield f"{path}: {value!r} is not a {shape.type_name}"
    elif shape.type_name == "structure":
        yield from (f"{path}.{key} is unknown" for key in value.keys() - shape.members.keys())
        yield from (
            f"{path}.{key} is missing" for key in set(shape.required_members) - value.keys()
        )
        for key in value.keys() & shape.members.keys():
            yield from _problems(shape.members[key], value[key], f"{path}.{key}")
    elif shape.type_name == "list":
        for index, item in enumerate(value):
            yield from _problems(shape.member, item, f"{path}[{index}]")
    elif shape.type_name == "map":
        for key, item in value.items():
            yield from _problems(shape.value, item, f"{path}.{key}")
    elif value not in shape.metadata.get("enum", [value]):
        yield f"{path}: {value!r} is not of {shape.metadata['enum']}"
