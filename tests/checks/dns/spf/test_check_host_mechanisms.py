"""check_host() against RFC 7208 §5: every mechanism."""

from __future__ import annotations

import pytest

from tests.checks.dns.spf.hosts import HOSTS, IP4, IP6, ONE, PTRS, REVERSE, D, Row, Table, verify

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
