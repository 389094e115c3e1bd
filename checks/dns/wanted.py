"""Questions at names that are put together, and so may be too long to exist."""

from __future__ import annotations

from collections.abc import Sequence

from checks.dns.answers import Question, Reply, Unasked
from checks.dns.names import ROOT, NameSyntaxError, join
from checks.dns.port import Lookup

Wanted = tuple[str | None, str]
"""A name, None where it cannot exist, and a record type."""


def joined(*parts: str) -> str | None:
    """Return the name made of ``parts``, None where it is no name (RFC 1035 §2.3.4)."""
    try:
        return join(*parts)
    except NameSyntaxError:
        return None


async def ask_each(lookup: Lookup, wanted: Sequence[Wanted]) -> list[Reply]:
    """Ask all questions at once, in order; a name that cannot exist is not asked."""
    replies = iter(await lookup.ask([Question(name, rdtype) for name, rdtype in wanted if name]))
    return [next(replies) if name else _unaskable(rdtype) for name, rdtype in wanted]


def _unaskable(rdtype: str) -> Reply:
    return Unasked(
        question=Question(ROOT, rdtype), cause="the name would be longer than a name can be"
    )
