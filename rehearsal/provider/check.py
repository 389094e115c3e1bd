"""Writes into the inputs of a resource what the provider adds: defaults, names, Region, tags."""

from __future__ import annotations

import copy
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass

from rehearsal.provider.facts import Kind, Property, ResourceFacts
from rehearsal.provider.judge import Failure, judge
from rehearsal.provider.values import UNKNOWN, Properties, Value, holds_unknown

DEFAULTS = "__defaults"  # where the bridge notes what it filled in itself
_SUFFIX = 8  # "-" and 7 hexadecimal digits


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What inputs depend on besides themselves; ``seed`` makes an automatic name."""

    region: str
    default_tags: Mapping[str, str]
    seed: bytes


@dataclass(frozen=True, slots=True)
class Checked:
    """The inputs as the provider will use them, and what it refuses."""

    inputs: Properties
    failures: list[Failure]


def check(
    facts: ResourceFacts,
    logical_name: str,
    news: Properties,
    olds: Properties,
    around: Surroundings,
) -> Checked:
    """Return the inputs with all that the provider fills in.

    ``olds`` are the checked inputs of the time before, empty for a new resource.
    """
    inputs = _with_text_documents(facts, news)
    failures = judge(facts, inputs)
    noted = sorted(_fill_defaults(facts.every, inputs))
    if facts.auto_name is not None and inputs.get("name") is None:
        name = _automatic_name(logical_name, olds, around.seed)
        if len(name) > facts.auto_name:
            longest = facts.auto_name - _SUFFIX
            failures.append(Failure("name", f"could not be made: {logical_name} > {longest}"))
        inputs["name"] = name
        noted.append("name")
    if facts.regional:
        inputs.setdefault("region", around.region)
    if facts.tagged:
        inputs["tagsAll"] = all_tags(around.default_tags, inputs.get("tags") or {})
    inputs[DEFAULTS] = noted
    return Checked(inputs, failures)


def without_notes(inputs: Properties) -> Properties:
    """Return inputs without what the provider notes for itself."""
    return {key: value for key, value in inputs.items() if key != DEFAULTS}


def all_tags(defaults: Mapping[str, str], tags: Value) -> Value:
    """Return the tags that AWS is told; the resource's own win. Unknown where one is."""
    if holds_unknown(tags) or holds_unknown(dict(defaults)):
        return UNKNOWN
    return {**defaults, **tags}


def _automatic_name(logical_name: str, olds: Properties, seed: bytes) -> str:
    if "name" in olds.get(DEFAULTS, ()):
        return str(olds["name"])
    return f"{logical_name}-{hashlib.sha256(seed).hexdigest()[: _SUFFIX - 1]}"


def _fill_defaults(properties: Mapping[str, Property], inputs: Properties) -> list[str]:
    """Write defaults, in blocks that are given too; return the names written at the top."""
    written = []
    for name, fact in properties.items():
        if inputs.get(name) is None and fact.default is not None:
            inputs[name] = copy.deepcopy(fact.default)
            written.append(name)
        elif fact.kind is Kind.BLOCK and isinstance(inputs.get(name), dict):
            _fill_defaults(fact.members, inputs[name])
    return written


def _with_text_documents(facts: ResourceFacts, news: Properties) -> Properties:
    """Return the inputs with every document as text: an object is taken, and written down."""
    inputs = {key: copy.deepcopy(value) for key, value in news.items() if value is not None}
    for name, fact in facts.properties.items():
        value = inputs.get(name)
        if fact.document == "policy" and isinstance(value, dict):
            text = json.dumps(value, sort_keys=True, separators=(",", ":"))
            inputs[name] = UNKNOWN if holds_unknown(value) else text
    return without_notes(inputs)
