"""E-mail identities: made, shown, listed, deleted."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from rehearsal.aws import dkim, tags
from rehearsal.aws.errors import already_exists, bad_request, not_found
from rehearsal.aws.operations import Call, operation
from rehearsal.aws.state import Identity, SesRegion
from rehearsal.aws.verification import verify
from rehearsal.aws.world import Letter

_LABEL = r"[a-z0-9_]([a-z0-9-]{0,61}[a-z0-9])?"
_DOMAIN = re.compile(rf"({_LABEL}\.)+{_LABEL}")
_ADDRESS = re.compile(r"[^@\s]{1,64}@(?P<domain>[^@\s]+)")


def find(ses: SesRegion, name: str) -> Identity:
    """Return an identity by name. Raises NotFoundException."""
    identity = ses.identities.get(_key(name))
    if identity is None:
        raise not_found(f"Email identity {name} does not exist.")
    return identity


def _key(name: str) -> str:
    """Return the name that an identity is kept under: domains are the same in any case."""
    local, at, domain = name.rpartition("@")
    return f"{local}{at}{domain.lower()}"


def sender_of(ses: SesRegion, address: str) -> Identity | None:
    """Return the identity that stands for an address: its own, its domain's, a parent's."""
    local, _, domain = address.rpartition("@")
    labels = domain.lower().split(".")
    parents = [".".join(labels[n:]) for n in range(len(labels) - 1)]
    names = [f"{local}@{domain.lower()}", *parents]
    known = [ses.identities[name] for name in names if name in ses.identities]
    verified = [identity for identity in known if identity.verified]
    return next(iter(verified or known), None)


def set_exists(ses: SesRegion, name: str) -> None:
    """Raise NotFoundException where a configuration set does not exist."""
    if name not in ses.sets:
        raise not_found(f"Configuration set <{name}> does not exist.")


@operation("sesv2", "CreateEmailIdentity")
def create_email_identity(call: Call) -> dict[str, Any]:
    """Make an identity. Raises AlreadyExistsException, NotFoundException, BadRequestException."""
    name, now = call.params["EmailIdentity"], call.world.clock.now()
    domain = not _ADDRESS.fullmatch(name)
    host = name if domain else name.rpartition("@")[2]
    if not _DOMAIN.fullmatch(host.lower()) or len(host) > 253:
        raise bad_request(f"Invalid email or domain name {name}.")
    if _key(name) in call.ses.identities:
        raise already_exists(f"Email identity {name} already exist.")
    if "ConfigurationSetName" in call.params:
        set_exists(call.ses, call.params["ConfigurationSetName"])
    attributes = call.params.get("DkimSigningAttributes", {})
    if attributes and not domain:
        raise bad_request("DkimSigningAttributes are only for domain identities.")
    identity = Identity(
        name=_key(name),
        kind="DOMAIN" if domain else "EMAIL_ADDRESS",
        created_at=now,
        next_check=now + call.world.settings.verification_interval,
        dkim=dkim.new_dkim(call.ses, host, attributes, now) if domain else dkim.no_dkim(),
        configuration_set=call.params.get("ConfigurationSetName"),
    )
    call.ses.identities[identity.name] = identity
    tags.put(call.ses, call.ses.arn("identity", identity.name), call.params.get("Tags", []))
    if not domain:
        _ask_to_confirm(call, identity)
    return {
        "IdentityType": identity.kind,
        "VerifiedForSendingStatus": identity.verified,
        "DkimAttributes": dkim.shown(identity.dkim, call.world.settings.signing_hosted_zone),
    }


def _ask_to_confirm(call: Call, identity: Identity) -> None:
    letter = Letter(
        to=identity.name,
        subject="Amazon Web Services - Email Address Verification Request",
        text=f"Confirm that {identity.name} is yours, in region {call.region}.",
        token=f"{call.account}/{call.region}/{identity.name}",
    )
    call.world.letters.append(letter)


@operation("sesv2", "GetEmailIdentity")
def get_email_identity(call: Call) -> dict[str, Any]:
    """Show an identity; MailFromAttributes is absent or complete."""
    identity = find(call.ses, call.params["EmailIdentity"])
    verify(call.world, call.ses, identity)
    answer: dict[str, Any] = {
        "IdentityType": identity.kind,
        "FeedbackForwardingStatus": identity.forwarding,
        "VerifiedForSendingStatus": identity.verified,
        "DkimAttributes": dkim.shown(identity.dkim, call.world.settings.signing_hosted_zone),
        "Policies": dict(identity.policies),
        "Tags": tags.shown(call.ses, call.ses.arn("identity", identity.name)),
        "VerificationStatus": identity.verification_status,
    }
    if identity.mail_from is not None:
        answer["MailFromAttributes"] = {
            "MailFromDomain": identity.mail_from.domain,
            "MailFromDomainStatus": identity.mail_from.status,
            "BehaviorOnMxFailure": identity.mail_from.behavior,
        }
    if identity.configuration_set is not None:
        answer["ConfigurationSetName"] = identity.configuration_set
    return answer | _verification_info(identity)


def _verification_info(identity: Identity) -> dict[str, Any]:
    info: dict[str, Any] = {}
    if identity.checked_at is not None:
        info["LastCheckedTimestamp"] = identity.checked_at
    if identity.succeeded_at is not None:
        info["LastSuccessTimestamp"] = identity.succeeded_at
    if identity.problem is not None:
        info["ErrorType"] = identity.problem
    return {"VerificationInfo": info} if info else {}


@operation("sesv2", "ListEmailIdentities")
def list_email_identities(call: Call) -> dict[str, Any]:
    """List the identities by name, in pages of at most 1000."""
    for identity in call.ses.identities.values():
        verify(call.world, call.ses, identity)
    rows = [
        {
            "IdentityType": identity.kind,
            "IdentityName": identity.name,
            "SendingEnabled": identity.verified,
            "VerificationStatus": identity.verification_status,
        }
        for _, identity in sorted(call.ses.identities.items())
    ]
    shown, token = page(rows, call.params, largest=1000)
    return {"EmailIdentities": shown} | token


def page(
    rows: Sequence[Any], params: dict[str, Any], *, largest: int
) -> tuple[list[Any], dict[str, str]]:
    """Cut one page; the token is the index of the next row. Raises BadRequestException."""
    token = params.get("NextToken", "0")
    if not token.isdecimal():
        raise bad_request("NextToken is invalid.")
    size = params.get("PageSize") or largest
    if not 0 < size <= largest:
        raise bad_request(f"PageSize must be between 1 and {largest}.")
    start = int(token)
    rest = {"NextToken": str(start + size)} if start + size < len(rows) else {}
    return list(rows[start : start + size]), rest


@operation("sesv2", "DeleteEmailIdentity")
def delete_email_identity(call: Call) -> None:
    """Delete an identity with its policies and tags."""
    identity = find(call.ses, call.params["EmailIdentity"])
    del call.ses.identities[identity.name]
    call.ses.tags.pop(call.ses.arn("identity", identity.name), None)
