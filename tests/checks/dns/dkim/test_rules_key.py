"""Each outcome of the rules over the key record and the key, on one BYODKIM selector."""

from __future__ import annotations

from typing import Any

import pytest

from checks.dns.expectation import IdentityUnknown
from tests.checks.dns.dkim import judging
from tests.checks.dns.dkim.judging import ZONE, byo, expecting, identity
from tests.checks.dns.dkim.material import ED25519, KEY, pkcs1, spki, text
from tests.support.table import TableLookup

SELECTOR = "sel._domainkey.example.zip"
GOOD = f"v=DKIM1; k=rsa; p={KEY}"
ED_RAW = f"k=ed25519; p={text(bytes(32))}"
SMALL = f"p={text(spki(768))}"

# rule, TXT values at the selector, outcome, words of the finding and its fix
ROWS: list[tuple[str, list[Any], str, list[str]]] = [
    ("dkim-key-single", [GOOD], "pass", []),
    ("dkim-key-single", [(GOOD[:200], GOOD[200:])], "pass", []),
    ("dkim-key-single", [GOOD, GOOD], "fail", ["2 TXT records", SELECTOR]),
    ("dkim-key-single", ["SERVFAIL"], "unknown", []),
    ("dkim-key-single", [], "skip", ["no TXT record"]),
    ("dkim-record-syntax", [GOOD], "pass", []),
    ("dkim-record-syntax", [f"p={KEY}"], "pass", []),
    ("dkim-record-syntax", [f" v = DKIM1 ; x=y; p={KEY} ;"], "pass", []),
    ("dkim-record-syntax", [f"p={KEY}; v=DKIM1"], "fail", ["not the first", f"k=rsa; p={KEY}"]),
    ("dkim-record-syntax", ["v=DKIM1; k"], "fail", ["has no '='", "p=<public key>"]),
    ("dkim-record-syntax", ["TIMEOUT"], "unknown", []),
    ("dkim-record-syntax", [""], "skip", ["TXT is empty"]),
    ("dkim-record-syntax", [], "skip", ["NODATA"]),
    ("dkim-key-decodes", [GOOD], "pass", []),
    ("dkim-key-decodes", [f"p={KEY[:40]} \t{KEY[40:]}"], "pass", []),
    ("dkim-key-decodes", [f"p={text(pkcs1())}"], "pass", []),
    ("dkim-key-decodes", [GOOD[:255]], "fail", ["ends at 255 octets", "Publish the whole key"]),
    ("dkim-key-decodes", [f"p={text(spki() + b'x')}"], "fail", ["1 octets after the key"]),
    ("dkim-key-decodes", [f"p={KEY}="], "fail", ["no multiple of 4"]),
    ("dkim-key-decodes", [ED_RAW], "pass", []),
    ("dkim-key-decodes", ["k=ed25519; p=*"], "fail", ["not base64"]),
    ("dkim-key-decodes", ["v=DKIM1; p="], "skip", ["missing or empty"]),
    ("dkim-key-decodes", ["TIMEOUT"], "unknown", []),
    ("dkim-key-spki", [GOOD], "pass", []),
    ("dkim-key-spki", [f"p={text(pkcs1())}"], "fail", ["PKCS#1", "SubjectPublicKeyInfo form"]),
    ("dkim-key-spki", [ED_RAW], "skip", ["no RSA key"]),
    ("dkim-key-spki", ["TIMEOUT"], "unknown", []),
    ("dkim-key-algorithm", [GOOD], "pass", []),
    ("dkim-key-algorithm", [f"p={KEY}"], "pass", []),
    ("dkim-key-algorithm", [ED_RAW], "fail", ["SES signs with RSA only", "with `k=rsa`"]),
    ("dkim-key-algorithm", [f"k=rsa4096; p={KEY}"], "fail", ["k=rsa4096 is no known key type"]),
    ("dkim-key-algorithm", [f"k=rsa; p={text(ED25519)}"], "fail", ["a key of type ed25519"]),
    ("dkim-key-algorithm", ["k=rsa; p="], "skip", []),
    ("dkim-key-algorithm", ["TIMEOUT"], "unknown", []),
    ("dkim-key-minimum", [f"p={text(spki(1024))}"], "pass", []),
    ("dkim-key-minimum", [f"p={text(spki(1023))}"], "fail", ["has 1023 bits", "2048-bit key"]),
    ("dkim-key-minimum", [ED_RAW], "skip", []),
    ("dkim-key-minimum", ["TIMEOUT"], "unknown", []),
    ("dkim-key-strong", [GOOD], "pass", []),
    ("dkim-key-strong", [f"p={text(spki(2047))}"], "fail", ["has 2047 bits"]),
    ("dkim-key-strong", [f"p={text(spki(1024))}"], "fail", []),
    ("dkim-key-strong", [SMALL], "skip", ["dkim-key-minimum"]),
    ("dkim-key-strong", ["TIMEOUT"], "unknown", []),
    ("dkim-key-maximum", [GOOD], "pass", []),
    ("dkim-key-maximum", [f"p={text(spki(2049))}"], "fail", ["has 2049 bits"]),
    ("dkim-key-maximum", [ED_RAW], "skip", []),
    ("dkim-key-maximum", ["TIMEOUT"], "unknown", []),
    ("dkim-key-exponent", [f"p={text(spki(exponent=3))}"], "pass", []),
    ("dkim-key-exponent", [f"p={text(spki(exponent=1))}"], "fail", ["exponent at", "is 1"]),
    ("dkim-key-exponent", [f"p={text(spki(exponent=65536))}"], "fail", ["65536"]),
    ("dkim-key-exponent", [f"p={text(spki(4096, 1 << 4000))}"], "fail", ["even number of 4001"]),
    ("dkim-key-exponent", [ED_RAW], "skip", []),
    ("dkim-key-exponent", ["TIMEOUT"], "unknown", []),
    ("dkim-ed25519-raw", [ED_RAW], "pass", []),
    ("dkim-ed25519-raw", [f"k=ed25519; p={text(ED25519)}"], "fail", ["44 octets, a Subject"]),
    ("dkim-ed25519-raw", [f"k=ed25519; p={text(bytes(31))}"], "fail", ["31 octets", "RSA 2048"]),
    ("dkim-ed25519-raw", [GOOD], "skip", ["not of type ed25519"]),
    ("dkim-ed25519-raw", ["TIMEOUT"], "unknown", []),
    ("dkim-hash-sha256", [GOOD], "pass", []),
    ("dkim-hash-sha256", [f"h=sha1:sha256; p={KEY}"], "pass", []),
    ("dkim-hash-sha256", [f"h=sha1; p={KEY}"], "fail", ["h=sha1", "set `h=sha256`"]),
    ("dkim-hash-sha256", ["TIMEOUT"], "unknown", []),
    ("dkim-hash-sha256", [], "skip", []),
    ("dkim-service-email", [f"s=*; p={KEY}"], "pass", []),
    ("dkim-service-email", [f"s=tlsrpt:email; p={KEY}"], "pass", []),
    ("dkim-service-email", [f"s=tlsrpt; p={KEY}"], "fail", ["s=tlsrpt", "set `s=email`"]),
    ("dkim-service-email", ["TIMEOUT"], "unknown", []),
    ("dkim-service-email", [], "skip", []),
    ("dkim-testing-off", [f"t=s; p={KEY}"], "pass", []),
    ("dkim-testing-off", [f"t=s:y; p={KEY}"], "fail", ["t=y", "t=s:y"]),
    ("dkim-testing-off", ["TIMEOUT"], "unknown", []),
    ("dkim-testing-off", [], "skip", []),
    ("dkim-strict-flag-absent", [f"t=y; p={KEY}"], "pass", []),
    ("dkim-strict-flag-absent", [f"t=y:s; p={KEY}"], "fail", ["None needed"]),
    ("dkim-strict-flag-absent", ["TIMEOUT"], "unknown", []),
    ("dkim-strict-flag-absent", [], "skip", []),
    ("dkim-value-unescaped", [GOOD], "pass", []),
    ("dkim-value-unescaped", [f"v=DKIM1\\; p={KEY}"], "fail", [f"`v=DKIM1; p={KEY}`"]),
    ("dkim-value-unescaped", [f'"v=DKIM1; p={KEY}"'], "fail", [f"`v=DKIM1; p={KEY}`"]),
    ("dkim-value-unescaped", ["TIMEOUT"], "unknown", []),
    ("dkim-value-unescaped", [], "skip", []),
    ("dkim-key-resolves", [GOOD], "pass", []),
    ("dkim-key-resolves", ["v=DKIM1; p="], "pass", []),
    ("dkim-key-resolves", [], "fail", [f"Publish TXT `{SELECTOR}`"]),
    ("dkim-key-resolves", [""], "fail", ["TXT is empty"]),
    ("dkim-key-resolves", ["TIMEOUT"], "unknown", ["no answer"]),
    ("dkim-key-present", [GOOD], "pass", []),
    ("dkim-key-present", ["v=DKIM1; p="], "fail", ["revoked", f"`p=` at {SELECTOR}"]),
    ("dkim-key-present", [f"v=DKIM1; P={KEY}"], "fail", ["no p= tag"]),
    ("dkim-key-present", [], "skip", ["dkim-key-resolves"]),
    ("dkim-key-present", ["TIMEOUT"], "skip", ["dkim-key-resolves"]),
    ("dkim-tokens-active", [GOOD], "skip", ["BYODKIM"]),
    ("dkim-key-length-agreed", [GOOD], "skip", ["BYODKIM"]),
    ("dkim-tokens-current", [GOOD], "skip", ["zone file"]),
]


@pytest.mark.parametrize(("rule_id", "values", "outcome", "words"), ROWS)
def test_outcomes(rule_id: str, values: list[Any], outcome: str, words: list[str]) -> None:
    facts = judging.collect(expecting(dkim=byo()), TableLookup({SELECTOR: {"TXT": values}}))
    (found,) = judging.judge(rule_id, facts).values()
    assert str(found.outcome) == outcome
    told = f"{found.message} {found.observed} {found.fix.text if found.fix else ''}"
    assert [word for word in words if word not in told] == []


@pytest.mark.parametrize(
    ("rule_id", "value", "fixed"),
    [
        ("dkim-record-syntax", f"p={KEY}; v=DKIM1", GOOD),
        ("dkim-record-syntax", f"v=DKIM1 k=rsa p={KEY}", GOOD),
        ("dkim-record-syntax", f'"v=DKIM1; k=rsa; p={KEY[:200]}" "{KEY[200:]}"', GOOD),
        ("dkim-key-present", f"v=DKIM1; P={KEY}", GOOD),
        ("dkim-key-present", f"v=DKIM1; k=rsa p={KEY}", GOOD),
        ("dkim-key-decodes", f'v=DKIM1; p={KEY[:200]}" "{KEY[200:]}', GOOD),
        ("dkim-hash-sha256", f"v=DKIM1; h=sha1; p={KEY}", f"v=DKIM1; p={KEY}"),
        ("dkim-service-email", f"s=x; k=rsa; p={KEY}", GOOD),
        ("dkim-testing-off", f"v=DKIM1; t=y; k=rsa; p={KEY}", GOOD),
        ("dkim-testing-off", f"v=DKIM1; t=y:s; p={KEY}", f"v=DKIM1; p={KEY}; t=s"),
        ("dkim-value-unescaped", f'"v=DKIM1\\; k=rsa\\; p={KEY[:200]}" "{KEY[200:]}"', GOOD),
    ],
)
def test_the_fix_holds_the_whole_corrected_record(rule_id: str, value: str, fixed: str) -> None:
    facts = judging.collect(expecting(dkim=byo()), TableLookup({SELECTOR: {"TXT": [value]}}))
    (found,) = judging.judge(rule_id, facts).values()
    assert found.fix is not None
    assert [(r.name, r.type, r.values) for r in found.fix.records] == [
        (f"{SELECTOR}.", "TXT", (fixed,))
    ]


# --- the three tokens of Easy DKIM ---

ALIASES = {f"{t}._domainkey.example.zip": {"CNAME": [f"{t}.{ZONE}"]} for t in ("a1", "b2", "c3")}
REVOKED = {"TXT": ["p="]}
IDLE = {"TXT": [""]}
ACTIVE = {"TXT": [f"p={KEY}"]}
SILENT = {"TXT": ["TIMEOUT"]}


def _tokens(*targets: dict[str, list[str]]) -> dict[str, Any]:
    names = (f"{t}.{ZONE}" for t in ("a1", "b2", "c3"))
    return {**ALIASES, **dict(zip(names, targets, strict=False))}


SET_ROWS: list[tuple[str, dict[str, Any], str, str, list[str]]] = [
    ("dkim-key-resolves", _tokens(ACTIVE, ACTIVE, ACTIVE), "SUCCESS", "pass", []),
    ("dkim-key-resolves", _tokens(ACTIVE, IDLE), "SUCCESS", "pass", []),
    ("dkim-key-resolves", _tokens(ACTIVE, SILENT, SILENT), "SUCCESS", "pass", []),
    ("dkim-key-resolves", _tokens(IDLE, IDLE), "SUCCESS", "fail", ["none of the 3", "Wait"]),
    ("dkim-key-resolves", _tokens(IDLE, IDLE), "", "fail", []),
    ("dkim-key-resolves", _tokens(), "PENDING", "unknown", ["not published the key yet"]),
    ("dkim-key-resolves", _tokens(IDLE, SILENT), "PENDING", "unknown", ["no answer"]),
    # the keys are there, but no alias leads to them
    (
        "dkim-key-resolves",
        {f"a1.{ZONE}": ACTIVE, f"b2.{ZONE}": IDLE},
        "PENDING",
        "fail",
        ["none of the 3"],
    ),
    ("dkim-key-present", _tokens(ACTIVE, REVOKED, IDLE), "SUCCESS", "pass", []),
    ("dkim-key-present", _tokens(REVOKED, IDLE, IDLE), "SUCCESS", "fail", [f"at a1.{ZONE}"]),
    ("dkim-key-present", _tokens(REVOKED, SILENT, IDLE), "SUCCESS", "unknown", []),
    ("dkim-key-present", _tokens(IDLE), "SUCCESS", "skip", []),
    ("dkim-tokens-active", _tokens(ACTIVE, ACTIVE, ACTIVE), "SUCCESS", "pass", []),
    ("dkim-tokens-active", _tokens(ACTIVE, IDLE, ACTIVE), "SUCCESS", "fail", ["token b2 is idle"]),
    ("dkim-tokens-active", _tokens(ACTIVE, ACTIVE), "SUCCESS", "fail", ["token c3 is idle"]),
    ("dkim-tokens-active", _tokens(ACTIVE, ACTIVE, REVOKED), "SUCCESS", "fail", ["revoked"]),
    ("dkim-tokens-active", _tokens(ACTIVE, ACTIVE, SILENT), "SUCCESS", "unknown", ["no answer"]),
]


@pytest.mark.parametrize(("rule_id", "table", "status", "outcome", "words"), SET_ROWS)
def test_the_set_is_judged_as_one(
    rule_id: str, table: dict[str, Any], status: str, outcome: str, words: list[str]
) -> None:
    expected = expecting(identity=identity(dkim_status=status))
    facts = judging.collect(expected, TableLookup(table))
    (found,) = judging.judge(rule_id, facts).values()
    assert (found.subject, str(found.outcome)) == ("example.zip", outcome)
    told = f"{found.message} {found.observed} {found.fix.text if found.fix else ''}"
    assert [word for word in words if word not in told] == []


@pytest.mark.parametrize(
    ("bits", "current", "coming", "outcome", "words"),
    [
        (2048, "RSA_2048_BIT", "RSA_2048_BIT", "pass", []),
        (2048, "RSA_2048_BIT", "RSA_1024_BIT", "pass", ["rotation is pending"]),
        (1024, "RSA_2048_BIT", "RSA_2048_BIT", "fail", ["1024 bits", "RSA_2048_BIT"]),
        (2048, "RSA_1024_BIT", "RSA_2048_BIT", "fail", ["rotation is pending"]),
        (2048, "", "", "skip", ["states no key length"]),
    ],
)
def test_key_length(bits: int, current: str, coming: str, outcome: str, words: list[str]) -> None:
    said = identity(current_key_length=current, next_key_length=coming)
    table = _tokens({"TXT": [f"p={text(spki(bits))}"]}, IDLE, SILENT)
    facts = judging.collect(expecting(identity=said), TableLookup(table))
    findings = judging.judge("dkim-key-length-agreed", facts)
    found = findings["a1._domainkey.example.zip" if outcome != "skip" else "example.zip"]
    assert str(found.outcome) == outcome
    assert [word for word in words if word not in found.message] == []
    if outcome != "skip":
        assert str(findings["b2._domainkey.example.zip"].outcome) == "skip"
        assert str(findings["c3._domainkey.example.zip"].outcome) == "skip"


PER_NAME = sorted({row[0] for row in ROWS if row[0].startswith(("dkim-key-d", "dkim-record"))})


@pytest.mark.parametrize("rule_id", PER_NAME)
@pytest.mark.parametrize(("other", "outcome"), [(ACTIVE, "skip"), (IDLE, "unknown")])
def test_a_key_that_cannot_be_read_hangs_on_the_set(
    rule_id: str, other: dict[str, list[str]], outcome: str
) -> None:
    facts = judging.collect(expecting(), TableLookup(_tokens(SILENT, other, IDLE)))
    assert judging.outcomes(rule_id, facts)["a1._domainkey.example.zip"] == outcome


def test_key_length_needs_the_identity() -> None:
    expected = expecting(identity=IdentityUnknown(cause="access denied"))
    facts = judging.collect(expected, TableLookup(_tokens(ACTIVE, ACTIVE, ACTIVE)))
    (found,) = judging.judge("dkim-key-length-agreed", facts).values()
    assert (str(found.outcome), "access denied" in found.message) == ("unknown", True)


KEY_RULES = sorted({row[0] for row in ROWS} - {"dkim-tokens-current", "dkim-key-length-agreed"})


@pytest.mark.parametrize("rule_id", KEY_RULES)
def test_without_tokens_everything_is_unknown(rule_id: str) -> None:
    facts = judging.collect(expecting(dkim=None), TableLookup({}))
    (found,) = judging.judge(rule_id, facts).values()
    assert str(found.outcome) == "unknown"
    assert "no DKIM tokens" in found.message


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        ({}, ["pass", "pass"]),
        ({"_adsp._domainkey.example.zip": {"TXT": ["dkim=all"]}}, ["fail", "pass"]),
        ({"_domainkey.example.zip": {"TXT": ["t=y; o=~;"]}}, ["pass", "fail"]),
        ({"_domainkey.example.zip": {"TXT": ["v=spf1 -all"]}}, ["pass", "pass"]),
        ({"_domainkey.example.zip": {"TXT": ["SERVFAIL"]}}, ["pass", "unknown"]),
    ],
)
def test_historic_policies(table: dict[str, Any], expected: list[str]) -> None:
    # judged without tokens too
    facts = judging.collect(expecting(dkim=None), TableLookup(table))
    found = judging.judge("dkim-legacy-absent", facts)
    assert list(found) == ["_adsp._domainkey.example.zip", "_domainkey.example.zip"]
    assert [str(f.outcome) for f in found.values()] == expected
