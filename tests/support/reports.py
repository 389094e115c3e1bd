"""A fixed report that shows every part of the text and of the JSON."""

from __future__ import annotations

from checks.model import Evidence, Finding, Fix, Outcome, Record, Report, Severity, Verdict

SPF = Record(
    name="bounce.jobmatch.zip.", type="TXT", values=("v=spf1 include:amazonses.com mx ~all",)
)
LONG_KEY = Record(
    name="s1._domainkey.jobmatch.zip.", type="TXT", values=("v=DKIM1; k=rsa; p=" + "A" * 392,)
)

TWO_SPF = Finding(
    id="spf-record-single",
    outcome=Outcome.FAIL,
    severity=Severity.ERROR,
    subject="bounce.jobmatch.zip",
    message="2 records start with v=spf1",
    reference="RFC 7208 §4.5",
    expected="1",
    observed=("v=spf1 include:amazonses.com ~all", "v=spf1 mx \x1b[31m~all\u202e"),
    fix=Fix(text="Delete the SPF records at bounce.jobmatch.zip and publish one", records=(SPF,)),
    evidence=(
        Evidence(
            server="192.0.2.11",
            name="bounce.jobmatch.zip.",
            type="TXT",
            rcode="NOERROR",
            ttl=300,
            answer=("v=spf1 include:amazonses.com ~all", "v=spf1 mx \x1b[31m~all\u202e"),
        ),
    ),
)
NOT_PASSING = Finding(
    id="spf-ses-passes",
    outcome=Outcome.FAIL,
    severity=Severity.ERROR,
    subject="bounce.jobmatch.zip",
    message="SES gets permerror",
    reference="RFC 7208 §4",
    fix=Fix(text="Publish TXT at bounce.jobmatch.zip", records=(SPF,)),
)
SILENT = Finding(
    id="dns-answers-received",
    outcome=Outcome.UNKNOWN,
    severity=Severity.ERROR,
    subject="_dmarc.jobmatch.zip",
    message="SERVFAIL from 192.0.2.12 (EDE 22 No Reachable Authority)",
    reference="RFC 8914; RFC 6891 §7",
    evidence=(
        Evidence(
            server="192.0.2.12",
            name="_dmarc.jobmatch.zip.",
            type="TXT",
            rcode="SERVFAIL",
            ede=("EDE 22 No Reachable Authority",),
        ),
    ),
)
WEAK_KEY = Finding(
    id="dkim-key-strong",
    outcome=Outcome.FAIL,
    severity=Severity.WARNING,
    subject="s1._domainkey.jobmatch.zip",
    message="the RSA key has 1024 bits",
    reference="RFC 8301 §3.2",
    expected="2048",
    observed=("1024",),
    fix=Fix(text="Switch the identity to 2048-bit keys", records=(LONG_KEY,)),
)
NOTE = Finding(
    id="dmarc-policy-enforcing",
    outcome=Outcome.FAIL,
    severity=Severity.INFO,
    subject="jobmatch.zip",
    message="p=none is monitoring and is enough for SES",
    reference="SES dg dmarc",
    fix=Fix(text="Move to p=quarantine and p=reject once reports are clean"),
)
WEAK_UNKNOWN = Finding(
    id="dns-tcp-open",
    outcome=Outcome.UNKNOWN,
    severity=Severity.WARNING,
    subject="ns2.dnshost.example",
    message="no answer from 192.0.2.12 within 5 s",
    reference="RFC 7766 §5",
)
PASSED = Finding(
    id="mail-from-mx-single",
    outcome=Outcome.PASS,
    severity=Severity.ERROR,
    subject="bounce.jobmatch.zip",
    message="MAIL FROM has exactly one MX",
    reference="SES dg mail-from",
)
SKIPPED = Finding(
    id="align-spf-available",
    outcome=Outcome.SKIP,
    severity=Severity.WARNING,
    subject="jobmatch.zip",
    message="judged only with --dkim-only",
    reference="RFC 9989 §5.1.1",
)

REPORT = Report(
    domain="jobmatch.zip",
    from_host="jobmatch.zip",
    mail_from="bounce.jobmatch.zip",
    region="us-west-2",
    view="authority",
    verdict=Verdict.NOT_READY,
    findings=(
        TWO_SPF,
        NOT_PASSING,
        SILENT,
        WEAK_KEY,
        NOTE,
        WEAK_UNKNOWN,
        PASSED,
        SKIPPED,
    ),
    started_at="2026-11-24T10:00:00Z",
    elapsed_s=0.21,
    queries=43,
    sources={"identity": "file", "region": "default"},
    notes=("the profile's Region is eu-west-1",),
    details=("bounce.jobmatch.zip  v=spf1 mx ~all", "  mx  1 lookup"),
    zone="jobmatch.zip.",
)
