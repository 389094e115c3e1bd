"""What is put on an identity: signing, MAIL FROM, forwarding, default set, policies, tags."""

from __future__ import annotations

import base64
import datetime as dt
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from rehearsal.aws import EmulatedAws
from tests.rehearsal.aws.emulator import ACCOUNT, DOMAIN, REGION, client, document, refusal

PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey


def der(key: PrivateKey) -> str:
    private = key.private_bytes(
        serialization.Encoding.DER,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return base64.b64encode(private).decode()


@pytest.fixture(scope="module")
def private_key() -> str:
    return der(rsa.generate_private_key(public_exponent=65537, key_size=1024))


def shown(aws: EmulatedAws, name: str = DOMAIN) -> dict[str, Any]:
    answer = client(aws, "sesv2").get_email_identity(EmailIdentity=name)
    answer.pop("ResponseMetadata")
    return dict(answer)


def test_a_key_length_changes_once_a_day(aws: EmulatedAws) -> None:
    ses = client(aws, "sesv2")
    easy = {"EmailIdentity": DOMAIN, "SigningAttributesOrigin": "AWS_SES"}
    ses.create_email_identity(
        EmailIdentity=DOMAIN, DkimSigningAttributes={"NextSigningKeyLength": "RSA_1024_BIT"}
    )
    tokens = shown(aws)["DkimAttributes"]["Tokens"]
    longer = easy | {"SigningAttributes": {"NextSigningKeyLength": "RSA_2048_BIT"}}
    shorter = easy | {"SigningAttributes": {"NextSigningKeyLength": "RSA_1024_BIT"}}
    answer = ses.put_email_identity_dkim_signing_attributes(**longer)
    assert answer["DkimTokens"] == tokens
    assert answer["SigningHostedZone"] == "dkim.amazonses.com"
    dkim = shown(aws)["DkimAttributes"]
    lengths = dkim["CurrentSigningKeyLength"], dkim["NextSigningKeyLength"]
    assert lengths == ("RSA_1024_BIT", "RSA_2048_BIT")
    code, _, message = refusal(ses.put_email_identity_dkim_signing_attributes, **shorter)
    assert (code, "once per day" in message) == ("BadRequestException", True)
    aws.clock.advance(dt.timedelta(days=1))
    ses.put_email_identity_dkim_signing_attributes(**shorter)
    assert shown(aws)["DkimAttributes"]["NextSigningKeyLength"] == "RSA_1024_BIT"


def test_own_key_instead_of_easy_dkim_and_back(aws: EmulatedAws, private_key: str) -> None:
    ses = client(aws, "sesv2")
    own = {"DomainSigningSelector": "k1", "DomainSigningPrivateKey": private_key}
    ses.create_email_identity(EmailIdentity=DOMAIN, DkimSigningAttributes=own)
    dkim = shown(aws)["DkimAttributes"]
    assert dkim == {
        "SigningEnabled": True,
        "Status": "PENDING",
        "Tokens": ["k1"],
        "SigningAttributesOrigin": "EXTERNAL",
    }
    ses.put_email_identity_dkim_signing_attributes(
        EmailIdentity=DOMAIN, SigningAttributesOrigin="AWS_SES"
    )
    assert len(shown(aws)["DkimAttributes"]["Tokens"]) == 3
    answer = ses.put_email_identity_dkim_signing_attributes(
        EmailIdentity=DOMAIN, SigningAttributesOrigin="EXTERNAL", SigningAttributes=own
    )
    assert answer["DkimTokens"] == ["k1"]
    assert "SigningHostedZone" not in answer


@pytest.mark.parametrize(
    "attributes",
    [
        {"DomainSigningSelector": "k1"},
        {"DomainSigningSelector": "k1", "DomainSigningPrivateKey": "bm90IGEga2V5"},
        {"DomainSigningSelector": "k_1", "DomainSigningPrivateKey": "KEY"},
        {"DomainSigningSelector": "k" * 64, "DomainSigningPrivateKey": "KEY"},
        {"DomainSigningSelector": "k1", "DomainSigningPrivateKey": "-----BEGIN"},
        {"DomainSigningSelector": "k1", "DomainSigningPrivateKey": "EC"},
        {
            "DomainSigningSelector": "k1",
            "DomainSigningPrivateKey": "KEY",
            "NextSigningKeyLength": "RSA_2048_BIT",
        },
    ],
)
def test_an_unsound_own_key_is_refused(
    aws: EmulatedAws, private_key: str, attributes: dict[str, str]
) -> None:
    real = {"KEY": private_key, "EC": der(ec.generate_private_key(ec.SECP256R1()))}
    given = {name: real.get(value, value) for name, value in attributes.items()}
    call = client(aws, "sesv2").create_email_identity
    code, status, message = refusal(call, EmailIdentity=DOMAIN, DkimSigningAttributes=given)
    assert (code, status) == ("BadRequestException", 400)
    assert private_key not in message


def test_mail_from_is_absent_or_complete(aws: EmulatedAws) -> None:
    ses = client(aws, "sesv2")
    ses.create_email_identity(EmailIdentity=DOMAIN)
    assert "MailFromAttributes" not in shown(aws)
    put = ses.put_email_identity_mail_from_attributes
    put(EmailIdentity=DOMAIN, MailFromDomain="bounce.jobmatch.zip")
    assert shown(aws)["MailFromAttributes"] == {
        "MailFromDomain": "bounce.jobmatch.zip",
        "MailFromDomainStatus": "PENDING",
        "BehaviorOnMxFailure": "USE_DEFAULT_VALUE",
    }
    put(EmailIdentity=DOMAIN)
    assert "MailFromAttributes" not in shown(aws)


@pytest.mark.parametrize(
    ("params", "words"),
    [
        ({"MailFromDomain": "jobmatch.zip"}, "is not subdomain"),
        ({"MailFromDomain": "bounce.example.net"}, "is not subdomain"),
        ({"MailFromDomain": "evil-jobmatch.zip"}, "is not subdomain"),
        ({"BehaviorOnMxFailure": "REJECT_MESSAGE"}, "MailFromDomain is required"),
        ({"MailFromDomain": "b.jobmatch.zip", "BehaviorOnMxFailure": "DROP"}, "enum value set"),
    ],
)
def test_an_unsound_mail_from_is_refused(
    aws: EmulatedAws, params: dict[str, str], words: str
) -> None:
    ses = client(aws, "sesv2")
    ses.create_email_identity(EmailIdentity=DOMAIN)
    call = ses.put_email_identity_mail_from_attributes
    code, status, message = refusal(call, EmailIdentity=DOMAIN, **params)
    assert (code, status, words in message) == ("BadRequestException", 400, True)


def test_forwarding_signing_and_default_set(aws: EmulatedAws) -> None:
    ses = client(aws, "sesv2")
    ses.create_email_identity(EmailIdentity=DOMAIN)
    missing = {"EmailIdentity": DOMAIN, "ConfigurationSetName": "jobmatch"}
    assert refusal(ses.put_email_identity_configuration_set_attributes, **missing) == (
        "NotFoundException",
        404,
        "Configuration set <jobmatch> does not exist.",
    )
    ses.create_configuration_set(ConfigurationSetName="jobmatch")
    ses.put_email_identity_configuration_set_attributes(**missing)
    ses.put_email_identity_feedback_attributes(EmailIdentity=DOMAIN, EmailForwardingEnabled=False)
    ses.put_email_identity_dkim_attributes(EmailIdentity=DOMAIN, SigningEnabled=False)
    answer = shown(aws)
    assert answer["ConfigurationSetName"] == "jobmatch"
    assert answer["FeedbackForwardingStatus"] is False
    assert answer["DkimAttributes"]["SigningEnabled"] is False
    ses.put_email_identity_configuration_set_attributes(EmailIdentity=DOMAIN)
    assert "ConfigurationSetName" not in shown(aws)


def test_policies_of_an_identity(aws: EmulatedAws) -> None:
    ses = client(aws, "sesv2")
    ses.create_email_identity(EmailIdentity=DOMAIN)
    policy = document(Principal="*", Action="ses:SendEmail", Resource="*")
    named = {"EmailIdentity": DOMAIN, "PolicyName": "partner"}
    ses.create_email_identity_policy(**named, Policy=policy)
    again = refusal(ses.create_email_identity_policy, **named, Policy=policy)
    assert again[0] == "AlreadyExistsException"
    assert shown(aws)["Policies"] == {"partner": policy}
    closed = document(Principal={"AWS": ACCOUNT}, Action="ses:SendEmail", Resource="*")
    ses.update_email_identity_policy(**named, Policy=closed)
    answer = ses.get_email_identity_policies(EmailIdentity=DOMAIN)
    assert answer["Policies"] == {"partner": closed}
    unsound = refusal(ses.update_email_identity_policy, **named, Policy="{}")
    assert unsound[0] == "BadRequestException"
    ses.delete_email_identity_policy(**named)
    assert refusal(ses.delete_email_identity_policy, **named)[:2] == ("NotFoundException", 404)


def test_tags_of_an_identity(aws: EmulatedAws) -> None:
    ses = client(aws, "sesv2")
    tag = {"Key": "app", "Value": "jobmatch"}
    ses.create_email_identity(EmailIdentity=DOMAIN, Tags=[tag])
    arn = f"arn:aws:ses:{REGION}:{ACCOUNT}:identity/{DOMAIN}"
    ses.tag_resource(ResourceArn=arn, Tags=[{"Key": "stage", "Value": "dev"}])
    ses.untag_resource(ResourceArn=arn, TagKeys=["app"])
    wanted = [{"Key": "stage", "Value": "dev"}]
    assert ses.list_tags_for_resource(ResourceArn=arn)["Tags"] == wanted
    assert shown(aws)["Tags"] == wanted
    assert refusal(ses.list_tags_for_resource, ResourceArn=f"{arn}x")[:2] == (
        "NotFoundException",
        404,
    )
    too_many = [{"Key": f"k{n}", "Value": ""} for n in range(50)]
    code = refusal(ses.tag_resource, ResourceArn=arn, Tags=too_many)[0]
    assert code == "BadRequestException"


@pytest.mark.parametrize(
    ("name", "origin", "attributes"),
    [
        ("ops@jobmatch.zip", "AWS_SES", {}),
        (DOMAIN, "AWS_SES_EU_WEST_1", {}),
        (DOMAIN, "AWS_SES", {"DomainSigningSelector": "k1"}),
        (DOMAIN, "EXTERNAL", {}),
    ],
)
def test_signing_that_cannot_be_put(
    aws: EmulatedAws, name: str, origin: str, attributes: dict[str, str]
) -> None:
    ses = client(aws, "sesv2")
    ses.create_email_identity(EmailIdentity=name)
    code, status, _ = refusal(
        ses.put_email_identity_dkim_signing_attributes,
        EmailIdentity=name,
        SigningAttributesOrigin=origin,
        SigningAttributes=attributes,
    )
    assert (code, status) == ("BadRequestException", 400)


def test_a_failed_verification_starts_again_when_signing_is_put(aws: EmulatedAws) -> None:
    ses = client(aws, "sesv2")
    ses.create_email_identity(EmailIdentity=DOMAIN)
    aws.ses.identities[DOMAIN].dkim.status = "FAILED"
    assert shown(aws)["VerificationStatus"] == "FAILED"
    answer = ses.put_email_identity_dkim_signing_attributes(
        EmailIdentity=DOMAIN, SigningAttributesOrigin="AWS_SES"
    )
    assert answer["DkimStatus"] == "PENDING"
