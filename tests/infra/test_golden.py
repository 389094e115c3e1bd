"""The whole graph is what was reviewed last, in a preview and not, and in every run."""

from __future__ import annotations

from tests.infra.golden import GOLDEN, VARIANT, render
from tests.infra.recorded import Registered
from tests.infra.variants import graph


def test_the_graph_is_the_golden_one() -> None:
    """After a change on purpose: python -m tests.infra.golden, and read the diff."""
    assert GOLDEN.read_text(encoding="utf-8") == render(graph(VARIANT))


def test_a_preview_registers_the_same_resources_with_the_same_options() -> None:
    preview = graph(VARIANT, preview=True)
    real = graph(VARIANT)

    assert sorted(_shape(each) for each in preview.resources) == sorted(
        _shape(each) for each in real.resources
    )


def _shape(each: Registered) -> tuple[object, ...]:
    return (each.kind, each.name, each.parent, each.protect, each.retain, sorted(each.dependencies))
