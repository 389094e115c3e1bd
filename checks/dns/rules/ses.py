"""Rules on what SES itself says of the identity and the account."""

from __future__ import annotations

import re
from collections.abc import Iterator

from checks.dns.answers import Answer
from checks.dns.dkim import rules as dkim_rules
from checks.dns.expectation import EASY_DKIM, Identity
from checks.dns.facts import Facts
from checks.dns.names import display
from checks.dns.rdata import Soa
from checks.dns.reading import explain, texts
from checks.dns.rules import ses_identity, ses_scopes
from checks.model import Finding, Outcome, Severity
from checks.registry import Failed, Found, Passed, Unsure, all_rules, evaluate, rule

__all__ = ["dkim_rules", "ses_identity"]  # importing them registers their rules

API = "SESv2 GetEmailIdentity"
DKIM_RULES = ("dkim-cname-present", "dkim-cname-target", "dkim-key-resolves")
_ZONE_REGION = re.compile(
    r"(?:.+\.)?dkim\.(?P<region>[a-z]{2}(?:-[a-z]+){1,3}-[0-9]{1,2})\.amazonses\.com\.", re.ASCII
)
MAX_SHOWN = 5  # TXT values of one name in a finding


@rule(
    "ses-dkim-agrees",
    title="DNS still carries what SES verified",
    severity=Severity.ERROR,
    reference="SES dg easy-dkim",
    fix="Restore the DKIM records; they must stay published",
    scope=ses_scopes.with_dkim_success,
)
def ses_dkim_agrees(facts: Facts, _identity: Identity) -> Iterator[Found]:
    """DNS wins over the API: SES looks again by itself and revokes the status."""
    findings = [
        finding
        for rule_id in DKIM_RULES
        for finding in evaluate(all_rules()[rule_id], facts, placeholders=facts.placeholders)
    ]
    for finding in findings:
        if finding.outcome is Outcome.FAIL:
            yield _gone(finding)
        elif finding.outcome is Outcome.UNKNOWN:
            yield Unsure(f"{finding.id}: {finding.message}", evidence=finding.evidence)


def _gone(finding: Finding) -> Failed:
    return Failed(
        message=f"SES says SUCCESS, but {finding.id} fails: {finding.message}",
        expected=finding.expected,
        observed=finding.observed,
        records=finding.fix.records if finding.fix else (),
        evidence=finding.evidence,
    )


@rule(
    "ses-mail-from-fallback",
    title="The behaviour on MX failure is known",
    severity=Severity.INFO,
    reference="SESv2 MailFromAttributes",
    fix="Choose `--behavior-on-mx-failure` knowingly",
    scope=ses_scopes.with_mail_from,
)
def ses_mail_from_fallback(_facts: Facts, identity: Identity) -> Iterator[Found]:
    """A note in both cases: each has its price."""
    behavior = identity.behavior_on_mx_failure
    prices = {
        "USE_DEFAULT_VALUE": "without the MX mail goes on with an amazonses.com MAIL FROM, and SPF "
        "alignment is lost silently",
        "REJECT_MESSAGE": "without the MX mail stops: SES rejects every message",
    }
    if behavior in prices:
        yield Failed(message=f"{behavior}: {prices[behavior]}", observed=(behavior,))
    else:
        yield Unsure(f"BehaviorOnMxFailure is {behavior or 'absent'}")


@rule(
    "ses-region-matched",
    title="The identity is in the configured region",
    severity=Severity.ERROR,
    reference=API,
    fix="Run with `--region {region}`, or create the identity in the configured region",
    scope=ses_scopes.identity,
)
def ses_region_matched(facts: Facts, identity: Identity) -> Iterator[Found]:
    """Only an Easy DKIM zone may name a Region; a replica has the zone of its parent's."""
    named = _ZONE_REGION.fullmatch(identity.signing_hosted_zone or "")
    if identity.origin != EASY_DKIM or named is None:
        return
    region, configured = named["region"], facts.expectation.region
    if region != configured:
        yield Failed(
            message=f"the identity signs under {display(named[0])}, which is of {region}; "
            f"the configured region is {configured}",
            expected=configured,
            observed=(display(named[0]),),
            fix={"region": region},
        )


@rule(
    "ses-production-granted",
    title="The account has production access",
    severity=Severity.INFO,
    reference="SESv2 GetAccount",
    fix="Request production access once the verdict is ready",
    scope=ses_scopes.account,
)
def ses_production_granted(facts: Facts, granted: bool) -> Iterator[Found]:
    """A note: outside production mail goes to verified addresses alone."""
    if not granted:
        yield Failed(
            message=f"the account is in the SES sandbox in {facts.expectation.region}",
            expected="ProductionAccessEnabled: true",
            observed=("ProductionAccessEnabled: false",),
        )


@rule(
    "ses-soa-agrees",
    title="SES saw the same zone as we do",
    severity=Severity.WARNING,
    reference=API,
    fix="Publish the records at the servers in public delegation: {ns}",
    scope=ses_scopes.with_soa,
)
def ses_soa_agrees(facts: Facts, identity: Identity) -> Iterator[Found]:
    """Compare the primary name server; another serial alone is no fault."""
    ours = _soa(facts)
    if ours is None:
        yield Unsure(f"no SOA was found for {display(facts.expectation.domain)}: {_no_soa(facts)}")
    elif ours.mname != identity.soa_mname:
        yield Failed(
            message=f"SES saw a zone of {display(identity.soa_mname)}; public DNS has the zone of "
            f"{display(ours.mname)}",
            expected=ours.mname,
            observed=(identity.soa_mname,),
            fix={"ns": ", ".join(display(name) for name in _servers(facts, ours))},
        )
    elif identity.soa_serial not in {None, ours.serial}:
        yield Passed(f"the same zone; SES saw serial {identity.soa_serial}, now {ours.serial}")


def _soa(facts: Facts) -> Soa | None:
    reply = facts.ses.soa
    records = reply.records if isinstance(reply, Answer) else ()
    return next((record for record in records if isinstance(record, Soa)), None)


def _no_soa(facts: Facts) -> str:
    return explain(facts.ses.soa)


def _servers(facts: Facts, soa: Soa) -> tuple[str, ...]:
    return facts.zone.parent_ns or facts.zone.child_ns or (soa.mname,)


@rule(
    "ses-token-legacy-absent",
    title="No legacy verification token is left",
    severity=Severity.INFO,
    reference="SES API v1 VerifyDomainIdentity",
    fix="Delete TXT `_amazonses.{domain}` once the identity is verified",
    scope=ses_scopes.with_token,
)
def ses_token_legacy_absent(facts: Facts, _identity: Identity) -> Iterator[Found]:
    """A note: Easy DKIM verifies the domain without it."""
    values = [txt.joined.decode("latin-1") for txt in texts(facts.ses.legacy_token)]
    if values:
        yield Failed(
            message=f"TXT stands at _amazonses.{display(facts.expectation.domain)}",
            expected="no TXT",
            observed=tuple(values[:MAX_SHOWN]),
        )
