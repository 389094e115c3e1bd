"""check_host() against RFC 7208 §6: redirect and exp, and the values of macros."""

from __future__ import annotations

from typing import Any

import pytest

from checks.dns.spf import check_host
from tests.checks.dns.spf.hosts import (
    HOSTS,
    IP4,
    PTRS,
    REVERSE,
    D,
    Row,
    Table,
    check,
    evaluate,
    verify,
)
from tests.support.table import TableLookup, run

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
