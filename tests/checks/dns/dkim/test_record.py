"""The key record (RFC 6376 §3.6.1)."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checks.dns.dkim.record import (
    DkimSyntaxError,
    parse_key_record,
    read_key_record,
    rewritten,
    unescaped,
)


def test_defaults_of_absent_tags() -> None:
    record = parse_key_record(b"p=abc")
    assert (record.key_type, record.public_key) == ("rsa", "abc")
    assert (record.hashes, record.services, record.flags) == (None, None, ())


def test_lists_and_white_space() -> None:
    record = parse_key_record(b"v=DKIM1; h=sha1 : sha256; s=*; t=y:s; k=ed25519; p= ab\tcd ; n=x")
    assert record.hashes == ("sha1", "sha256")
    assert record.services == ("*",)
    assert record.flags == ("y", "s")
    assert record.key_type == "ed25519"
    assert record.public_key == "abcd"


@pytest.mark.parametrize(
    ("octets", "position", "message"),
    [
        (b"", 0, "empty tag"),
        (b"p=a; v=DKIM1", 5, "v= is not the first tag"),
        (b"v=DKIM2; p=a", 2, "v=DKIM2 is not v=DKIM1"),
        (b"v=dkim1; p=a", 2, "v=dkim1 is not v=DKIM1"),
        (b"v=DKIM1\\; p=a", 2, "v=DKIM1\\ is not v=DKIM1"),
        (b"v=DKIM1; p=a; p=b", 14, "second p= tag"),
        (b"v=DKIM1; p", 9, "'p' has no '='"),
        (b"t1.dkim.amazonses.com", 0, "has no '='"),
    ],
)
def test_violations_have_a_position(octets: bytes, position: int, message: str) -> None:
    with pytest.raises(DkimSyntaxError) as caught:
        parse_key_record(octets)
    assert caught.value.position == position
    assert message in str(caught.value)


def test_a_record_with_problems_is_still_read() -> None:
    record = read_key_record(b"p=abc; v=DKIM1; k")
    assert record.public_key == "abc"
    assert len(record.problems) == 2


@pytest.mark.parametrize(
    ("text", "without", "flags", "expected"),
    [
        ("p=a b; t=y:s", {"t"}, "s", "v=DKIM1; p=ab; t=s"),
        ("p=ab; v=DKIM1; p=c", set(), "", "v=DKIM1; p=ab"),
        ("v=DKIM1; h=sha1; k=rsa; p=ab", {"h"}, "", "v=DKIM1; k=rsa; p=ab"),
    ],
)
def test_rewriting(text: str, without: set[str], flags: str, expected: str) -> None:
    record = read_key_record(text.encode())
    assert rewritten(record, without=without, flags=flags) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("v=DKIM1\\; k=rsa\\; p=abc", "v=DKIM1; k=rsa; p=abc"),
        ('"v=DKIM1; p=abc" "def"', "v=DKIM1; p=abcdef"),
        ('v=DKIM1; p=\\"abc\\"', "v=DKIM1; p=abc"),
    ],
)
def test_pasted_escapes_are_taken_out(text: str, expected: str) -> None:
    assert unescaped(text) == expected


@settings(max_examples=150, deadline=None)
@given(
    st.one_of(st.binary(max_size=80), st.text('vpkhst=;: \\"DKIM1a+/', max_size=60).map(str.encode))
)
def test_nothing_but_a_syntax_error_is_raised(octets: bytes) -> None:
    read = read_key_record(octets)
    if not read.problems:
        assert parse_key_record(octets) == read
        return
    with pytest.raises(DkimSyntaxError) as caught:
        parse_key_record(octets)
    assert 0 <= caught.value.position <= len(octets)
