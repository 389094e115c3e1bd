"""Macro expansion: RFC 7208 §7.3 and the examples of §7.4."""

from __future__ import annotations

import ipaddress
from dataclasses import replace

import pytest

from checks.dns.spf.macros import EXPLAIN_LETTERS, Message, expand, parse_macro_string
from checks.dns.spf.terms import target_name, target_text

MESSAGE = Message(
    client=ipaddress.ip_address("192.0.2.3"),
    local="strong-bad",
    origin="email.example.com",
    helo="mx.example.org",
    domain="email.example.com",
    validated="mx.example.org",
    receiver="receiver.example",
    time=1700000000,
)
SIX = replace(MESSAGE, client=ipaddress.ip_address("2001:db8::cb01"))

EXPANSIONS = [
    ("%{s}", "strong-bad@email.example.com"),
    ("%{o}", "email.example.com"),
    ("%{d}", "email.example.com"),
    ("%{d4}", "email.example.com"),
    ("%{d3}", "email.example.com"),
    ("%{d2}", "example.com"),
    ("%{d1}", "com"),
    ("%{dr}", "com.example.email"),
    ("%{d2r}", "example.email"),
    ("%{l}", "strong-bad"),
    ("%{l-}", "strong.bad"),
    ("%{lr}", "strong-bad"),
    ("%{lr-}", "bad.strong"),
    ("%{l1r-}", "strong"),
    ("%{ir}.%{v}._spf.%{d2}", "3.2.0.192.in-addr._spf.example.com"),
    ("%{lr-}.lp._spf.%{d2}", "bad.strong.lp._spf.example.com"),
    (
        "%{lr-}.lp.%{ir}.%{v}._spf.%{d2}",
        "bad.strong.lp.3.2.0.192.in-addr._spf.example.com",
    ),
    (
        "%{ir}.%{v}.%{l1r-}.lp._spf.%{d2}",
        "3.2.0.192.in-addr.strong.lp._spf.example.com",
    ),
    ("%{d2}.trusted-domains.example.net", "example.com.trusted-domains.example.net"),
    ("%{p}", "mx.example.org"),
    ("%{h}", "mx.example.org"),
    ("%{c}|%{r}|%{t}", "192.0.2.3|receiver.example|1700000000"),
    ("100%%%_free%-", "100% free%20"),
    ("%{S}", "strong-bad%40email.example.com"),  # an upper-case letter escapes for a URL
    ("%{L}", "strong-bad"),
    ("%{d00000000000000000000000000000000002}", "example.com"),
    ("%{d" + "9" * 5000 + "}", "email.example.com"),
    ("%{D2R}", "example.email"),
]


@pytest.mark.parametrize(("text", "expected"), EXPANSIONS)
def test_expansion(text: str, expected: str) -> None:
    assert expected == expand(parse_macro_string(text, EXPLAIN_LETTERS), MESSAGE)


NIBBLES = "2.0.0.1.0.d.b.8.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.c.b.0.1"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("%{i}", NIBBLES),
        ("%{ir}.%{v}._spf.%{d2}", ".".join(NIBBLES.split(".")[::-1]) + ".ip6._spf.example.com"),
        ("%{c}", "2001:db8::cb01"),
    ],
)
def test_expansion_for_an_ipv6_client(text: str, expected: str) -> None:
    assert expected == expand(parse_macro_string(text, EXPLAIN_LETTERS), SIX)


def test_several_delimiters_and_odd_local_parts() -> None:
    message = replace(MESSAGE, local="a+b=c.d/e")

    assert "a.b.c.d.e" == expand(parse_macro_string("%{l+=./}"), message)
    assert "c.d/e" == expand(parse_macro_string("%{l1=}"), message)
    assert "a%2Bb%3Dc.d%2Fe" == expand(parse_macro_string("%{L}"), message)
    assert "%C3%A9" == expand(parse_macro_string("%{L}"), replace(MESSAGE, local="é"))


TARGETS = [
    ("example.com", "example.com"),
    ("example.com.", "example.com"),
    ("a" * 10 + ".example.com", "a" * 10 + ".example.com"),
    (".".join(["x" * 49] * 6), ".".join(["x" * 49] * 5)),  # 299 characters become 249
    (".".join(["x" * 63] * 3 + ["y" * 61]), ".".join(["x" * 63] * 3 + ["y" * 61])),  # 253 stay
    (".".join(["x" * 63] * 3 + ["y" * 62]), ".".join(["x" * 63] * 2 + ["y" * 62])),
    ("x" * 400, "x" * 400),
    ("a." + "x" * 400, "x" * 400),
]


@pytest.mark.parametrize(("text", "expected"), TARGETS)
def test_target_is_cut_from_the_left_label_by_label(text: str, expected: str) -> None:
    assert expected == target_text(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Example.COM", "example.com."),
        ("a..b", None),
        (".a.b", None),
        ("x" * 64 + ".com", None),
        ("", None),
        ("a b.com", "a\\032b.com."),
        ("é.com", "\\195\\169.com."),
    ],
)
def test_target_name(text: str, expected: str | None) -> None:
    assert expected == target_name(text)
