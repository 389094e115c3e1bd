from __future__ import annotations

import contextlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checks.dns.domain import DomainError, normalise_domain, normalise_host
from checks.dns.names import parse_name

GOOD = [
    ("jobmatch.zip", "jobmatch.zip."),
    ("JobMatch.ZIP", "jobmatch.zip."),
    ("jobmatch.zip.", "jobmatch.zip."),
    ("  jobmatch.zip\t\n", "jobmatch.zip."),
    ("\u200bjob\u200cmatch\u200d.\u2060zip\ufeff", "jobmatch.zip."),
    ("\u00a0jobmatch.zip\u3000", "jobmatch.zip."),
    ("https://jobmatch.zip", "jobmatch.zip."),
    ("HTTPS://JobMatch.zip/a/b?c=d#e", "jobmatch.zip."),
    ("http://jobmatch.zip:8080/", "jobmatch.zip."),
    ("//jobmatch.zip", "jobmatch.zip."),
    ("jobmatch.zip/path", "jobmatch.zip."),
    ("jobmatch.zip:443", "jobmatch.zip."),
    ("https://jobmatch.zip./", "jobmatch.zip."),
    ("bücher.example", "xn--bcher-kva.example."),
    ("BÜCHER.example", "xn--bcher-kva.example."),
    ("bücher。example。", "xn--bcher-kva.example."),
    ("straße.example", "xn--strae-oqa.example."),
    ("日本語.jp", "xn--wgv71a119e.jp."),
    ("xn--bcher-kva.example", "xn--bcher-kva.example."),
    ("ＪＯＢmatch.zip", "jobmatch.zip."),
    ("a-b.c1.example", "a-b.c1.example."),
    ("x" * 63 + ".zip", "x" * 63 + ".zip."),
    (".".join(["x" * 62] * 4) + ".z", ".".join(["x" * 62] * 4) + ".z."),
]


@pytest.mark.parametrize(("typed", "name"), GOOD)
def test_what_people_type(typed: str, name: str) -> None:
    assert normalise_domain(typed) == name
    assert normalise_domain(name) == name


BAD = [
    ("", "'' is empty", "for example jobmatch.zip"),
    ("   ", "is empty", "for example jobmatch.zip"),
    (".", "is empty", "for example jobmatch.zip"),
    ("https://", "is empty", "for example jobmatch.zip"),
    ("zip", "'zip' is a single label", "for example jobmatch.zip"),
    ("foo", "is a single label", "for example jobmatch.zip"),
    ("*", "wildcard", "for example jobmatch.zip"),
    ("*.jobmatch.zip", "wildcard", "type the bare domain: jobmatch.zip"),
    ("hello@jobmatch.zip", "is an e-mail address", "type the bare domain: jobmatch.zip"),
    ("mailto:hello@jobmatch.zip", "is an e-mail address", "the bare domain: jobmatch.zip"),
    ("https://user@jobmatch.zip/", "is an e-mail address", "the bare domain: jobmatch.zip"),
    ("hellö@jobmatch.zip", "is an e-mail address", "the bare domain: jobmatch.zip"),
    ("192.0.2.1", "is an IP address", "for example jobmatch.zip"),
    ("192.0.2.1:53", "is an IP address", "for example jobmatch.zip"),
    ("2001:db8::1", "is an IP address", "for example jobmatch.zip"),
    ("https://[2001:db8::1]:443/", "is an IP address", "for example jobmatch.zip"),
    ("jobmatch..zip", "empty label", "for example jobmatch.zip"),
    ("jobmatch.zip..", "empty label", "for example jobmatch.zip"),
    (".jobmatch.zip", "empty label", "for example jobmatch.zip"),
    ("x" * 64 + ".zip", "label of 64 octets", "for example jobmatch.zip"),
    (".".join(["x" * 62] * 4) + ".zi", "has 254 octets", "for example jobmatch.zip"),
    ("x" * 5000, "has 5000 characters", "for example jobmatch.zip"),
    ("-jobmatch.zip", "hyphen", "for example jobmatch.zip"),
    ("jobmatch-.zip", "hyphen", "for example jobmatch.zip"),
    ("_dmarc.jobmatch.zip", "underscore", "for example jobmatch.zip"),
    ("job match.zip", "holds ' '", "for example jobmatch.zip"),
    ("job\0match.zip", r"holds '\x00'", "for example jobmatch.zip"),
    ("jobmatch.zip,other.zip", "holds ','", "for example jobmatch.zip"),
    ("10.0.1", "ends in a number", "for example jobmatch.zip"),
    ("☃.example", "no internationalised name", "for example jobmatch.zip"),
    ("\ud800.example", "no internationalised name", "for example jobmatch.zip"),
    ("ü" * 60 + ".example", "no internationalised name", "for example jobmatch.zip"),
]


@pytest.mark.parametrize(("typed", "reason", "instead"), BAD)
def test_what_is_no_domain(typed: str, reason: str, instead: str) -> None:
    with pytest.raises(DomainError) as caught:
        normalise_domain(typed)
    message = str(caught.value)
    assert message.startswith("DOMAIN ")
    assert reason in message
    assert "rule dns-name-valid" in message
    assert message.endswith(instead)
    assert message.isprintable()
    assert len(message) < 450


def test_hosts_of_options_may_hold_underscores() -> None:
    assert normalise_host("A_b.jobmatch.zip", "--from") == "a_b.jobmatch.zip."
    with pytest.raises(DomainError, match=r"--mail-from 'bounce' is a single label"):
        normalise_host("bounce", "--mail-from")


@settings(max_examples=150)
@given(st.text(st.characters(), max_size=80) | st.text("ab.-_@*:/[]1\u200b ü", max_size=30))
def test_no_text_raises_anything_else_and_every_name_is_canonical(typed: str) -> None:
    with contextlib.suppress(DomainError):
        name = normalise_domain(typed)
        assert parse_name(name) == name
        assert normalise_domain(name) == name
