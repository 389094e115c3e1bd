"""Text from the network, made harmless and short enough to print."""

from __future__ import annotations

import unicodedata

# Control characters, format characters (bidirectional overrides, zero-width characters, BOM), lone
# surrogates, line and paragraph separators, and every space that only looks like one.
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp", "Zs"})


def visible(text: str) -> str:
    """Return ``text`` with every character that cannot be seen as ``\\xNN`` or ``\\uNNNN``.

    Nothing that is left moves a cursor, changes the direction of writing or ends a line.
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(_visible(char) for char in text)


def _visible(char: str) -> str:
    if char == " " or unicodedata.category(char) not in _HIDDEN:
        return char
    code = ord(char)
    if code <= 0xFF:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"


def shown(text: str, limit: int = 300) -> str:
    """Return ``text`` visible and at most ``limit`` characters of it, saying how many are left."""
    if len(text) <= limit:
        return visible(text)
    return f"{visible(text[:limit])}… ({len(text) - limit} more characters)"
