"""Compares what a resource was declared as, or is, with what it is to be."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass

from rehearsal.provider.check import DEFAULTS, without_notes
from rehearsal.provider.documents import same_json, same_policy
from rehearsal.provider.facts import Kind, Property, ResourceFacts
from rehearsal.provider.values import Properties, Value, holds_unknown


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """The properties that change, those of them that make the resource anew, and in which order."""

    changed: tuple[str, ...] = ()
    replaced: tuple[str, ...] = ()
    delete_first: bool = False


def difference(facts: ResourceFacts, olds: Properties, news: Properties) -> Difference:
    """Return what changes from checked inputs to checked inputs."""
    before, after = without_notes(olds), without_notes(news)
    changed = tuple(
        name
        for name, fact in facts.every.items()
        if fact.settable and not equal(fact, before.get(name), after.get(name))
    )
    replaced = tuple(name for name in changed if facts.every[name].replaces)
    # A name that is in use cannot be made a second time.
    by_hand = facts.auto_name is None or "name" not in news.get(DEFAULTS, ())
    return Difference(changed=changed, replaced=replaced, delete_first=bool(replaced) and by_hand)


def equal(fact: Property, old: Value, new: Value) -> bool:
    """Return whether the provider sees no difference. What is not known yet is different."""
    if holds_unknown(new):
        return False
    if new is None:
        return old is None or fact.computed or (fact.kind is Kind.MAP and not old)
    if old is None:
        return bool(fact.kind in {Kind.SET, Kind.LIST, Kind.MAP} and not new)
    return _equal_values(fact, old, new)


def _equal_values(fact: Property, old: Value, new: Value) -> bool:
    if fact.kind is Kind.BLOCK:
        members = fact.members.items()
        return all(
            equal(each, old.get(name), new.get(name)) for name, each in members if each.settable
        )
    if fact.kind is Kind.SET:
        return sorted(map(str, old)) == sorted(map(str, new))
    if fact.document:
        return (same_policy if fact.document == "policy" else same_json)(str(old), str(new))
    if fact.same == "any-case":
        return str(old).lower() == str(new).lower()
    if fact.same == "dns-name":
        return _dns_name(str(old)) == _dns_name(str(new))
    return bool(old == new)


def _dns_name(name: str) -> str:
    return name.lower().removesuffix(".")


def as_given(
    properties: Mapping[str, Property], given: Mapping[str, Value], found: Mapping[str, Value]
) -> Properties:
    """Return the properties of ``given`` as they are in AWS.

    Where AWS says the same in other words (order, white space), the program's words stay; so does
    what AWS never tells.
    """
    read: Properties = {}
    for name, value in given.items():
        fact = properties.get(name)
        if fact is None:
            continue
        if fact.write_only or (name in found and equal(fact, found[name], value)):
            read[name] = copy.deepcopy(value)
        elif fact.kind is Kind.BLOCK and isinstance(found.get(name), dict):
            read[name] = as_given(fact.members, value, found[name])
        elif found.get(name) is not None:
            read[name] = copy.deepcopy(found[name])
    return read
