"""How the recording provider judges inputs: what it refuses, fills in, and takes for equal."""

from __future__ import annotations

import copy
import hashlib
import json
from collections.abc import Iterator
from typing import Any

from pulumi.runtime.proto import provider_pb2

from tests.infra.cloud import REGION, UNKNOWN, Properties
from tests.infra.facts import TypeFacts


def _at(properties: Properties, path: str) -> Any:
    """Return the value at a dotted path, None where there is none."""
    value: Any = properties
    for part in path.split("."):
        value = value.get(part) if isinstance(value, dict) else None
    return value


def failures(facts: TypeFacts, inputs: Properties) -> Iterator[Any]:
    """Yield what the provider refuses before it asks AWS."""
    for key in facts.required:
        if key not in inputs:
            yield _failure(key, "is required")
    known = {*facts.required, *facts.optional, *facts.defaults, "region", "tags", "tagsAll"}
    for key in sorted(set(inputs) - known):
        yield _failure(key, "Unexpected property")
    for path, words in facts.enums.items():
        value = _at(inputs, path)
        for word in value if isinstance(value, list) else [value]:
            if word is not None and word != UNKNOWN and word not in words:
                yield _failure(path, f"expected one of {words}, got {word}")
    for path, (low, high) in facts.ranges.items():
        number = _at(inputs, path)
        if isinstance(number, float | int) and not low <= number <= high:
            yield _failure(path, f"expected {low} to {high}, got {number:g}")


def _failure(key: str, reason: str) -> Any:
    return provider_pb2.CheckFailure(property=key, reason=reason)


def fill_in(
    facts: TypeFacts, inputs: Properties, olds: Properties, request: Any, tags: dict[str, str]
) -> None:
    """Write into the inputs what the provider adds in Check."""
    for path, value in facts.defaults.items():
        block, _, leaf = path.rpartition(".")
        target = _at(inputs, block) if block else inputs
        if isinstance(target, dict):
            target.setdefault(leaf, value)
    if facts.auto_name and "name" not in inputs:
        digest = hashlib.sha256(request.randomSeed).hexdigest()[:7]
        inputs["name"] = olds.get("name") or f"{request.urn.rpartition('::')[2]}-{digest}"
        assert len(inputs["name"]) <= facts.auto_name
    if facts.regional:
        inputs.setdefault("region", REGION)
    if facts.tagged:
        inputs["tagsAll"] = {**tags, **inputs.get("tags", {})}


def is_equal(facts: TypeFacts, key: str, old: Properties, new: Properties) -> bool:
    return bool(_canonical(facts, key, old.get(key)) == _canonical(facts, key, new.get(key)))


def _canonical(facts: TypeFacts, path: str, value: Any) -> Any:
    """Return a value in which only what the provider compares is left."""
    if path in facts.sets and isinstance(value, list):
        return sorted(value, key=str)
    if path in facts.policies and isinstance(value, str) and value != UNKNOWN:
        return json.loads(value)
    if isinstance(value, dict):
        return {key: _canonical(facts, f"{path}.{key}", each) for key, each in value.items()}
    return value


def read_inputs(facts: TypeFacts, found: Properties, inputs: Properties | None) -> Properties:
    """Return the inputs that a resource would have been made with, as AWS has it now.

    On a refresh the program's own keys are kept; an import takes everything that can be set.
    """
    own = {*facts.required, *facts.optional, *facts.defaults, "region", "tagsAll"}
    keys = own if inputs is None else set(inputs)
    read = {key: copy.deepcopy(found[key]) for key in keys if key in found}
    return _as_given(read, inputs) if inputs else read


def _as_given(read: Properties, inputs: Properties) -> Properties:
    """Return what was read, blocks cut to the keys that the program gives."""
    return {
        key: {part: value[part] for part in inputs[key] if part in value}
        if isinstance(value, dict) and isinstance(inputs.get(key), dict)
        else value
        for key, value in read.items()
    }
