"""Identities: made once, shown whole, with what is put on them."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from rehearsal.aws import EmulatedAws
from tests.rehearsal.aws.emulator import DOMAIN, client, refusal


def shown(aws: EmulatedAws, name: str = DOMAIN) -> dict[str, Any]:
    answer = client(aws, "sesv2").get_email_identity(EmailIdentity=name)
    answer.pop("ResponseMetadata")
    return dict(answer)


def test_a_new_domain_waits_for_its_records() -> None:
    with EmulatedAws(signing_hosted_zone="a31d.dkim.us-west-2.amazonses.com") as aws:
        made = client(aws, "sesv2").create_email_identity(EmailIdentity="JobMatch.zip")
        answer = shown(aws)
    dkim = answer.pop("DkimAttributes")
    assert dkim == made["DkimAttributes"]
    assert (len(dkim["Tokens"]), {len(token) for token in dkim.pop("Tokens")}) == (3, {32})
    assert abs(dkim.pop("LastKeyGenerationTimestamp") - dt.datetime.now(dt.UTC)) < dt.timedelta(
        seconds=30
    )
    assert dkim == {
        "SigningEnabled": True,
        "Status": "PENDING",
        "SigningAttributesOrigin": "AWS_SES",
        "SigningHostedZone": "a31d.dkim.us-west-2.amazonses.com",
        "NextSigningKeyLength": "RSA_2048_BIT",
        "CurrentSigningKeyLength": "RSA_2048_BIT",
    }
    assert answer == {
        "IdentityType": "DOMAIN",
        "FeedbackForwardingStatus": True,
        "VerifiedForSendingStatus": False,
        "Policies": {},
        "Tags": [],
        "VerificationStatus": "PENDING",
    }


def test_a_duplicate_is_refused_in_any_case(aws: EmulatedAws) -> None:
    ses = client(aws, "sesv2")
    ses.create_email_identity(EmailIdentity=DOMAIN)
    assert refusal(ses.create_email_identity, EmailIdentity="JOBMATCH.zip") == (
        "AlreadyExistsException",
        400,
        "Email identity JOBMATCH.zip already exist.",
    )


def test_made_again_it_has_new_tokens(aws: EmulatedAws) -> None:
    ses = client(aws, "sesv2")
    first = ses.create_email_identity(EmailIdentity=DOMAIN)["DkimAttributes"]["Tokens"]
    ses.delete_email_identity(EmailIdentity=DOMAIN)
    assert refusal(ses.get_email_identity, EmailIdentity=DOMAIN) == (
        "NotFoundException",
        404,
        "Email identity jobmatch.zip does not exist.",
    )
    second = ses.create_email_identity(EmailIdentity=DOMAIN)["DkimAttributes"]["Tokens"]
    assert set(first) & set(second) == set()


@pytest.mark.parametrize("name", ["jobmatch", "https://jobmatch.zip", "a b.zip", "x@", "-.zip"])
def test_what_is_no_name_is_refused(aws: EmulatedAws, name: str) -> None:
    code, status, _ = refusal(client(aws, "sesv2").create_email_identity, EmailIdentity=name)
    assert (code, status) == ("BadRequestException", 400)


def test_an_address_is_confirmed_by_a_click(aws: EmulatedAws) -> None:
    ses = client(aws, "sesv2")
    ses.create_email_identity(EmailIdentity="ops@jobmatch.zip")
    assert shown(aws, "ops@jobmatch.zip")["VerifiedForSendingStatus"] is False
    assert [letter.to for letter in aws.world.letters] == ["ops@jobmatch.zip"]
    assert aws.confirm("ops@jobmatch.zip") == 1
    answer = shown(aws, "ops@jobmatch.zip")
    assert (answer["VerificationStatus"], answer["VerifiedForSendingStatus"]) == ("SUCCESS", True)
    assert answer["DkimAttributes"]["Status"] == "NOT_STARTED"


def test_the_list_is_paged(aws: EmulatedAws) -> None:
    ses = client(aws, "sesv2")
    names = [f"d{n}.example" for n in range(5)]
    for name in names:
        ses.create_email_identity(EmailIdentity=name)
    rows: list[list[str]] = []
    token: dict[str, str] = {}
    while not rows or token:
        page = ses.list_email_identities(PageSize=2, **token)
        rows.append([row["IdentityName"] for row in page["EmailIdentities"]])
        token = {"NextToken": page["NextToken"]} if "NextToken" in page else {}
    assert rows == [names[:2], names[2:4], names[4:]]
    assert refusal(ses.list_email_identities, PageSize=1001)[0] == "BadRequestException"


def test_one_region_does_not_know_what_another_has(aws: EmulatedAws) -> None:
    client(aws, "sesv2").create_email_identity(EmailIdentity=DOMAIN)
    elsewhere = client(aws, "sesv2", "us-east-1")
    assert elsewhere.list_email_identities()["EmailIdentities"] == []
    assert refusal(elsewhere.get_email_identity, EmailIdentity=DOMAIN)[1] == 404


def test_what_an_identity_cannot_have(aws: EmulatedAws) -> None:
    ses = client(aws, "sesv2")
    create = ses.create_email_identity
    easy = {"NextSigningKeyLength": "RSA_2048_BIT"}
    of_address = refusal(create, EmailIdentity="a@b.zip", DkimSigningAttributes=easy)
    assert of_address[0] == "BadRequestException"
    assert refusal(create, EmailIdentity=DOMAIN, ConfigurationSetName="no")[1] == 404
    assert refusal(create, EmailIdentity=DOMAIN, Tags=[{"Key": "aws:x", "Value": ""}])[0] == (
        "BadRequestException"
    )
    code = refusal(ses.list_email_identities, NextToken="x")[0]
    assert code == "BadRequestException"
