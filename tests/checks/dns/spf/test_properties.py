"""Properties of the whole area: splitting, letter case, equal facts."""

from __future__ import annotations

import random
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from checks.model import Finding, Outcome
from tests.checks.dns.spf.generate import record
from tests.checks.dns.spf.judging import EXPECTED, Zone, domain, facts, judge, mail_from

RECORDS = st.one_of(
    st.integers(0, 10_000).map(lambda seed: record(random.Random(seed))),
    st.sampled_from([
        "v=spf1 include:amazonses.com ~all",
        "v=spf1 mx a:mail.shop.example/24 include:amazonses.com -all exp=e.shop.example",
        "v=spf1 exists:%{ir}._spf.%{d2} ?include:amazonses.com redirect=x.test",
        "v=spf1 ip4:54.240.0.0/18 ip6:2600::/12 ptr +all",
    ]),
)  # fmt: skip

# The two rules that look at how the strings were cut.
ABOUT_STRINGS = {"spf-strings-joined", "spf-answer-size"}


def outcomes(zone: Zone) -> dict[tuple[str, str], tuple[Outcome, str]]:
    return {
        (f.id, f.subject): (f.outcome, f.message) for f in judge(zone) if f.id not in ABOUT_STRINGS
    }


@settings(max_examples=40, deadline=None)
@given(RECORDS, st.lists(st.integers(0, 200), max_size=4))
def test_cutting_the_text_anywhere_changes_nothing(text: str, cuts: list[int]) -> None:
    bounds = [0, *sorted(min(cut, len(text)) for cut in cuts), len(text)]
    strings = tuple(text[a:b] for a, b in pairwise(bounds))

    whole = {**mail_from(text), **domain(text)}
    split = {**mail_from(strings), **domain(strings)}

    assert outcomes(whole) == outcomes(split)


def kinds(findings: list[Finding]) -> dict[tuple[str, str], Outcome]:
    return {(f.id, f.subject): f.outcome for f in findings}


@settings(max_examples=40, deadline=None)
@given(RECORDS.filter(lambda text: "%" not in text))  # an upper-case macro letter escapes
def test_letter_case_changes_no_outcome(text: str) -> None:
    lower = {**mail_from(text.lower()), **domain(text.lower())}
    upper = {**mail_from(text.upper()), **domain(text.upper())}

    assert kinds(judge(lower)) == kinds(judge(upper))


@settings(max_examples=30, deadline=None)
@given(RECORDS)
def test_equal_facts_give_equal_findings(text: str) -> None:
    zone = {**mail_from(text), **domain(text, "other")}

    assert facts(zone, EXPECTED) == facts(zone, EXPECTED)
    assert judge(zone) == judge(zone)


@settings(max_examples=40, deadline=None)
@given(st.binary(max_size=200), st.binary(max_size=60))
def test_any_octets_are_judged(one: bytes, two: bytes) -> None:
    zone = {**mail_from(b"v=spf1 " + one, two), **domain(two, b"v=spf1" + one)}

    for found in judge(zone):
        assert (found.fix is not None) == (found.outcome is Outcome.FAIL)
