"""Text that was meant as a DMARC record."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checks.dns.dmarc.record import parse_dmarc
from checks.dns.dmarc.repair import (
    best_first,
    is_near_miss,
    near_tag,
    readable,
    repaired,
    with_tags,
)

GOOD = "v=DMARC1; p=none; rua=mailto:d@x.example"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (GOOD, GOOD),
        (GOOD + ";", GOOD),
        ("v=dmarc1; p=none; rua=mailto:d@x.example", GOOD),
        ("v=DMARC1x;p=none;rua=mailto:d@x.example", GOOD),
        ("v=DMARC1\\; p=none\\; rua=mailto:d@x.example", GOOD),
        ('"v=DMARC1; p=none; rua=mailto:d@x.example"', GOOD),
        ("“v=DMARC1; p=none; rua=mailto:d@x.example”", GOOD),
        ("\ufeffv=DMARC1; p=none; rua=mailto:d@x.example", GOOD),
        ("v=DMARC1;\u00a0p=none; rua=mailto:d@x.example", GOOD),
        ("p=none; v=DMARC1; rua=mailto:d@x.example", GOOD),
        ("rua=mailto:d@x.example; p=none", GOOD),
        ("V=DMARC1; P=None; RUA=mailto:d@x.example", GOOD),
        ("v=DMARC1 p=none rua=mailto:d@x.example", GOOD),
        ("DMARC1; p=none; rua=d@x.example", GOOD),
        ("v=DMARC1; p=none, rua=d@x.example!10m", GOOD),
        ("v=DMARC1; p=reject rua=mailto:d@x.example", GOOD.replace("none", "reject")),
        (
            "v=DMARC1; p=none; rua=mailto:a@x.example mailto:b@x.example",
            "v=DMARC1; p=none; rua=mailto:a@x.example,mailto:b@x.example",
        ),
        ("v=DMARC1p=none; rua=mailto:d@x.example", GOOD),
        ("v=DMARC1; p=nonerua=mailto:d@x.example", GOOD),
        ("v=DMARC1; p=none; p=reject", "v=DMARC1; p=none"),
        ("v=DMARC1; p=none; sp=; x", "v=DMARC1; p=none"),
        ("v=DMARC1; p=monitor", "v=DMARC1; p=monitor"),
        ("", "v=DMARC1"),
    ],
)
def test_repaired(text: str, expected: str) -> None:
    assert repaired(text) == expected


def test_the_record_to_keep_is_the_same_in_every_order() -> None:
    values = [b"v=dmarc1; p=none", b"v=DMARC1; adkim=s", b"v=DMARC1; p=none", GOOD.encode(), b"x"]
    assert best_first(values) == best_first(reversed(values)) == [values[at] for at in (3, 2, 1, 0)]


@pytest.mark.parametrize(
    "octets",
    [
        b"v=dmarc1; p=none",
        b"v=DMARC1x; p=none",
        b"v=DMARC1\\; p=none",
        b" v=DMARC1; p=none",
        b'"v=DMARC1; p=none"',
        "“v=DMARC1; p=none”".encode(),
        b"\x93v=DMARC1; p=none\x94",
        "\ufeffv=DMARC1; p=none".encode(),
        b"p=none; v=DMARC1",
        b"p=reject; rua=mailto:a@x.example",
        b"DMARC1; p=none",
    ],
)
def test_near_misses(octets: bytes) -> None:
    assert is_near_miss(octets)
    assert parse_dmarc(repaired(readable(octets)).encode()).policy in {"none", "reject"}


@pytest.mark.parametrize(
    "octets",
    [b"", b"v=DMARC1; p=none", b"v=spf1 -all", b"google-site-verification=dmarc", b"v=STSv1; id=1"],
)
def test_no_near_misses(octets: bytes) -> None:
    assert not is_near_miss(octets)


@pytest.mark.parametrize(
    ("name", "near"),
    [("ruaa", "rua"), ("policy", "p"), ("P", "p"), ("adkin", "adkim"), ("unrelated", None)],
)
def test_near_tags(name: str, near: str | None) -> None:
    assert near_tag(name) == near


def test_tags_are_dropped_and_put() -> None:
    text = "v=DMARC1; rua=mailto:d@x.example; t=y"
    assert with_tags(text, drop=("t",), put={"p": "none"}) == GOOD


@settings(max_examples=150, deadline=None)
@given(st.one_of(st.text(max_size=60), st.text('v=DMARC1; psrua,@!\\"\t“', max_size=60)))
def test_what_is_repaired_is_well_formed_and_stays(text: str) -> None:
    fixed = repaired(text)
    assert parse_dmarc(fixed.encode("ascii")).problems == ()
    assert repaired(fixed) == fixed
