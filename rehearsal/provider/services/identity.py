"""SES v2: the identity, its MAIL FROM and its feedback forwarding."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, ClassVar

from rehearsal.provider.aws import Aws, retagged, tag_list, tags_of
from rehearsal.provider.facts import Kind, Property, ResourceFacts, block, filled, flag, given
from rehearsal.provider.handler import Driver
from rehearsal.provider.values import Properties

_NOT_FOUND = frozenset({"NotFoundException"})
_KEY_LENGTHS = ("RSA_1024_BIT", "RSA_2048_BIT")
_BYODKIM = ("domainSigningPrivateKey", "domainSigningSelector")

# Property → member of botocore's DkimSigningAttributes.
_SIGNING = {
    "nextSigningKeyLength": "NextSigningKeyLength",
    "domainSigningPrivateKey": "DomainSigningPrivateKey",
    "domainSigningSelector": "DomainSigningSelector",
}


class EmailIdentity(Driver):
    """A domain or an address. Nothing waits for its verification."""

    kind = "aws:sesv2/emailIdentity:EmailIdentity"
    missing = _NOT_FOUND
    facts = ResourceFacts(
        tagged=True,
        properties={
            "emailIdentity": given(replaces=True, shape="sesv2:Identity"),
            "configurationSetName": Property(length=(1, 64)),
            "dkimSigningAttributes": block(
                {
                    "nextSigningKeyLength": Property(
                        computed=True, words=_KEY_LENGTHS, conflicts=_BYODKIM
                    ),
                    "domainSigningPrivateKey": Property(
                        secret=True,
                        write_only=True,
                        length=(1, 20480),
                        pattern="[A-Za-z0-9+/]+={0,2}",
                        needs=("domainSigningSelector",),
                    ),
                    "domainSigningSelector": Property(
                        write_only=True, length=(1, 63), needs=("domainSigningPrivateKey",)
                    ),
                    "currentSigningKeyLength": filled(),
                    "signingAttributesOrigin": filled(),
                    "status": filled(),
                    "tokens": filled(Kind.LIST),
                },
                computed=True,
            ),
            "arn": filled(),
            "identityType": filled(),
            "verificationStatus": filled(),
            "verifiedForSendingStatus": filled(Kind.FLAG),
        },
    )

    def create(self, aws: Aws, inputs: Properties) -> str:
        """Make the identity; one that exists is refused."""
        params: dict[str, Any] = {
            "EmailIdentity": inputs["emailIdentity"],
            "Tags": tag_list(inputs["tagsAll"]),
        }
        if inputs.get("configurationSetName"):
            params["ConfigurationSetName"] = inputs["configurationSetName"]
        if signing := _signing(inputs):
            params["DkimSigningAttributes"] = signing
        aws.client("sesv2").create_email_identity(**params)
        return str(inputs["emailIdentity"])

    def read(self, aws: Aws, identifier: str) -> Properties:
        """Read the identity; verification is as it is now."""
        answer = aws.client("sesv2").get_email_identity(EmailIdentity=identifier)
        dkim = answer.get("DkimAttributes", {})
        easy = dkim.get("SigningAttributesOrigin") != "EXTERNAL"
        return {
            "emailIdentity": identifier,
            "configurationSetName": answer.get("ConfigurationSetName"),
            "dkimSigningAttributes": {
                **({"nextSigningKeyLength": dkim.get("NextSigningKeyLength")} if easy else {}),
                "currentSigningKeyLength": dkim.get("CurrentSigningKeyLength"),
                "signingAttributesOrigin": dkim.get("SigningAttributesOrigin"),
                "status": dkim.get("Status"),
                "tokens": dkim.get("Tokens", []),
            },
            "arn": aws.arn("ses", f"identity/{identifier}"),
            "identityType": answer["IdentityType"],
            "verificationStatus": answer.get("VerificationStatus"),
            "verifiedForSendingStatus": answer.get("VerifiedForSendingStatus"),
            "tagsAll": tags_of(answer.get("Tags")),
        }

    def update(
        self, aws: Aws, identifier: str, inputs: Properties, changed: Collection[str]
    ) -> None:
        """Put the default set (without a name it is cleared) and the signing attributes."""
        client = aws.client("sesv2")
        if "configurationSetName" in changed:
            name = inputs.get("configurationSetName")
            client.put_email_identity_configuration_set_attributes(
                EmailIdentity=identifier, **({"ConfigurationSetName": name} if name else {})
            )
        signing = _signing(inputs)
        if "dkimSigningAttributes" in changed and signing:
            easy = "NextSigningKeyLength" in signing
            client.put_email_identity_dkim_signing_attributes(
                EmailIdentity=identifier,
                SigningAttributesOrigin="AWS_SES" if easy else "EXTERNAL",
                SigningAttributes=signing,
            )

    def delete(self, aws: Aws, identifier: str, inputs: Properties) -> None:
        """Delete the identity, with its keys."""
        aws.client("sesv2").delete_email_identity(EmailIdentity=identifier)

    def retag(self, aws: Aws, identifier: str, before: Properties, after: Properties) -> None:
        """Change the tags of the identity."""
        retag_ses(aws, f"identity/{identifier}", before, after)


def retag_ses(aws: Aws, resource: str, before: Properties, after: Properties) -> None:
    """Change the tags of something in SES."""
    arn = aws.arn("ses", resource)
    put, gone = retagged(before, after)
    if put:
        aws.client("sesv2").tag_resource(ResourceArn=arn, Tags=tag_list(put))
    if gone:
        aws.client("sesv2").untag_resource(ResourceArn=arn, TagKeys=gone)


def _signing(inputs: Properties) -> dict[str, str]:
    found = inputs.get("dkimSigningAttributes") or {}
    return {member: found[name] for name, member in _SIGNING.items() if found.get(name)}


class MailFrom(Driver):
    """MAIL FROM of an identity. Making it takes over whatever is set."""

    kind = "aws:sesv2/emailIdentityMailFromAttributes:EmailIdentityMailFromAttributes"
    missing = _NOT_FOUND
    facts = ResourceFacts(
        properties={
            "emailIdentity": given(replaces=True),
            "mailFromDomain": Property(),
            "behaviorOnMxFailure": Property(
                default="USE_DEFAULT_VALUE", words=("USE_DEFAULT_VALUE", "REJECT_MESSAGE")
            ),
        }
    )

    def create(self, aws: Aws, inputs: Properties) -> str:
        """Put both attributes."""
        self._put(aws, inputs["emailIdentity"], inputs)
        return str(inputs["emailIdentity"])

    def read(self, aws: Aws, identifier: str) -> Properties:
        """Read both; where SES has none they are empty, which is a difference."""
        answer = aws.client("sesv2").get_email_identity(EmailIdentity=identifier)
        found = answer.get("MailFromAttributes", {})
        return {
            "emailIdentity": identifier,
            "mailFromDomain": found.get("MailFromDomain"),
            "behaviorOnMxFailure": found.get("BehaviorOnMxFailure"),
        }

    def update(
        self, aws: Aws, identifier: str, inputs: Properties, changed: Collection[str]
    ) -> None:
        """Put both attributes again."""
        self._put(aws, identifier, inputs)

    def delete(self, aws: Aws, identifier: str, inputs: Properties) -> None:
        """Put nothing: SES's own MAIL FROM is back."""
        aws.client("sesv2").put_email_identity_mail_from_attributes(EmailIdentity=identifier)

    def _put(self, aws: Aws, identity: str, inputs: Properties) -> None:
        domain = inputs.get("mailFromDomain")
        aws.client("sesv2").put_email_identity_mail_from_attributes(
            EmailIdentity=identity,
            BehaviorOnMxFailure=inputs["behaviorOnMxFailure"],
            **({"MailFromDomain": domain} if domain else {}),
        )


class Feedback(Driver):
    """Forwarding of bounces and complaints by mail. Left out it is off, unlike SES's default."""

    kind = "aws:sesv2/emailIdentityFeedbackAttributes:EmailIdentityFeedbackAttributes"
    missing = _NOT_FOUND
    facts: ClassVar[ResourceFacts] = ResourceFacts(
        properties={
            "emailIdentity": given(replaces=True),
            "emailForwardingEnabled": flag(default=False),
        }
    )

    def create(self, aws: Aws, inputs: Properties) -> str:
        """Put the flag."""
        self._put(aws, inputs["emailIdentity"], on=inputs["emailForwardingEnabled"])
        return str(inputs["emailIdentity"])

    def read(self, aws: Aws, identifier: str) -> Properties:
        """Read the flag."""
        answer = aws.client("sesv2").get_email_identity(EmailIdentity=identifier)
        return {
            "emailIdentity": identifier,
            "emailForwardingEnabled": answer["FeedbackForwardingStatus"],
        }

    def update(
        self, aws: Aws, identifier: str, inputs: Properties, changed: Collection[str]
    ) -> None:
        """Put the flag again."""
        self._put(aws, identifier, on=inputs["emailForwardingEnabled"])

    def delete(self, aws: Aws, identifier: str, inputs: Properties) -> None:
        """Put false: deleting leaves forwarding off, as pulumi-aws does."""
        self._put(aws, identifier, on=False)

    def _put(self, aws: Aws, identity: str, *, on: bool) -> None:
        aws.client("sesv2").put_email_identity_feedback_attributes(
            EmailIdentity=identity, EmailForwardingEnabled=on
        )
