"""check_host() against RFC 7208, section by section."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass, field
from typing import Any

import pytest

from checks.dns.answers import IPAddress
from checks.dns.spf import SpfResult, check_host
from tests.support.table import TableLookup, run

Table = dict[str, dict[str, list[Any]]]

D = "example.com"
IP4, IP6 = "192.0.2.3", "2001:db8::3"


@dataclass(frozen=True)
class Row:
    """One evaluation of the record at example.com, and what it must give."""

    record: str
    result: str
    zone: Table = field(default_factory=dict)
    ip: str = IP4
    sender: str = "user@example.com"
    lookups: int | None = None
    voids: int | None = None
    problem: str = ""


def evaluate(row: Row) -> SpfResult:
    zone: Table = {D: {"TXT": [row.record]}}
    for name, types in row.zone.items():
        zone[name] = {**zone.get(name, {}), **types}
    return check(zone, ip=row.ip, sender=row.sender)


def check(
    zone: Table,
    *,
    ip: str | IPAddress = IP4,
    domain: str = D,
    sender: str = "user@example.com",
    helo: str = "mail.helo.test",
) -> SpfResult:
    return run(
        check_host(
            ip, domain, sender, helo=helo, lookup=TableLookup(zone), clock=lambda: 1700000000.5
        )
    )


def verify(row: Row) -> None:
    found = evaluate(row)

    assert row.result == found.result, found
    assert row.problem in found.problem
    assert (found.problem != "") == (row.result in {"none", "temperror", "permerror"})
    if row.lookups is not None:
        assert row.lookups == found.lookups
    if row.voids is not None:
        assert row.voids == found.voids


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

ONE: Table = {"h.test": {"A": ["10.9.9.9"]}}
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


# --- §5.1 all, §5.2 include ---


@pytest.mark.parametrize(
    ("included", "result"),
    [
        ("v=spf1 +all", "softfail"),  # pass: match, and the qualifier of the include decides
        ("v=spf1 -all", "neutral"),  # fail, softfail, neutral: no match
        ("v=spf1 ~all", "neutral"),
        ("v=spf1 ?all", "neutral"),
        ("v=spf1", "neutral"),
        ("SERVFAIL", "temperror"),
        ("v=spf1 moo", "permerror"),
        ("text", "permerror"),  # none
    ],
)
def test_5_2_include(included: str, result: str) -> None:
    verify(Row("v=spf1 ~include:s.test ?all", result, {"s.test": {"TXT": [included]}}))


INCLUDES = [
    Row("v=spf1 include:gone.test +all", "permerror", lookups=1, voids=1),
    Row("v=spf1 ip4:192.0.2.3 include:gone.test", "pass", lookups=0),
    Row("v=spf1 include:s.test ~all", "softfail", {"s.test": {"TXT": ["v=spf1 -all"]}}),
    Row("v=spf1 include:s.test -all", "pass", {
        "s.test": {"TXT": ["v=spf1 redirect=t.test"]}, "t.test": {"TXT": ["v=spf1 +all"]}}),
    Row("v=spf1 include:s.test -all", "permerror", {"s.test": {"TXT": ["v=spf1 redirect=t.test"]}}),
    Row("v=spf1 include:%{d1r}.s.test -all", "pass", {"example.s.test": {"TXT": ["v=spf1 +all"]}}),
    Row("v=spf1 -include:s.test +all", "fail", {"s.test": {"TXT": ["v=spf1 a:%{d} -all"],
                                                           "A": [IP4]}}),
]  # fmt: skip


@pytest.mark.parametrize("row", INCLUDES, ids=lambda row: row.record)
def test_5_2_more_includes(row: Row) -> None:
    verify(row)


# --- §5.3 a, §5.4 mx ---

HOSTS: Table = {
    D: {"A": ["192.0.2.200"], "AAAA": ["2001:db8::ff"], "MX": ["10 m1.test", "20 m2.test"]},
    "m1.test": {"A": ["198.51.100.1"], "AAAA": ["2001:db8:1::1"]},
    "m2.test": {"A": [IP4], "AAAA": [IP6]},
    "null.test": {"MX": ["0 ."]},
    "ten.test": {"MX": [f"{n} m2.test" for n in range(10)]},
    "eleven.test": {"MX": [f"{n} m2.test" for n in range(11)]},
    "half.test": {"MX": ["1 m2.test", "2 s.test"]},
    "other.test": {"MX": ["1 s.test", "2 m2.test"]},
    "s.test": {"A": ["SERVFAIL"], "MX": ["SERVFAIL"]},
    "void.test": {"MX": ["1 v1.test", "2 v2.test", "3 m2.test"]},
    "voids.test": {"MX": ["1 v1.test", "2 v2.test", "3 v3.test", "4 m2.test"]},
}

A_AND_MX = [
    Row("v=spf1 a -all", "fail", HOSTS),
    Row("v=spf1 a/24 -all", "pass", HOSTS),
    Row("v=spf1 a/32//24 -all", "fail", HOSTS),
    Row("v=spf1 a/0 -all", "pass", HOSTS, ip="8.8.8.8"),
    Row("v=spf1 a//64 -all", "pass", HOSTS, ip=IP6),
    Row("v=spf1 a/8 -all", "fail", HOSTS, ip=IP6),
    Row("v=spf1 a:m2.test -all", "pass", HOSTS, ip="::ffff:192.0.2.3"),
    Row("v=spf1 a:m2.test -all", "pass", HOSTS, ip=IP6),
    Row("v=spf1 a:m9.test -all", "fail", HOSTS, voids=1),
    Row("v=spf1 a:s.test -all", "temperror", HOSTS, problem="A s.test"),
    Row("v=spf1 mx -all", "pass", HOSTS, lookups=1),
    Row("v=spf1 mx -all", "pass", HOSTS, ip=IP6),
    Row("v=spf1 mx//48 -all", "pass", HOSTS, ip="2001:db8:1::99"),
    Row("v=spf1 mx -all", "fail", HOSTS, ip="192.0.2.200"),  # no implicit MX from the A record
    Row("v=spf1 mx:m1.test -all", "fail", HOSTS, voids=1),
    Row("v=spf1 mx:null.test -all", "fail", HOSTS, voids=0),
    Row("v=spf1 mx:ten.test -all", "pass", HOSTS),
    Row("v=spf1 mx:eleven.test +all", "permerror", HOSTS, problem="11 MX records"),
    Row("v=spf1 mx:s.test -all", "temperror", HOSTS),
    Row("v=spf1 mx:half.test -all", "pass", HOSTS),  # the first host matches
    Row("v=spf1 mx:other.test -all", "temperror", HOSTS),
    Row("v=spf1 mx:void.test -all", "pass", HOSTS, voids=2),
    Row("v=spf1 mx:voids.test -all", "permerror", HOSTS, voids=3),
]


@pytest.mark.parametrize("row", A_AND_MX, ids=lambda row: f"{row.record}-{row.ip}")
def test_5_3_and_5_4_addresses_and_mail_exchangers(row: Row) -> None:
    verify(row)


# --- §5.5 ptr ---

REVERSE = "3.2.0.192.in-addr.arpa"
REVERSE6 = "3.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa"
PTRS: Table = {
    REVERSE: {"PTR": ["mail.example.com", "liar.example.com", "example.net"]},
    REVERSE6: {"PTR": ["six.example.com"]},
    "mail.example.com": {"A": ["198.51.100.1", IP4]},
    "liar.example.com": {"A": ["198.51.100.2"]},
    "example.net": {"A": [IP4]},
    "six.example.com": {"AAAA": [IP6]},
}
MANY: Table = {
    REVERSE: {"PTR": [f"n{n}.test" for n in range(10)] + ["mail.example.com"]},
    **{f"n{n}.test": {"A": ["198.51.100.1"]} for n in range(10)},
    "mail.example.com": {"A": [IP4]},
}

PTR = [
    Row("v=spf1 ptr -all", "pass", PTRS, lookups=1),
    Row("v=spf1 ptr -all", "pass", PTRS, ip=IP6),
    Row("v=spf1 ptr:example.net -all", "pass", PTRS),
    Row("v=spf1 ptr:EXAMPLE.net. -all", "pass", PTRS),
    Row("v=spf1 ptr:ample.com -all", "fail", PTRS),
    Row("v=spf1 ptr:liar.example.com -all", "fail", PTRS),
    Row("v=spf1 ptr -all", "fail", {REVERSE: {"PTR": ["SERVFAIL"]}}, voids=0),
    Row("v=spf1 ptr -all", "fail", voids=1),
    Row("v=spf1 ptr -all", "pass", PTRS | {"liar.example.com": {"A": ["SERVFAIL"]}}),
    Row("v=spf1 ptr -all", "fail", MANY),  # the eleventh name is ignored, no error
    Row("v=spf1 ptr:x..test -all", "fail", PTRS),
]


@pytest.mark.parametrize("row", PTR, ids=lambda row: f"{row.record}-{row.result}")
def test_5_5_ptr(row: Row) -> None:
    verify(row)


# --- §5.6 ip4 and ip6 ---

IPS = [
    Row("v=spf1 ip4:192.0.2.0/24 -all", "pass"),
    Row("v=spf1 ip4:192.0.2.77/24 -all", "pass"),
    Row("v=spf1 ip4:192.0.2.4 -all", "fail"),
    Row("v=spf1 ip4:0.0.0.0/0 -all", "pass"),
    Row("v=spf1 ip4:192.0.2.3 -all", "pass", ip="::ffff:192.0.2.3"),
    Row("v=spf1 ip6:::ffff:192.0.2.3 -all", "fail", ip="::ffff:192.0.2.3"),
    Row("v=spf1 ip4:0.0.0.0/0 -all", "fail", ip=IP6),
    Row("v=spf1 ip6:2001:db8::/32 -all", "pass", ip=IP6),
    Row("v=spf1 ip6:::/0 -all", "fail"),
    Row("v=spf1 ip6:2001:db8::3 -all", "pass", ip="2001:0db8:0::0003"),
    Row("v=spf1 ip6:fe80::1 -all", "pass", ip="fe80::1%eth0"),
]


@pytest.mark.parametrize("row", IPS, ids=lambda row: f"{row.record}-{row.ip}")
def test_5_6_ip4_and_ip6(row: Row) -> None:
    verify(row)


# --- §5.7 exists ---

EXISTS = [
    Row("v=spf1 exists:h.test -all", "pass", ONE),
    Row("v=spf1 exists:h.test -all", "pass", ONE, ip=IP6),  # always an A query
    Row("v=spf1 exists:h.test -all", "fail", {"h.test": {"AAAA": [IP6]}}, ip=IP6, voids=1),
    Row("v=spf1 exists:s.test -all", "temperror", {"s.test": {"A": ["TIMEOUT"]}}),
    Row("v=spf1 exists:%{ir}.%{v}._spf.%{d} -all", "pass",
        {"3.2.0.192.in-addr._spf.example.com": {"A": ["127.0.0.2"]}}),
]  # fmt: skip


@pytest.mark.parametrize("row", EXISTS, ids=lambda row: f"{row.record}-{row.result}-{row.ip}")
def test_5_7_exists(row: Row) -> None:
    verify(row)


# --- §6.1 redirect ---

REDIRECT = [
    Row("v=spf1 redirect=s.test", "fail", {"s.test": {"TXT": ["v=spf1 -all"]}}, lookups=1),
    Row("v=spf1 redirect=s.test", "neutral", {"s.test": {"TXT": ["v=spf1"]}}),
    Row("v=spf1 redirect=s.test a:m.test", "pass",
        {"s.test": {"TXT": ["v=spf1 -all"]}, "m.test": {"A": [IP4]}}, lookups=1),
    Row("v=spf1 redirect=s.test", "permerror", {"s.test": {"TXT": ["text"]}}),
    Row("v=spf1 redirect=gone.test", "permerror", voids=1),
    Row("v=spf1 redirect=s.test", "permerror", {"s.test": {"TXT": ["v=spf1 moo"]}}),
    Row("v=spf1 redirect=s.test", "temperror", {"s.test": {"TXT": ["SERVFAIL"]}}),
    Row("v=spf1 redirect=gone.test ~all", "softfail", lookups=0),
    Row("v=spf1 ?all redirect=gone.test", "neutral", lookups=0),
    Row("v=spf1 redirect=a.test redirect=b.test", "permerror", problem="more than once"),
    Row("v=spf1 redirect=a.test +all redirect=b.test", "permerror"),
    Row("v=spf1 exp=a.test exp=b.test +all", "permerror"),
    Row("v=spf1 redirect=s.test", "pass", {"s.test": {"TXT": ["v=spf1 a:%{d} -all"], "A": [IP4]}}),
]  # fmt: skip


@pytest.mark.parametrize("row", REDIRECT, ids=lambda row: f"{row.record}-{row.result}")
def test_6_1_redirect(row: Row) -> None:
    verify(row)


# --- §6.2 exp ---

EXPLANATIONS = [
    (["%{i} is not one of %{d}'s servers"], "192.0.2.3 is not one of example.com's servers"),
    ([("see ", "http://%{d}/?s=%{S}")], "see http://example.com/?s=user%40example.com"),
    (["at %{t}, %{c}, %{r}"], "at 1700000000, 192.0.2.3, unknown"),
    (["one", "two"], ""),
    (["%{x}"], ""),
    (["100%"], ""),
    ([b"caf\xc3\xa9"], ""),
    ([], ""),
    (["SERVFAIL"], ""),
]


@pytest.mark.parametrize(("texts", "expected"), EXPLANATIONS)
def test_6_2_explanation(texts: list[Any], expected: str) -> None:
    found = check({D: {"TXT": ["v=spf1 -all exp=e.%{d}"]}, "e.example.com": {"TXT": texts}})

    assert ("fail", expected, 0) == (found.result, found.explanation, found.voids)


def test_6_2_explanation_is_for_fail_alone() -> None:
    zone: Table = {D: {"TXT": ["v=spf1 ~all exp=e.test"]}, "e.test": {"TXT": ["no"]}}
    table = TableLookup(zone)

    found = run(check_host(IP4, D, "", helo="h.test", lookup=table))

    assert ("softfail", "") == (found.result, found.explanation)
    assert ["example.com."] == [q.name for q in table.asked]


def test_6_2_explanation_of_the_redirect_target_counts_and_that_of_an_include_does_not() -> None:
    zone: Table = {
        D: {"TXT": ["v=spf1 redirect=r.test exp=mine.test"]},
        "r.test": {"TXT": ["v=spf1 include:i.test -all exp=theirs.test"]},
        "i.test": {"TXT": ["v=spf1 -all exp=included.test"]},
        "mine.test": {"TXT": ["mine"]},
        "theirs.test": {"TXT": ["theirs %{d}"]},
        "included.test": {"TXT": ["included"]},
    }

    assert "theirs r.test" == check(zone).explanation


def test_6_2_local_part_outside_ascii_gives_no_explanation() -> None:
    zone: Table = {D: {"TXT": ["v=spf1 -all exp=e.test"]}, "e.test": {"TXT": ["%{l}"]}}

    assert "" == check(zone, sender="é@example.com").explanation


def test_7_3_p_is_the_validated_name_nearest_to_the_domain() -> None:
    zone: Table = {D: {"TXT": ["v=spf1 -all exp=e.test"]}, "e.test": {"TXT": ["%{p}"]}, **PTRS}

    assert "mail.example.com" == check(zone).explanation
    assert "unknown" == check(zone, ip="192.0.2.99").explanation


def test_7_3_p_prefers_the_domain_itself() -> None:
    zone: Table = {
        REVERSE: {"PTR": ["a.example.com", "example.com"]},
        "a.example.com": {"A": [IP4]},
        D: {"TXT": ["v=spf1 -all exp=e.test"], "A": [IP4]},
        "e.test": {"TXT": ["%{p}"]},
    }

    assert "example.com" == check(zone).explanation


def test_the_result_names_the_term_that_decided() -> None:
    assert "~all" == evaluate(Row("v=spf1 ip4:198.51.100.1 ~all", "softfail")).matched


def test_mail_exchangers_are_asked_together() -> None:
    zone: Table = {**HOSTS, D: {**HOSTS[D], "TXT": ["v=spf1 mx -all"]}}
    batches: list[list[str]] = []

    class Batches(TableLookup):
        async def ask(self, questions: Any) -> Any:
            batches.append([f"{q.rdtype} {q.name}" for q in questions])
            return await super().ask(questions)

    run(check_host(IP4, D, "", helo="h.test", lookup=Batches(zone)))

    assert [["TXT example.com."], ["MX example.com."], ["A m1.test.", "A m2.test."]] == batches


# --- Appendix A: the worked examples ---

APPENDIX: Table = {
    D: {
        "MX": ["10 mail-a.example.com", "20 mail-b.example.com"],
        "A": ["192.0.2.10", "192.0.2.11"],
    },
    "amy.example.com": {"A": ["192.0.2.65"]},
    "bob.example.com": {"A": ["192.0.2.66"]},
    "mail-a.example.com": {"A": ["192.0.2.129"]},
    "mail-b.example.com": {"A": ["192.0.2.130"]},
    "example.org": {"MX": ["10 mail-c.example.org"]},
    "mail-c.example.org": {"A": ["192.0.2.140"]},
    "10.2.0.192.in-addr.arpa": {"PTR": ["example.com"]},
    "65.2.0.192.in-addr.arpa": {"PTR": ["amy.example.com"]},
    "140.2.0.192.in-addr.arpa": {"PTR": ["mail-c.example.org"]},
}

EXAMPLES = [
    Row("v=spf1 +all", "pass", APPENDIX),
    Row("v=spf1 a -all", "pass", APPENDIX, ip="192.0.2.10"),
    Row("v=spf1 a -all", "fail", APPENDIX, ip="192.0.2.65"),
    Row("v=spf1 a:example.org -all", "fail", APPENDIX, ip="192.0.2.10"),
    Row("v=spf1 mx -all", "pass", APPENDIX, ip="192.0.2.130"),
    Row("v=spf1 mx:example.org -all", "pass", APPENDIX, ip="192.0.2.140"),
    Row("v=spf1 mx mx:example.org -all", "pass", APPENDIX, ip="192.0.2.129"),
    Row("v=spf1 mx/30 mx:example.org/30 -all", "pass", APPENDIX, ip="192.0.2.131"),
    Row("v=spf1 mx/30 mx:example.org/30 -all", "pass", APPENDIX, ip="192.0.2.143"),
    Row("v=spf1 ptr -all", "pass", APPENDIX, ip="192.0.2.65"),
    Row("v=spf1 ptr -all", "fail", APPENDIX, ip="192.0.2.140"),
    Row("v=spf1 ip4:192.0.2.128/28 -all", "fail", APPENDIX, ip="192.0.2.65"),
    Row("v=spf1 ip4:192.0.2.128/28 -all", "pass", APPENDIX, ip="192.0.2.129"),
]


@pytest.mark.parametrize("row", EXAMPLES, ids=lambda row: f"{row.record}-{row.ip}")
def test_appendix_a_examples(row: Row) -> None:
    verify(row)
