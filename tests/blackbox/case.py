"""One black-box case: the example domain, what is changed, and what the tool must say of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from rehearsal.zone import Fault

Place = Literal["recursive", "ns1", "ns2", "parent"]

NAME_SERVERS: tuple[Place, ...] = ("ns1", "ns2")
EVERYWHERE: tuple[Place, ...] = ("ns1", "ns2", "recursive")


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """RRsets taken away (``"name TYPE"``), then master-file lines put in their place or added."""

    zone: str = ""
    remove: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Broken:
    """A fault and the servers that have it."""

    fault: Fault
    at: Sequence[Place] = EVERYWHERE


@dataclass(frozen=True, slots=True, kw_only=True)
class Expect:
    """What must stand in the report; outcomes that are not listed are free.

    ``fail``, ``warn`` and ``info`` are rules of that severity with outcome fail. A pattern in
    ``not_fail`` covers error and warning rules. ``fix`` and ``not_in_fix`` are texts in the fix of
    the first rule of ``fail``, or else of ``warn``. ``observed`` maps a rule to texts that its
    message or observed values hold. ``verdict`` ``usage`` means exit 2 without a report.
    """

    verdict: Literal["ready", "not-ready", "undetermined", "usage"]
    fail: Sequence[str] = ()
    warn: Sequence[str] = ()
    info: Sequence[str] = ()
    unknown: Sequence[str] = ()
    skip: Sequence[str] = ()
    not_fail: Sequence[str] = ()
    fix: Sequence[str] = ()
    not_in_fix: Sequence[str] = ()
    observed: Mapping[str, Sequence[str]] = field(default_factory=dict)
    domain: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """``zone`` and ``remove`` change every server, ``at`` one of them, ``other`` the resolver.

    ``identity`` is merged into the example's, None removes a key; ``identity_text`` replaces the
    file. ``origin`` is another name for the zone of the domain.
    """

    title: str
    expect: Expect
    zone: str = ""
    remove: Sequence[str] = ()
    other: str = ""
    at: Mapping[Place, Change] = field(default_factory=dict)
    faults: Sequence[Broken] = ()
    origin: str = "jobmatch.zip."
    domain: str = "jobmatch.zip"
    options: Sequence[str] = ()
    identity: Mapping[str, Any] = field(default_factory=dict)
    identity_text: str | None = None


def ready(**found: Any) -> Expect:
    """Return the expectation of verdict ready: exit code 0."""
    return Expect(verdict="ready", **found)


def not_ready(*fail: str, **found: Any) -> Expect:
    """Return the expectation of verdict not-ready with the error rules that fail: exit code 1."""
    return Expect(verdict="not-ready", fail=fail, **found)


def undetermined(*unknown: str, **found: Any) -> Expect:
    """Return the expectation of verdict undetermined with the unknown rules: exit code 3."""
    return Expect(verdict="undetermined", unknown=unknown, **found)


USAGE = Expect(verdict="usage")
NOTHING_WRONG = ("*",)
