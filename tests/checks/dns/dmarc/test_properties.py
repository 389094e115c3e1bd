"""What never changes the verdict: where a TXT is split, letter case, judging twice."""

from __future__ import annotations

import itertools
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from checks.model import Finding
from checks.registry import all_rules
from tests.checks.dns.dkim import judging
from tests.checks.dns.dkim.judging import expecting
from tests.support.table import TableLookup

OWNER = "_dmarc.example.zip"
RECORDS = [
    "v=DMARC1; p=reject; sp=none; psd=y; rua=mailto:d@rep.example",
    "v=DMARC1; p=reject rua=mailto:d@example.zip",
    "v=dmarc1; p=none",
    "v=DMARC1; aspf=s; adkim=s",
]
TAGS = st.sampled_from(
    [
        "v=DMARC1",
        "p=none",
        "p=reject",
        "sp=none",
        "np=x",
        "psd=y",
        "psd=n",
        "t=y",
        "aspf=s",
        "fo=1",
        "adkim=s",
        "rua=mailto:a@b.example",
        "rua=x",
        "ruf=mailto:a@example.zip!1k",
        "pct=5",
        "",
        "\\",
    ]
)


def _findings(table: dict[str, Any], **changes: Any) -> list[Finding]:
    facts = judging.collect(expecting(**changes), TableLookup(table))
    rules = [rule_id for rule_id in all_rules() if rule_id.startswith(("dmarc-", "align-"))]
    return [f for rule_id in rules for f in judging.judge(rule_id, facts).values()]


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(RECORDS), st.lists(st.integers(0, 1000), max_size=6))
def test_a_record_may_be_split_anywhere(text: str, cuts: list[int]) -> None:
    octets = text.encode()
    edges = [0, *sorted(cut % (len(octets) + 1) for cut in cuts), len(octets)]
    parts = tuple(octets[a:b] for a, b in itertools.pairwise(edges))
    assert _findings({OWNER: {"TXT": [parts]}}) == _findings({OWNER: {"TXT": [octets]}})


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.lists(TAGS, max_size=6).map(lambda tags: "; ".join(["v=DMARC1", *tags])), max_size=2
    ),
    st.lists(st.binary(max_size=40), max_size=2),
    st.sampled_from(["example.zip.", "news.example.zip.", "zip.", "co.uk."]),
)
def test_anything_is_judged_the_same_twice(
    records: list[str], others: list[bytes], host: str
) -> None:
    table = {OWNER: {"TXT": [*(r.encode() for r in records), *others]}}
    table["_dmarc.bounce.example.zip"] = {"TXT": [r.encode() for r in records[:1]] + others}
    first = _findings(table, from_host=host)
    assert first == _findings(table, from_host=host)
    assert all(f.fix is None or "{" not in f.fix.text for f in first)


def test_letter_case_of_names_does_not_matter() -> None:
    def table(change: Any) -> dict[str, Any]:
        record = f"v=DMARC1; p=none; rua=mailto:d@{change('rep.example')}"
        return {
            change(OWNER): {"CNAME": [change("d.vendor.example")]},
            change("d.vendor.example"): {"TXT": [record]},
            change("example.zip._report._dmarc.rep.example"): {"TXT": ["v=DMARC1"]},
        }

    lower = _findings(table(str))
    upper = _findings(table(str.upper))
    assert [(f.id, f.subject, f.outcome) for f in lower] == [
        (f.id, f.subject, f.outcome) for f in upper
    ]
