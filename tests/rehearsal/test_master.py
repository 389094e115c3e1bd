"""Zone text: owners, TTLs, quoting, parentheses, and what is refused."""

from __future__ import annotations

import contextlib

import pytest
from dns.rdtypes.ANY.TXT import TXT
from hypothesis import given, settings
from hypothesis import strategies as st

from rehearsal.zone import MasterFileError, Records, overlay, parse_records, without

LINES = {
    "relative owner": ("www A 192.0.2.1", "www.a.zip. 300 A 192.0.2.1"),
    "absolute owner": ("www.b.zip. A 192.0.2.1", "www.b.zip. 300 A 192.0.2.1"),
    "origin as owner": ("@ A 192.0.2.1", "a.zip. 300 A 192.0.2.1"),
    "TTL": ("@ 60 A 192.0.2.1", "a.zip. 60 A 192.0.2.1"),
    "TTL in units": ("@ 1h A 192.0.2.1", "a.zip. 3600 A 192.0.2.1"),
    "class": ("@ 60 IN A 192.0.2.1", "a.zip. 60 A 192.0.2.1"),
    "class before TTL": ("@ IN 60 A 192.0.2.1", "a.zip. 60 A 192.0.2.1"),
    "relative target": ("@ MX 10 mail", "a.zip. 300 MX 10 mail.a.zip."),
    "absolute target": ("@ MX 10 mail.b.", "a.zip. 300 MX 10 mail.b."),
    "origin as target": ("www CNAME @", "www.a.zip. 300 CNAME a.zip."),
    "several strings": ('@ TXT "a " "b"', 'a.zip. 300 TXT "a " "b"'),
    "parentheses": ('@ TXT ( "a"\n   "b" )', 'a.zip. 300 TXT "a" "b"'),
    "comment": ('@ TXT "a;b" ; not this', 'a.zip. 300 TXT "a;b"'),
    "empty string": ('@ TXT ""', 'a.zip. 300 TXT ""'),
    "unknown type": ("@ TYPE65280 \\# 1 ff", "a.zip. 300 TYPE65280 \\# 1 ff"),
    "$ORIGIN": ("$ORIGIN b.zip.\nwww A 192.0.2.1", "www.b.zip. 300 A 192.0.2.1"),
    "relative $ORIGIN": ("$ORIGIN sub\nwww A 192.0.2.1", "www.sub.a.zip. 300 A 192.0.2.1"),
    "$TTL": ("$TTL 2h\n@ A 192.0.2.1", "a.zip. 7200 A 192.0.2.1"),
    "blank and comment lines": ("\n; nothing\n   \n@ A 192.0.2.1\n", "a.zip. 300 A 192.0.2.1"),
    "common indentation": ("   ; told\n   @ A 192.0.2.1", "a.zip. 300 A 192.0.2.1"),
}

BROKEN = {
    "no owner": ("\n; a comment\n www A 192.0.2.1\n@ A 192.0.2.1", "line 3"),
    "bad address": ("@ A 192.0.2", "line 1"),
    "no data": ("@ A 192.0.2.1\n@ MX", "line 2"),
    "unknown type": ("@ MOO 1", "line 1"),
    "text after the data": ("@ A 192.0.2.1 192.0.2.2", "line 1"),
    "open quote": ('@ TXT "a', "line 1"),
    "open parenthesis": ("@ TXT ( a", "line 1"),
    "$INCLUDE": ("$INCLUDE other.zone", r"\$INCLUDE is not understood"),
    "octet over 255": ('@ TXT "\\999"', "line 1"),
    "label over 63": (f"{'a' * 64} A 192.0.2.1", "line 1"),
}


def shown(records: Records) -> list[str]:
    return [
        f"{rr.name} {rr.ttl} {rr.rdata.rdtype.to_text(rr.rdata.rdtype)} {rr.rdata}"
        for rr in records
    ]


@pytest.mark.parametrize(("text", "expected"), LINES.values(), ids=LINES)
def test_a_line_is_read(text: str, expected: str) -> None:
    assert [expected] == shown(parse_records(text, "a.zip."))


@pytest.mark.parametrize(("text", "told"), BROKEN.values(), ids=BROKEN)
def test_broken_text_names_the_line(text: str, told: str) -> None:
    with pytest.raises(MasterFileError, match=told):
        parse_records(text, "a.zip.")


def test_an_owner_carries_over_to_the_next_line() -> None:
    records = parse_records("www A 192.0.2.1\n    A 192.0.2.2\n    60 TXT x", "a.zip.")

    assert shown(records) == [
        "www.a.zip. 300 A 192.0.2.1",
        "www.a.zip. 300 A 192.0.2.2",
        'www.a.zip. 60 TXT "x"',
    ]


@pytest.mark.parametrize(
    ("written", "octets"),
    [
        ('"v=DMARC1\\\\; p=none"', b"v=DMARC1\\; p=none"),
        ('"say \\"hello\\""', b'say "hello"'),
        ('"a\\194\\160b"', b"a\xc2\xa0b"),
        ('"\\000\\255"', b"\x00\xff"),
        ("plain", b"plain"),
    ],
)
def test_escapes_in_text(written: str, octets: bytes) -> None:
    (record,) = parse_records(f"@ TXT {written}", "a.zip.")

    assert isinstance(record.rdata, TXT)
    assert record.rdata.strings == (octets,)


def test_overlay_replaces_rrsets_and_adds_others() -> None:
    base = parse_records('@ TXT "old"\n@ TXT "older"\n@ A 192.0.2.1', "a.zip.")
    changes = parse_records('@ TXT "new"\nwww A 192.0.2.2', "a.zip.")

    assert shown(overlay(base, changes)) == [
        "a.zip. 300 A 192.0.2.1",
        'a.zip. 300 TXT "new"',
        "www.a.zip. 300 A 192.0.2.2",
    ]


def test_without_removes_whole_rrsets_by_relative_or_absolute_name() -> None:
    base = parse_records('@ TXT "a"\n@ TXT "b"\n@ A 192.0.2.1\nx.b. A 192.0.2.2', "a.zip.")

    assert shown(without(base, ["@ TXT", "X.b. a"], "a.zip.")) == ["a.zip. 300 A 192.0.2.1"]


@settings(max_examples=150)
@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=60))
def test_no_text_raises_anything_but_its_own_error(text: str) -> None:
    with contextlib.suppress(MasterFileError):
        parse_records(text, "a.zip.")
