"""Property values as the engine sends them: what is unknown, what is secret, and the rest."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from google.protobuf import (  # type: ignore[import-untyped]  # has no stubs
    json_format,
    struct_pb2,
)

Properties = dict[str, Any]
Path = tuple[str | int, ...]
Value = Any  # JSON
Struct = Any  # of protobuf, which has no stubs

UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"  # of text; what this provider answers

# The engine has a word for each type (sdk/go/common/resource/plugin/rpc.go).
_UNKNOWNS = frozenset(
    {
        UNKNOWN,
        "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",  # boolean
        "3eeb2bf0-c639-47a8-9e75-3b44932eb421",  # number
        "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",  # array
        "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",  # object
    }
)
_SIGNATURE = "4dabf18193072939515e22adb298388d"
_SECRET = "1b47061264138c4ac30d75fd1eb44270"  # noqa: S105 - the protocol's mark, no secret


def is_unknown(value: object) -> bool:
    """Return whether a value is not known yet."""
    return isinstance(value, str) and value in _UNKNOWNS


def holds_unknown(value: object) -> bool:
    """Return whether a value, or anything in it, is not known yet."""
    if isinstance(value, dict):
        return any(holds_unknown(each) for each in value.values())
    if isinstance(value, list):
        return any(holds_unknown(each) for each in value)
    return is_unknown(value)


def read_struct(struct: Struct) -> tuple[Properties, frozenset[Path]]:
    """Return properties in plain JSON, and where in them the secrets are."""
    wrapped = json_format.MessageToDict(struct)
    secrets = frozenset(_secret_paths(wrapped, ()))
    return {key: _unwrapped(each) for key, each in wrapped.items()}, secrets


def write_struct(properties: Properties, secrets: frozenset[Path] = frozenset()) -> Struct:
    """Return properties for the wire, with what stands at ``secrets`` marked as secret."""
    return json_format.ParseDict(_wrapped(properties, secrets, ()), struct_pb2.Struct())


def _is_secret(value: object) -> bool:
    return isinstance(value, dict) and value.get(_SIGNATURE) == _SECRET


def _secret_paths(value: Value, at: Path) -> Iterator[Path]:
    if _is_secret(value):
        yield at
    elif isinstance(value, dict):
        for key, each in value.items():
            yield from _secret_paths(each, (*at, key))
    elif isinstance(value, list):
        for number, each in enumerate(value):
            yield from _secret_paths(each, (*at, number))


def _unwrapped(value: Value) -> Value:
    if _is_secret(value):
        return _unwrapped(value["value"])
    if isinstance(value, dict):
        return {key: _unwrapped(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_unwrapped(each) for each in value]
    # Every number arrives as a double.
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _wrapped(value: Value, secrets: frozenset[Path], at: Path) -> Value:
    if at in secrets:
        return {_SIGNATURE: _SECRET, "value": value}
    if isinstance(value, dict):
        return {key: _wrapped(each, secrets, (*at, key)) for key, each in value.items()}
    if isinstance(value, list):
        return [_wrapped(each, secrets, (*at, n)) for n, each in enumerate(value)]
    return value
