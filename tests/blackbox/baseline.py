"""The servers of a case: the example of the rehearsal with the changes of the case."""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rehearsal import example
from rehearsal.zone import Host, Records, World, overlay, parse_records, without
from tests.blackbox.case import Case, Change, Place
from tests.blackbox.tool import Ran, arguments, run_inside, run_process
from tests.support.loopback import NS1, NS2, PARENT, RECURSIVE

ADDRESS: Mapping[Place, str] = {
    "recursive": RECURSIVE,
    "ns1": NS1,
    "ns2": NS2,
    "parent": PARENT,
}


@dataclass(frozen=True, slots=True)
class Baseline:
    """A correct domain: its zone, the zone above it, everything else, and its identity."""

    zone: Records
    parent: Records
    internet: Records
    identity: Mapping[str, Any]


@functools.cache
def example_baseline(origin: str) -> Baseline:
    """Return the example of the rehearsal, its zone read relative to ``origin``."""
    return Baseline(
        example.zone(origin), example.parent(origin), example.internet(), example.identity()
    )


def build_world(case: Case, baseline: Baseline) -> World:
    """Return the four servers of a case, not yet started."""
    own = _changed(baseline.zone, Change(zone=case.zone, remove=case.remove), case.origin)
    internet = without(baseline.internet, case.remove, case.origin)
    everything = overlay(overlay(internet, parse_records(case.other)), own)
    above = case.origin.partition(".")[2] or "."
    return World(
        [
            _host(case, "recursive", everything, case.origin),
            _host(case, "ns1", own, case.origin),
            _host(case, "ns2", own, case.origin),
            _host(case, "parent", baseline.parent, above),
        ]
    )


def run_case(case: Case, folder: Path, *, as_process: bool = False, report: str = "json") -> Ran:
    """Start the servers of a case and run the tool on them; the identity is put in ``folder``."""
    baseline = example_baseline(case.origin)
    identity = folder / "identity.json"
    identity.write_text(identity_text(case, baseline), encoding="utf-8")
    with build_world(case, baseline) as world:
        argv = arguments(case.domain, world.port, identity, case.options, report=report)
        return run_process(argv) if as_process else run_inside(argv)


def identity_text(case: Case, baseline: Baseline) -> str:
    """Return what the identity file of a case holds."""
    if case.identity_text is not None:
        return case.identity_text
    return json.dumps(merged(baseline.identity, case.identity))


def merged(base: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """Return ``base`` with ``changes`` merged into it: lists are replaced, None removes a key."""
    result = dict(base)
    for key, value in changes.items():
        if value is None:
            result.pop(key, None)
        elif isinstance(value, Mapping):
            result[key] = merged(result.get(key, {}), value)
        else:
            result[key] = value
    return result


def _host(case: Case, place: Place, records: Records, origin: str) -> Host:
    return Host(
        ADDRESS[place],
        _changed(records, case.at.get(place, Change()), origin),
        recursive=place == "recursive",
        faults=[broken.fault for broken in case.faults if place in broken.at],
        fault_origin=case.origin,
    )


def _changed(base: Records, change: Change, origin: str) -> Records:
    return overlay(without(base, change.remove, origin), parse_records(change.zone, origin))
