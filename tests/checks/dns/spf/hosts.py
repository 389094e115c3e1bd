"""One evaluation of check_host() over a table, and what it must give."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from checks.dns.rdata import IPAddress
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


# Hosts that several sections use.
ONE: Table = {"h.test": {"A": ["10.9.9.9"]}}

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
