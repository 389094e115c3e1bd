"""Each outcome of the rules over DKIM names, and of the hints."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from checks.dns.answers import Question, Reply
from checks.dns.dkim.collect import collect_dkim
from checks.dns.expectation import DkimExpectation, IdentityUnknown
from tests.checks.dns.dkim import judging
from tests.checks.dns.dkim.judging import ZONE, easy, expecting, merged
from tests.checks.dns.dkim.material import KEY
from tests.support.table import TableLookup, run

OWNER = "a1._domainkey.example.zip"
OTHERS = ("b2._domainkey.example.zip", "c3._domainkey.example.zip")
TARGET = f"a1.{ZONE}"
BASE = {
    **{f"{t}._domainkey.example.zip": {"CNAME": [f"{t}.{ZONE}"]} for t in ("a1", "b2", "c3")},
    **{f"{t}.{ZONE}": {"TXT": [f"p={KEY}"]} for t in ("a1", "b2", "c3")},
}
ALIAS = {"CNAME": [TARGET]}

# rule, what stands instead at which names, outcome at a1, words of the finding and its fix
ROWS: list[tuple[str, dict[str, Any], str, list[str]]] = [
    ("dkim-cname-present", {}, "pass", []),
    ("dkim-cname-present", {OWNER: None}, "fail", ["has no CNAME", f"{OWNER}` → `{TARGET}"]),
    ("dkim-cname-present", {OWNER: {"CNAME": ["x.example."]}}, "pass", []),
    ("dkim-cname-present", {OWNER: {"CNAME": ["SERVFAIL"]}}, "unknown", ["SERVFAIL"]),
    ("dkim-cname-target", {}, "pass", []),
    ("dkim-cname-target", {OWNER: {"CNAME": [TARGET.upper() + "."]}}, "pass", []),
    (
        "dkim-cname-target",
        {OWNER: {"CNAME": ["a1.dkim.amazonses.com"]}},
        "fail",
        [f"to `{TARGET}`"],
    ),
    (
        "dkim-cname-target",
        {OWNER: {"CNAME": [f"a1.{ZONE.replace('west', 'east')}"]}},
        "fail",
        ["us-east-2"],
    ),
    ("dkim-cname-target", {OWNER: {"CNAME": [TARGET, "x.example"]}}, "fail", ["x.example."]),
    ("dkim-cname-target", {OWNER: None}, "skip", ["no CNAME"]),
    ("dkim-cname-target", {OWNER: {"CNAME": ["TIMEOUT"]}}, "unknown", ["no answer"]),
    ("dkim-tokens-unswapped", {}, "pass", []),
    (
        "dkim-tokens-unswapped",
        {OWNER: {"CNAME": [f"b2.{ZONE}"]}},
        "fail",
        ["token b2", "another DKIM name", f"{OWNER}` → `{TARGET}"],
    ),
    (
        "dkim-tokens-unswapped",
        {OWNER: {"CNAME": [f"zz.{ZONE}"]}},
        "fail",
        ["token zz", "another identity", "new: a1"],
    ),
    ("dkim-tokens-unswapped", {OWNER: {"CNAME": ["b2.host.example"]}}, "skip", ["not below"]),
    ("dkim-tokens-unswapped", {OWNER: {"CNAME": ["SERVFAIL"]}}, "unknown", []),
    ("dkim-target-unsuffixed", {}, "pass", []),
    (
        "dkim-target-unsuffixed",
        {OWNER: {"CNAME": [f"{TARGET}.example.zip"]}},
        "fail",
        [f"with a dot: `{TARGET}.`"],
    ),
    ("dkim-target-unsuffixed", {OWNER: None}, "skip", []),
    ("dkim-target-unsuffixed", {OWNER: {"CNAME": ["SERVFAIL"]}}, "unknown", []),
    ("dkim-owner-undoubled", {}, "pass", []),
    ("dkim-owner-undoubled", {OWNER: None}, "pass", []),
    (
        "dkim-owner-undoubled",
        {OWNER: None, f"{OWNER}.example.zip": ALIAS},
        "fail",
        [f"stands at {OWNER}.example.zip", "Enter only `a1._domainkey`"],
    ),
    # a wildcard that answers for the doubled name is no record of this token
    (
        "dkim-owner-undoubled",
        {OWNER: None, f"{OWNER}.example.zip": {"CNAME": ["web.example"]}},
        "pass",
        [],
    ),
    (
        "dkim-owner-undoubled",
        {OWNER: None, f"{OWNER}.example.zip": {"CNAME": ["SERVFAIL"]}},
        "unknown",
        ["SERVFAIL"],
    ),
    ("dkim-owner-undoubled", {OWNER: {"CNAME": ["SERVFAIL"]}}, "unknown", []),
    ("dkim-owner-spelled", {}, "pass", []),
    *(
        (
            "dkim-owner-spelled",
            {OWNER: None, f"{wrong}.example.zip": ALIAS},
            "fail",
            [f"stands at {wrong}.example.zip", f"Rename the record to `{OWNER}`"],
        )
        for wrong in ("a1", "a1_domainkey", "a1.domainkey", "a1domainkey", "a1._domainkeys")
    ),
    (
        "dkim-owner-spelled",
        {OWNER: None, "a1.domainkey.example.zip": {"CNAME": ["TIMEOUT"]}},
        "unknown",
        ["no answer"],
    ),
    ("dkim-cname-unproxied", {}, "pass", []),
    ("dkim-cname-unproxied", {OWNER: None}, "pass", []),
    (
        "dkim-cname-unproxied",
        {OWNER: {"A": ["104.16.0.1"]}},
        "fail",
        ["Cloudflare", "104.16.0.1", f"Set the record {OWNER} to DNS only"],
    ),
    ("dkim-cname-unproxied", {OWNER: {"AAAA": ["2606:4700::1"]}}, "fail", ["Cloudflare"]),
    ("dkim-cname-unproxied", {OWNER: {"A": ["192.0.2.7"]}}, "fail", ["but addresses: 192.0.2.7"]),
    ("dkim-cname-unproxied", {OWNER: {"A": ["SERVFAIL"]}}, "unknown", ["SERVFAIL"]),
    ("dkim-cname-unflattened", {}, "pass", []),
    ("dkim-cname-unflattened", {OWNER: {"TXT": [f"p={KEY}"]}}, "fail", ["flattened", OWNER]),
    # the DNS host cuts the strings where it likes
    ("dkim-cname-unflattened", {OWNER: {"TXT": [("p=", KEY)]}}, "fail", ["flattened"]),
    ("dkim-cname-unflattened", {OWNER: {"TXT": [f"k=rsa; p={KEY}"]}}, "pass", []),
    ("dkim-cname-unflattened", {OWNER: {"TXT": ["SERVFAIL"]}}, "unknown", []),
    (
        "dkim-cname-unflattened",
        {OWNER: {"TXT": [f"p={KEY}"]}, TARGET: {"TXT": ["TIMEOUT"]}},
        "unknown",
        ["no answer"],
    ),
    ("dkim-cname-not-text", {}, "pass", []),
    ("dkim-cname-not-text", {OWNER: {"TXT": [TARGET]}}, "fail", ["type must be CNAME", TARGET]),
    ("dkim-cname-not-text", {OWNER: {"TXT": [f'"{TARGET.upper()}."']}}, "fail", []),
    ("dkim-cname-not-text", {OWNER: {"TXT": ["x"], **ALIAS}}, "fail", ["beside the CNAME"]),
    ("dkim-cname-not-text", {OWNER: {"TXT": ["something else"]}}, "pass", []),
    ("dkim-cname-not-text", {OWNER: {"TXT": ["TIMEOUT"]}}, "unknown", []),
    ("dkim-cname-not-text", {OWNER: {"CNAME": ["TIMEOUT"]}}, "unknown", []),
]


@pytest.mark.parametrize(("rule_id", "changes", "outcome", "words"), ROWS)
def test_outcomes(rule_id: str, changes: dict[str, Any], outcome: str, words: list[str]) -> None:
    facts = judging.collect(expecting(), TableLookup(merged(BASE, changes)))
    findings = judging.judge(rule_id, facts)
    # only the name that is wrong is named
    assert {s: str(f.outcome) for s, f in findings.items()} == {
        OWNER: outcome,
        **dict.fromkeys(OTHERS, "pass"),
    }
    found = findings[OWNER]
    told = f"{found.message} {found.observed} {found.fix.text if found.fix else ''}"
    assert [word for word in words if word not in told] == []
    if outcome == "fail":
        assert found.fix is not None
        assert [(r.name, r.type, r.values) for r in found.fix.records] == [
            (f"{OWNER}.", "CNAME", (f"{TARGET}.",))
        ]


def test_a_mangled_target_is_compared_with_the_right_one() -> None:
    seen = TARGET.replace("cell", "ceil")
    facts = judging.collect(expecting(), TableLookup(merged(BASE, {OWNER: {"CNAME": [seen]}})))
    found = judging.judge("dkim-cname-target", facts)[OWNER]
    assert (found.expected, found.observed) == (f"{TARGET}.", (f"{seen}.",))
    assert "they differ from character 6 on" in found.message


@pytest.mark.parametrize("stray", ["\\032", '\\"', "\\226\\128\\139"])
def test_a_stray_character_makes_no_other_token(stray: str) -> None:
    table = merged(BASE, {OWNER: {"CNAME": [f"a1{stray}.{ZONE}"]}})
    facts = judging.collect(expecting(), TableLookup(table))
    assert judging.outcomes("dkim-tokens-unswapped", facts)[OWNER] == "pass"
    assert judging.outcomes("dkim-cname-target", facts)[OWNER] == "fail"


ALIAS_RULES = sorted({row[0] for row in ROWS})


@pytest.mark.parametrize("rule_id", ALIAS_RULES)
def test_without_tokens_everything_is_unknown(rule_id: str) -> None:
    expected = expecting(dkim=None, identity=IdentityUnknown(cause="access denied"))
    finding = judging.judge(rule_id, judging.collect(expected, TableLookup(BASE)))["example.zip"]
    assert finding.outcome == "unknown"
    assert "access denied" in finding.message
    assert "--identity FILE" in finding.message
    assert "--dkim-token with --dkim-zone" in finding.message


@pytest.mark.parametrize("rule_id", ALIAS_RULES)
def test_byodkim_publishes_no_cname(rule_id: str) -> None:
    lookup = TableLookup({"sel._domainkey.example.zip": {"TXT": [f"v=DKIM1; p={KEY}"]}})
    facts = judging.collect(expecting(dkim=judging.byo()), lookup)
    hints = {"dkim-owner-undoubled", "dkim-owner-spelled"}
    expected = "pass" if rule_id in hints else "skip"
    assert set(judging.outcomes(rule_id, facts).values()) == {expected}


@pytest.mark.parametrize(
    ("rule_id", "where"),
    [
        ("dkim-owner-undoubled", "sel._domainkey.example.zip.example.zip"),
        ("dkim-owner-spelled", "sel.domainkey.example.zip"),
    ],
)
def test_hints_of_byodkim_look_for_the_key(rule_id: str, where: str) -> None:
    lookup = TableLookup({where: {"TXT": [f"v=DKIM1; p={KEY}"]}})
    facts = judging.collect(expecting(dkim=judging.byo()), lookup)
    (found,) = judging.judge(rule_id, facts).values()
    assert (found.subject, str(found.outcome)) == ("sel._domainkey.example.zip", "fail")
    assert found.fix is not None
    assert [(r.name, r.type, r.values) for r in found.fix.records] == [
        ("sel._domainkey.example.zip.", "TXT", (f"v=DKIM1; p={KEY}",))
    ]


@pytest.mark.parametrize(
    ("rule_id", "outcome"),
    [
        ("dkim-cname-present", "pass"),
        ("dkim-cname-target", "unknown"),
        ("dkim-target-unsuffixed", "unknown"),
        ("dkim-tokens-unswapped", "pass"),
        ("dkim-cname-not-text", "pass"),
        ("dkim-cname-unflattened", "pass"),
    ],
)
def test_tokens_without_the_zone_are_judged_as_far_as_they_can(rule_id: str, outcome: str) -> None:
    facts = judging.collect(expecting(dkim=easy(zone=None)), TableLookup(BASE))
    findings = judging.judge(rule_id, facts)
    assert {str(f.outcome) for f in findings.values()} == {outcome}
    if outcome == "unknown":
        assert "--dkim-zone" in findings[OWNER].message


def test_a_target_pasted_as_text_is_seen_without_the_zone() -> None:
    table = merged(BASE, {OWNER: {"TXT": [TARGET]}})
    facts = judging.collect(expecting(dkim=easy(zone=None)), TableLookup(table))
    finding = judging.judge("dkim-cname-not-text", facts)[OWNER]
    assert finding.outcome == "fail"
    assert finding.fix is not None
    assert "<SigningHostedZone>" in finding.fix.text


def test_a_flattened_name_is_not_judged_without_the_zone() -> None:
    table = merged(BASE, {OWNER: {"TXT": [f"p={KEY}"]}})
    facts = judging.collect(expecting(dkim=easy(zone=None)), TableLookup(table))
    assert judging.outcomes("dkim-cname-unflattened", facts)[OWNER] == "unknown"


def test_a_domain_below_the_zone_is_doubled_with_the_zone() -> None:
    owner = "a1._domainkey.mail.example.zip"
    table = {f"{owner}.example.zip": ALIAS}
    expected = expecting(
        domain="mail.example.zip.",
        dkim=DkimExpectation(origin="AWS_SES", tokens=("a1",), zone=ZONE),
    )
    facts = judging.collect(expected, TableLookup(table))
    assert judging.outcomes("dkim-owner-undoubled", facts) == {owner: "fail"}


# --- questions ---


class CountingLookup(TableLookup):
    """Counts the rounds: how often a list of questions is asked."""

    rounds = 0

    async def ask(self, questions: Sequence[Question]) -> list[Reply]:
        self.rounds += 1
        return await super().ask(questions)


def test_one_round_where_all_is_right() -> None:
    lookup = CountingLookup(BASE)
    run(collect_dkim(expecting(), lookup))
    owners = {f"{t}._domainkey.example.zip." for t in ("a1", "b2", "c3")}
    assert {(q.name, q.rdtype) for q in lookup.asked} == {
        *((name, rdtype) for name in owners for rdtype in ("CNAME", "TXT")),
        *((f"{t}.{ZONE}.", "TXT") for t in ("a1", "b2", "c3")),
        ("_adsp._domainkey.example.zip.", "TXT"),
        ("_domainkey.example.zip.", "TXT"),
    }
    assert lookup.rounds == 1


def test_one_more_round_for_all_hints() -> None:
    lookup = CountingLookup(merged(BASE, {OWNER: None, OTHERS[0]: {"CNAME": ["x.example"]}}))
    run(collect_dkim(expecting(), lookup))
    assert lookup.rounds == 2
    # addresses only where there is no CNAME at all
    assert [q.name for q in lookup.asked if q.rdtype in {"A", "AAAA"}] == [f"{OWNER}."] * 2


def test_no_hint_is_asked_where_the_answer_is_not_known() -> None:
    lookup = CountingLookup(merged(BASE, {OWNER: {"CNAME": ["SERVFAIL"]}}))
    run(collect_dkim(expecting(), lookup))
    assert lookup.rounds == 1


def test_names_too_long_to_exist_are_not_asked() -> None:
    long = ".".join(["a" * 60] * 4) + ".zip."
    expected = expecting(domain=long, from_host=long, dkim=easy(tokens=("t" * 30,)))
    facts = judging.collect(expected, TableLookup({}))
    (finding,) = judging.judge("dkim-cname-present", facts).values()
    assert finding.outcome == "unknown"
    assert "longer than a name can be" in finding.message
