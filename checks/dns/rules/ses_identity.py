"""Rules on the three statuses that SES itself gates on: sending, DKIM, MAIL FROM."""

from __future__ import annotations

from collections.abc import Iterator

from checks.dns.expectation import BYODKIM, Identity, IdentityUnknown
from checks.dns.facts import Facts
from checks.dns.names import display
from checks.dns.rules import ses_scopes
from checks.dns.rules.ses_scopes import WAITING
from checks.model import Severity
from checks.registry import Failed, Found, Unsure, rule

API = "SESv2 GetEmailIdentity"

# VerificationInfo.ErrorType, in the words of the API reference.
ERRORS = {
    "HOST_NOT_FOUND": "a DKIM name does not exist in public DNS",
    "TYPE_NOT_FOUND": "a DKIM name exists without the record type that SES needs",
    "INVALID_VALUE": "a DKIM record holds another value than SES expects",
    "DNS_SERVER_ERROR": "the name servers of the domain failed when SES asked",
    "SERVICE_ERROR": "SES had a fault of its own and tries again",
    "REPLICATION_ACCESS_DENIED": "SES may not read the parent identity of this replica",
    "REPLICATION_PRIMARY_NOT_FOUND": "the parent identity of this replica does not exist",
    "REPLICATION_PRIMARY_BYO_DKIM_NOT_SUPPORTED": "the parent identity has BYODKIM: no replica",
    "REPLICATION_REPLICA_AS_PRIMARY_NOT_SUPPORTED": "the parent identity is a replica itself",
    "REPLICATION_PRIMARY_INVALID_REGION": "the parent identity is in a Region without replicas",
}


@rule(
    "ses-identity-verified",
    title="The identity is verified for sending",
    severity=Severity.ERROR,
    reference=API,
    fix="Correct the DKIM records of {domain}; SES checks again by itself",
    scope=ses_scopes.identity_or_absence,
)
def ses_identity_verified(facts: Facts, found: Identity | IdentityUnknown) -> Iterator[Found]:
    """Fail where SES will not send, and where it has no such identity."""
    if isinstance(found, IdentityUnknown):
        yield _absent(facts, found)
    elif found.verified_for_sending is None:
        yield Unsure("VerifiedForSendingStatus is absent")
    elif not found.verified_for_sending:
        yield _unverified(found)


def _absent(facts: Facts, found: IdentityUnknown) -> Failed:
    domain, region = display(facts.expectation.domain), facts.expectation.region
    create = f"aws sesv2 create-email-identity --email-identity {domain} --region {region}"
    return Failed(
        message=found.cause,
        expected=f"an identity {domain} in {region}",
        observed=("NotFoundException",),
        fix_text=f"Create the identity: `pulumi up`, or `{create}`",
    )


def _unverified(found: Identity) -> Failed | Unsure:
    status, error = found.verification_status, found.error_type
    why = f"{error}: {ERRORS.get(error, 'not explained by SES')}" if error else ""
    seen = tuple(word for word in ("VerifiedForSendingStatus: false", status, error) if word)
    if status in WAITING:
        return Unsure("; ".join(filter(None, (f"{status}: {WAITING[status]}", why))), seen)
    return Failed(
        message="; ".join(filter(None, (f"SES will not send: {status or 'no status'}", why))),
        expected="VerifiedForSendingStatus: true",
        observed=seen,
    )


@rule(
    "ses-dkim-verified",
    title="DKIM is verified and signing is on",
    severity=Severity.ERROR,
    reference=API,
    fix=(
        "Turn signing on: `aws sesv2 put-email-identity-dkim-attributes --email-identity {domain} "
        "--signing-enabled`; after FAILED correct DNS and run "
        "`aws sesv2 put-email-identity-dkim-signing-attributes --email-identity {domain} "
        "--signing-attributes-origin AWS_SES`"
    ),
    scope=ses_scopes.identity,
)
def ses_dkim_verified(facts: Facts, identity: Identity) -> Iterator[Found]:
    """Fail for FAILED, NOT_STARTED and signing switched off; a search is no answer yet."""
    if identity.signing_enabled is False:
        yield Failed(
            message="DKIM signing is switched off",
            expected="SigningEnabled: true",
            observed=("SigningEnabled: false",),
        )
    elif identity.signing_enabled is None:
        yield Unsure("SigningEnabled is absent")
    status = identity.dkim_status
    if status in {"FAILED", "NOT_STARTED"}:
        yield Failed(
            message=f"DKIM is {status}: SES does not sign",
            expected="SUCCESS",
            observed=(status,),
            fix_text=_byodkim_fix(facts) if identity.origin == BYODKIM else "",
        )
    elif status != "SUCCESS":
        yield Unsure(_waiting(status, identity), (status,) if status else ())


def _waiting(status: str, identity: Identity) -> str:
    known = WAITING.get(status)
    if known is None:
        return f"DkimAttributes.Status is {status or 'absent'}"
    unsigned = "; with BYODKIM mail is unsigned meanwhile" if identity.origin == BYODKIM else ""
    return f"{status}: {known}{unsigned}"


def _byodkim_fix(facts: Facts) -> str:
    domain = display(facts.expectation.domain)
    return (
        "Correct the TXT record of the key and run "
        "`aws sesv2 put-email-identity-dkim-signing-attributes "
        f"--email-identity {domain} --signing-attributes-origin EXTERNAL "
        "--signing-attributes DomainSigningSelector=<selector>,DomainSigningPrivateKey=<key>`"
    )


@rule(
    "ses-mail-from-verified",
    title="MAIL FROM is verified",
    severity=Severity.ERROR,
    reference="SES dg mail-from",
    fix=(
        "Run `aws sesv2 put-email-identity-mail-from-attributes --email-identity {domain} "
        "--mail-from-domain {mail_from}`"
    ),
    scope=ses_scopes.own_mail_from,
)
def ses_mail_from_verified(_facts: Facts, identity: Identity) -> Iterator[Found]:
    """FAILED is final: SES looks no more until the MAIL FROM is set again."""
    status = identity.mail_from_status
    name = display(identity.mail_from_domain or "")
    if status == "FAILED":
        yield Failed(
            message=f"SES gave {name} up (FAILED), which is final: repairing DNS is not enough, "
            "the MAIL FROM must be set again",
            expected="SUCCESS",
            observed=(status,),
            fix={"mail_from": name},
        )
    elif status != "SUCCESS":
        known = WAITING.get(status)
        what = f"{status}: {known}" if known else f"MailFromDomainStatus is {status or 'absent'}"
        yield Unsure(what, (status,) if status else ())
