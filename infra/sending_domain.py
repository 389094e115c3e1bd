"""SendingDomain: the identity of the domain in SES, its DKIM keys and its MAIL FROM."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import pulumi
from pulumi_aws import sesv2

from contract.settings import Settings
from infra.adoption import told_how_to_import
from infra.configuration_set import ConfigurationSet
from infra.values import MxFailure, SigningKeyLength

if TYPE_CHECKING:
    from pulumi_aws.sesv2.outputs import EmailIdentityDkimSigningAttributes

# Off, as bounces and complaints arrive through the event destinations; mail to a no-reply address
# would be read by nobody.
FEEDBACK_FORWARDING = False


@dataclass(frozen=True, slots=True)
class SendingDomainArgs:
    """The settings, and the default configuration set with its event destinations."""

    settings: Settings
    sending: ConfigurationSet


class SendingDomain(pulumi.ComponentResource):
    """A domain identity (never one address), with Easy DKIM of 2048 bits or a key of one's own."""

    identity: sesv2.EmailIdentity
    dkim_tokens: pulumi.Output[Sequence[str]]

    def __init__(
        self, name: str, args: SendingDomainArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("sesgate:mail:SendingDomain", name, None, opts)
        settings = args.settings
        self.identity = self._identity(f"{name}-identity", args)
        self.dkim_tokens = _tokens(settings, self.identity)
        self._mail_from(f"{name}-mail-from", settings)
        self._forwarding(f"{name}-forwarding", settings.domain, args.sending.destinations)
        self.register_outputs({"identityArn": self.identity.arn})

    def _identity(self, name: str, args: SendingDomainArgs) -> sesv2.EmailIdentity:
        settings = args.settings
        return sesv2.EmailIdentity(
            name,
            email_identity=settings.domain,
            # The default set, or mail that names no set would have no bounce handling.
            configuration_set_name=args.sending.configuration_set.configuration_set_name,
            dkim_signing_attributes=_signing(settings),
            opts=pulumi.ResourceOptions(
                parent=self,
                protect=True,  # made anew it has other DKIM keys, and the DNS is wrong
                import_=settings.domain if settings.import_identity else None,
                hooks=told_how_to_import(f"{name}-exists", self.pulumi_resource_name),
            ),
        )

    # Both name the identity by its plain domain: where it cannot be created they are left out, and
    # not refused for want of a name, which would end the whole run.

    def _mail_from(self, name: str, settings: Settings) -> None:
        # USE_DEFAULT_VALUE: until the MX is seen mail goes out, with SES's own MAIL FROM.
        # A new name for this resource needs an alias: deleting the old one clears MAIL FROM.
        sesv2.EmailIdentityMailFromAttributes(
            name,
            email_identity=settings.domain,
            mail_from_domain=settings.mail_from_domain,
            behavior_on_mx_failure=MxFailure.USE_DEFAULT_VALUE,
            opts=pulumi.ResourceOptions(parent=self, depends_on=[self.identity]),
        )

    def _forwarding(self, name: str, domain: str, destinations: Sequence[pulumi.Resource]) -> None:
        # After the destinations: until they stand, forwarding is the only bounce handling.
        sesv2.EmailIdentityFeedbackAttributes(
            name,
            email_identity=domain,
            email_forwarding_enabled=FEEDBACK_FORWARDING,
            opts=pulumi.ResourceOptions(parent=self, depends_on=[self.identity, *destinations]),
        )


def _signing(settings: Settings) -> sesv2.EmailIdentityDkimSigningAttributesArgs:
    if settings.dkim == "byodkim":
        return sesv2.EmailIdentityDkimSigningAttributesArgs(
            domain_signing_selector=settings.byodkim_selector,
            # Secret from here on: the SDK does not mark this property by itself.
            domain_signing_private_key=pulumi.Output.secret(settings.byodkim_private_key),
        )
    return sesv2.EmailIdentityDkimSigningAttributesArgs(
        next_signing_key_length=SigningKeyLength.RSA_2048_BIT  # SES may still make 1024
    )


def _tokens(settings: Settings, identity: sesv2.EmailIdentity) -> pulumi.Output[Sequence[str]]:
    """Return the three Easy DKIM tokens, or the BYODKIM selector, as SES does."""
    if settings.byodkim_selector:
        return pulumi.Output.from_input([settings.byodkim_selector])
    return identity.dkim_signing_attributes.apply(_easy_tokens)


def _easy_tokens(signing: EmailIdentityDkimSigningAttributes) -> Sequence[str]:
    if not signing.tokens and pulumi.runtime.is_dry_run():
        # A provider may leave out of a preview what is not made yet: not known, and not "none".
        return cast("Sequence[str]", pulumi.UNKNOWN)
    return signing.tokens or []
