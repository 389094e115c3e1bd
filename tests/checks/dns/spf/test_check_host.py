"""check_host() against RFC 7208 §4: the record, its evaluation, the limits."""

from __future__ import annotations

import ipaddress
from typing import Any

import pytest

from tests.checks.dns.spf.hosts import IP4, IP6, ONE, D, Row, Table, check, verify

# --- §4.3 Initial processing ---


@pytest.mark.parametrize(
    "domain",
    ["", ".", "localhost", "a..example.com", ".example.com", "x" * 64 + ".example.com",
     ".".join(["x" * 60] * 5), "müller.example", "nowhere.example"],
)  # fmt: skip
def test_4_3_malformed_or_missing_domain_gives_none(domain: str) -> None:
    found = check({D: {"TXT": ["v=spf1 +all"]}}, domain=domain)

    assert ("none", 0, 0) == (found.result, found.lookups, found.voids)
    assert found.problem


@pytest.mark.parametrize("domain", ["example.com", "EXAMPLE.com", "example.com."])
def test_4_3_case_and_trailing_dot_of_the_domain_do_not_matter(domain: str) -> None:
    assert "pass" == check({D: {"TXT": ["v=spf1 +all"]}}, domain=domain).result


@pytest.mark.parametrize(
    ("sender", "local"),
    [("@example.com", "postmaster"), ("example.com", "postmaster"), ("", "postmaster"),
     ("a@b@example.com", "a@b"), ("user@example.com", "user")],
)  # fmt: skip
def test_4_3_local_part_defaults_to_postmaster(sender: str, local: str) -> None:
    zone: Table = {
        D: {"TXT": ["v=spf1 -all exp=e.example.com"]},
        "e.example.com": {"TXT": ["%{l}"]},
    }

    assert local == check(zone, sender=sender).explanation


def test_2_4_null_reverse_path_uses_the_helo_domain() -> None:
    zone: Table = {
        D: {"TXT": ["v=spf1 -all exp=e.example.com"]},
        "e.example.com": {"TXT": ["%{o}"]},
    }

    assert "mail.helo.test" == check(zone, sender="").explanation
    assert D == check(zone, sender="", helo="").explanation


def test_an_address_object_and_its_text_give_the_same() -> None:
    zone: Table = {D: {"TXT": ["v=spf1 ip4:192.0.2.0/24 -all"]}}

    assert check(zone, ip=IP4) == check(zone, ip=ipaddress.ip_address(IP4))


def test_no_address_is_a_value_error() -> None:
    with pytest.raises(ValueError, match="not an address"):
        check({}, ip="not an address")


# --- §4.4 Record lookup ---


@pytest.mark.parametrize("fault", ["SERVFAIL", "TIMEOUT"])
def test_4_4_failed_lookup_is_temperror(fault: str) -> None:
    found = check({D: {"TXT": [fault]}})

    assert "temperror" == found.result
    assert "TXT example.com" in found.problem


# --- §4.5 Selecting records ---


@pytest.mark.parametrize(
    ("records", "result"),
    [
        (["text"], "none"),
        (["v=spf10 +all"], "none"),
        ([" v=spf1 +all"], "none"),
        (["v=spf1\t+all"], "none"),
        (["v=spf1 +all", "v=spf10 -all", "text"], "pass"),
        (["v=spf1 +all", "v=spf1 +all"], "permerror"),
        (["V=SPF1 +all"], "pass"),
        (["v=spf1"], "neutral"),
        ([("v=sp", "f1 +a", "ll")], "pass"),
        ([("v=spf1", "+all")], "none"),
    ],
)
def test_4_5_selection(records: list[Any], result: str) -> None:
    assert result == check({D: {"TXT": records}}).result


def test_3_1_type_99_is_not_used() -> None:
    assert "none" == check({D: {"SPF": ["v=spf1 +all"]}}).result


# --- §4.6 Record evaluation, §4.7 Default result ---

EVALUATION = [
    Row("v=spf1 +all moo", "permerror", problem="`moo` at octet 12"),
    Row("v=spf1 ip4:192.0.2.3 a:localhost", "permerror"),
    Row("v=spf1 ip4:192.0.2.3 -all all:x", "permerror"),
    Row("v=spf1 all redirect=", "permerror"),
    Row("v=spf1 include:s.test +all", "permerror", {"s.test": {"TXT": ["v=spf1 +all moo"]}}),
    Row("v=spf1 ip4:192.0.2.3", "pass"),
    Row("v=spf1 ip4:192.0.2.3 -all", "pass"),
    Row("v=spf1 -ip4:192.0.2.3 +all", "fail"),
    Row("v=spf1 ~ip4:192.0.2.3 +all", "softfail"),
    Row("v=spf1 ?ip4:192.0.2.3 +all", "neutral"),
    Row("v=spf1 ip4:198.51.100.1", "neutral", lookups=0, voids=0),
    Row("v=spf1 unknown=x y=%{d} ip4:198.51.100.1", "neutral"),
    Row("v=spf1 -all +all", "fail"),
]


@pytest.mark.parametrize("row", EVALUATION, ids=lambda row: row.record)
def test_4_6_and_4_7_evaluation(row: Row) -> None:
    verify(row)


# --- §4.6.4 DNS lookup limits ---

TEN = "v=spf1 " + "a:h.test " * 10

CHAIN: Table = {
    f"c{n}.test": {"TXT": [f"v=spf1 include:c{n + 1}.test -all"]} for n in range(1, 11)
} | {"c11.test": {"TXT": ["v=spf1 -all"]}}

LIMITS = [
    Row(TEN + "?all", "neutral", ONE, lookups=10),
    Row(TEN + "a:h.test ?all", "permerror", ONE, lookups=11, problem="at most 10"),
    Row(TEN + "redirect=s.test", "permerror", ONE | {"s.test": {"TXT": ["v=spf1 +all"]}}),
    Row("v=spf1 " + "a:h.test " * 9 + "redirect=s.test", "pass",
        ONE | {"s.test": {"TXT": ["v=spf1 +all"]}}, lookups=10),
    Row(TEN + "redirect=s.test ~all", "softfail", ONE, lookups=10),
    Row("v=spf1 ip4:192.0.2.3 " + "a:h.test " * 11, "pass", ONE, lookups=0),
    Row(TEN + "-all exp=e.test", "fail", ONE, lookups=10),
    Row("v=spf1 include:c1.test -all", "permerror", CHAIN, problem="at most 10"),
    Row("v=spf1 include:c2.test -all", "fail", CHAIN, lookups=10),
    Row("v=spf1 include:example.com -all", "permerror", problem="at most 10"),
    Row("v=spf1 redirect=example.com", "permerror", problem="at most 10"),
    Row("v=spf1 a:v1.test a:v2.test ?all", "neutral", voids=2),
    Row("v=spf1 a:v1.test a:v2.test a:v3.test ?all", "permerror", voids=3, problem="A v3.test"),
    Row("v=spf1 a:v1.test a:v1.test a:v1.test ?all", "permerror", voids=3),
    Row("v=spf1 a:v1.test mx:v2.test exists:v3.test ?all", "permerror", problem="A v3.test"),
    Row("v=spf1 a:v1.test mx:v2.test include:v3.test ?all", "permerror", problem="void lookup 3"),
    Row("v=spf1 a:h.test a:h.test a:h.test ?all", "permerror", ONE, ip=IP6, problem="AAAA h.test"),
    Row("v=spf1 a:v1.test a:v2.test -all exp=v3.test", "fail", voids=2),
    Row("v=spf1 a:s.test/0 +all", "temperror", {"s.test": {"A": ["SERVFAIL"]}}, voids=0),
]  # fmt: skip


@pytest.mark.parametrize("row", LIMITS, ids=lambda row: f"{row.result}-{row.record[-40:]}")
def test_4_6_4_limits(row: Row) -> None:
    verify(row)


# --- §4.8 Domain specification, and names that cannot exist (§5) ---

NAMES = [
    Row("v=spf1 a:H.TEST. ?all", "pass", {"h.test": {"A": [IP4]}}),
    Row("v=spf1 a:x..test -all", "fail", lookups=1, voids=0),
    Row("v=spf1 exists:" + "x" * 64 + ".test -all", "fail", voids=0),
    Row("v=spf1 mx:%{l}.test -all", "fail", sender="a..b@example.com", voids=0),
    Row("v=spf1 include:x..test -all", "permerror", problem="no domain name"),
    Row("v=spf1 redirect=x..test", "permerror", problem="no domain name"),
    Row("v=spf1 include:%{h} -all", "permerror", problem="no SPF record"),
]


@pytest.mark.parametrize("row", NAMES, ids=lambda row: row.record)
def test_4_8_target_names(row: Row) -> None:
    verify(row)
