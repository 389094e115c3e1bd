"""Names are canonical text."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checks.dns import names


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Example.COM", "example.com."),
        ("example.com.", "example.com."),
        ("", "."),
        (".", "."),
        ("a\\.b.example", "a\\.b.example."),
        ("a\\046b.example", "a\\.b.example."),
        ("a b.example", "a\\032b.example."),
        ("é.example", "\\195\\169.example."),
        ("a;b.example", "a\\;b.example."),
    ],
)
def test_parse_name_gives_canonical_text(text: str, expected: str) -> None:
    assert expected == names.parse_name(text)


@pytest.mark.parametrize(
    "text",
    [
        "a..b",
        ".example",
        "a" * 64 + ".example",
        ".".join(["a" * 60] * 5),
        "a\\",
        "a\\999.b",
        "a\\1b.c",
    ],
)
def test_parse_name_refuses(text: str) -> None:
    with pytest.raises(names.NameSyntaxError):
        names.parse_name(text)


def test_longest_name_fits() -> None:
    """255 octets on the wire are allowed, 256 are not (RFC 1035 §2.3.4)."""
    longest = ".".join(["a" * 63] * 3 + ["b" * 61])

    assert longest + "." == names.parse_name(longest)
    with pytest.raises(names.NameSyntaxError):
        names.parse_name(longest + "c")


@pytest.mark.parametrize(
    ("name", "zone", "at_or_below", "below"),
    [
        ("a.example.", "example.", True, True),
        ("example.", "example.", True, False),
        ("badexample.", "example.", False, False),
        ("a\\.example.", "example.", False, False),
        ("a\\\\.example.", "example.", True, True),
        ("example.", ".", True, True),
        ("a.example.", "a.b.example.", False, False),
    ],
)
def test_below(name: str, zone: str, at_or_below: bool, below: bool) -> None:
    assert at_or_below is names.is_at_or_below(name, zone)
    assert below is names.is_below(name, zone)


def test_relatives() -> None:
    assert ("a.b.c.", "b.c.", "c.") == names.ancestors("a.b.c.")
    assert () == names.ancestors(".")
    assert "b.c." == names.parent("a.b.c.")
    assert "." == names.parent(".")
    assert 3 == names.label_count("a.b.c.")
    assert 0 == names.label_count(".")
    assert "_dmarc.example.com." == names.join("_dmarc", "Example.com.")
    assert "t1._domainkey" == names.relative("t1._domainkey.example.com.", "example.com.")
    assert "@" == names.relative("example.com.", "example.com.")
    assert "mx.example.org." == names.relative("mx.example.org.", "example.com.")
    assert "example.com" == names.display("example.com.")
    assert "." == names.display(".")


@settings(max_examples=200)
@given(st.text(max_size=300))
def test_parsing_is_stable_and_raises_only_its_own_error(text: str) -> None:
    try:
        name = names.parse_name(text)
    except names.NameSyntaxError:
        return
    assert name == names.parse_name(name)


@settings(max_examples=200)
@given(st.lists(st.binary(min_size=1, max_size=63), min_size=1, max_size=4))
def test_labels_survive_the_way_through_text(labels: list[bytes]) -> None:
    try:
        name = names.from_labels(labels)
    except names.NameSyntaxError:
        return
    assert [label.lower() for label in labels] == names.split_labels(name)
