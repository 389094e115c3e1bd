"""Each outcome of the alignment rules, judged in both models."""

from __future__ import annotations

from typing import Any

import pytest

from tests.checks.dns.dkim import judging
from tests.checks.dns.dkim.judging import expecting
from tests.support.table import TableLookup

OWNER = "_dmarc.example.zip"
NEWS = "_dmarc.news.example.zip"
BOUNCE = "_dmarc.bounce.example.zip"
PLAIN = "v=DMARC1; p=none"

# rule, records, expectation, outcome, words of the finding and its fix
Row = tuple[str, dict[str, Any], dict[str, Any], str, list[str]]
ROWS: list[Row] = [
    ("align-dkim-org-same", {OWNER: PLAIN}, {}, "pass", []),
    ("align-dkim-org-same", {OWNER: PLAIN}, {"from_host": "news.example.zip."}, "pass", []),
    # the walk makes the subdomain an organization of its own, the list does not
    (
        "align-dkim-org-same",
        {NEWS: PLAIN},
        {"from_host": "news.example.zip."},
        "fail",
        ["by the tree walk, news.example.zip belongs to news.example.zip", OWNER],
    ),
    (
        "align-dkim-org-same",
        {"_dmarc.other.example": PLAIN},
        {"from_host": "other.example."},
        "fail",
        ["tree walk", "public suffix list", "send from example.zip"],
    ),
    # equal names need no walk
    ("align-dkim-org-same", {OWNER: PLAIN, "_dmarc.zip": "SERVFAIL"}, {}, "pass", []),
    (
        "align-dkim-org-same",
        {NEWS: PLAIN, OWNER: "SERVFAIL"},
        {"from_host": "news.example.zip."},
        "unknown",
        ["SERVFAIL"],
    ),
    ("align-dkim-org-same", {OWNER: "SERVFAIL"}, {}, "unknown", []),
    ("align-dkim-org-same", {}, {}, "skip", ["no DMARC record applies"]),
    ("align-spf-org-same", {OWNER: PLAIN}, {}, "pass", []),
    ("align-spf-org-same", {OWNER: PLAIN, BOUNCE: PLAIN}, {}, "pass", []),
    ("align-spf-org-same", {OWNER: f"{PLAIN}; psd=y"}, {}, "fail", ["remove `psd` tags"]),
    ("align-spf-org-same", {OWNER: PLAIN, BOUNCE: f"{PLAIN}; psd=n"}, {}, "fail", []),
    (
        "align-spf-org-same",
        {OWNER: PLAIN},
        {"mail_from": "bounce.other.example."},
        "fail",
        ["Use a MAIL FROM below example.zip"],
    ),
    ("align-spf-org-same", {OWNER: PLAIN, "_dmarc.zip": "SERVFAIL"}, {}, "unknown", []),
    ("align-spf-org-same", {OWNER: "TIMEOUT"}, {}, "unknown", []),
    ("align-spf-org-same", {}, {}, "skip", ["no DMARC record applies"]),
    ("align-spf-org-same", {OWNER: PLAIN}, {"mail_from": None}, "skip", ["no custom MAIL FROM"]),
    (
        "align-spf-org-same",
        {OWNER: PLAIN},
        {"mail_from": None, "mail_from_known": False},
        "unknown",
        ["--mail-from"],
    ),
    (
        "align-spf-org-same",
        {OWNER: f"{PLAIN}; psd=y"},
        {"dkim_only": True},
        "skip",
        ["--dkim-only"],
    ),
    ("align-aspf-relaxed", {OWNER: PLAIN}, {}, "pass", []),
    ("align-aspf-relaxed", {OWNER: f"{PLAIN}; aspf=x"}, {}, "pass", []),
    (
        "align-aspf-relaxed",
        {OWNER: f"{PLAIN}; aspf=S"},
        {},
        "fail",
        ["bounce.example.zip is not example.zip", f"Remove `aspf=s` from {OWNER}"],
    ),
    (
        "align-aspf-relaxed",
        {OWNER: f"{PLAIN}; aspf=s"},
        {"from_host": "bounce.example.zip."},
        "pass",
        [],
    ),
    ("align-aspf-relaxed", {OWNER: f"{PLAIN}; aspf=s"}, {"dkim_only": True}, "skip", []),
    ("align-aspf-relaxed", {OWNER: f"{PLAIN}; aspf=s"}, {"mail_from": None}, "skip", []),
    ("align-aspf-relaxed", {}, {}, "skip", []),
    ("align-aspf-relaxed", {OWNER: "SERVFAIL"}, {}, "unknown", []),
    ("align-adkim-satisfied", {OWNER: f"{PLAIN}; adkim=s"}, {}, "pass", []),
    ("align-adkim-satisfied", {OWNER: PLAIN}, {"from_host": "news.example.zip."}, "pass", []),
    (
        "align-adkim-satisfied",
        {OWNER: f"{PLAIN}; adkim=s"},
        {"from_host": "news.example.zip."},
        "fail",
        [f"Remove `adkim=s` from {OWNER}", "identity for news.example.zip"],
    ),
    ("align-adkim-satisfied", {}, {}, "skip", []),
    ("align-adkim-satisfied", {OWNER: "SERVFAIL"}, {}, "unknown", []),
    ("align-spf-available", {OWNER: PLAIN}, {}, "skip", ["only with --dkim-only"]),
    ("align-spf-available", {OWNER: PLAIN}, {"dkim_only": True}, "pass", []),
    ("align-spf-available", {OWNER: f"{PLAIN}; aspf=s"}, {"dkim_only": True}, "fail", ["aspf=s"]),
    (
        "align-spf-available",
        {OWNER: PLAIN},
        {"dkim_only": True, "mail_from": None},
        "fail",
        ["no custom MAIL FROM"],
    ),
    (
        "align-spf-available",
        {OWNER: PLAIN},
        {"dkim_only": True, "mail_from": None, "mail_from_known": False},
        "unknown",
        ["--mail-from"],
    ),
    (
        "align-spf-available",
        {OWNER: PLAIN},
        {"dkim_only": True, "mail_from": "b.other.example."},
        "fail",
        ["belongs to"],
    ),
    (
        "align-spf-available",
        {OWNER: PLAIN, "_dmarc.zip": "SERVFAIL"},
        {"dkim_only": True},
        "unknown",
        [],
    ),
    ("align-spf-available", {}, {"dkim_only": True}, "skip", ["no DMARC record"]),
    ("align-spf-available", {OWNER: "SERVFAIL"}, {"dkim_only": True}, "unknown", []),
]


@pytest.mark.parametrize(("rule_id", "records", "changes", "outcome", "words"), ROWS)
def test_outcomes(
    rule_id: str,
    records: dict[str, Any],
    changes: dict[str, Any],
    outcome: str,
    words: list[str],
) -> None:
    lookup = TableLookup({name: {"TXT": [value]} for name, value in records.items()})
    facts = judging.collect(expecting(**changes), lookup)
    (found,) = judging.judge(rule_id, facts).values()
    assert str(found.outcome) == outcome
    told = f"{found.message} {found.observed} {found.fix.text if found.fix else ''}"
    assert [word for word in words if word not in told] == []


def test_the_fix_is_the_record_without_the_strict_tag() -> None:
    lookup = TableLookup({OWNER: {"TXT": ["v=DMARC1; p=none; aspf=s"]}})
    facts = judging.collect(expecting(), lookup)
    (found,) = judging.judge("align-aspf-relaxed", facts).values()
    assert found.fix is not None
    assert [(r.name, r.values) for r in found.fix.records] == [(f"{OWNER}.", (PLAIN,))]


@pytest.mark.parametrize(
    ("from_host", "records"),
    [
        ("news.example.zip.", [(f"{OWNER}.", f"{PLAIN}; rua=mailto:dmarc@example.zip")]),
        ("other.example.", []),
    ],
)
def test_a_record_joins_what_belongs_together(
    from_host: str, records: list[tuple[str, str]]
) -> None:
    lookup = TableLookup({f"_dmarc.{from_host}": {"TXT": [PLAIN]}})
    facts = judging.collect(expecting(from_host=from_host), lookup)
    (found,) = judging.judge("align-dkim-org-same", facts).values()
    assert found.fix is not None
    assert [(r.name, *r.values) for r in found.fix.records] == records
