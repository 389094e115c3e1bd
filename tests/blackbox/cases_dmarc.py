"""DMARC records: where they stand, what they say, and where the reports go."""

from __future__ import annotations

from collections.abc import Sequence

from tests.blackbox.case import NOTHING_WRONG, Case, Expect, not_ready, ready

RUA = "rua=mailto:reports@jobmatch.zip"
REPORT_HOST = "reports.test. MX 10 mx.reports.test.\nmx.reports.test. A 203.0.113.17"
TO_REPORT_HOST = "v=DMARC1; p=none; rua=mailto:jobmatch@reports.test"
PERMISSION = "jobmatch.zip._report._dmarc.reports.test."


def record(title: str, value: str | Sequence[str], expect: Expect, **more: str) -> Case:
    """Return a case with other TXT records at _dmarc; values are zone-file text in quotes."""
    values = [value] if isinstance(value, str) else value
    zone = "\n".join(f'_dmarc TXT "{v}"' for v in values)
    return Case(title=title, zone=zone, expect=expect, **more)  # type: ignore[arg-type]  # other


PLACE = {
    "none": Case(
        title="no DMARC record anywhere",
        remove=["_dmarc TXT"],
        expect=not_ready("dmarc-policy-published", fix=["_dmarc.jobmatch.zip", "v=DMARC1; p=none"]),
    ),
    "at-the-apex": Case(
        title="the record was published at the apex",
        remove=["_dmarc TXT"],
        zone=f'@ TXT "v=spf1 mx ~all"\n@ TXT "v=DMARC1; p=none; {RUA}"',
        expect=not_ready(
            "dmarc-record-placed", "dmarc-policy-published", fix=["_dmarc.jobmatch.zip"]
        ),
    ),
    "name-doubled": Case(
        title="the provider appended the zone to _dmarc.jobmatch.zip",
        remove=["_dmarc TXT"],
        zone=f'_dmarc.jobmatch.zip TXT "v=DMARC1; p=none; {RUA}"',
        expect=not_ready("dmarc-record-placed", "dmarc-policy-published"),
    ),
    "underscore-missing": Case(
        title="dmarc without its underscore",
        remove=["_dmarc TXT"],
        zone=f'dmarc TXT "v=DMARC1; p=none; {RUA}"',
        expect=not_ready("dmarc-record-placed", "dmarc-policy-published"),
    ),
    "below-www": Case(
        title="the record stands below www",
        remove=["_dmarc TXT", "www CNAME"],
        zone=f'www A 198.51.100.10\n_dmarc.www TXT "v=DMARC1; p=none; {RUA}"',
        expect=not_ready("dmarc-record-placed", "dmarc-policy-published"),
    ),
    "alias-to-a-vendor": Case(
        title="a vendor holds the record",
        remove=["_dmarc TXT"],
        zone="_dmarc CNAME jobmatch.dmarc.vendor.test.",
        other=f'jobmatch.dmarc.vendor.test. TXT "v=DMARC1; p=none; {RUA}"',
        expect=ready(info=["dmarc-alias-own"], not_fail=NOTHING_WRONG),
    ),
    "alias-to-nothing": Case(
        title="the vendor has deleted the record",
        remove=["_dmarc TXT"],
        zone="_dmarc CNAME jobmatch.dmarc.vendor.test.",
        expect=not_ready("dmarc-alias-resolves"),
    ),
    "spf-text": Case(
        title="a wildcard answers with SPF text",
        remove=["_dmarc TXT"],
        zone='_dmarc TXT "v=spf1 -all"',
        expect=not_ready("dmarc-text-not-spf", "dmarc-policy-published"),
    ),
    "inherited": Case(
        title="a subdomain sends, the policy comes from the domain",
        zone="mailer MX 10 mail",
        options=["--from", "mailer.jobmatch.zip"],
        expect=ready(
            not_fail=NOTHING_WRONG,
            observed={"dmarc-policy-published": ["effective: none from _dmarc.jobmatch.zip"]},
        ),
    ),
    "ghost": Case(
        title="np is for subdomains that do not exist",
        zone=f'_dmarc TXT "v=DMARC1; p=reject; sp=none; np=reject; {RUA}"',
        options=["--from", "nobody.jobmatch.zip"],
        expect=ready(
            warn=["dmarc-subdomains-covered"],
            observed={"dmarc-policy-published": ["effective: reject"]},
        ),
    ),
    "only-at-the-subdomain": Case(
        title="only the sending subdomain has a record",
        remove=["_dmarc TXT"],
        zone=f'mailer MX 10 mail\n_dmarc.mailer TXT "v=DMARC1; p=none; {RUA}"',
        options=["--from", "mailer.jobmatch.zip"],
        expect=not_ready("dmarc-record-organization", "align-dkim-org-same"),
    ),
}

SYNTAX = {
    "beside-another-text": record(
        "another TXT record does no harm",
        [f"v=DMARC1; p=none; {RUA}", "ms=ms12345678"],
        ready(info=["dmarc-name-exclusive"], not_fail=["dmarc-*"]),
    ),
    "two-records": record(
        "two policies",
        [f"v=DMARC1; p=none; {RUA}", f"v=DMARC1; p=quarantine; {RUA}"],
        not_ready("dmarc-record-single"),
    ),
    "version-in-lower-case": record(
        "v=dmarc1",
        f"v=dmarc1; p=none; {RUA}",
        not_ready("dmarc-version-exact", fix=["v=DMARC1"]),
    ),
    "version-with-a-letter": record(
        "v=DMARC1a", f"v=DMARC1a; p=none; {RUA}", not_ready("dmarc-version-exact")
    ),
    "version-not-first": record(
        "the policy comes before the version",
        f"p=none; v=DMARC1; {RUA}",
        not_ready("dmarc-version-exact"),
    ),
    "version-escaped": record(
        "a backslash before the first semicolon",
        f"v=DMARC1\\\\; p=none; {RUA}",
        not_ready("dmarc-version-exact", fix=["v=DMARC1; p=none"]),
    ),
    "version-alone": record("v=DMARC1 alone", "v=DMARC1", not_ready("dmarc-record-usable")),
    "white-space": record(
        "white space around = and ; is allowed",
        f"v = DMARC1 ; p = none ; {RUA} ;",
        ready(not_fail=NOTHING_WRONG),
    ),
    "semicolon-missing": record(
        "no semicolon between policy and address",
        "v=DMARC1; p=quarantine rua=mailto:reports@jobmatch.zip",
        not_ready("dmarc-tags-valid", "dmarc-record-usable", fix=[f"p=quarantine; {RUA}"]),
    ),
    "strings-without-a-semicolon": Case(
        title="the first string ends without the semicolon",
        zone=f'_dmarc TXT "v=DMARC1; p=reject" "{RUA}"',
        expect=not_ready("dmarc-tags-valid", "dmarc-record-usable", fix=[f"p=reject; {RUA}"]),
    ),
    "policy-empty": record(
        "p without a value",
        f"v=DMARC1; p=; {RUA}",
        not_ready("dmarc-tags-valid", "dmarc-policy-valid", fix=[f"v=DMARC1; p=none; {RUA}"]),
    ),
    "policy-escaped": record(
        "a backslash behind the policy",
        f"v=DMARC1; p=none\\\\; {RUA}",
        not_ready("dmarc-tags-valid", "dmarc-policy-valid"),
    ),
    "policy-twice": record(
        "p twice", f"v=DMARC1; p=none; p=none; {RUA}", not_ready("dmarc-tags-valid")
    ),
    "policy-unknown": record(
        "p=block acts as none where reports are asked for",
        f"v=DMARC1; p=block; {RUA}",
        not_ready(
            "dmarc-policy-valid",
            not_fail=["dmarc-record-usable"],
            observed={"dmarc-policy-published": ["effective: none"]},
        ),
    ),
    "policy-missing": record(
        "no p, but an address", f"v=DMARC1; {RUA}", ready(warn=["dmarc-policy-stated"])
    ),
    "subdomain-policy-unknown": record(
        "an unknown sp spoils the whole record",
        f"v=DMARC1; p=reject; sp=block; {RUA}",
        not_ready(
            "dmarc-subdomain-tags-valid",
            observed={"dmarc-policy-published": ["effective: none"]},
        ),
    ),
    "unknown-tag": record(
        "ruaa for rua", f"v=DMARC1; p=none; {RUA}; ruaa=x", ready(warn=["dmarc-tags-known"])
    ),
}

POLICY = {
    "enforcing": record(
        "p=reject for everything", f"v=DMARC1; p=reject; {RUA}", ready(not_fail=NOTHING_WRONG)
    ),
    "testing": record(
        "t=y lowers reject to quarantine",
        f"v=DMARC1; p=reject; t=y; {RUA}",
        ready(
            warn=["dmarc-testing-off"],
            observed={"dmarc-policy-published": ["effective: quarantine"]},
        ),
    ),
    "subdomains-weaker": record(
        "sp weaker than p",
        f"v=DMARC1; p=quarantine; sp=none; {RUA}",
        ready(warn=["dmarc-subdomains-covered"]),
    ),
    "percentage": record(
        "pct=25",
        f"v=DMARC1; p=reject; pct=25; {RUA}",
        ready(warn=["dmarc-pct-full"], info=["dmarc-tags-current"]),
    ),
    "fo-without-ruf": record(
        "fo without ruf",
        f"v=DMARC1; p=none; fo=d:s; {RUA}",
        ready(info=["dmarc-fo-valid"], not_fail=NOTHING_WRONG),
    ),
    "alignment-unknown": record(
        "adkim=strict means the default",
        f"v=DMARC1; p=none; adkim=strict; {RUA}",
        ready(warn=["dmarc-alignment-tags-valid"], not_fail=["align-adkim-satisfied"]),
    ),
}

REPORTS = {
    "no-address": record(
        "nobody gets the reports", "v=DMARC1; p=none", ready(warn=["dmarc-rua-present"])
    ),
    "addresses-with-a-space": record(
        "two addresses without a comma",
        "v=DMARC1; p=none; rua=mailto:a@jobmatch.zip mailto:b@jobmatch.zip",
        ready(warn=["dmarc-rua-valid"]),
    ),
    "address-without-scheme": record(
        "mailto: was forgotten",
        "v=DMARC1; p=none; rua=reports@jobmatch.zip",
        ready(warn=["dmarc-rua-valid"], fix=["mailto:reports@jobmatch.zip"]),
    ),
    "size-limit": record(
        "an obsolete size limit",
        "v=DMARC1; p=none; rua=mailto:reports@jobmatch.zip!50m",
        ready(warn=["dmarc-rua-valid"]),
    ),
    "address-with-an-exclamation-mark": record(
        "'!' must be percent-encoded",
        "v=DMARC1; p=none; rua=mailto:re!ports@jobmatch.zip",
        ready(warn=["dmarc-rua-valid"], fix=["rua=mailto:re%21ports@jobmatch.zip"]),
    ),
    "foreign-host-over-https": record(
        "an https host has to permit reports too",
        "v=DMARC1; p=none; rua=https://reports.test/in",
        ready(
            warn=["dmarc-rua-authorised"], skip=["dmarc-rua-host-receives"], fix=[PERMISSION[:-1]]
        ),
    ),
    "foreign-host-permits": record(
        "the report host has published its permission",
        TO_REPORT_HOST,
        ready(not_fail=["dmarc-*"]),
        other=f'{REPORT_HOST}\n{PERMISSION} TXT "v=DMARC1;"',
    ),
    "foreign-host-permits-everyone": record(
        "the report host permits everyone by a wildcard",
        TO_REPORT_HOST,
        ready(not_fail=["dmarc-*"]),
        other=f'{REPORT_HOST}\n*._report._dmarc.reports.test. TXT "v=DMARC1"',
    ),
    "foreign-host-silent": record(
        "the report host has published nothing",
        TO_REPORT_HOST,
        ready(warn=["dmarc-rua-authorised"], fix=[PERMISSION.rstrip("."), "v=DMARC1"]),
        other=REPORT_HOST,
    ),
    "apex-without-mail": Case(
        title="the apex neither sends nor receives; reports go elsewhere",
        zone=f'@ MX 0 .\n@ TXT "v=spf1 -all"\n_dmarc TXT "{TO_REPORT_HOST}"',
        other=f'{REPORT_HOST}\n{PERMISSION} TXT "v=DMARC1"',
        expect=ready(not_fail=NOTHING_WRONG),
    ),
    "report-host-null-mx": Case(
        title="reports go to a domain that says it receives no mail",
        zone="@ MX 0 .",
        expect=ready(warn=["dmarc-rua-host-receives"]),
    ),
    "report-host-without-mail": Case(
        title="reports go to a domain without MX and address",
        remove=["@ MX", "@ A"],
        zone='@ TXT "v=spf1 -all"',
        expect=ready(warn=["dmarc-rua-host-receives"]),
    ),
}

CASES = {**PLACE, **SYNTAX, **POLICY, **REPORTS}
