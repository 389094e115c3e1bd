"""The record to paste: every term corrected and kept, one `all`, the include of SES before it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checks.dns.spf.merge import merged
from checks.dns.spf.repair import repair, repaired
from checks.dns.spf.syntax import scan
from tests.checks.dns.spf.test_syntax import PIECES, VALID

SES = "amazonses.com"

REPAIRS = [
    ("v=spf1 mx -all", "v=spf1 mx -all"),
    (" v=spf1 mx  -all ", "v=spf1 mx -all"),
    ("\tv=spf1\tmx\t-all", "v=spf1 mx -all"),
    ("v=spf10 -all", "v=spf1 -all"),
    ("V=SPF1 MX -ALL", "v=spf1 MX -ALL"),
    ('"v=spf1 mx" "-all"', "v=spf1 mx -all"),
    ('\\"v=spf1 mx -all\\"', "v=spf1 mx -all"),
    ("“v=spf1 mx –all”".encode().decode("latin-1"), "v=spf1 mx -all"),
    ("v=spf1\xa0mx\xa0-all", "v=spf1 mx -all"),
    ("v=spf1\xc2\xa0mx\xc2\xa0-all", "v=spf1 mx -all"),
    ("v=spf1 include:a\xe2\x80\x8b.test -all", "v=spf1 include:a.test -all"),
    ("v=spf1;mx;-all;", "v=spf1 mx -all"),
    ("v=spf1 mx, a, ~all.", "v=spf1 mx a ~all"),
    ("v=spf1 mx ;", "v=spf1 mx"),
    ("spf2.0/pra,mfrom mx -all", "v=spf1 mx -all"),
    ("v=spf1include:a.test ~all", "v=spf1 include:a.test ~all"),
    ("v=spf1 ip4:9.9.9.7include:a.test ~all", "v=spf1 ip4:9.9.9.7 include:a.test ~all"),
    ("v=spf1 include:a.testip4:9.9.9.7?all", "v=spf1 include:a.test ip4:9.9.9.7 ?all"),
    ("v=spf1 include: a.test ~all", "v=spf1 include:a.test ~all"),
    ("v=spf1 a:9.9.9.9 mx:2606::1 ~all", "v=spf1 ip4:9.9.9.9 ip6:2606::1 ~all"),
    ("v=spf1 -a:9.9.9.9/24", "v=spf1 -ip4:9.9.9.9/24"),
    ("v=spf1 9.9.9.9 ip:9.9.9.8 ipv4:9.9.9.7", "v=spf1 ip4:9.9.9.9 ip4:9.9.9.8 ip4:9.9.9.7"),
    ("v=spf1 ipv6:2606::/32 ip4:2606::1", "v=spf1 ip6:2606::/32 ip6:2606::1"),
    ("v=spf1 ip4:9.9.09.9/08 ip4:9.9.9.0/33", "v=spf1 ip4:9.9.9.9/8 ip4:9.9.9.0"),
    ("v=spf1 a/024//064 mx:m.test/33 -all", "v=spf1 a/24//64 mx:m.test -all"),
    (
        "v=spf1 ip4:9.9.9.9,9.9.9.8;ip4:9.9.9.7 -all",
        "v=spf1 ip4:9.9.9.9 ip4:9.9.9.8 ip4:9.9.9.7 -all",
    ),
    ("v=spf1 ip4:mail.a.test", "v=spf1 a:mail.a.test"),
    ("v=spf1 -redirect=a.test", "v=spf1 redirect=a.test"),
    ("v=spf1 inlcude:a.test includes:b.test", "v=spf1 include:a.test include:b.test"),
    ("v=spf1 all:x", "v=spf1 all"),
    ("v=spf1 ~~all", "v=spf1 ~all"),
    ("v=spf1 exists:a.test/24 a:b.test/99", "v=spf1 exists:a.test a:b.test"),
    ("v=spf1 x=1 moo a:localhost exists:%x.test", "v=spf1 x=1"),
    ("", "v=spf1"),
]


@pytest.mark.parametrize(("text", "expected"), REPAIRS)
def test_repaired(text: str, expected: str) -> None:
    assert expected == repaired(text)


def test_what_cannot_be_corrected_is_named() -> None:
    assert ("moo", "a:localhost") == repair("v=spf1 moo a:localhost ~all").left_out


MERGES = [
    ([], "v=spf1 include:amazonses.com ~all"),
    (["v=spf1 include:amazonses.com ~all", "v=spf1 -all"], "v=spf1 include:amazonses.com ~all"),
    (["v=spf1 -all", "v=spf1 mx -all"], "v=spf1 mx include:amazonses.com -all"),
    (["v=spf1 ip4:9.9.9.9 -all"], "v=spf1 ip4:9.9.9.9 include:amazonses.com -all"),
    (["v=spf1 ~all include:amazonses.com"], "v=spf1 include:amazonses.com ~all"),
    (["v=spf1 a ~all mx"], "v=spf1 a mx include:amazonses.com ~all"),
    (["v=spf1 ?include:amazonses.com a ?all"], "v=spf1 include:amazonses.com a ~all"),
    (["v=spf1 -include:AmazonSES.com. ~all"], "v=spf1 include:amazonses.com ~all"),
    (["v=spf1 a +include:amazonses.com ~all"], "v=spf1 a include:amazonses.com ~all"),
    (["v=spf1 -ip4:9.9.9.9 include:amazonses.com ~all"],
     "v=spf1 include:amazonses.com -ip4:9.9.9.9 ~all"),
    (["v=spf1 include:amazonses.co ~all"], "v=spf1 include:amazonses.com ~all"),
    (["v=spf1 include:amazonaws.com a ~all"], "v=spf1 include:amazonses.com a ~all"),
    (["v=spf1 include:amazonses.com +all"], "v=spf1 include:amazonses.com ~all"),
    (["v=spf1 redirect=a.test"], "v=spf1 include:amazonses.com redirect=a.test"),
    (["v=spf1 a exp=e.test x=1", "v=spf1 A exp=f.test x=1"],
     "v=spf1 a include:amazonses.com ~all exp=e.test x=1"),
]  # fmt: skip


@pytest.mark.parametrize(("records", "expected"), MERGES)
def test_merged_for_mail_from(records: list[str], expected: str) -> None:
    assert expected == merged(records, include=SES)


PLAIN = [
    ([], "v=spf1 ~all"),
    (["v=spf1 -all"], "v=spf1 -all"),
    (["v=spf1 mx"], "v=spf1 mx ~all"),
    (["v=spf1 redirect=a.test redirect=b.test"], "v=spf1 redirect=a.test"),
    (["v=spf1 redirect=a.test ?all"], "v=spf1 ~all"),  # ineffective beside `all`
    (["v=spf1 redirect=a.test", "v=spf1 mx -all"], "v=spf1 mx include:a.test -all"),
    (["v=spf1 redirect=a.test", "v=spf1 redirect=b.test"], "v=spf1 include:b.test redirect=a.test"),
    (["v=spf1 mx include:a.test ~all", "v=spf1 include:A.TEST a -all"],
     "v=spf1 mx include:a.test a ~all"),
    (["v=spf1 include:a.test include:a.test -all"], "v=spf1 include:a.test -all"),
]  # fmt: skip


@pytest.mark.parametrize(("records", "expected"), PLAIN)
def test_merged_for_the_domain(records: list[str], expected: str) -> None:
    assert expected == merged(records, include=None)


TEXTS = st.one_of(
    st.sampled_from(VALID),
    st.text(st.characters(max_codepoint=255), max_size=80),
    st.lists(PIECES, max_size=20).map(lambda parts: "v=spf1 " + "".join(parts)),
)


@settings(max_examples=120)
@given(st.lists(TEXTS, max_size=3))
def test_the_record_to_paste_always_parses_and_is_stable(texts: list[str]) -> None:
    record = merged(texts, include=SES)

    parsed = scan(record.encode("ascii"))
    assert () == parsed.problems
    assert 1 == [m.text for m in parsed.mechanisms].count("include:amazonses.com")
    assert (parsed.all is None) == (parsed.redirect is not None)
    assert record == merged([record], include=SES)
