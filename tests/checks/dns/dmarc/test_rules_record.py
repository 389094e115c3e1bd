"""Each outcome of the rules over the record that applies."""

from __future__ import annotations

from typing import Any

import pytest

from tests.checks.dns.dkim import judging
from tests.checks.dns.dkim.judging import expecting
from tests.support.table import TableLookup

OWNER = "_dmarc.example.zip"
RUA = "rua=mailto:d@example.zip"
GOOD = f"v=DMARC1; p=reject; {RUA}"
MONITOR = f"v=DMARC1; p=none; {RUA}"

# rule, record, outcome, words of the finding and its fix, the record to publish
Row = tuple[str, str, str, list[str], str | None]
ROWS: list[Row] = [
    ("dmarc-tags-valid", GOOD, "pass", [], None),
    ("dmarc-tags-valid", f"v = DMARC1 ;{RUA}; p = reject ;", "pass", [], None),
    ("dmarc-tags-valid", "v=DMARC1; p=reject rua=mailto:d@example.zip", "fail", ["';'"], GOOD),
    ("dmarc-tags-valid", f"v=DMARC1; p=reject\\; {RUA}", "fail", ["'\\'"], GOOD),
    ("dmarc-tags-valid", f"v=DMARC1; p=reject; sp=; {RUA}", "fail", ["sp= is empty"], GOOD),
    ("dmarc-tags-valid", f"v=DMARC1; p=reject; p=none; {RUA}", "fail", ["second p="], GOOD),
    ("dmarc-tags-valid", f"v=DMARC1; p=reject; x; {RUA}", "fail", [f"`{GOOD}`", OWNER], GOOD),
    ("dmarc-tags-valid", f"v=DMARC1; p=; {RUA}", "fail", ["p= is empty"], MONITOR),
    ("dmarc-tags-valid", f"v=DMARC1; p=reject; x; sp=y; {RUA}", "fail", [], GOOD),
    ("dmarc-policy-valid", GOOD, "pass", [], None),
    ("dmarc-policy-valid", f"v=DMARC1; p=REJECT; {RUA}", "pass", [], None),
    (
        "dmarc-policy-valid",
        f"v=DMARC1; p=monitor; {RUA}",
        "fail",
        ["p=monitor", "acts as p=none", "Set `p=none`"],
        f"v=DMARC1; p=none; {RUA}",
    ),
    ("dmarc-policy-valid", "v=DMARC1; p=x", "fail", ["acts not at all"], "v=DMARC1; p=none"),
    ("dmarc-policy-valid", f"v=DMARC1; p=reject\\; {RUA}", "fail", [], GOOD),
    ("dmarc-policy-valid", f"v=DMARC1; {RUA}", "skip", ["p is missing"], None),
    ("dmarc-policy-stated", GOOD, "pass", [], None),
    (
        "dmarc-policy-stated",
        f"v=DMARC1; {RUA}",
        "fail",
        ["has no p tag", "Add `p=none`"],
        f"v=DMARC1; p=none; {RUA}",
    ),
    ("dmarc-policy-stated", "v=DMARC1; adkim=s", "skip", ["dmarc-record-usable"], None),
    ("dmarc-record-usable", "v=DMARC1; p=none", "pass", [], None),
    ("dmarc-record-usable", f"v=DMARC1; {RUA}", "pass", [], None),
    ("dmarc-record-usable", f"v=DMARC1; p=x; {RUA}", "pass", [], None),
    (
        "dmarc-record-usable",
        "v=DMARC1",
        "fail",
        ["p is missing", "Add `p=none; rua=mailto:dmarc@example.zip`"],
        "v=DMARC1; p=none; rua=mailto:dmarc@example.zip",
    ),
    (
        "dmarc-record-usable",
        "v=DMARC1; adkim=s",
        "fail",
        [],
        "v=DMARC1; p=none; adkim=s; rua=mailto:dmarc@example.zip",
    ),
    (
        "dmarc-record-usable",
        "v=DMARC1; p=reject; sp=x",
        "fail",
        ["sp=x is invalid", f"TXT at {OWNER} with `v=DMARC1; p=reject; rua=mailto:dmarc@"],
        "v=DMARC1; p=reject; rua=mailto:dmarc@example.zip",
    ),
    (
        "dmarc-record-usable",
        "v=DMARC1; p=reject rua=mailto:d@example.zip",
        "fail",
        [f"Replace the TXT at {OWNER} with `{GOOD}`"],
        GOOD,
    ),
    (
        "dmarc-record-usable",
        "v=DMARC1; rua=d@example.zip",
        "fail",
        [],
        "v=DMARC1; p=none; rua=mailto:d@example.zip",
    ),
    ("dmarc-subdomain-tags-valid", f"{GOOD}; sp=none; np=Reject", "pass", [], None),
    (
        "dmarc-subdomain-tags-valid",
        f"{GOOD}; sp=deny; np=reject",
        "fail",
        ["sp=deny", "Correct `sp=deny`", "as p=none"],
        f"{GOOD}; np=reject",
    ),
    ("dmarc-policy-enforcing", GOOD, "pass", [], None),
    ("dmarc-policy-enforcing", f"v=DMARC1; p=none; {RUA}", "fail", ["only monitors"], None),
    ("dmarc-policy-enforcing", f"v=DMARC1; p=x; {RUA}", "fail", [], None),
    ("dmarc-policy-enforcing", "v=DMARC1", "skip", [], None),
    (
        "dmarc-subdomains-covered",
        GOOD,
        "pass",
        ["domain: reject", "existing subdomain: reject", "non-existent subdomain: reject"],
        None,
    ),
    (
        "dmarc-subdomains-covered",
        f"{GOOD}; sp=none",
        "fail",
        ["domain: reject", "existing subdomain: none", "non-existent subdomain: none"],
        GOOD,
    ),
    ("dmarc-subdomains-covered", f"{GOOD}; np=quarantine", "fail", ["value of `p`"], GOOD),
    ("dmarc-subdomains-covered", f"v=DMARC1; p=none; sp=reject; {RUA}", "pass", [], None),
    ("dmarc-subdomains-covered", f"{GOOD}; t=y", "pass", ["domain: quarantine"], None),
    ("dmarc-subdomains-covered", "v=DMARC1", "skip", [], None),
    ("dmarc-testing-off", GOOD, "pass", [], None),
    ("dmarc-testing-off", f"{GOOD}; t=N", "pass", [], None),
    ("dmarc-testing-off", f"{GOOD}; t=y", "fail", ["lowers", "Remove `t=y` from"], GOOD),
    ("dmarc-testing-off", f"{GOOD}; t=maybe", "fail", ["ignored", "`t=maybe`"], GOOD),
    ("dmarc-tags-current", GOOD, "pass", [], None),
    ("dmarc-tags-current", f"{GOOD}; pct=100; ri=3600", "fail", ["`pct=100; ri=3600`"], GOOD),
    ("dmarc-pct-full", GOOD, "pass", [], None),
    ("dmarc-pct-full", f"{GOOD}; pct=100", "pass", [], None),
    ("dmarc-pct-full", f"{GOOD}; pct=99", "fail", ["pct=99", f"from {OWNER}"], GOOD),
    ("dmarc-pct-full", f"{GOOD}; pct=½", "pass", [], None),
    ("dmarc-alignment-tags-valid", f"{GOOD}; adkim=S; aspf=r", "pass", [], None),
    (
        "dmarc-alignment-tags-valid",
        f"{GOOD}; aspf=relaxed",
        "fail",
        ["`aspf`", "counts as r"],
        GOOD,
    ),
    ("dmarc-fo-valid", GOOD, "skip", ["no fo"], None),
    ("dmarc-fo-valid", f"{GOOD}; ruf=mailto:f@example.zip; fo=d:s", "pass", [], None),
    ("dmarc-fo-valid", f"{GOOD}; ruf=mailto:f@example.zip; fo=1", "pass", [], None),
    ("dmarc-fo-valid", f"{GOOD}; ruf=mailto:f@example.zip; fo=1:d", "fail", ["fo=1:d"], None),
    ("dmarc-fo-valid", f"{GOOD}; fo=1", "fail", ["without ruf"], GOOD),
    ("dmarc-tags-known", GOOD, "pass", [], None),
    ("dmarc-tags-known", f"{GOOD}; note=a", "fail", ["Remove or correct `note`"], GOOD),
    (
        "dmarc-tags-known",
        "v=DMARC1; p=reject; ruaa=mailto:d@example.zip",
        "fail",
        ["did you mean rua?"],
        GOOD,
    ),
    ("dmarc-tags-known", f"v=DMARC1; policy=reject; {RUA}", "fail", ["mean p?"], GOOD),
    ("dmarc-rua-valid", GOOD, "pass", [], None),
    ("dmarc-rua-valid", "v=DMARC1; p=none", "skip", ["neither"], None),
    (
        "dmarc-rua-valid",
        "v=DMARC1; p=none; rua=a@x.example",
        "fail",
        ["no scheme", "Write `rua=mailto:a@x.example`"],
        "v=DMARC1; p=none; rua=mailto:a@x.example",
    ),
    (
        "dmarc-rua-valid",
        "v=DMARC1; p=none; rua=mailto:a@x.example mailto:b@x.example",
        "fail",
        ["white space"],
        "v=DMARC1; p=none; rua=mailto:a@x.example,mailto:b@x.example",
    ),
    (
        "dmarc-rua-valid",
        "v=DMARC1; p=none; rua=mailto:a@x.example!10m",
        "fail",
        ["obsolete size !10m"],
        "v=DMARC1; p=none; rua=mailto:a@x.example",
    ),
    (
        "dmarc-rua-valid",
        "v=DMARC1; p=none; rua=mailto:a!b@x.example",
        "fail",
        ["'!' must be percent-encoded", "Write `rua=mailto:a%21b@x.example`"],
        "v=DMARC1; p=none; rua=mailto:a%21b@x.example",
    ),
    (
        "dmarc-rua-valid",
        "v=DMARC1; p=none; rua=mailto:a@[192.0.2.1],mailto:a@x.example",
        "fail",
        ["no mail address", "Write `rua=mailto:a@x.example` at"],
        "v=DMARC1; p=none; rua=mailto:a@x.example",
    ),
    (
        "dmarc-rua-valid",
        "v=DMARC1; rua=a@x.example",
        "fail",
        ["no scheme"],
        "v=DMARC1; p=none; rua=mailto:a@x.example",
    ),
    (
        "dmarc-rua-valid",
        "v=DMARC1; p=none; rua=https://x.example/in!5m",
        "fail",
        ["Write `rua=https://x.example/in` at"],
        "v=DMARC1; p=none; rua=https://x.example/in",
    ),
    (
        "dmarc-rua-valid",
        "v=DMARC1; p=none; rua=",
        "fail",
        ["is empty", "Write `rua=mailto:dmarc@example.zip`"],
        "v=DMARC1; p=none; rua=mailto:dmarc@example.zip",
    ),
    # which addresses to keep is for their owner to say, so no record is given
    (
        "dmarc-rua-valid",
        "v=DMARC1; p=none; rua=mailto:a@x.zip,mailto:b@x.zip,mailto:c@x.zip",
        "fail",
        ["3 addresses", "keep at most 2"],
        None,
    ),
    (
        "dmarc-rua-valid",
        f"v=DMARC1; p=reject; {RUA}; ruf=f@x.example",
        "fail",
        ["Write `ruf=mailto:f@x.example`"],
        f"{GOOD}; ruf=mailto:f@x.example",
    ),
    ("dmarc-rua-present", GOOD, "pass", [], None),
    (
        "dmarc-rua-present",
        "v=DMARC1; p=none",
        "fail",
        ["Add `rua=mailto:dmarc@example.zip`"],
        "v=DMARC1; p=none; rua=mailto:dmarc@example.zip",
    ),
    # a missing ';' hid the address
    (
        "dmarc-rua-present",
        "v=DMARC1; p=reject rua=mailto:d@example.zip",
        "fail",
        ["Add `rua=mailto:d@example.zip`"],
        GOOD,
    ),
    ("dmarc-record-size", GOOD, "pass", [], None),
    ("dmarc-record-size", f"{GOOD}; x={'y' * 450}", "fail", ["octets", f"at {OWNER}"], None),
    ("dmarc-subdomain-tags-used", GOOD, "skip", ["neither sp nor np"], None),
    ("dmarc-subdomain-tags-used", f"{GOOD}; sp=none", "pass", [], None),
]


@pytest.mark.parametrize(("rule_id", "record", "outcome", "words", "fixed"), ROWS)
def test_outcomes(
    rule_id: str, record: str, outcome: str, words: list[str], fixed: str | None
) -> None:
    facts = judging.collect(expecting(), TableLookup({OWNER: {"TXT": [record.encode()]}}))
    found = judging.judge(rule_id, facts)[OWNER]
    assert str(found.outcome) == outcome
    told = f"{found.message} {found.observed} {found.fix.text if found.fix else ''}"
    assert [word for word in words if word not in told] == []
    if fixed is not None:
        assert found.fix is not None
        assert [(r.name, r.type, r.values) for r in found.fix.records] == [
            (f"{OWNER}.", "TXT", (fixed,))
        ]


@pytest.mark.parametrize("rule_id", sorted({row[0] for row in ROWS}))
@pytest.mark.parametrize(
    ("values", "outcome"),
    [(["SERVFAIL"], "unknown"), (["TIMEOUT"], "unknown"), ([], "skip"), (["v=spf1 -all"], "skip")],
)
def test_without_a_record(rule_id: str, values: list[str], outcome: str) -> None:
    facts = judging.collect(expecting(), TableLookup({OWNER: {"TXT": values}}))
    assert judging.outcomes(rule_id, facts) == {OWNER: outcome}


NEWS = "_dmarc.news.example.zip"


@pytest.mark.parametrize(
    ("table", "outcome"),
    [
        ({NEWS: [f"{GOOD}; sp=none"], OWNER: [GOOD]}, "fail"),
        ({NEWS: [f"{GOOD}; sp=none"]}, "pass"),  # an Organizational Domain of its own
        ({NEWS: [f"{GOOD}; sp=none"], OWNER: ["SERVFAIL"]}, "unknown"),
    ],
)
def test_subdomain_tags_below_the_organization(table: dict[str, Any], outcome: str) -> None:
    lookup = TableLookup({name: {"TXT": values} for name, values in table.items()})
    facts = judging.collect(expecting(from_host="news.example.zip."), lookup)
    found = judging.judge("dmarc-subdomain-tags-used", facts)[NEWS]
    assert str(found.outcome) == outcome
    if outcome == "fail":
        assert found.fix is not None
        assert found.fix.text == "Move `sp=none` to `_dmarc.example.zip`"
        covered = judging.judge("dmarc-subdomains-covered", facts)[NEWS]
        assert str(covered.outcome) == "skip"
