"""The parser against the ABNF of RFC 7208 §12."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checks.dns.rdata import Txt
from checks.dns.spf import SpfSyntaxError
from checks.dns.spf.select import is_selected, near_misses, select
from checks.dns.spf.syntax import parse, scan
from checks.dns.spf.terms import Macro, Mechanism, Problem

VALID = [
    "v=spf1",
    "V=SPF1 -ALL",
    "v=spf1   a    mx   ",  # one or more spaces, also at the end
    "v=spf1 all",
    "v=spf1 +a -mx ~ptr ?all",
    "v=spf1 a/24 a//64 a/24//64 a/0 a//0 a:example.com/32//128",
    "v=spf1 mx:example.com mx/8 MX:EXAMPLE.COM./8",
    "v=spf1 a:foo:bar/baz.example.com",  # RFC 7208 §7.1: visible characters before the toplabel
    "v=spf1 a:-.a-b a:1.2x a:x.1-2",
    "v=spf1 ip4:192.0.2.0/24 ip4:0.0.0.0/0 ip4:255.255.255.255",
    "v=spf1 ip6:::1 ip6:2001:db8::/32 ip6:::ffff:192.0.2.1/96 ip6:::/0",
    "v=spf1 exists:%{ir}.%{v}._spf.%{d2} exists:%{l1r+-}.%{o} include:%{d}",
    "v=spf1 exists:%{L10r.-+,/_=}.x.test a:%{h}/24",
    "v=spf1 a:%%%_%-.example.com a:x%%",
    "v=spf1 ptr ptr:example.com include:example.com.",
    "v=spf1 redirect=_spf.example.com exp=explain._spf.%{d}",
    "v=spf1 unknown=value x-1._=%{d} empty=",
    "v=spf1 a:.example.com",  # an empty macro-string before the domain-end
]


@pytest.mark.parametrize("record", VALID)
def test_valid_records_parse(record: str) -> None:
    parsed = parse(record.encode())

    assert () == parsed.problems
    assert [t for t in record.split(" ")[1:] if t] == [t.text for t in parsed.terms]
    assert all(record[t.position :].startswith(t.text) for t in parsed.terms)


INVALID = [
    ("~all;", Problem.TERM),
    ("all.", Problem.TERM),
    ("all:x", Problem.ARGUMENT),
    ("all/8", Problem.ARGUMENT),
    ("moo", Problem.MECHANISM),
    ("ipv4:192.0.2.1", Problem.MECHANISM),
    ("192.0.2.1", Problem.MECHANISM),
    ("+", Problem.MECHANISM),
    ("--all", Problem.MECHANISM),
    ("1x=y", Problem.MECHANISM),
    ("=x", Problem.MECHANISM),
    ("a:b=c/d=e", Problem.DOMAIN),  # `:` before `=`: no modifier
    ("-redirect=x.test", Problem.QUALIFIED),
    ("+exp=x.test", Problem.QUALIFIED),
    ("?foo=bar", Problem.QUALIFIED),
    ("include", Problem.ARGUMENT),
    ("include:", Problem.ARGUMENT),
    ("include/24", Problem.PREFIX),
    ("include:x.test/24", Problem.DOMAIN),
    ("exists", Problem.ARGUMENT),
    ("exists:mail.example/24", Problem.DOMAIN),
    ("ptr:", Problem.ARGUMENT),
    ("ptr/24", Problem.PREFIX),
    ("a:", Problem.ARGUMENT),
    ("a:/24", Problem.ARGUMENT),
    ("a:localhost", Problem.DOMAIN),
    ("a:example.1", Problem.DOMAIN),
    ("a:example.-x", Problem.DOMAIN),
    ("a:example.x-", Problem.DOMAIN),
    ("a:example.com..", Problem.DOMAIN),
    ("a:example._x", Problem.DOMAIN),
    ("a:%{d}x", Problem.DOMAIN),
    ("a:192.0.2.1", Problem.ADDRESS),
    ("a:192.0.2.1/24", Problem.ADDRESS),
    ("mx:2001:db8::1", Problem.ADDRESS),
    ("mx:[192.0.2.1]", Problem.ADDRESS),
    ("a/33", Problem.PREFIX),
    ("a/024", Problem.PREFIX),
    ("a/", Problem.PREFIX),
    ("a//", Problem.PREFIX),
    ("a//129", Problem.PREFIX),
    ("a///64", Problem.PREFIX),
    ("mx:x.test/1000", Problem.PREFIX),
    ("ip4", Problem.ADDRESS),
    ("ip4:", Problem.ADDRESS),
    ("ip4/24", Problem.ADDRESS),
    ("ip4:192.0.2", Problem.ADDRESS),
    ("ip4:192.0.2.256", Problem.ADDRESS),
    ("ip4:192.0.2.01", Problem.ADDRESS),
    ("ip4:192.0.2.1/33", Problem.ADDRESS),
    ("ip4:192.0.2.1/08", Problem.ADDRESS),
    ("ip4:192.0.2.1/", Problem.ADDRESS),
    ("ip4:192.0.2.1//24", Problem.ADDRESS),
    ("ip4:2001:db8::1", Problem.ADDRESS),
    ("ip6:192.0.2.1", Problem.ADDRESS),
    ("ip6:2001:db8::1/129", Problem.ADDRESS),
    ("ip6:fe80::1%eth0", Problem.ADDRESS),
    ("ip6:12345::", Problem.ADDRESS),
    ("redirect=", Problem.DOMAIN),
    ("exp=", Problem.DOMAIN),
    ("redirect=localhost", Problem.DOMAIN),
    ("exists:%x.test", Problem.MACRO),
    ("exists:%{x}.test", Problem.MACRO),
    ("exists:%{d0}.test", Problem.MACRO),
    ("exists:%{dr0}.test", Problem.MACRO),
    ("exists:%{d!}.test", Problem.MACRO),
    ("exists:%{d.test", Problem.MACRO),
    ("exists:%(d).test", Problem.MACRO),
    ("exists:100%.test", Problem.MACRO),
    ("exists:%{c}.test", Problem.MACRO),  # c, r, t: only in the text of exp
    ("x=%{t}", Problem.MACRO),
    ("a:x.test\xa0~all", Problem.TEXT),
    ("a\tmx", Problem.TEXT),
    ("a\x00", Problem.TEXT),
    ("a\x7f", Problem.TEXT),
]


@pytest.mark.parametrize(("term", "problem"), INVALID)
def test_invalid_term_is_named_with_its_place(term: str, problem: Problem) -> None:
    record = f"v=spf1 mx  {term} -all".encode("latin-1")

    with pytest.raises(SpfSyntaxError) as caught:
        parse(record)

    assert (problem, 11, term) == (
        caught.value.problem, caught.value.position, caught.value.term,
    )  # fmt: skip
    assert ["mx", "-all"] == [t.text for t in scan(record).terms]


def test_all_problems_are_reported_in_order() -> None:
    scanned = scan(b"v=spf1 moo a:localhost exp=a.b ~all; exp=c.d")

    kinds = [(p.position, p.problem) for p in scanned.problems]
    assert [
        (7, Problem.MECHANISM), (11, Problem.DOMAIN), (31, Problem.TERM), (37, Problem.REPEATED),
    ] == kinds  # fmt: skip


def test_error_text_names_term_offset_and_reason() -> None:
    with pytest.raises(SpfSyntaxError, match="`moo` at octet 7: there is no mechanism `moo`"):
        parse(b"v=spf1 moo")


def test_equal_records_are_equal_also_in_their_problems() -> None:
    record = b"v=spf1 moo " + b"ip4:9.9.9.9 " * 300  # too long to be remembered

    assert scan(record) == scan(record)
    assert 1 == len({*scan(record).problems, *scan(record).problems})


def test_prefix_lengths_and_macros_are_kept() -> None:
    a, exists = parse(b"v=spf1 -a/24//64 exists:%{L2r-.}.x.test").mechanisms

    assert ("-", 24, 64) == (a.qualifier, a.prefix4, a.prefix6)
    assert exists.domain == (Macro("l", 2, True, "-.", True), ".x.test")


SELECTED = [
    (b"v=spf1", True),
    (b"v=spf1 ", True),
    (b"V=sPf1 -all", True),
    (b"v=spf10 -all", False),
    (b"v=spf1\t-all", False),
    (b"v=spf1\xa0-all", False),
    (b" v=spf1 -all", False),
    (b"v=spf1;", False),
    (b"spf2.0/pra -all", False),
    (b"", False),
]


@pytest.mark.parametrize(("record", "expected"), SELECTED)
def test_selection(record: bytes, expected: bool) -> None:
    assert expected == is_selected(record)


NEAR = [
    (b"v=spf10 -all", True),
    (b" v=spf1 -all", True),
    (b"\tv=spf1 -all", True),
    (b"v=spf1\xc2\xa0-all", True),
    (b'"v=spf1 -all"', True),
    (b"\xe2\x80\x9cv=spf1 -all\xe2\x80\x9d", True),
    (b"\xef\xbb\xbfv=spf1 -all", True),
    (b"spf2.0/mfrom -all", True),
    (b'v="spf1 -all"', True),
    (b"v=spf1;-all", True),
    (b"v = spf1 -all", True),
    (b"v=spf1 -all", False),
    (b"v=DMARC1; p=none", False),
    (b"spf is good for you", False),
    (b"", False),
]


@pytest.mark.parametrize(("record", "expected"), NEAR)
def test_near_misses(record: bytes, expected: bool) -> None:
    assert expected == bool(near_misses([Txt((record,))]))


def test_strings_are_joined_with_nothing_between() -> None:
    assert 1 == len(select([Txt((b"v=sp", b"f1", b" -all"))]))
    assert 0 == len(select([Txt((b"v=spf1", b"-all"))]))


def error_of(record: bytes) -> SpfSyntaxError | None:
    try:
        parse(record)
    except SpfSyntaxError as error:
        return error
    return None


PIECES = st.sampled_from([
    " ", "a", "mx", "all", "ip4:", "ip6:", "include:", "exists:", "redirect=", "exp=", "ptr", ":",
    "/", "//", "=", "%", "%{", "}", "%{d}", "%{ir}", "0", "24", "128", ".", "com", "-", "+", "~",
    "?", "192.0.2.1", "2001:db8::", ";", "\xa0", "\x00", "9" * 5000,
])  # fmt: skip


@settings(max_examples=150)
@given(st.one_of(st.binary(max_size=300), st.lists(PIECES, max_size=30).map("".join)))
def test_no_text_raises_anything_but_the_syntax_error(text: str | bytes) -> None:
    octets = text.encode("latin-1") if isinstance(text, str) else text
    for record in (octets, b"v=spf1 " + octets):
        error = error_of(record)
        if error is not None:
            assert record[error.position :].startswith(error.term.encode("latin-1"))


@settings(max_examples=60)
@given(st.lists(st.sampled_from(VALID), min_size=1, max_size=3))
def test_letter_case_does_not_matter(records: list[str]) -> None:
    for record in records:
        lower, upper = scan(record.lower().encode()), scan(record.upper().encode())
        names = [t.name for t in lower.terms]

        assert names == [t.name for t in upper.terms]
        assert [t.network for t in lower.terms if isinstance(t, Mechanism)] == [
            t.network for t in upper.terms if isinstance(t, Mechanism)
        ]
