"""What rows of the rule tables are made of."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from typing import Any

from checks.dns.answers import Question, Reply, Truncated
from checks.dns.expectation import Expectation
from checks.model import Outcome
from tests.checks.dns.spf.judging import (
    DOMAIN,
    EXPECTED,
    MAIL_FROM,
    Zone,
    changed,
    domain,
    mail_from,
)
from tests.support.table import TableLookup

PASS, FAIL, UNKNOWN, SKIP = Outcome.PASS, Outcome.FAIL, Outcome.UNKNOWN, Outcome.SKIP

GONE = mail_from("text")  # MAIL FROM without an SPF record
FAILED = mail_from("SERVFAIL")
TWO = mail_from("v=spf1 include:amazonses.com ~all", "v=spf1 mx -all")
BLIND = {"i.test": {"TXT": ["SERVFAIL"], "A": ["TIMEOUT"], "AAAA": ["TIMEOUT"], "MX": ["TIMEOUT"]}}
UNREAD: Zone = {**domain("v=spf1 include:i.test ~all"), **BLIND}

NO_MAIL_FROM = dataclasses.replace(EXPECTED, mail_from=None)
NOT_KNOWN = dataclasses.replace(EXPECTED, mail_from=None, mail_from_known=False)
SAME = dataclasses.replace(EXPECTED, mail_from=EXPECTED.domain)


def refused(question: Question, tcp: Any) -> Reply:
    return Truncated(question=question, server="192.0.2.53", rcode="NOERROR", tcp=tcp)


class Cut(TableLookup):
    """TXT at MAIL FROM is truncated, and TCP does not help."""

    def __init__(self, tcp: str) -> None:
        super().__init__(changed({}))
        self.tcp = tcp

    def _answer(self, question: Question) -> Reply:
        if question == Question(f"{MAIL_FROM}.", "TXT"):
            return refused(question, self.tcp)
        return super()._answer(question)


@dataclass(frozen=True)
class Row:
    """One outcome of one rule."""

    rule: str
    outcome: Outcome
    zone: Zone = field(default_factory=dict)
    subject: str = MAIL_FROM
    message: str = ""
    observed: tuple[str, ...] | None = None
    fix: str = ""
    expectation: Expectation = EXPECTED
    tcp: str = ""


def included(record: str, *, start: str = "v=spf1 include:i.test ~all") -> Zone:
    return {**domain(start), "i.test": {"TXT": [record]}}


def redirected(record: str) -> Zone:
    return included(record, start="v=spf1 redirect=i.test")


def chain(length: int, last: str = "v=spf1 -all") -> Zone:
    names = {
        f"i{n}.test": {"TXT": [f"v=spf1 include:i{n + 1}.test -all"]} for n in range(1, length)
    }
    return {**domain("v=spf1 include:i1.test -all"), **names, f"i{length}.test": {"TXT": [last]}}


def mx_hosts(count: int) -> Zone:
    return {DOMAIN: {"MX": [f"{n} mail.shop.example" for n in range(count)]}}


def ptr_names(count: int) -> Zone:
    names = [f"n{n}.test" for n in range(count)]
    return {**domain("v=spf1 ptr ~all"), "1.2.0.192.in-addr.arpa": {"PTR": names}}


LONG = "v=spf1 include:amazonses.com " + "ip4:9.9.9.9 " * 40 + "~all"
BIG = ["v=spf1 include:amazonses.com ~all", *(f"key{n}=" + "x" * 200 for n in range(2))]
HUGE = [*BIG, *(f"more{n}=" + "x" * 200 for n in range(5))]
