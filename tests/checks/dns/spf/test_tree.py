"""The static tree: counts, loops, who is authorised, and how it is printed."""

from __future__ import annotations

import pytest

from checks.dns.spf.count import Voids, count_lookups, count_voids, loops, void_terms
from checks.dns.spf.ranges import authorised, everyone, ipv4_size
from checks.dns.spf.render import MAX_LINES, describe_tree
from checks.dns.spf.tree import SpfTree
from tests.checks.dns.spf.judging import Zone, domain, facts


def tree(record: str, zone: Zone | None = None) -> SpfTree:
    found = facts({**domain(record), **(zone or {})}).domain.tree
    assert found is not None
    return found


INNER: Zone = {
    "two.test": {"TXT": ["v=spf1 a:h.test exists:h.test -all"]},
    "one.test": {"TXT": ["v=spf1 include:two.test -all"]},
    "late.test": {"TXT": ["v=spf1 -all a:h.test redirect=two.test"]},
    "h.test": {"A": ["8.8.8.8"], "AAAA": ["2606:4700::8"]},
    "macro.test": {"TXT": ["v=spf1 exists:%{i}.x.test -all"]},
}

LOOKUPS = [
    ("v=spf1 -all", "0"),
    ("v=spf1 ip4:8.8.8.8 ip6:2606::1 ~all exp=e.test", "0"),
    ("v=spf1 a mx ptr exists:h.test include:none.test ~all", "5"),
    ("v=spf1 include:one.test ~all", "4"),
    ("v=spf1 include:one.test include:one.test ~all", "8"),
    ("v=spf1 redirect=one.test", "4"),
    ("v=spf1 redirect=one.test ~all", "0"),
    ("v=spf1 a ~all include:one.test mx", "1"),
    ("v=spf1 include:late.test ~all", "1"),
    ("v=spf1 -include:two.test ?a ~mx -all", "5"),
    ("v=spf1 exists:%{i}.x.test ~all", "1+?"),
    ("v=spf1 include:macro.test a ~all", "3+?"),
    ("v=spf1 include:%{d2}.x.test ~all", "1+?"),
    ("v=spf1 include:shop.example ~all", "1"),
]


@pytest.mark.parametrize(("record", "expected"), LOOKUPS)
def test_lookups_as_written(record: str, expected: str) -> None:
    assert expected == str(count_lookups(tree(record, INNER)))


def test_repeats_count_again_however_often() -> None:
    zone: Zone = {
        f"d{n}.test": {"TXT": [f"v=spf1 include:d{n + 1}.test include:d{n + 1}.test -all"]}
        for n in range(8)
    }

    assert 2**9 - 2 == count_lookups(tree("v=spf1 include:d1.test include:d1.test", zone)).known


VOID: Zone = {
    "v4.test": {"A": ["8.8.8.8"]},
    "v6.test": {"AAAA": ["2606::8"]},
    "text.test": {"TXT": ["hello"]},
    "mx.test": {"MX": ["1 v4.test", "2 v6.test", "3 gone.test"]},
    "null.test": {"MX": ["0 ."]},
    "bad.test": {"A": ["SERVFAIL"], "AAAA": ["SERVFAIL"], "TXT": ["SERVFAIL"]},
    "deep.test": {"TXT": ["v=spf1 a:gone.test -all"]},
}

VOIDS = [
    ("v=spf1 -all", Voids(0, 0, 0)),
    ("v=spf1 a:v4.test -all", Voids(0, 1, 0)),
    ("v=spf1 a:v6.test -all", Voids(1, 0, 0)),
    ("v=spf1 a:gone.test -all", Voids(1, 1, 1)),
    ("v=spf1 a:text.test -all", Voids(1, 1, 1)),  # NODATA
    ("v=spf1 mx:gone.test -all", Voids(1, 1, 1)),
    ("v=spf1 mx:mx.test -all", Voids(2, 2, 1)),
    ("v=spf1 mx:null.test -all", Voids(0, 0, 0)),
    ("v=spf1 exists:v6.test -all", Voids(1, 1, 1)),
    ("v=spf1 include:gone.test -all", Voids(1, 1, 1)),
    ("v=spf1 include:text.test -all", Voids(0, 0, 0)),
    ("v=spf1 redirect=gone.test", Voids(1, 1, 1)),
    ("v=spf1 -all exp=gone.test", Voids(0, 0, 0)),
    ("v=spf1 a:bad.test include:bad.test -all", Voids(0, 0, 0)),
    ("v=spf1 a:gone.test a:gone.test -all", Voids(2, 2, 2)),
    ("v=spf1 include:deep.test include:deep.test -all", Voids(2, 2, 2)),
    ("v=spf1 a:x..test -all", Voids(0, 0, 0)),
]


@pytest.mark.parametrize(("record", "expected"), VOIDS)
def test_voids_by_family_and_dual_stack(record: str, expected: Voids) -> None:
    assert expected == count_voids(tree(record, VOID))


def test_void_terms_are_named() -> None:
    found = tree("v=spf1 a:v4.test a:gone.test mx:mx.test -all", VOID)

    assert ["a:gone.test", "mx:mx.test"] == [term for _, term in void_terms(found, dual=True)]
    assert ["a:v4.test", "a:gone.test", "mx:mx.test"] == [
        term for _, term in void_terms(found, dual=False)
    ]
    assert {found.root} == {name for name, _ in void_terms(found, dual=False)}


LOOPS: Zone = {
    "a.test": {"TXT": ["v=spf1 include:b.test -all"]},
    "b.test": {"TXT": ["v=spf1 include:A.TEST. -all"]},
    "self.test": {"TXT": ["v=spf1 redirect=self.test"]},
    "back.test": {"TXT": ["v=spf1 include:shop.example -all"]},
    "leaf.test": {"TXT": ["v=spf1 -all"]},
    "mid.test": {"TXT": ["v=spf1 include:leaf.test -all"]},
}


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        ("v=spf1 include:shop.example ~all", ["include:shop.example"]),
        ("v=spf1 include:a.test ~all", ["include:A.TEST."]),
        ("v=spf1 include:self.test ~all", ["redirect=self.test"]),
        ("v=spf1 include:back.test ~all", ["include:shop.example"]),
        # a diamond is no loop: the same target on two paths
        ("v=spf1 include:mid.test include:leaf.test include:mid.test ~all", []),
        ("v=spf1 ~all include:shop.example", []),
    ],
)
def test_loops_are_found_by_path(record: str, expected: list[str]) -> None:
    assert expected == [link.term.text for _, link in loops(tree(record, LOOPS))]


SENDERS: Zone = {
    "i.test": {"TXT": ["v=spf1 ip4:9.9.9.0/24 ?ip4:9.9.8.0/24 a:h.test/24//64 -all"]},
    "h.test": {"A": ["8.8.8.8"], "AAAA": ["2606:4700::8"]},
    "open.test": {"TXT": ["v=spf1 +all"]},
}

AUTHORISED = [
    ("v=spf1 ip4:1.2.3.0/24 -ip4:1.2.4.0/24 ~all ip4:7.7.7.7", ["1.2.3.0/24"]),
    ("v=spf1 include:i.test ~all", ["9.9.9.0/24", "8.8.8.0/24", "2606:4700::/64"]),
    ("v=spf1 ?include:i.test ~all", []),
    ("v=spf1 redirect=i.test", ["9.9.9.0/24", "8.8.8.0/24", "2606:4700::/64"]),
    ("v=spf1 mx ~all", ["93.184.216.7/32", "2606:2800::7/128"]),
    ("v=spf1 mx/24 ~all", ["93.184.216.0/24", "2606:2800::7/128"]),
]


@pytest.mark.parametrize(("record", "expected"), AUTHORISED)
def test_authorised_networks(record: str, expected: list[str]) -> None:
    assert expected == [str(found.network) for found in authorised(tree(record, SENDERS))]


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        ("v=spf1 +all", ["shop.example."]),
        ("v=spf1 all", ["shop.example."]),
        ("v=spf1 include:open.test -all", ["open.test."]),
        ("v=spf1 ?include:open.test -all", []),
        ("v=spf1 redirect=open.test", ["open.test."]),
        ("v=spf1 redirect=open.test -all", []),
        ("v=spf1 -all +all", []),
        ("v=spf1 -all include:open.test", []),
    ],
)
def test_everyone(record: str, expected: list[str]) -> None:
    assert expected == [node.name for node, _ in everyone(tree(record, SENDERS))]


def test_overlapping_ranges_are_counted_once() -> None:
    found = authorised(tree("v=spf1 ip4:1.0.0.0/9 ip4:1.0.0.0/10 ip4:1.128.0.0/9 ~all"))

    assert 2**24 == ipv4_size(one.network for one in found)


def test_tree_as_text() -> None:
    zone: Zone = {
        "i.test": {"TXT": ["v=spf1 ip4:9.9.9.0/24 a:gone.test include:i.test -all"]},
        "bad.test": {"TXT": ["SERVFAIL"]},
        "two.test": {"TXT": ["v=spf1 -all", "v=spf1 ~all"]},
    }
    record = (
        "v=spf1 mx include:i.test include:bad.test include:two.test exists:%{i}.x.test "
        "redirect=i.test ~all moo a"
    )

    expected = """\
shop.example
  mx  (1 lookup, 93.184.216.7, 2606:2800::7)
  include:i.test  (1 lookup)
    ip4:9.9.9.0/24
    a:gone.test  (1 lookup, void)
    include:i.test  (1 lookup)
      loop: i.test is above
    -all
  include:bad.test  (1 lookup, TXT bad.test: SERVFAIL from table)
  include:two.test  (1 lookup, two.test has 2 SPF records)
    2 SPF records
  exists:%{i}.x.test  (1+? lookups)
  redirect=i.test  (never evaluated)
  ~all
  a  (never evaluated)
  syntax error: `moo` at octet 99: there is no mechanism `moo`
lookups: 7+? of 10
void lookups: 1 of 2 (IPv4 clients 1, IPv6 clients 1)
authorised: 257 IPv4 addresses, 1 IPv6 ranges
not read: `include:bad.test`: TXT bad.test: SERVFAIL from table"""
    assert expected.splitlines() == describe_tree(tree(record, zone))


def test_tree_that_authorises_everyone() -> None:
    assert "authorised: everyone" in describe_tree(tree("v=spf1 +all"))


def test_text_of_a_huge_tree_is_cut() -> None:
    zone: Zone = {
        f"d{n}.test": {"TXT": [f"v=spf1 include:d{n + 1}.test include:d{n + 1}.test -all"]}
        for n in range(18)
    }

    lines = describe_tree(tree("v=spf1 include:d0.test include:d0.test", zone))

    assert len(lines) < MAX_LINES + 10
    assert "  … and more" in lines
