"""check_host() against pyspf, an independent implementation, on generated records and zones."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
import spf

from checks.dns.answers import Answer, Question
from checks.dns.names import display, parse_name
from checks.dns.rdata import Address, Mx, Target, Txt
from checks.dns.spf import SpfResult, check_host
from tests.checks.dns.spf.generate import Case, cases
from tests.support.table import TableLookup, run

SEED = 7208
COUNT = 2100
DOMAIN = "start.test"


@dataclass(frozen=True)
class Theirs:
    result: str
    text: str


@dataclass(frozen=True)
class Exemption:
    """A difference that the RFC explains: ours is right, and why."""

    name: str
    reason: str
    applies: Callable[[Case, SpfResult, Theirs], bool]


def held(case: Case, text: str) -> bool:
    """Return whether a record of the zone holds ``text``."""
    return any(text in value for types in case.table.values() for value in types.get("TXT", ()))


EXEMPTIONS = (
    Exemption(
        "self-include",
        "RFC 7208 §4.6.4: an include of itself is no syntax error; it costs a lookup when it is "
        "reached. pyspf refuses it while parsing",
        lambda case, ours, theirs: "trivial recursion" in theirs.text,
    ),
    Exemption(
        "modifier-twice",
        "RFC 7208 §6: only redirect and exp must not repeat. pyspf refuses any modifier twice",
        lambda case, ours, theirs: "x= MUST appear at most once" in theirs.text,
    ),
    Exemption(
        "modifier-case",
        "RFC 7208 §12 with RFC 5234 §2.3: names are case-insensitive. pyspf ignores `Redirect=`",
        lambda case, ours, theirs: held(case, "Redirect="),
    ),
    Exemption(
        "zero-parts",
        "RFC 7208 §7.3: the number of right-hand parts must not be zero. pyspf keeps one part",
        lambda case, ours, theirs: "number of parts must not be 0" in ours.problem,
    ),
    Exemption(
        "p-voids",
        "RFC 7208 §4.6.4: void lookups are those of terms; a macro is none. pyspf counts the "
        "lookups behind %{p}",
        lambda case, ours, theirs: "Void lookup limit" in theirs.text and held(case, "%{p"),
    ),
    Exemption(
        "redirect-counted",
        "RFC 7208 §6.1: a redirect costs a lookup when no mechanism matched. pyspf counts it while "
        "parsing, also beside `all`",
        lambda case, ours, theirs: "Too many DNS lookups" in theirs.text and held(case, "redirect"),
    ),
    Exemption(
        "mx-voids",
        "RFC 7208 §5.4: the hosts of `mx` are compared one after the other. pyspf looks all up "
        "before it compares, and counts what comes after the match",
        lambda case, ours, theirs: "Void lookup limit" in theirs.text and held(case, "mx"),
    ),
    Exemption(
        "nibble-case",
        "RFC 7208 §7.3: the example of `i` for IPv6 is in lower case. pyspf writes upper case",
        lambda case, ours, theirs: (
            ours.result == theirs.result and ours.explanation.lower() == theirs.text.lower()
        ),
    ),
)


def answers(table: TableLookup) -> Callable[..., list[tuple[tuple[str, str], Any]]]:
    """Return pyspf's DNS function over the same table."""

    def lookup(name: str, rdtype: str, *_: object) -> list[tuple[tuple[str, str], Any]]:
        reply = run(table.ask([Question(parse_name(name), rdtype)]))[0]
        if reply.failed:
            raise spf.TempError(f"DNS {name}")
        records = reply.records if isinstance(reply, Answer) else ()
        return [((name, rdtype), plain(record)) for record in records]

    return lookup


def plain(record: object) -> Any:
    match record:
        case Txt():
            return record.strings
        case Mx():
            return record.preference, display(record.exchange)
        case Address():
            return str(record.ip)
        case Target():
            return display(record.name)
    raise AssertionError(record)


def both(case: Case, monkeypatch: pytest.MonkeyPatch) -> tuple[SpfResult, Theirs]:
    table = TableLookup(case.table)
    ours = run(check_host(case.ip, DOMAIN, case.sender, helo=case.helo, lookup=table))
    monkeypatch.setattr(spf, "DNSLookup", answers(table))
    result, _, text = spf.query(i=case.ip, s=case.sender, h=case.helo).check()
    return ours, Theirs(result, text)


def differ(ours: SpfResult, theirs: Theirs) -> bool:
    if ours.result != theirs.result:
        return True
    return ours.explanation not in {"", theirs.text}


def test_every_difference_from_pyspf_is_explained_by_the_rfc(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    unexplained = []
    results: set[str] = set()
    used: set[str] = set()
    for case in cases(SEED, COUNT):
        ours, theirs = both(case, monkeypatch)
        results.add(ours.result)
        if differ(ours, theirs):
            reasons = [e.name for e in EXEMPTIONS if e.applies(case, ours, theirs)]
            used.update(reasons)
            if not reasons:
                unexplained.append((case, ours, theirs))

    assert [] == unexplained
    assert {"pass", "fail", "softfail", "neutral", "permerror", "temperror"} == results
    assert {"self-include", "modifier-twice", "modifier-case", "zero-parts", "nibble-case"} <= used


# One zone for each exemption: it is needed, and it is as narrow as it says.
NEEDED = [
    ("self-include", {"start.test": {"TXT": ["v=spf1 +all include:start.test"]}}, "pass"),
    ("modifier-twice", {"start.test": {"TXT": ["v=spf1 x=1 x=2 -all"]}}, "fail"),
    (
        "modifier-case",
        {"start.test": {"TXT": ["v=spf1 Redirect=s.test"]}, "s.test": {"TXT": ["v=spf1 -all"]}},
        "fail",
    ),
    ("zero-parts", {"start.test": {"TXT": ["v=spf1 exists:%{d0}.test -all"]}}, "permerror"),
    (
        "p-voids",
        {"start.test": {"TXT": ["v=spf1 a:%{p}.a.test exists:%{p}.b.test ?all"]}},
        "neutral",
    ),
    (
        "redirect-counted",
        {"start.test": {"TXT": ["v=spf1 " + "a:b.test " * 10 + "redirect=c.test ~all"]},
         "b.test": {"A": ["10.0.0.1"]}},
        "softfail",
    ),
    (
        "mx-voids",
        {
            "start.test": {"TXT": ["v=spf1 mx -all"], "MX": ["1 a.test", "2 b.test", "3 c.test",
                                                             "4 d.test"]},
            "a.test": {"A": ["192.0.2.7"]},
        },
        "pass",
    ),
    (
        "nibble-case",
        {"start.test": {"TXT": ["v=spf1 -all exp=e.test"]}, "e.test": {"TXT": ["%{i}"]}},
        "fail",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("name", "table", "result"), NEEDED, ids=[n for n, _, _ in NEEDED])
def test_exemption_names_a_real_difference(
    name: str, table: dict[str, dict[str, list[str]]], result: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    ip = "2001:db8::abcd" if name == "nibble-case" else "192.0.2.7"
    case = Case(0, table, ip, "user@start.test")

    ours, theirs = both(case, monkeypatch)

    exemption = next(e for e in EXEMPTIONS if e.name == name)
    assert result == ours.result
    assert differ(ours, theirs)
    assert exemption.applies(case, ours, theirs)
