"""What is put on an identity: DKIM, MAIL FROM, forwarding, default set, policies."""

from __future__ import annotations

from typing import Any

from rehearsal.aws import dkim, policies
from rehearsal.aws.errors import already_exists, bad_request, not_found
from rehearsal.aws.identities import find, set_exists
from rehearsal.aws.operations import Call, operation
from rehearsal.aws.state import Identity, MailFrom

_MOST_POLICIES = 20


def _identity(call: Call) -> Identity:
    return find(call.ses, call.params["EmailIdentity"])


@operation("sesv2", "PutEmailIdentityMailFromAttributes")
def put_mail_from(call: Call) -> None:
    """Set, change or (with no domain) remove the MAIL FROM domain. Raises BadRequestException.

    Every put starts the verification again, which is how a FAILED one is mended.
    """
    identity = _identity(call)
    domain = call.params.get("MailFromDomain", "").lower()
    behavior = call.params.get("BehaviorOnMxFailure", "USE_DEFAULT_VALUE")
    if not domain:
        if behavior == "REJECT_MESSAGE":
            raise bad_request("MailFromDomain is required with REJECT_MESSAGE.")
        identity.mail_from = None
        return
    parent = identity.name.rpartition("@")[2]
    if not domain.endswith(f".{parent}"):
        raise bad_request(
            f"Provided MAIL-FROM domain <{domain}> is not subdomain of the domain "
            f"of the identity <{identity.name}>."
        )
    now = call.world.clock.now()
    identity.mail_from = MailFrom(domain, behavior, "PENDING", now)
    identity.next_check = min(identity.next_check, now + call.world.settings.verification_interval)


@operation("sesv2", "PutEmailIdentityFeedbackAttributes")
def put_feedback(call: Call) -> None:
    """Switch the forwarding of feedback by mail; not given means off."""
    _identity(call).forwarding = bool(call.params.get("EmailForwardingEnabled", False))


@operation("sesv2", "PutEmailIdentityConfigurationSetAttributes")
def put_configuration_set(call: Call) -> None:
    """Set the default configuration set, or clear it where none is named."""
    identity = _identity(call)
    name = call.params.get("ConfigurationSetName")
    if name:
        set_exists(call.ses, name)
    identity.configuration_set = name or None


@operation("sesv2", "PutEmailIdentityDkimAttributes")
def put_dkim(call: Call) -> None:
    """Switch DKIM signing; not given means off."""
    _identity(call).dkim.signing_enabled = bool(call.params.get("SigningEnabled", False))


@operation("sesv2", "PutEmailIdentityDkimSigningAttributes")
def put_dkim_signing(call: Call) -> dict[str, Any]:
    """Change the key's length, or between Easy DKIM and BYODKIM. Raises BadRequestException."""
    identity, now = _identity(call), call.world.clock.now()
    if identity.kind != "DOMAIN":
        raise bad_request(f"{identity.name} is not a domain identity.")
    origin = call.params["SigningAttributesOrigin"]
    attributes = call.params.get("SigningAttributes", {})
    if origin == dkim.BYODKIM:
        identity.dkim = dkim.own_dkim(attributes, now)
    elif origin != dkim.EASY:
        raise bad_request(f"Signing attributes of {origin} are not imitated by the rehearsal.")
    elif {"DomainSigningSelector", "DomainSigningPrivateKey"} & attributes.keys():
        raise bad_request("A selector or a private key cannot be given with AWS_SES.")
    elif identity.dkim.origin != dkim.EASY:
        identity.dkim = dkim.new_dkim(call.ses, identity.name, attributes, now)
    elif "NextSigningKeyLength" in attributes:
        dkim.change_length(identity.dkim, attributes["NextSigningKeyLength"], now)
    if identity.dkim.status == "FAILED":
        identity.dkim.status, identity.dkim.since = "PENDING", now
    identity.next_check = min(identity.next_check, now + call.world.settings.verification_interval)
    zone = call.world.settings.signing_hosted_zone
    answer = {"DkimStatus": identity.dkim.status, "DkimTokens": list(identity.dkim.tokens)}
    return answer | ({"SigningHostedZone": zone} if origin == dkim.EASY else {})


@operation("sesv2", "CreateEmailIdentityPolicy")
def create_policy(call: Call) -> None:
    """Add a sending authorization policy. Raises AlreadyExistsException, BadRequestException."""
    identity, name = _identity(call), call.params["PolicyName"]
    if name in identity.policies:
        raise already_exists(f"Policy <{name}> already exists.")
    if len(identity.policies) >= _MOST_POLICIES:
        raise bad_request(f"An identity can have at most {_MOST_POLICIES} policies.")
    identity.policies[name] = _sound_policy(call)


@operation("sesv2", "UpdateEmailIdentityPolicy")
def update_policy(call: Call) -> None:
    """Replace a policy. Raises NotFoundException, BadRequestException."""
    _policy_exists(call)
    _identity(call).policies[call.params["PolicyName"]] = _sound_policy(call)


@operation("sesv2", "DeleteEmailIdentityPolicy")
def delete_policy(call: Call) -> None:
    """Delete a policy. Raises NotFoundException."""
    _policy_exists(call)
    del _identity(call).policies[call.params["PolicyName"]]


@operation("sesv2", "GetEmailIdentityPolicies")
def get_policies(call: Call) -> dict[str, Any]:
    """Return the policies by name."""
    return {"Policies": dict(_identity(call).policies)}


def _policy_exists(call: Call) -> None:
    name = call.params["PolicyName"]
    if name not in _identity(call).policies:
        raise not_found(f"Policy <{name}> does not exist.")


def _sound_policy(call: Call) -> str:
    document = str(call.params["Policy"])
    try:
        policies.parse(document)
    except policies.MalformedPolicyError as error:
        raise bad_request(f"Policy is invalid: {error}.") from error
    return document
