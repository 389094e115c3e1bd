"""The plan of records as a table for a web form, and as lines of a master file."""

from __future__ import annotations

from collections.abc import Iterator

from checks.dns.names import display, relative
from checks.dns.records import Plan, Row, State
from checks.model import Record
from checks.report.escape import visible
from checks.report.paste import master_lines, typed

_HEADS = ("STATE", "TYPE", "HOST", "NAME", "TTL")


def render_table(plan: Plan, *, zone: str) -> str:
    """Return the plan as a table with a row a record; ``zone`` is the canonical apex.

    HOST is relative to the zone, for web forms that add the zone, NAME is absolute. The value
    stands last and unbroken, so that it can be copied.
    """
    cells = [_HEADS, *(_cells(row, zone) for row in plan.rows)]
    widths = [max(len(row[column]) for row in cells) for column in range(len(_HEADS))]
    values = ["VALUE", *(typed(row.type, row.value) for row in plan.rows)]
    lines = [
        "  ".join([*(f"{text:<{width}}" for text, width in zip(row, widths, strict=True)), value])
        for row, value in zip(cells, values, strict=True)
    ]
    legend = [
        "",
        f"HOST is the name below {visible(display(zone))}; a form that wants it whole takes NAME.",
        *_legend(plan),
        *(visible(comment) for comment in plan.comments),
    ]
    return "\n".join([*lines, *legend]) + "\n"


def _cells(row: Row, zone: str) -> tuple[str, ...]:
    host = relative(row.name, zone)
    return (row.state.value, row.type, visible(host), visible(row.name), str(row.ttl))


def _legend(plan: Plan) -> Iterator[str]:
    states = {row.state for row in plan.rows}
    words = {
        State.PUBLISH: "publish    add this record",
        State.PUBLISHED: "published  it stands as it must be",
        State.STAYS: "stays      another value of the same name: leave it there",
        State.DELETE: "delete     remove it: it stands in the way, or is replaced",
    }
    yield from (text for state, text in words.items() if state in states)


def render_bind(plan: Plan, *, zone: str) -> str:
    """Return the plan as master-file lines (RFC 1035 §5.1) with absolute names.

    The file holds the complete record sets, those that stand included: what is to go and what to
    mind are comments.
    """
    lines = [f"; records for Amazon SES in the zone {visible(zone)}"]
    lines += [f"; {visible(comment)}" for comment in plan.comments]
    for row in plan.rows:
        (line,) = master_lines(
            Record(name=row.name, type=row.type, ttl=row.ttl, values=(row.value,))
        )
        lines.append(f"; delete: {visible(line)}" if row.state is State.DELETE else line)
    return "\n".join(lines) + "\n"
