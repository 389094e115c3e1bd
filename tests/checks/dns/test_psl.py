"""Public suffixes, with the wildcard and exception rules of the list."""

from __future__ import annotations

import pytest
from publicsuffixlist import PublicSuffixList

from checks.dns.names import parse_name
from checks.dns.psl import public_suffix, registrable

CASES = [
    ("jobmatch.zip", "zip", "jobmatch.zip"),
    ("bounce.jobmatch.zip", "zip", "jobmatch.zip"),
    ("zip", "zip", None),
    ("co.uk", "co.uk", None),
    ("a.b.example.co.uk", "co.uk", "example.co.uk"),
    # *.ck and !www.ck
    ("foo.ck", "foo.ck", None),
    ("a.b.foo.ck", "foo.ck", "b.foo.ck"),
    ("www.ck", "ck", "www.ck"),
    ("x.www.ck", "ck", "www.ck"),
    ("city.kawasaki.jp", "kawasaki.jp", "city.kawasaki.jp"),
    # the private section does not count
    ("a.github.io", "io", "github.io"),
    # a top-level label that is not listed is a suffix
    ("a.b.unlisted-top", "unlisted-top", "b.unlisted-top"),
    # internationalised suffixes stand in the list as U-labels
    ("foo.xn--55qx5d.cn", "xn--55qx5d.cn", "foo.xn--55qx5d.cn"),
    ("a.foo.xn--fiqs8s", "xn--fiqs8s", "foo.xn--fiqs8s"),
    ("foo.xn--o3cw4h.xn--o3cw4h", "xn--o3cw4h", "xn--o3cw4h.xn--o3cw4h"),
]


@pytest.mark.parametrize(("name", "suffix", "domain"), CASES)
def test_suffix_and_registrable_domain(name: str, suffix: str, domain: str | None) -> None:
    canonical = parse_name(name)
    assert public_suffix(canonical) == parse_name(suffix)
    assert registrable(canonical) == (parse_name(domain) if domain else None)


def test_one_top_level_label_is_judged_as_by_the_whole_list() -> None:
    whole = PublicSuffixList(only_icann=True)
    for name in ("x.y.kobe.jp", "a.b.c.bd", "gov.uk", "x.xn--p1ai", "a.b.com", "a.edu.au"):
        expected = whole.publicsuffix(name)
        assert public_suffix(name + ".") == f"{expected}."


@pytest.mark.parametrize("name", [".", "\\255\\000.", "a\\.b.com.", "xn--zzzzzzzz.", "xn--.com."])
def test_odd_names_have_a_suffix(name: str) -> None:
    assert public_suffix(name)
    assert registrable(name) is None or registrable(name) != public_suffix(name)
