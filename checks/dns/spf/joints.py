"""Where the strings of one TXT record meet (RFC 7208 §3.3: nothing stands between them)."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from itertools import accumulate, pairwise

from checks.dns.rdata import Txt
from checks.dns.spf.select import is_selected
from checks.dns.spf.syntax import tokens
from checks.dns.spf.term_syntax import parses


def broken_joints(txt: Txt) -> tuple[str, ...]:
    """Return the terms that do not parse because a space is missing between two strings."""
    text = txt.joined.decode("latin-1")
    if not is_selected(txt.joined):
        return (text,) if is_selected(b" ".join(txt.strings)) else ()
    joints = _joints(txt)
    return tuple(term for at, term in tokens(text) if _torn(term, at, joints))


def with_spaces(txt: Txt) -> str:
    """Return the joined record, with a space wherever a missing one breaks a term."""
    if not is_selected(txt.joined):
        return b" ".join(txt.strings).decode("latin-1")
    text, joints = txt.joined.decode("latin-1"), _joints(txt)
    cuts = [cut for at, term in tokens(text) for cut in _torn(term, at, joints)]
    for cut in sorted(cuts, reverse=True):
        text = f"{text[:cut]} {text[cut:]}"
    return text


def _joints(txt: Txt) -> list[int]:
    """Return the offsets at which a string ends and the next one begins."""
    return list(accumulate(len(string) for string in txt.strings[:-1]))


def _torn(term: str, position: int, joints: list[int]) -> list[int]:
    """Return the joints inside ``term`` where it does not parse, but its parts do."""
    cuts = joints[bisect_right(joints, position) : bisect_left(joints, position + len(term))]
    if not cuts or parses(term):
        return []
    bounds = [0, *(at - position for at in cuts), len(term)]
    parts = [term[start:end] for start, end in pairwise(bounds)]
    return cuts if all(parses(part) for part in parts if part) else []
