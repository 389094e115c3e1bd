"""MAIL FROM, alignment, and what SES itself says."""

from __future__ import annotations

from rehearsal.example import TOKENS
from tests.blackbox.case import NOTHING_WRONG, Case, not_ready, ready, undetermined

T3 = TOKENS[2]
FEEDBACK = "feedback-smtp.us-west-2.amazonses.com"
RUA = "rua=mailto:dmarc@jobmatch.zip"
NO_MAIL_FROM = {"MailFromAttributes": {"MailFromDomain": None, "MailFromDomainStatus": None}}

MAIL_FROM = {
    "no-mail-from": Case(
        title="no custom MAIL FROM",
        remove=["bounce MX", "bounce TXT"],
        identity=NO_MAIL_FROM,
        expect=not_ready(
            "mail-from-domain-custom", fix=["put-email-identity-mail-from-attributes"]
        ),
    ),
    "no-mail-from-accepted": Case(
        title="no custom MAIL FROM, and DKIM alone is accepted",
        remove=["bounce MX", "bounce TXT"],
        identity=NO_MAIL_FROM,
        options=["--dkim-only"],
        expect=ready(warn=["align-spf-available"], skip=["mail-from-domain-custom"]),
    ),
    "mail-from-is-the-domain": Case(
        title="MAIL FROM is the identity itself",
        options=["--mail-from", "jobmatch.zip"],
        expect=not_ready(
            "mail-from-mx-target",
            "mail-from-domain-below",
            "mail-from-domain-dedicated",
            not_fail=["mail-from-mx-unsuffixed"],
            fix=["bounce.jobmatch.zip", "leave the MX of jobmatch.zip alone"],
        ),
    ),
    "mail-from-elsewhere": Case(
        title="MAIL FROM by hand, below the domain",
        options=["--mail-from", "mx.jobmatch.zip"],
        zone=f'mx MX 10 {FEEDBACK}.\nmx TXT "v=spf1 include:amazonses.com ~all"',
        expect=ready(skip=["ses-mail-from-verified"], not_fail=NOTHING_WRONG),
    ),
    "from-is-mail-from": Case(
        title="mail is sent From the MAIL FROM host",
        options=["--from", "bounce.jobmatch.zip"],
        expect=ready(warn=["mail-from-host-unsent"]),
    ),
    "mail-from-alias": Case(
        title="MAIL FROM is an alias",
        remove=["bounce MX", "bounce TXT"],
        zone="bounce CNAME mail",
        expect=not_ready("mail-from-domain-unaliased"),
    ),
    "mx-missing": Case(
        title="no MX at MAIL FROM",
        remove=["bounce MX"],
        expect=not_ready("mail-from-mx-single", fix=[f"10 {FEEDBACK}"]),
    ),
    "mx-of-two-regions": Case(
        title="the MX of two Regions",
        zone=f"bounce MX 10 {FEEDBACK}.\nbounce MX 10 feedback-smtp.us-east-1.amazonses.com.",
        expect=not_ready("mail-from-mx-single", fix=[f"10 {FEEDBACK}"]),
    ),
    "mx-of-another-region": Case(
        title="the MX of another Region alone",
        zone="bounce MX 10 feedback-smtp.us-east-1.amazonses.com.",
        expect=not_ready("mail-from-mx-target", not_fail=["mail-from-mx-single"], fix=[FEEDBACK]),
    ),
    "mx-suffixed": Case(
        title="no dot behind the exchange, so the zone was appended",
        zone=f"bounce MX 10 {FEEDBACK}",
        expect=not_ready(
            "mail-from-mx-unsuffixed",
            "mail-from-mx-target",
            not_fail=["mail-from-domain-dedicated"],
            fix=[f"{FEEDBACK}."],
        ),
    ),
    "mx-of-the-mailboxes": Case(
        title="MAIL FROM receives other mail",
        zone="bounce MX 10 mail",
        expect=not_ready("mail-from-domain-dedicated", "mail-from-mx-target"),
    ),
    "mx-preference": Case(
        title="another preference",
        zone=f"bounce MX 20 {FEEDBACK}.",
        expect=ready(
            warn=["mail-from-mx-preference"],
            not_fail=["mail-from-mx-single", "mail-from-mx-target"],
        ),
    ),
    "mx-by-wildcard": Case(
        title="a wildcard has the MX, but MAIL FROM exists and hides it",
        remove=["bounce MX"],
        zone=f"* MX 10 {FEEDBACK}.",
        expect=not_ready("mail-from-mx-single", "mail-from-mx-explicit"),
    ),
}

ALIGNMENT = {
    "strict-spf": Case(
        title="aspf=s with a MAIL FROM subdomain",
        zone=f'_dmarc TXT "v=DMARC1; p=none; aspf=s; {RUA}"',
        expect=not_ready("align-aspf-relaxed", not_fail=["spf-ses-passes", "align-dkim-org-same"]),
    ),
    "strict-spf-accepted": Case(
        title="aspf=s where DKIM alone is accepted",
        zone=f'_dmarc TXT "v=DMARC1; p=none; aspf=s; {RUA}"',
        options=["--dkim-only"],
        expect=ready(warn=["align-spf-available"], skip=["align-aspf-relaxed"]),
    ),
    "strict-dkim": Case(
        title="adkim=s with From at the domain itself",
        zone=f'_dmarc TXT "v=DMARC1; p=none; adkim=s; {RUA}"',
        expect=ready(not_fail=NOTHING_WRONG),
    ),
    "strict-dkim-subdomain": Case(
        title="adkim=s with From at a subdomain",
        zone=f'mailer MX 10 mail\n_dmarc TXT "v=DMARC1; p=none; adkim=s; {RUA}"',
        options=["--from", "mailer.jobmatch.zip"],
        expect=not_ready(
            "align-adkim-satisfied", not_fail=["align-dkim-org-same", "align-spf-org-same"]
        ),
    ),
    "foreign-from": Case(
        title="From is another organization's",
        options=["--from", "mailer.partner.org"],
        other="""
            mailer.partner.org. MX 10 mx.partner.org.
            partner.org. MX 10 mx.partner.org.
            mx.partner.org. A 203.0.113.18
            _dmarc.partner.org. TXT "v=DMARC1; p=none; rua=mailto:d@partner.org"
        """,
        expect=not_ready("align-dkim-org-same", "align-spf-org-same"),
    ),
    "psd-yes": Case(
        title="psd=y makes every subdomain an organization of its own",
        zone=f'_dmarc TXT "v=DMARC1; p=none; psd=y; {RUA}"',
        expect=not_ready(
            "dmarc-psd-unclaimed",
            "align-spf-org-same",
            warn=["dmarc-models-agree"],
            not_fail=["align-dkim-org-same"],
        ),
    ),
    "psd-no-at-mail-from": Case(
        title="psd=n at MAIL FROM splits it off",
        zone=f'_dmarc.bounce TXT "v=DMARC1; p=none; psd=n; {RUA}"',
        expect=not_ready("dmarc-psd-unsplit", "align-spf-org-same"),
    ),
    "record-at-mail-from": Case(
        title="a plain record at MAIL FROM does no harm",
        zone=f'_dmarc.bounce TXT "v=DMARC1; p=none; {RUA}"',
        expect=ready(not_fail=NOTHING_WRONG),
    ),
}

SES = {
    "verified-and-gone": Case(
        title="a DKIM record was taken away after SES had verified it",
        remove=[f"{T3}._domainkey CNAME"],
        expect=not_ready("dkim-cname-present", "ses-dkim-agrees"),
    ),
    "signing-off": Case(
        title="signing is switched off",
        identity={"DkimAttributes": {"SigningEnabled": False}},
        expect=not_ready("ses-dkim-verified", fix=["--signing-enabled"]),
    ),
    "dkim-pending": Case(
        title="SES is still looking for the DKIM records",
        identity={"DkimAttributes": {"Status": "PENDING"}},
        expect=undetermined("ses-dkim-verified", not_fail=NOTHING_WRONG),
    ),
    "dkim-failed": Case(
        title="SES gave up on DKIM",
        identity={"DkimAttributes": {"Status": "FAILED"}},
        expect=not_ready("ses-dkim-verified", fix=["put-email-identity-dkim-signing-attributes"]),
    ),
    "identity-failed": Case(
        title="SES could not verify the identity, and says why",
        identity={
            "VerifiedForSendingStatus": False,
            "VerificationStatus": "FAILED",
            "VerificationInfo": {"ErrorType": "TYPE_NOT_FOUND"},
        },
        expect=not_ready(
            "ses-identity-verified", observed={"ses-identity-verified": ["TYPE_NOT_FOUND"]}
        ),
    ),
    "identity-pending": Case(
        title="SES has not verified the identity yet",
        identity={"VerifiedForSendingStatus": False, "VerificationStatus": "PENDING"},
        expect=undetermined("ses-identity-verified"),
    ),
    "mail-from-failed": Case(
        title="SES gave up on MAIL FROM before DNS was repaired",
        identity={"MailFromAttributes": {"MailFromDomainStatus": "FAILED"}},
        expect=not_ready(
            "ses-mail-from-verified",
            not_fail=["mail-from-mx-single", "mail-from-mx-target"],
            fix=["put-email-identity-mail-from-attributes", "bounce.jobmatch.zip"],
        ),
    ),
    "mail-from-pending": Case(
        title="SES is still looking for the MX",
        identity={"MailFromAttributes": {"MailFromDomainStatus": "PENDING"}},
        expect=undetermined("ses-mail-from-verified", not_fail=NOTHING_WRONG),
    ),
    "mail-stops-on-failure": Case(
        title="mail is rejected when the MX fails",
        identity={"MailFromAttributes": {"BehaviorOnMxFailure": "REJECT_MESSAGE"}},
        expect=ready(info=["ses-mail-from-fallback"], not_fail=NOTHING_WRONG),
    ),
    "another-region": Case(
        title="the identity was created in another Region",
        options=["--region", "us-east-1"],
        zone="bounce MX 10 feedback-smtp.us-east-1.amazonses.com.",
        expect=not_ready("ses-region-matched", not_fail=["mail-from-mx-target"]),
    ),
    "another-dns-host": Case(
        title="SES saw the zone at the DNS host of last year",
        identity={"VerificationInfo": {"SOARecord": {"PrimaryNameServer": "ns1.previous.example"}}},
        expect=ready(warn=["ses-soa-agrees"]),
    ),
    "legacy-token": Case(
        title="a verification token of the old API",
        zone='_amazonses TXT "c2lnbmVkIHNlYWxlZCBkZWxpdmVyZWQ="',
        expect=ready(info=["ses-token-legacy-absent"], not_fail=NOTHING_WRONG),
    ),
}

CASES = {**MAIL_FROM, **ALIGNMENT, **SES}
