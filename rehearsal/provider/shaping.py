"""Properties of a resource, put together from what is declared and what AWS has."""

from __future__ import annotations

import copy
from collections.abc import Mapping

from rehearsal.provider.facts import Kind, Property
from rehearsal.provider.values import UNKNOWN, Path, Properties, Value


def merged(found: Properties, read: Properties) -> Properties:
    """Return what AWS has, in the program's own words where they say the same."""
    both = copy.deepcopy(found)
    for name, value in read.items():
        nested = isinstance(value, dict) and isinstance(both.get(name), dict)
        both[name] = merged(both[name], value) if nested else value
    return both


def planned(
    properties: Mapping[str, Property], inputs: Properties, olds: Properties, *, new: bool
) -> Properties:
    """Return the properties as a preview knows them: what AWS fills is unknown, or as it was."""
    found: Properties = dict(inputs)
    for name, fact in properties.items():
        given = inputs.get(name)
        if fact.kind is Kind.BLOCK and isinstance(given, dict):
            before = olds.get(name)
            known = before if isinstance(before, dict) else {}
            found[name] = planned(fact.members, given, known, new=new or not known)
        elif given is None and (fact.computed or not fact.settable):
            value = UNKNOWN if new else olds.get(name)
            if value is not None:
                found[name] = value
    return found


def settable(properties: Mapping[str, Property], found: Properties) -> Properties:
    """Return what of a resource a program could have given, for an import."""
    taken: Properties = {}
    for name, fact in properties.items():
        if fact.write_only and fact.default is not None:
            taken[name] = fact.default
        if not fact.settable or name not in found:
            continue
        value = found[name]
        taken[name] = (
            settable(fact.members, value) if fact.kind is Kind.BLOCK else copy.deepcopy(value)
        )
    return taken


def secret_paths(properties: Mapping[str, Property], found: Value, at: Path) -> list[Path]:
    """Return where in the properties the type itself has secrets."""
    paths: list[Path] = []
    for name, fact in properties.items():
        if name not in found:
            continue
        if fact.secret:
            paths.append((*at, name))
        elif fact.kind is Kind.BLOCK and isinstance(found[name], dict):
            paths += secret_paths(fact.members, found[name], (*at, name))
    return paths
