"""Which TXT records are SPF records, and which nearly are (RFC 7208 §4.5)."""

from __future__ import annotations

from collections.abc import Iterable

from checks.dns.rdata import Txt

VERSION = b"v=spf1"

# What may stand before the version by mistake: white space, quotes, byte order mark, and the same
# as UTF-8: NBSP, zero-width characters, smart quotes.
_BEFORE = (
    b" ", b"\t", b"\r", b"\n", b'"', b"'", b"`", b"\\", b"\xa0", b"\xc2\xa0", b"\xef\xbb\xbf",
    b"\xe2\x80\x8b", b"\xe2\x80\x8c", b"\xe2\x80\x8d", b"\xe2\x81\xa0",
    b"\xe2\x80\x9c", b"\xe2\x80\x9d", b"\xe2\x80\x98", b"\xe2\x80\x99",
    b"\x93", b"\x94", b"\x91", b"\x92",
)  # fmt: skip
_QUOTES = b"\"'`\\"  # also within: v="spf1 …"
_NEAR = (b"v=spf", b"v =spf", b"v= spf", b"v = spf", b"v:spf1", b"spf=v1", b"spf1 ", b"spf2.0/")


def is_selected(record: bytes) -> bool:
    """Return whether the joined record is ``v=spf1`` (any case) alone or followed by a space."""
    start = record[: len(VERSION) + 1].lower()
    return start in {VERSION, VERSION + b" "}


def select(records: Iterable[Txt]) -> tuple[Txt, ...]:
    """Return the SPF records among TXT records."""
    return tuple(txt for txt in records if is_selected(txt.joined))


def near_misses(records: Iterable[Txt]) -> tuple[Txt, ...]:
    """Return the TXT records that look like SPF and are not selected."""
    return tuple(txt for txt in records if _is_near(txt.joined))


def _is_near(record: bytes) -> bool:
    if is_selected(record):
        return False
    start = record[:200]
    while prefix := next((b for b in _BEFORE if start.startswith(b)), b""):
        start = start[len(prefix) :]
    return start.translate(None, _QUOTES).lower().startswith(_NEAR)
