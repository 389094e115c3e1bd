"""What is collected, in how many rounds, and with which questions."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from checks.dns.answers import Question
from checks.dns.expectation import Expectation
from checks.dns.spf.collect import collect_spf, ses_clients
from checks.dns.spf.walk import MAX_QUESTIONS, MAX_RECORDS
from tests.checks.dns.spf.judging import (
    DOMAIN,
    EXPECTED,
    MAIL_FROM,
    Zone,
    changed,
    domain,
    facts,
    mail_from,
)
from tests.checks.dns.spf.rounds import RoundsLookup
from tests.support.table import TableLookup, run


def collected(zone: Zone, expectation: Expectation = EXPECTED) -> RoundsLookup:
    lookup = RoundsLookup(changed(zone))
    lookup.run(collect_spf(expectation, lookup))
    return lookup


CHAIN: dict[str, dict[str, list[Any]]] = {
    f"i{n}.test": {"TXT": [f"v=spf1 include:i{n + 1}.test -all"]} for n in range(1, 6)
} | {"i6.test": {"TXT": ["v=spf1 a:h.test -all"]}, "h.test": {"A": ["8.8.8.8"]}}

# Depth 0: no term asks. Each include, redirect, a, exists, exp is one level, mx and ptr are two.
ROUNDS: list[tuple[str, Zone, int]] = [
    ("nothing", {**mail_from("v=spf1 -all"), **domain("v=spf1 -all")}, 1),
    ("no records", {**mail_from("x"), **domain("y")}, 1),
    ("ses alone", domain("v=spf1 -all"), 1),  # amazonses.com is asked in the first round
    ("a", domain("v=spf1 a -all"), 2),
    ("mx", {}, 3),
    ("exists", domain("v=spf1 exists:x.test exists:y.test -all"), 2),
    ("exp", domain("v=spf1 exp=e.test -all"), 2),
    ("ptr", domain("v=spf1 ptr -all") | {
        "1.2.0.192.in-addr.arpa": {"PTR": ["n.test"]}, "n.test": {"A": ["192.0.2.1"]}}, 3),
    ("macros", domain("v=spf1 exists:%{ir}.x.test exists:%{i}.%{d}.y.test a:%{o} ~all"), 2),
    ("macro include", domain("v=spf1 include:%{d2}.x.test include:%{d1}.x.test ~all") | {
        "shop.example.x.test": {"TXT": ["v=spf1 a:%{i}.z.test -all"]},
        "example.x.test": {"TXT": ["v=spf1 exists:%{i}.y.test -all"]}}, 3),
    ("wide", domain("v=spf1 include:i6.test include:i5.test a:h2.test mx:h2.test ~all") | CHAIN, 3),
    ("deep", domain("v=spf1 include:i1.test ~all") | CHAIN, 8),
    ("loop", domain("v=spf1 include:l.test ~all") | {
        "l.test": {"TXT": ["v=spf1 include:shop.example a:h.test -all"]}}, 3),
    ("redirect", domain("v=spf1 redirect=i6.test") | CHAIN, 3),
    ("redirect beside all", domain("v=spf1 redirect=i6.test ~all") | CHAIN, 1),
    ("after all", domain("v=spf1 -all include:i6.test") | CHAIN, 1),
]  # fmt: skip


@pytest.mark.parametrize(("zone", "rounds"), [r[1:] for r in ROUNDS], ids=[r[0] for r in ROUNDS])
def test_rounds_are_one_and_the_depth_of_the_tree(zone: Zone, rounds: int) -> None:
    lookup = collected(zone)

    asked = [question for batch in lookup.rounds for question in batch]
    assert rounds == len(lookup.rounds), lookup.rounds
    assert len(asked) == len(set(asked))


def test_first_round_asks_all_that_is_known() -> None:
    first = collected({}).rounds[0]

    expected = [
        Question(f"{name}.", rdtype) for name in (MAIL_FROM, DOMAIN) for rdtype in ("TXT", "SPF")
    ]
    assert [*expected, Question("amazonses.com.", "TXT")] == first


def test_same_name_is_one_subject() -> None:
    same = dataclasses.replace(EXPECTED, mail_from=EXPECTED.domain)

    found = facts({}, same)

    assert found.mail_from is found.domain
    assert 1 == len(found.subjects)


def test_no_mail_from() -> None:
    without = dataclasses.replace(EXPECTED, mail_from=None)

    found = facts({}, without)

    assert (None, (), 1) == (found.mail_from, found.ses, len(found.subjects))


def test_every_range_of_ses_is_tried() -> None:
    found = facts({})

    assert ["54.240.0.1", "69.169.224.1", "2600:f0f0::1"] == [str(t.client) for t in found.ses]
    assert {"pass"} == {trial.result.result for trial in found.ses}


def test_ranges_of_ses_are_those_that_pass() -> None:
    zone = {"a.test": {"TXT": ["v=spf1 -ip4:1.0.0.0/8 ip4:2.0.0.0/32 a ~all ip4:3.0.0.0/8"]}}
    reply = run(TableLookup(zone).ask([Question("a.test.", "TXT")]))[0]

    assert ["2.0.0.0"] == [str(ip) for ip in ses_clients(reply)]


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        ("v=spf1 ~all", ["192.0.2.1", "2001:db8::1"]),
        ("v=spf1 ip4:192.0.2.0/24 ~all", ["198.51.100.1", "2001:db8::1"]),
        ("v=spf1 ip4:192.0.2.1 ip4:198.51.100.0/24 ~all", ["203.0.113.1", "2001:db8::1"]),
        ("v=spf1 ip6:2001:db8::/64 ~all", ["192.0.2.1", "2001:db8:ffff:ffff::1"]),
        ("v=spf1 ip6:2001:db8::/32 ~all", ["192.0.2.1", "3fff::1"]),
        ("v=spf1 ip4:192.0.0.0/8 ~all", ["192.0.2.1", "2001:db8::1"]),
        ("v=spf1 include:i.test ~all", ["198.51.100.1", "2001:db8::1"]),
    ],
)
def test_strangers_are_addresses_that_no_example_range_lists(
    record: str, expected: list[str]
) -> None:
    found = facts({**domain(record), "i.test": {"TXT": ["v=spf1 ip4:192.0.2.1 -all"]}})

    assert expected == [str(trial.client) for trial in found.domain.strangers]


def test_walk_is_bounded() -> None:
    wide = " ".join(f"include:w{n}.test" for n in range(200))
    zone = domain(f"v=spf1 {wide} ~all") | {
        f"w{n}.test": {"TXT": ["v=spf1 mx -all"], "MX": [f"{m} m{n}-{m}.test" for m in range(9)]}
        for n in range(200)
    }
    lookup = TableLookup(changed(zone))

    found = facts({}, lookup=lookup)

    assert len([q for q in lookup.asked if q.rdtype == "TXT"]) <= MAX_RECORDS + 1
    assert len(lookup.asked) <= MAX_QUESTIONS
    assert found.domain.tree is not None
    assert "too many names" in found.domain.tree.unread[-1]


def test_txt_that_failed_gives_no_trials() -> None:
    found = facts(mail_from("SERVFAIL"))

    assert found.mail_from is not None
    assert ((), (), None) == (found.ses, found.mail_from.strangers, found.mail_from.tree)


def test_the_order_in_an_answer_does_not_matter() -> None:
    records = ["v=spf1 a ~all", "x", "v=spf1 mx ~all"]

    one, other = (facts(mail_from(*r)).mail_from for r in (records, records[::-1]))

    assert one is not None
    assert other is not None
    assert (one.texts, one.selected, one.records) == (other.texts, other.selected, other.records)
