"""What is known of a resource type of pulumi-aws: its properties, and what follows from each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Literal

Fact = Any  # of a Property


class Kind(StrEnum):
    """What a value is on the wire."""

    TEXT = "text"
    WHOLE = "a whole number"
    NUMBER = "a number"
    FLAG = "true or false"
    MAP = "an object of texts"
    LIST = "a list of texts"
    SET = "a set of texts"
    BLOCK = "an object"


@dataclass(frozen=True, slots=True, kw_only=True)
class Property:
    """One property, by its name on the wire.

    ``settable`` False: AWS alone fills it. ``computed``: AWS fills it where the program does not,
    so leaving it out is never a difference. ``default`` is filled in by Check. ``replaces``: a
    change makes the resource anew. ``words`` are the values allowed, of each member in a list;
    ``span`` bounds a number, which is a multiple of ``step`` or one of ``besides``; ``length``
    bounds a text. ``shape`` is botocore's, as service:Shape, whose limits are judged too.
    ``document`` is JSON text and how two are compared. ``write_only`` is never read back.
    ``needs`` and ``conflicts`` name neighbours. ``same`` is how texts are equal.
    """

    kind: Kind = Kind.TEXT
    required: bool = False
    settable: bool = True
    computed: bool = False
    default: Any = None
    replaces: bool = False
    words: tuple[str, ...] = ()
    span: tuple[float, float] | None = None
    step: int = 0
    besides: tuple[int, ...] = ()
    length: tuple[int, int] | None = None
    pattern: str = ""
    arn: bool = False
    shape: str = ""
    document: Literal["", "policy", "json"] = ""
    same: Literal["exact", "any-case", "dns-name"] = "exact"
    secret: bool = False
    write_only: bool = False
    needs: tuple[str, ...] = ()
    conflicts: tuple[str, ...] = ()
    members: Mapping[str, Property] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceFacts:
    """One resource type.

    ``auto_name`` is the longest name that the provider makes up (`LOGICAL-1a2b3c4`), None where it
    makes up none. ``regional``: Check writes the Region into the inputs. ``tagged``: Check writes
    tagsAll, and AWS is told them. ``one_of``: exactly one of each group must be given.
    """

    properties: Mapping[str, Property]
    auto_name: int | None = None
    regional: bool = True
    tagged: bool = False
    one_of: tuple[tuple[str, ...], ...] = ()

    @property
    def every(self) -> Mapping[str, Property]:
        """Return the properties with those that every such type has."""
        more: dict[str, Property] = {}
        if self.regional:
            more["region"] = Property(computed=True, replaces=True)
        if self.tagged:
            more["tags"] = Property(kind=Kind.MAP)
            more["tagsAll"] = Property(kind=Kind.MAP)
        return {**self.properties, **more}


def given(**more: Fact) -> Property:
    """Return a required text."""
    return Property(required=True, **more)


def filled(kind: Kind = Kind.TEXT) -> Property:
    """Return a property that AWS alone fills."""
    return Property(kind=kind, settable=False)


def flag(default: bool | None = None, **more: Fact) -> Property:
    """Return a boolean."""
    return Property(kind=Kind.FLAG, default=default, **more)


def whole(low: int, high: int, default: int | None = None, **more: Fact) -> Property:
    """Return a whole number from ``low`` to ``high``."""
    return Property(kind=Kind.WHOLE, span=(low, high), default=default, **more)


def block(members: Mapping[str, Property], **more: Fact) -> Property:
    """Return a nested object."""
    return Property(kind=Kind.BLOCK, members=members, **more)
