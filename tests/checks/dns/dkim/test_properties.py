"""What never changes the verdict: where a TXT is split, letter case, judging twice."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checks.dns.expectation import DkimExpectation
from checks.model import Finding
from checks.registry import all_rules
from tests.checks.dns.dkim import judging
from tests.checks.dns.dkim.judging import ZONE, byo, easy, expecting
from tests.checks.dns.dkim.material import KEY
from tests.support.table import TableLookup

SELECTOR = "sel._domainkey.example.zip"


def _findings(expected: DkimExpectation, table: dict[str, Any]) -> list[Finding]:
    facts = judging.collect(expecting(dkim=expected), TableLookup(table))
    rules = [rule_id for rule_id in all_rules() if rule_id.startswith("dkim-")]
    return [f for rule_id in rules for f in judging.judge(rule_id, facts).values()]


def _split(text: bytes, cuts: list[int]) -> tuple[bytes, ...]:
    edges = [0, *sorted(cut % (len(text) + 1) for cut in cuts), len(text)]
    return tuple(text[a:b] for a, b in itertools.pairwise(edges))


@settings(max_examples=40, deadline=None)
@given(
    st.sampled_from([f"v=DKIM1; k=rsa; p={KEY}", f"p={KEY}; v=DKIM1", "v=DKIM1; t=y; p=", "x"]),
    st.lists(st.integers(0, 1000), max_size=6),
)
def test_a_record_may_be_split_anywhere(text: str, cuts: list[int]) -> None:
    whole = _findings(byo(), {SELECTOR: {"TXT": [text]}})
    assert _findings(byo(), {SELECTOR: {"TXT": [_split(text.encode(), cuts)]}}) == whole


@settings(max_examples=60, deadline=None)
@given(st.lists(st.binary(max_size=60), max_size=3))
def test_any_octets_are_judged_without_an_error(values: list[bytes]) -> None:
    table = {SELECTOR: {"TXT": values}}
    assert _findings(byo(), table) == _findings(byo(), table)
    target = {"a1._domainkey.example.zip": {"CNAME": [f"a1.{ZONE}"]}, f"a1.{ZONE}": table[SELECTOR]}
    assert _findings(easy(), target)


@pytest.mark.parametrize("fold", [str.upper, str.title])
def test_letter_case_does_not_matter(fold: Any) -> None:
    def table(change: Any) -> dict[str, Any]:
        return {
            change("a1._domainkey.example.zip"): {"CNAME": [change(f"a1.{ZONE}")]},
            change("b2._domainkey.example.zip"): {"CNAME": [change(f"a1.{ZONE}")]},
            change(f"a1.{ZONE}"): {"TXT": [f"p={KEY}"]},
        }

    tokens = tuple(fold(token) for token in ("a1", "b2", "c3"))
    assert _findings(easy(tokens=tokens), table(fold)) == _findings(easy(), table(str))
