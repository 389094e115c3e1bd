"""Judges the inputs of a resource before anything is asked of AWS."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from rehearsal.provider.facts import Kind, Property, ResourceFacts
from rehearsal.provider.limits import beyond_limits
from rehearsal.provider.values import Properties, Value, is_unknown

_ARN = re.compile(r"arn:aws[a-z-]*:[a-z0-9-]+:[a-z0-9-]*:([0-9]{12})?:.+", re.DOTALL)
_TYPES: Mapping[Kind, tuple[type, ...]] = {
    Kind.TEXT: (str,),
    Kind.WHOLE: (int,),
    Kind.NUMBER: (int, float),
    Kind.FLAG: (bool,),
    Kind.MAP: (dict,),
    Kind.LIST: (list,),
    Kind.SET: (list,),
    Kind.BLOCK: (dict,),
}


@dataclass(frozen=True, slots=True)
class Failure:
    """What the provider refuses: the path of the property, and why."""

    path: str
    reason: str


def judge(facts: ResourceFacts, inputs: Properties) -> list[Failure]:
    """Return everything that is wrong with the inputs, in the order of the properties."""
    failures = list(_members(facts.every, inputs, ""))
    for group in facts.one_of:
        found = [name for name in group if _is_there(inputs, name)]
        if len(found) != 1:
            named = ", ".join(group)
            failures.append(Failure(group[0], f"exactly one of {named} must be given"))
    return failures


def _is_there(inputs: Properties, path: str) -> bool:
    value: Value = inputs
    for part in path.split("."):
        value = value.get(part) if isinstance(value, dict) else None
    return value is not None


def _members(
    properties: Mapping[str, Property], inputs: Mapping[str, Value], at: str
) -> Iterator[Failure]:
    for name in sorted(set(inputs) - set(properties)):
        yield Failure(at + name, "Unexpected property: the rehearsal's provider does not know it")
    for name, fact in properties.items():
        value = inputs.get(name)
        if value is None:
            if fact.required:
                yield Failure(at + name, "Missing required property")
        elif not fact.settable:
            yield Failure(at + name, "is filled by AWS and cannot be set")
        elif not is_unknown(value):
            yield from _neighbours(name, fact, inputs, at)
            yield from _value(fact, value, at + name)


def _neighbours(
    name: str, fact: Property, inputs: Mapping[str, Value], at: str
) -> Iterator[Failure]:
    for other in fact.conflicts:
        if inputs.get(other) is not None:
            yield Failure(at + name, f"conflicts with {at}{other}")
    for other in fact.needs:
        if inputs.get(other) is None:
            yield Failure(at + name, f"needs {at}{other}")


def _value(fact: Property, value: Value, path: str) -> Iterator[Failure]:
    if not _is_of(fact.kind, value):
        yield Failure(path, f"must be {fact.kind}, is {json.dumps(value)}")
        return
    if fact.kind is Kind.BLOCK:
        yield from _members(fact.members, value, f"{path}.")
        return
    if fact.kind in {Kind.LIST, Kind.SET}:
        for number, each in enumerate(value):
            yield from _one(fact, each, f"{path}[{number}]")
    else:
        yield from _one(fact, value, path)
    if fact.shape:
        yield from (Failure(path, reason) for reason in beyond_limits(fact.shape, value))


def _is_of(kind: Kind, value: Value) -> bool:
    if not any(isinstance(value, each) for each in _TYPES[kind]):
        return False
    return kind not in {Kind.WHOLE, Kind.NUMBER} or not isinstance(value, bool)


def _one(fact: Property, value: Value, path: str) -> Iterator[Failure]:
    """Judge one text or number, or one member of a list."""
    if is_unknown(value):
        return
    if fact.words and value not in _allowed(fact, value):
        yield Failure(path, f"expected one of {', '.join(fact.words)}, got {value}")
    if fact.span is not None and not fact.span[0] <= value <= fact.span[1]:
        low, high = fact.span
        yield Failure(path, f"expected {low} to {high}, got {value}")
    if fact.step and value % fact.step and value not in fact.besides:
        named = ", ".join(map(str, fact.besides))
        yield Failure(path, f"expected {named} or a multiple of {fact.step}, got {value}")
    if fact.length is not None and not fact.length[0] <= len(value) <= fact.length[1]:
        low, high = fact.length
        yield Failure(path, f"expected {low} to {high} characters, got {len(value)}")
    if fact.pattern and not re.fullmatch(fact.pattern, value):
        yield Failure(path, f"{value!r} does not match {fact.pattern}")
    if fact.arn and not _ARN.fullmatch(value):
        yield Failure(path, f"{value!r} is no ARN")
    if fact.document:
        yield from _document(fact, value, path)


def _allowed(fact: Property, value: Value) -> tuple[str, ...]:
    if fact.same != "any-case":
        return fact.words
    return (*fact.words, *(word for word in [value] if word.lower() in map(str.lower, fact.words)))


def _document(fact: Property, text: str, path: str) -> Iterator[Failure]:
    try:
        found = json.loads(text)
    except ValueError as error:
        yield Failure(path, f"contains invalid JSON: {error}")
        return
    if fact.document == "policy" and not isinstance(found, dict):
        yield Failure(path, "contains no JSON object")
