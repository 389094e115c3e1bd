"""Values on the wire: numbers, secrets, the unknown."""

from __future__ import annotations

from typing import Any

import pytest
from google.protobuf import json_format, struct_pb2  # type: ignore[import-untyped]  # no stubs

from rehearsal.provider.values import UNKNOWN, holds_unknown, read_struct, write_struct

SIGNATURE = "4dabf18193072939515e22adb298388d"
SECRET = "1b47061264138c4ac30d75fd1eb44270"


def _struct(value: dict[str, Any]) -> Any:
    return json_format.ParseDict(value, struct_pb2.Struct())


def test_whole_numbers_stay_whole_and_others_do_not() -> None:
    plain, secrets = read_struct(_struct({"period": 300, "share": 0.05, "list": [1, True]}))

    assert {"period": 300, "share": 0.05, "list": [1, True]} == plain
    assert isinstance(plain["period"], int)
    assert plain["list"][1] is True
    assert frozenset() == secrets


def test_secrets_are_taken_out_and_put_back_where_they_were() -> None:
    hidden = {SIGNATURE: SECRET, "value": "key"}
    wire = {"signing": {"key": hidden, "selector": "s"}, "all": [hidden, "open"]}

    plain, secrets = read_struct(_struct(wire))

    assert {"signing": {"key": "key", "selector": "s"}, "all": ["key", "open"]} == plain
    assert {("signing", "key"), ("all", 0)} == secrets
    assert wire == json_format.MessageToDict(write_struct(plain, secrets))


def test_a_secret_within_a_secret_is_one() -> None:
    inner = {SIGNATURE: SECRET, "value": "key"}
    plain, secrets = read_struct(_struct({"block": {SIGNATURE: SECRET, "value": {"a": inner}}}))

    assert {"block": {"a": "key"}} == plain
    assert {("block",)} == secrets


@pytest.mark.parametrize(
    ("value", "unknown"),
    [
        (UNKNOWN, True),
        ("1c4a061d-8072-4f0a-a4cb-0ff528b18fe7", True),
        ({"a": [{"b": UNKNOWN}]}, True),
        ({"a": ["text", 1, None]}, False),
        (None, False),
    ],
)
def test_the_unknown_is_found_at_any_depth(value: object, unknown: bool) -> None:
    assert unknown == holds_unknown(value)
