"""Renders a recorded graph as text that reads like a plan.

``python -m tests.infra.golden`` writes tests/infra/golden/graph.txt anew; its diff is the review.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.infra.recorded import Recorded, Registered
from tests.infra.recording import run
from tests.infra.variants import VARIANTS

GOLDEN = Path(__file__).with_name("golden") / "graph.txt"
VARIANT = "zone"


def render(graph: Recorded) -> str:
    """Return the graph, parents before children, names in order."""
    stack = next(each.parent for each in graph.resources if each.kind == "pulumi:providers:aws")
    lines = ["# The graph of the program, as it is registered with the engine.", ""]
    for each in _under(graph, stack):
        lines += [*_lines(graph, each), ""]
    lines.append("outputs")
    lines += [f"    {key} = {_text(value)}" for key, value in sorted(graph.outputs.items())]
    return "\n".join(lines) + "\n"


def _under(graph: Recorded, parent: str) -> Iterator[Registered]:
    """Yield the children of a URN's name and type, each followed by its own."""
    children = [each for each in graph.resources if each.parent == parent]
    for each in sorted(children, key=lambda found: (found.name, found.kind)):
        yield each
        if not each.custom:
            yield from _under(graph, each.urn)


def _lines(graph: Recorded, each: Registered) -> Iterator[str]:
    kind = each.kind.rpartition(":")[2]
    options = [
        word
        for word, given in (
            ("protect", each.protect),
            ("retain on delete", each.retain),
            (f"import {each.import_id}", each.import_id),
        )
        if given
    ]
    sign = "+" if each.custom else "#"
    yield f"{sign} {kind} {each.name}" + (f"  [{', '.join(options)}]" if options else "")
    for key, value in sorted(each.inputs.items()):
        yield from _value(key, value)
    by_urn = {found.urn: found.name for found in graph.resources if found.custom}
    needs = sorted({by_urn[urn] for urn in each.dependencies if urn in by_urn})
    if needs and each.custom:
        yield f"    after {', '.join(needs)}"


def _value(key: str, value: Any) -> Iterator[str]:
    if key == "policy":
        yield f"    {key}:"
        for statement in json.loads(value)["Statement"]:
            yield f"        {_text(statement)}"
    elif isinstance(value, dict):
        yield f"    {key}:"
        for part, inner in sorted(value.items()):
            yield f"        {part} = {_text(inner)}"
    else:
        yield f"    {key} = {_text(value)}"


def _text(value: Any) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))  # on the wire every number is a double
    return json.dumps(value, sort_keys=True, ensure_ascii=False)


def main() -> None:
    """Write the golden file anew."""
    GOLDEN.parent.mkdir(exist_ok=True)
    GOLDEN.write_text(render(run(VARIANTS[VARIANT])), encoding="utf-8")


if __name__ == "__main__":
    main()
