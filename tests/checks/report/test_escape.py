"""Text from outside is made visible before it is printed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.report.escape import shown, visible


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("v=spf1 ~all", "v=spf1 ~all"),
        ("a\nb\tc", "a\\x0ab\\x09c"),
        ("\x1b[31m", "\\x1b[31m"),
        ("\x7f", "\\x7f"),
        ("\x9b", "\\x9b"),  # C1 CSI: ESC [ in one octet
        ("\xa0", "\\xa0"),  # a space that is none
        ("\u200b\u202e\ufeff", "\\u200b\\u202e\\ufeff"),
        ("\u2028", "\\u2028"),
        ("\udc80", "\\udc80"),
        ("\U000e0041", "\\U000e0041"),  # a tag character, invisible
        ("grüße 例え", "grüße 例え"),
        ("a\\;b", "a\\;b"),
    ],
)
def test_what_cannot_be_seen_is_escaped(text: str, expected: str) -> None:
    assert visible(text) == expected


@given(st.text(st.characters(), max_size=40))
def test_nothing_unprintable_is_left(text: str) -> None:
    seen = visible(text)
    assert "\n" not in seen
    assert all(char.isprintable() or not char.isascii() for char in seen)
    assert visible(seen) == seen


def test_long_text_says_how_much_is_left() -> None:
    assert shown("x" * 301) == "x" * 300 + "… (1 more characters)"
    assert shown("x" * 300) == "x" * 300
