"""What a run of the program registered: resources with their options, outputs, logs."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from tests.infra.cloud import UNKNOWN


@dataclass(frozen=True, slots=True, kw_only=True)
class Registered:
    """One registration, with the options that mocks do not show."""

    kind: str
    name: str
    urn: str
    custom: bool
    parent: str
    provider: str
    inputs: dict[str, Any]
    protect: bool
    retain: bool
    import_id: str
    dependencies: tuple[str, ...]
    raw: dict[str, Any]


@dataclass
class Recorded:
    """One run of the program.

    ``logs`` are the lines that the engine would show, ``finished`` the URNs of the components that
    registered their outputs.
    """

    resources: list[Registered] = field(default_factory=list)
    outputs: dict[str, Any] = field(default_factory=dict)
    logs: list[str] = field(default_factory=list)
    finished: list[str] = field(default_factory=list)
    error: str = ""

    def of_kind(self, suffix: str) -> list[Registered]:
        """Return the resources whose type ends so, by name."""
        found = [each for each in self.resources if each.kind.endswith(suffix)]
        return sorted(found, key=lambda each: each.name)

    def named(self, name: str) -> Registered:
        """Return the one custom resource of that name."""
        (found,) = [each for each in self.resources if each.name == name and each.custom]
        return found

    def needs(self, resource: Registered) -> set[str]:
        """Return the names of the custom resources that it waits for, near and far."""
        by_urn = {each.urn: each for each in self.resources if each.custom}
        found: set[str] = set()
        waiting = list(resource.dependencies)
        while waiting:
            urn = waiting.pop()
            if urn in by_urn and by_urn[urn].name not in found:
                found.add(by_urn[urn].name)
                waiting += by_urn[urn].dependencies
        return found


def statements(resource: Registered) -> list[dict[str, Any]]:
    """Return the statements of the policy of a resource, none where it has no policy."""
    text = resource.inputs.get("policy")
    found = json.loads(text)["Statement"] if text and text != UNKNOWN else []
    assert isinstance(found, list)
    return found
