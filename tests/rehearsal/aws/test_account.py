"""The account: the sandbox, the review, the limits of a request."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from rehearsal.aws import EmulatedAws
from tests.rehearsal.aws.emulator import client, refusal

REQUEST: dict[str, Any] = {
    "MailType": "TRANSACTIONAL",
    "WebsiteURL": "https://jobmatch.zip/",
    "ContactLanguage": "EN",
    "UseCaseDescription": "One-time codes for registered users.",
    "AdditionalContactEmailAddresses": ["ops@jobmatch.zip"],
    "ProductionAccessEnabled": True,
}


def review(account: dict[str, Any]) -> tuple[bool, str | None]:
    details = account.get("Details", {}).get("ReviewDetails", {})
    return account["ProductionAccessEnabled"], details.get("Status")


def test_a_fresh_account_is_in_the_sandbox(aws: EmulatedAws) -> None:
    account = client(aws, "sesv2").get_account()
    account.pop("ResponseMetadata")
    assert account == {
        "DedicatedIpAutoWarmupEnabled": True,
        "EnforcementStatus": "HEALTHY",
        "ProductionAccessEnabled": False,
        "SendQuota": {"Max24HourSend": 200.0, "MaxSendRate": 1.0, "SentLast24Hours": 0.0},
        "SendingEnabled": True,
        "SuppressionAttributes": {"SuppressedReasons": ["BOUNCE", "COMPLAINT"]},
    }


def test_a_request_is_granted_after_a_day(aws: EmulatedAws) -> None:
    ses = client(aws, "sesv2")
    ses.put_account_details(**REQUEST)
    asked = ses.get_account()
    details = asked["Details"]
    case = details.pop("ReviewDetails")["CaseId"]
    assert details == {k: v for k, v in REQUEST.items() if k != "ProductionAccessEnabled"}
    assert (len(case), case.isdecimal()) == (15, True)
    aws.clock.advance(dt.timedelta(hours=23))
    assert review(ses.get_account()) == (False, "PENDING")
    aws.clock.advance(dt.timedelta(hours=2))
    granted = ses.get_account()
    assert review(granted) == (True, "GRANTED")
    assert granted["SendQuota"]["Max24HourSend"] == 50_000.0
    assert granted["SendQuota"]["MaxSendRate"] == 14.0


@pytest.mark.parametrize("outcome", ["DENIED", "FAILED"])
def test_a_request_that_is_not_granted_may_be_sent_again(aws: EmulatedAws, outcome: str) -> None:
    ses = client(aws, "sesv2")
    aws.ses.account.next_outcome = outcome
    ses.put_account_details(**REQUEST)
    aws.clock.advance(dt.timedelta(days=2))
    assert review(ses.get_account()) == (False, outcome)
    ses.put_account_details(**REQUEST)
    assert review(ses.get_account()) == (False, "PENDING")


def test_a_second_request_meets_409_with_no_message(aws: EmulatedAws) -> None:
    ses = client(aws, "sesv2")
    ses.put_account_details(**REQUEST)
    assert refusal(ses.put_account_details, **REQUEST) == ("ConflictException", 409, "")


def test_false_drops_a_live_account_into_the_sandbox(aws: EmulatedAws) -> None:
    ses = client(aws, "sesv2")
    aws.play("production")
    ses.put_account_details(**REQUEST)
    assert ses.get_account()["ProductionAccessEnabled"] is True
    ses.put_account_details(**(REQUEST | {"ProductionAccessEnabled": False}))
    assert ses.get_account()["ProductionAccessEnabled"] is False


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("MailType", "PROMOTIONAL", "enum value set: [MARKETING, TRANSACTIONAL]"),
        ("ContactLanguage", "JP", "enum value set: [EN, JA]"),
        ("WebsiteURL", "https://x/" + "a" * 991, "less than or equal to 1000"),
        ("UseCaseDescription", "x" * 5001, "less than or equal to 5000"),
        ("AdditionalContactEmailAddresses", ["a@jobmatch.zip"] * 5, "less than or equal to 4"),
        ("AdditionalContactEmailAddresses", ["a@b.c"], "greater than or equal to 6"),
        ("AdditionalContactEmailAddresses", ["a" * 243 + "@jobmatch.zip"], "equal to 254"),
        ("AdditionalContactEmailAddresses", ["nobody at all"], "regular expression pattern"),
    ],
)
def test_what_botocore_lets_through_the_service_refuses(
    aws: EmulatedAws, field: str, value: object, words: str
) -> None:
    call = client(aws, "sesv2", parameter_validation=False).put_account_details
    code, status, message = refusal(call, **(REQUEST | {field: value}))
    assert (code, status) == ("BadRequestException", 400)
    assert message.startswith("1 validation error detected: Value ")
    assert words in message
    assert "Details" not in client(aws, "sesv2").get_account()


def test_limits_that_are_just_met_pass(aws: EmulatedAws) -> None:
    ses = client(aws, "sesv2")
    ses.put_account_details(
        **REQUEST
        | {
            "WebsiteURL": "https://x/" + "a" * 990,
            "UseCaseDescription": "x" * 5000,
            "AdditionalContactEmailAddresses": ["a@b.cd", "a" * 241 + "@jobmatch.zip", "c@d.ef"],
        }
    )
    assert review(ses.get_account()) == (False, "PENDING")


def test_a_required_field_is_named(aws: EmulatedAws) -> None:
    call = client(aws, "sesv2", parameter_validation=False).put_account_details
    message = refusal(call, MailType="TRANSACTIONAL")[2]
    assert message == (
        "1 validation error detected: Value null at 'websiteURL' failed to satisfy constraint: "
        "Member must not be null"
    )


def test_the_account_has_switches(aws: EmulatedAws) -> None:
    ses = client(aws, "sesv2")
    ses.put_account_suppression_attributes(SuppressedReasons=["BOUNCE"])
    ses.put_account_vdm_attributes(VdmAttributes={"VdmEnabled": "ENABLED"})
    ses.put_account_sending_attributes(SendingEnabled=False)
    account = ses.get_account()
    assert account["SuppressionAttributes"]["SuppressedReasons"] == ["BOUNCE"]
    assert account["VdmAttributes"] == {"VdmEnabled": "ENABLED"}
    assert account["SendingEnabled"] is False


def test_what_aws_paused_the_customer_cannot_resume(aws: EmulatedAws) -> None:
    ses = client(aws, "sesv2")
    aws.play("shutdown")
    code, status, _ = refusal(ses.put_account_sending_attributes, SendingEnabled=True)
    assert (code, status) == ("BadRequestException", 400)


def test_suppression_needs_production_and_recommendations_need_vdm(aws: EmulatedAws) -> None:
    ses = client(aws, "sesv2")
    assert refusal(ses.list_suppressed_destinations)[:2] == ("BadRequestException", 400)
    assert refusal(ses.list_recommendations)[:2] == ("BadRequestException", 400)
    aws.play("production")
    ses.put_account_vdm_attributes(VdmAttributes={"VdmEnabled": "ENABLED"})
    now = aws.clock.now()
    aws.ses.recommendations = [
        {"Type": "DKIM", "Impact": "HIGH", "Status": "OPEN", "CreatedTimestamp": now},
        {"Type": "BIMI", "Impact": "LOW", "Status": "OPEN", "CreatedTimestamp": now},
    ]
    high = ses.list_recommendations(Filter={"IMPACT": "HIGH"})["Recommendations"]
    assert [row["Type"] for row in high] == ["DKIM"]
    ses.put_suppressed_destination(EmailAddress="Gone@Example.net", Reason="BOUNCE")
    listed = ses.list_suppressed_destinations(Reasons=["BOUNCE"])["SuppressedDestinationSummaries"]
    assert [row["EmailAddress"] for row in listed] == ["gone@example.net"]
    assert (
        ses.list_suppressed_destinations(Reasons=["COMPLAINT"])["SuppressedDestinationSummaries"]
        == []
    )
    found = ses.get_suppressed_destination(EmailAddress="gone@example.net")
    assert found["SuppressedDestination"]["Reason"] == "BOUNCE"
    ses.delete_suppressed_destination(EmailAddress="gone@example.net")
    code, status, _ = refusal(ses.get_suppressed_destination, EmailAddress="gone@example.net")
    assert (code, status) == ("NotFoundException", 404)
