"""What people publish: a mistake, every rule that must speak, and the record to paste."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from checks.model import Outcome, Severity
from tests.checks.dns.spf.judging import (
    DOMAIN,
    MAIL_FROM,
    Zone,
    domain,
    failing,
    find,
    fix_of,
    judge,
    mail_from,
)

SES = "include:amazonses.com"


@dataclass(frozen=True)
class Mistake:
    """``fails`` are the error and warning rules that fail, all of them."""

    name: str
    zone: Zone
    fails: set[str] = field(default_factory=set)
    notes: set[str] = field(default_factory=set)
    unknown: set[str] = field(default_factory=set)
    fix: tuple[str, str, str] | None = None  # rule, subject, text in its fix


def includes(count: int) -> Zone:
    zone = {f"p{n}.test": {"TXT": [f"v=spf1 include:p{n + 1}.test -all"]} for n in range(1, count)}
    return {**domain("v=spf1 include:p1.test -all"), **zone, f"p{count}.test": {"TXT": ["v=spf1"]}}


def permerror(*more: str) -> set[str]:
    return {"spf-syntax-valid", "spf-ses-passes", *more}


MISTAKES = [
    Mistake("nothing wrong", {}),
    Mistake("-all instead of ~all", mail_from(f"v=spf1 {SES} -all"), notes={"spf-all-softfail"}),
    Mistake("a second record", mail_from(f"v=spf1 {SES} ~all", "v=spf1 a ~all"),
            {"spf-record-single", "spf-ses-passes"},
            fix=("spf-record-single", MAIL_FROM, f"`v=spf1 a {SES} ~all`")),
    Mistake("a higher version beside it", mail_from("v=spf10 -all", f"v=spf1 {SES} ~all"),
            {"spf-near-miss-absent"}),
    Mistake("a space before the version", mail_from(f" v=spf1 {SES} ~all"),
            {"spf-record-present", "spf-near-miss-absent", "spf-ses-passes"},
            fix=("spf-record-present", MAIL_FROM, f"v=spf1 {SES} ~all")),
    Mistake("a space lost between two strings", mail_from(("v=spf1 ip4:9.9.9.9", f"{SES} ~all")),
            permerror("spf-strings-joined", "spf-addresses-valid"),
            fix=("spf-strings-joined", MAIL_FROM, f"ip4:9.9.9.9 {SES}")),
    Mistake("the space kept in the first string",
            mail_from(("v=spf1 ip4:198.51.100.7 ", f"{SES} ~all")), {"spf-ranges-public"}),
    Mistake("a neutral include", mail_from(f"v=spf1 ?{SES} ~all"), {"spf-ses-passes"},
            fix=("spf-ses-passes", MAIL_FROM, f"v=spf1 {SES} ~all")),
    Mistake("a stray word after all", mail_from(f"v=spf1 {SES} ~all moo"),
            permerror("spf-mechanisms-known")),
    Mistake("an address in a:", mail_from(f"v=spf1 a:192.0.2.1 {SES} ~all"),
            permerror("spf-addresses-valid"),
            fix=("spf-addresses-valid", MAIL_FROM, "ip4:192.0.2.1")),
    Mistake("an empty redirect", domain("v=spf1 redirect= ?all"),
            {"spf-syntax-valid", "spf-all-closed"}),
    Mistake("a redirect to a name without SPF",
            {**domain("v=spf1 redirect=_s.shop.example"), "_s.shop.example": {"TXT": ["hello"]}},
            {"spf-redirect-valid"}),
    Mistake("an include that cannot be looked up",
            {**domain("v=spf1 include:i.test -all"), "i.test": {"TXT": ["SERVFAIL"]}}, set(),
            {"spf-all-softfail"}, {
                "spf-include-valid", "spf-lookups-within-limit", "spf-lookups-headroom",
                "spf-voids-within-limit", "spf-voids-per-family", "spf-include-loop-free",
                "spf-all-not-pass", "spf-space-limited", "spf-stranger-denied"}),
    Mistake("an include of nothing", domain("v=spf1 include:i.test ~all"), {"spf-include-valid"}),
    Mistake("three names that do not exist", domain("v=spf1 a:n1.test a:n2.test a:n3.test ~all"),
            {"spf-voids-within-limit"}),
    Mistake("eleven mail exchangers", {DOMAIN: {
        "MX": [f"{n} mail.shop.example" for n in range(11)]}}, {"spf-mx-hosts-limit"}),
    Mistake("twelve addresses are fine", {DOMAIN: {
        "TXT": ["v=spf1 a ~all"], "A": [f"9.9.9.{n}" for n in range(12)]}}),
    Mistake("eleven includes", includes(11), {"spf-lookups-within-limit"}, {"spf-all-softfail"}),
    Mistake("ten includes", includes(10), {"spf-lookups-headroom"}, {"spf-all-softfail"}),
    Mistake("no explanation at exp", domain("v=spf1 ip4:9.9.9.9 ~all exp=e.shop.example")),
    Mistake("an include that lets all pass",
            {**domain("v=spf1 include:i.test ~all"), "i.test": {"TXT": ["v=spf1 +all"]}},
            {"spf-all-not-pass", "spf-stranger-denied"}),
    Mistake("other senders at the domain",
            {**domain("v=spf1 include:_spf.mail.test ~all"),
             "_spf.mail.test": {"TXT": ["v=spf1 ip4:35.190.247.0/24 ~all"]}}),
    Mistake("two redirects",
            {**domain("v=spf1 redirect=a.test redirect=b.test"), "a.test": {"TXT": ["v=spf1 -all"]},
             "b.test": {"TXT": ["v=spf1 -all"]}}, {"spf-modifiers-once"}),
    Mistake("ipv4:", mail_from(f"v=spf1 ipv4:9.9.9.9 {SES} ~all"),
            permerror("spf-mechanisms-known")),
    Mistake("a qualifier on redirect", domain("v=spf1 mx -redirect=s.test"),
            {"spf-syntax-valid", "spf-modifiers-unqualified"}),
    Mistake("a prefix of 33", mail_from(f"v=spf1 ip4:9.9.9.0/33 {SES} ~all"),
            permerror("spf-addresses-valid")),
    Mistake("a private network", mail_from(f"v=spf1 ip4:10.1.2.0/24 {SES} ~all"),
            {"spf-ranges-public"}),
    Mistake("ptr", domain("v=spf1 mx ptr ~all"), {"spf-ptr-absent"}),
    Mistake("?all", mail_from(f"v=spf1 {SES} ?all"), {"spf-all-closed"}),
    Mistake("no all", mail_from(f"v=spf1 {SES}"), {"spf-all-closed"}),
    Mistake("a no-break space", mail_from(f"v=spf1 {SES}\xc2\xa0~all"),
            permerror("spf-text-ascii")),
    Mistake("a percent sign", domain("v=spf1 exists:%x.shop.example ~all"),
            {"spf-syntax-valid", "spf-macros-valid"}),
    Mistake("hosts with IPv4 alone",
            {**domain("v=spf1 a:h.test a:h.test a:h.test ~all"), "h.test": {"A": ["9.9.9.9"]}},
            {"spf-voids-per-family"}),
    Mistake("+all", mail_from(f"v=spf1 {SES} +all"), {"spf-all-not-pass", "spf-stranger-denied"}),
    Mistake("a misspelt include", mail_from("v=spf1 include:amazonses.co ~all"),
            {"spf-ses-passes", "spf-include-valid"},
            fix=("spf-ses-passes", MAIL_FROM, f"`v=spf1 {SES} ~all`")),
    Mistake("the include after all", mail_from(f"v=spf1 mx ~all {SES}"),
            {"spf-ses-passes", "spf-terms-reachable"},
            fix=("spf-terms-reachable", MAIL_FROM, f"`v=spf1 mx {SES} ~all`")),
    Mistake("a /8", domain("v=spf1 ip4:11.0.0.0/8 ~all"), {"spf-space-limited"}),
    Mistake("a /16", domain("v=spf1 ip4:20.40.0.0/16 ~all"), {"spf-space-narrow"}),
    Mistake("no SPF at the domain", domain("site-key=1"), {"spf-apex-present"}),
    Mistake("SES at the domain too", domain(f"v=spf1 mx {SES} ~all"), notes={"spf-apex-lean"}),
    Mistake("smart quotes", mail_from(f"\xe2\x80\x9cv=spf1 {SES} ~all\xe2\x80\x9d"),
            {"spf-record-present", "spf-near-miss-absent", "spf-ses-passes"},
            fix=("spf-near-miss-absent", MAIL_FROM, f"`v=spf1 {SES} ~all`")),
    Mistake("a trailing semicolon", mail_from(f"v=spf1 {SES} ~all;"),
            permerror("spf-near-miss-absent"),
            fix=("spf-syntax-valid", MAIL_FROM, f"with `v=spf1 {SES} ~all`")),
]  # fmt: skip


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake.name)
def test_mistake(mistake: Mistake) -> None:
    findings = judge(mistake.zone)

    info = {f.id for f in findings if f.severity is Severity.INFO}
    assert mistake.fails == failing(findings) - info
    assert mistake.notes == failing(findings) & info
    assert mistake.unknown == {f.id for f in findings if f.outcome is Outcome.UNKNOWN}


FIXES = [(m.zone, m.fix) for m in MISTAKES if m.fix]


@pytest.mark.parametrize(("zone", "fix"), FIXES, ids=[fix[0] for _, fix in FIXES])
def test_fix_holds_the_record_to_paste(zone: Zone, fix: tuple[str, str, str]) -> None:
    rule, subject, text = fix

    assert text in fix_of(find(rule, subject, zone))


PASTED = [m for m in MISTAKES if m.fails & {"spf-ses-passes", "spf-syntax-valid"}]


@pytest.mark.parametrize("mistake", PASTED, ids=lambda mistake: mistake.name)
def test_pasting_the_fix_ends_the_mistake(mistake: Mistake) -> None:
    records = {
        record.name.removesuffix("."): {"TXT": list(record.values)}
        for found in judge(mistake.zone)
        if found.severity is Severity.ERROR and found.fix
        for record in found.fix.records
    }
    repaired: dict[str, object] = {**mistake.zone, **records}

    errors = {f.id for f in judge(repaired) if f.is_blocking}  # type: ignore[arg-type]  # as Zone
    assert set() == errors - {"spf-redirect-valid"}
