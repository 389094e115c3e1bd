"""Each outcome of the rules over names, aliases, psd, report hosts and the two models."""

from __future__ import annotations

from typing import Any

import pytest

from checks.dns.answers import ChainError, Question, Reply
from checks.dns.expectation import Expectation
from checks.model import Finding
from tests.checks.dns.dkim import judging
from tests.checks.dns.dkim.judging import expecting
from tests.support.table import TableLookup

OWNER = "_dmarc.example.zip"
NEWS = "_dmarc.news.example.zip"
BOUNCE = "_dmarc.bounce.example.zip"
GOOD = "v=DMARC1; p=none; rua=mailto:d@example.zip"
MINIMAL = "v=DMARC1; p=none; rua=mailto:dmarc@example.zip"
AT_NEWS = expecting(from_host="news.example.zip.")


def _txt(**records: Any) -> dict[str, Any]:
    return {
        name: {"TXT": [value] if isinstance(value, str) else value}
        for name, value in records.items()
    }


def _find(
    rule_id: str, table: dict[str, Any], expected: Expectation | None = None
) -> dict[str, Finding]:
    lookup = TableLookup(table)
    return judging.judge(rule_id, judging.collect(expected or expecting(), lookup))


def _told(found: Finding) -> str:
    return f"{found.message} {found.observed} {found.fix.text if found.fix else ''}"


# rule, table, From host's expectation, subject, outcome, words, record to publish
Row = tuple[str, dict[str, Any], Expectation | None, str, str, list[str], tuple[str, str] | None]
ROWS: list[Row] = [
    (
        "dmarc-policy-published",
        _txt(**{OWNER: GOOD}),
        None,
        "example.zip",
        "pass",
        [f"effective: none from {OWNER}"],
        None,
    ),
    (
        "dmarc-policy-published",
        _txt(**{OWNER: "v=DMARC1; p=reject; sp=none; np=quarantine; t=y"}),
        AT_NEWS,
        "news.example.zip",
        "pass",
        [f"effective: none from {OWNER}"],
        None,
    ),
    (
        "dmarc-policy-published",
        _txt(**{OWNER: "v=DMARC1"}),
        None,
        "example.zip",
        "pass",
        ["effective: no DMARC processing"],
        None,
    ),
    (
        "dmarc-policy-published",
        {},
        None,
        "example.zip",
        "fail",
        ["effective: no DMARC processing", f"TXT at `{OWNER}`: `{MINIMAL}`"],
        (OWNER, MINIMAL),
    ),
    # one record to publish: the one that was meant
    (
        "dmarc-policy-published",
        _txt(**{OWNER: "v=dmarc1; p=reject"}),
        None,
        "example.zip",
        "fail",
        [f"Publish TXT at `{OWNER}`: `v=DMARC1; p=reject`"],
        (OWNER, "v=DMARC1; p=reject"),
    ),
    (
        "dmarc-policy-published",
        _txt(**{OWNER: ["x", GOOD, "v=DMARC1; p=reject"]}),
        None,
        "example.zip",
        "fail",
        [],
        (OWNER, GOOD),
    ),
    (
        "dmarc-policy-published",
        _txt(**{"dmarc.example.zip": "v=DMARC1; rua=mailto:d@example.zip"}),
        None,
        "example.zip",
        "fail",
        [],
        (OWNER, GOOD),
    ),
    (
        "dmarc-policy-published",
        {},
        expecting(from_host="news.other.example."),
        "news.other.example",
        "fail",
        ["_dmarc.other.example"],
        ("_dmarc.other.example", "v=DMARC1; p=none; rua=mailto:dmarc@other.example"),
    ),
    # a record at the subdomain alone would fail dmarc-record-organization
    (
        "dmarc-policy-published",
        {},
        expecting(domain="mail.example.zip.", from_host="mail.example.zip."),
        "mail.example.zip",
        "fail",
        ["covers mail.example.zip, which needs no `_dmarc.mail.example.zip`"],
        (OWNER, MINIMAL),
    ),
    (
        "dmarc-policy-published",
        _txt(**{OWNER: "SERVFAIL"}),
        None,
        "example.zip",
        "unknown",
        [f"TXT {OWNER}: SERVFAIL"],
        None,
    ),
    (
        "dmarc-policy-published",
        {**_txt(**{OWNER: f"{GOOD}; np=reject"}), "news.example.zip": {"A": ["TIMEOUT"]}},
        AT_NEWS,
        "news.example.zip",
        "unknown",
        ["exists"],
        None,
    ),
    (
        "dmarc-record-organization",
        _txt(**{OWNER: GOOD}),
        AT_NEWS,
        OWNER,
        "pass",
        [],
        None,
    ),
    (
        "dmarc-record-organization",
        _txt(**{NEWS: GOOD}),
        AT_NEWS,
        OWNER,
        "fail",
        [f"only {NEWS}", f"TXT at `{OWNER}`"],
        (OWNER, MINIMAL),
    ),
    ("dmarc-record-organization", {}, AT_NEWS, OWNER, "skip", [], None),
    ("dmarc-record-organization", _txt(**{NEWS: "TIMEOUT"}), AT_NEWS, OWNER, "unknown", [], None),
    (
        "dmarc-record-organization",
        _txt(**{NEWS: GOOD, OWNER: "SERVFAIL"}),
        AT_NEWS,
        OWNER,
        "unknown",
        [],
        None,
    ),
    ("dmarc-record-single", _txt(**{OWNER: GOOD}), None, OWNER, "pass", [], None),
    (
        "dmarc-record-single",
        _txt(**{OWNER: [GOOD, "v=DMARC1; p=reject"]}),
        None,
        OWNER,
        "fail",
        ["2 DMARC records", f"Keep one TXT at {OWNER}"],
        (OWNER, GOOD),
    ),
    # the one to keep is one that works
    (
        "dmarc-record-single",
        _txt(**{OWNER: ["v=DMARC1; adkim=s", "v=dmarc1; p=none", GOOD]}),
        None,
        OWNER,
        "fail",
        ["2 DMARC records"],
        (OWNER, GOOD),
    ),
    # a name that only alignment visits
    (
        "dmarc-record-single",
        _txt(**{OWNER: GOOD, BOUNCE: [GOOD, GOOD]}),
        None,
        BOUNCE,
        "fail",
        [],
        None,
    ),
    ("dmarc-record-single", _txt(**{OWNER: ["TIMEOUT"]}), None, OWNER, "unknown", [], None),
    ("dmarc-name-exclusive", _txt(**{OWNER: GOOD}), None, OWNER, "pass", [], None),
    (
        "dmarc-name-exclusive",
        _txt(**{OWNER: [GOOD, "x=y"]}),
        None,
        OWNER,
        "fail",
        ["x=y", f"away from {OWNER}"],
        None,
    ),
    ("dmarc-name-exclusive", {}, None, OWNER, "skip", [], None),
    ("dmarc-name-exclusive", _txt(**{OWNER: "SERVFAIL"}), None, OWNER, "unknown", [], None),
    ("dmarc-version-exact", _txt(**{OWNER: GOOD}), None, OWNER, "pass", [], None),
    (
        "dmarc-version-exact",
        _txt(**{OWNER: [GOOD, "v=dmarc1; p=none"]}),
        None,
        OWNER,
        "pass",
        [],
        None,
    ),
    ("dmarc-version-exact", {}, None, OWNER, "pass", [], None),
    (
        "dmarc-version-exact",
        _txt(**{OWNER: "v=dmarc1; p=reject"}),
        None,
        OWNER,
        "fail",
        [f"Replace the TXT at {OWNER} with `v=DMARC1; p=reject`"],
        (OWNER, "v=DMARC1; p=reject"),
    ),
    # at the From host, though a record applies from above
    (
        "dmarc-version-exact",
        _txt(**{NEWS: "v=DMARC1\\; p=none", OWNER: GOOD}),
        AT_NEWS,
        NEWS,
        "fail",
        [],
        (NEWS, "v=DMARC1; p=none"),
    ),
    ("dmarc-version-exact", _txt(**{OWNER: "SERVFAIL"}), None, OWNER, "unknown", [], None),
    ("dmarc-text-not-spf", _txt(**{OWNER: GOOD}), None, OWNER, "skip", [], None),
    ("dmarc-text-not-spf", {}, None, OWNER, "pass", [], None),
    (
        "dmarc-text-not-spf",
        _txt(**{OWNER: "v=spf1 -all"}),
        None,
        OWNER,
        "fail",
        ["wildcard", f"Publish `{OWNER}` with `v=DMARC1; p=none`"],
        (OWNER, MINIMAL),
    ),
    ("dmarc-text-not-spf", _txt(**{OWNER: "SERVFAIL"}), None, OWNER, "unknown", [], None),
    ("dmarc-record-placed", _txt(**{OWNER: GOOD}), None, OWNER, "pass", [], None),
    ("dmarc-record-placed", {}, None, OWNER, "pass", [], None),
    *(
        (
            "dmarc-record-placed",
            _txt(**{wrong: GOOD}),
            None,
            OWNER,
            "fail",
            [f"stands at {wrong}", f"Move the TXT to `{OWNER}`"],
            (OWNER, GOOD),
        )
        for wrong in (
            "example.zip",
            "_dmarc.example.zip.example.zip",
            "dmarc.example.zip",
            "_dmarc.www.example.zip",
        )
    ),
    (
        "dmarc-record-placed",
        {**_txt(**{"example.zip": "v=DMARC1\\; p=none"}), OWNER: {"A": ["192.0.2.1"]}},
        None,
        OWNER,
        "fail",
        [],
        (OWNER, "v=DMARC1; p=none"),
    ),
    (
        "dmarc-record-placed",
        _txt(**{"dmarc.example.zip": "SERVFAIL"}),
        None,
        OWNER,
        "unknown",
        [],
        None,
    ),
    (
        "dmarc-record-placed",
        _txt(**{"_dmarc.news.example.zip.example.zip": GOOD}),
        AT_NEWS,
        OWNER,
        "fail",
        ["stands at _dmarc.news.example.zip.example.zip"],
        (NEWS, GOOD),
    ),
    ("dmarc-record-placed", _txt(**{OWNER: "SERVFAIL"}), None, OWNER, "unknown", [], None),
    ("dmarc-alias-resolves", _txt(**{OWNER: GOOD}), None, OWNER, "skip", ["no DMARC name"], None),
    (
        "dmarc-alias-resolves",
        {OWNER: {"CNAME": ["d.example"]}, **_txt(**{"d.example": GOOD})},
        None,
        OWNER,
        "pass",
        [],
        None,
    ),
    (
        "dmarc-alias-resolves",
        {OWNER: {"CNAME": ["d.example"]}},
        None,
        OWNER,
        "fail",
        ["alias to d.example.", "NXDOMAIN", "Publish the TXT at d.example"],
        (OWNER, MINIMAL),
    ),
    (
        "dmarc-alias-resolves",
        {OWNER: {"CNAME": ["d.example"]}, "d.example": {"A": ["192.0.2.1"]}},
        None,
        OWNER,
        "fail",
        ["NODATA"],
        None,
    ),
    (
        "dmarc-alias-resolves",
        {OWNER: {"CNAME": ["d.example"]}, **_txt(**{"d.example": "SERVFAIL"})},
        None,
        OWNER,
        "unknown",
        [],
        None,
    ),
    (
        "dmarc-alias-own",
        {OWNER: {"CNAME": ["d.example.zip"]}, **_txt(**{"d.example.zip": GOOD})},
        None,
        OWNER,
        "pass",
        [],
        None,
    ),
    (
        "dmarc-alias-own",
        {OWNER: {"CNAME": ["d.example"]}, **_txt(**{"d.example": GOOD})},
        None,
        OWNER,
        "fail",
        ["only if d.example is trusted"],
        None,
    ),
    ("dmarc-alias-own", {}, None, OWNER, "skip", [], None),
    ("dmarc-alias-own", _txt(**{OWNER: "SERVFAIL"}), None, OWNER, "unknown", [], None),
    ("dmarc-psd-unclaimed", _txt(**{OWNER: GOOD}), None, OWNER, "pass", [], None),
    (
        "dmarc-psd-unclaimed",
        _txt(**{OWNER: f"{GOOD}; psd=Y"}),
        None,
        OWNER,
        "fail",
        [f"Remove `psd=y` from {OWNER}"],
        (OWNER, GOOD),
    ),
    (
        "dmarc-psd-unclaimed",
        _txt(**{"_dmarc.zip": f"{GOOD}; psd=y"}),
        None,
        "_dmarc.zip",
        "pass",
        [],
        None,
    ),
    ("dmarc-psd-unclaimed", {}, None, OWNER, "skip", [], None),
    ("dmarc-psd-unclaimed", _txt(**{OWNER: "SERVFAIL"}), None, OWNER, "unknown", [], None),
    ("dmarc-psd-unsplit", _txt(**{OWNER: f"{GOOD}; psd=n"}), None, OWNER, "pass", [], None),
    (
        "dmarc-psd-unsplit",
        _txt(**{OWNER: GOOD, BOUNCE: f"{GOOD}; psd=n"}),
        None,
        BOUNCE,
        "fail",
        [f"Remove `psd=n` from {BOUNCE}"],
        (BOUNCE, GOOD),
    ),
    ("dmarc-psd-unsplit", {}, None, OWNER, "skip", [], None),
    ("dmarc-psd-unsplit", _txt(**{OWNER: "SERVFAIL"}), None, OWNER, "unknown", [], None),
    ("dmarc-models-agree", _txt(**{OWNER: GOOD}), None, "example.zip", "pass", [], None),
    (
        "dmarc-models-agree",
        _txt(**{OWNER: f"{GOOD}; t=y; np=none"}),
        AT_NEWS,
        "news.example.zip",
        "pass",
        [],
        None,
    ),
    ("dmarc-models-agree", {}, None, "example.zip", "skip", [], None),
    (
        "dmarc-models-agree",
        _txt(**{OWNER: f"{GOOD}; psd=y"}),
        None,
        "example.zip",
        "fail",
        ["SPF not aligned against aligned", "tree walk", "public suffix list", OWNER],
        None,
    ),
    # two records at the From host: one model stops, the other walks on
    (
        "dmarc-models-agree",
        _txt(**{NEWS: [GOOD, GOOD], OWNER: GOOD}),
        AT_NEWS,
        "news.example.zip",
        "fail",
        [f"record {OWNER} against none"],
        None,
    ),
    ("dmarc-models-agree", _txt(**{OWNER: "SERVFAIL"}), None, "example.zip", "unknown", [], None),
    (
        "dmarc-models-agree",
        _txt(**{OWNER: GOOD, "_dmarc.zip": "SERVFAIL"}),
        None,
        "example.zip",
        "unknown",
        ["_dmarc.zip"],
        None,
    ),
]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row[0]}-{row[4]}")
def test_outcomes(row: Row) -> None:
    rule_id, table, expected, subject, outcome, words, record = row
    found = _find(rule_id, table, expected)[subject]
    assert str(found.outcome) == outcome
    assert [word for word in words if word not in _told(found)] == []
    if record is not None:
        assert found.fix is not None
        published = [(r.name, r.type, r.values) for r in found.fix.records]
        assert published == [(f"{record[0]}.", "TXT", (record[1],))]


def test_an_alias_loop_is_left_to_its_own_rule() -> None:
    table = {OWNER: {"CNAME": [OWNER]}}
    facts = judging.collect(expecting(), _LoopLookup(table))
    assert judging.outcomes("dmarc-alias-resolves", facts) == {OWNER: "skip"}
    assert judging.outcomes("dmarc-policy-published", facts) == {"example.zip": "unknown"}


class _LoopLookup(TableLookup):
    """Answers TXT at an alias to itself as a driver does."""

    def _answer(self, question: Question) -> Reply:
        reply = super()._answer(question)
        if reply.chain:
            return ChainError(question=question, chain=reply.chain[:1], loop=True)
        return reply


# --- report hosts ---

FOREIGN = "v=DMARC1; p=none; rua=mailto:d@rep.example"
MAIL = {"rep.example": {"MX": ["10 mx.rep.example"]}}
REPORT = "example.zip._report._dmarc.rep.example"


@pytest.mark.parametrize(
    ("record", "more", "subject", "outcome", "words"),
    [
        (GOOD, {}, "example.zip", "skip", ["same Organizational Domain"]),
        ("v=DMARC1; p=none; rua=mailto:d@in.example.zip", {}, "in.example.zip", "skip", []),
        ("v=DMARC1; p=none", {}, OWNER, "skip", ["no host"]),
        ("v=DMARC1; p=none; rua=https://rep.example/in", {}, "rep.example", "fail", []),
        ("v=DMARC1; p=none; rua=https://r.example.zip/in", {}, "r.example.zip", "skip", []),
        (FOREIGN, _txt(**{REPORT: "v=DMARC1"}), "rep.example", "pass", []),
        (FOREIGN, _txt(**{REPORT: ["x", "v=DMARC1;", "v=DMARC1; x"]}), "rep.example", "pass", []),
        (FOREIGN, {}, "rep.example", "fail", [f"publish TXT `{REPORT}`: `v=DMARC1`"]),
        (FOREIGN, _txt(**{f"x.{REPORT}": "v=DMARC1"}), "rep.example", "fail", []),
        (FOREIGN, _txt(**{REPORT: "v=spf1 -all"}), "rep.example", "fail", ["does not accept"]),
        (FOREIGN, _txt(**{REPORT: "SERVFAIL"}), "rep.example", "unknown", ["SERVFAIL"]),
        (
            FOREIGN,
            _txt(**{REPORT: "v=DMARC1; rua=mailto:x@rep.example"}),
            "rep.example",
            "pass",
            [],
        ),
        (
            FOREIGN,
            _txt(**{REPORT: "v=DMARC1; rua=mailto:x@other.example"}),
            "rep.example",
            "fail",
            ["overrides rua"],
        ),
        (
            f"{GOOD}; ruf=mailto:d@rep.example",
            {},
            "rep.example",
            "fail",
            ["In the zone of rep.example"],
        ),
        ("TIMEOUT", {}, OWNER, "unknown", []),
    ],
)
def test_authorisation_of_report_hosts(
    record: str, more: dict[str, Any], subject: str, outcome: str, words: list[str]
) -> None:
    found = _find("dmarc-rua-authorised", {**_txt(**{OWNER: record}), **MAIL, **more})[subject]
    assert str(found.outcome) == outcome
    assert [word for word in words if word not in _told(found)] == []
    if outcome == "fail":
        assert found.fix is not None
        published = [(r.name, r.values) for r in found.fix.records]
        assert published == [(f"{REPORT}.", ("v=DMARC1",))]


def test_a_name_of_authorisation_that_cannot_exist() -> None:
    host = ".".join(["h" * 60] * 4) + ".example"
    record = f"v=DMARC1; p=none; rua=mailto:d@{host}"
    found = _find("dmarc-rua-authorised", _txt(**{OWNER: record}))[host]
    assert str(found.outcome) == "fail"
    assert "exceed 253" in found.message
    assert found.fix is not None
    assert "Use a report address below example.zip" in found.fix.text


@pytest.mark.parametrize(
    ("at_host", "outcome", "words"),
    [
        ({"MX": ["10 mx.example.zip"]}, "pass", []),
        ({"A": ["192.0.2.1"]}, "pass", []),
        ({"AAAA": ["2001:db8::1"]}, "pass", []),
        ({"MX": ["0 ."]}, "fail", ["null MX"]),
        ({"MX": ["0 .", "10 mx.example.zip"]}, "pass", []),
        ({}, "fail", ["neither MX nor address", "Add an MX at example.zip"]),
        ({"MX": ["SERVFAIL"]}, "unknown", ["MX example.zip: SERVFAIL"]),
        ({"A": ["TIMEOUT"]}, "unknown", ["A example.zip"]),
        ({"A": ["TIMEOUT"], "AAAA": ["2001:db8::1"]}, "pass", []),
    ],
)
def test_report_hosts_receive_mail(at_host: dict[str, Any], outcome: str, words: list[str]) -> None:
    table = {**_txt(**{OWNER: GOOD}), "example.zip": at_host}
    found = _find("dmarc-rua-host-receives", table)["example.zip"]
    assert str(found.outcome) == outcome
    assert [word for word in words if word not in _told(found)] == []


def test_a_host_that_gets_reports_over_https_needs_no_mail() -> None:
    table = _txt(**{OWNER: "v=DMARC1; p=none; rua=https://r.example.zip/in"})
    found = _find("dmarc-rua-host-receives", table)["r.example.zip"]
    assert (str(found.outcome), found.message) == (
        "skip",
        "no report address there is a mailto URI",
    )


def test_mail_of_report_hosts_without_a_record() -> None:
    assert {str(f.outcome) for f in _find("dmarc-rua-host-receives", {}).values()} == {"skip"}
    silent = _find("dmarc-rua-host-receives", _txt(**{OWNER: "SERVFAIL"}))
    assert {str(f.outcome) for f in silent.values()} == {"unknown"}
