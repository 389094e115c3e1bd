"""SendEmail: who may send to whom, how much, how fast."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from rehearsal.aws import EmulatedAws
from tests.rehearsal.aws.emulator import DOMAIN, SET, client, refusal, send, verify_domain

UNVERIFIED = (
    "Email address is not verified. The following identities failed the check in region US-WEST-2"
)
SIMULATOR = "success@simulator.amazonses.com"


@pytest.fixture
def ready(aws: EmulatedAws) -> EmulatedAws:
    """Return an account in the sandbox with a verified domain and a set."""
    verify_domain(aws)
    client(aws, "sesv2").create_configuration_set(ConfigurationSetName=SET)
    return aws


def refused(aws: EmulatedAws, *to: str, **more: Any) -> tuple[str, int, str]:
    return refusal(lambda **params: send(aws, *to, **params), **more)


def wait(aws: EmulatedAws) -> None:
    """Let the second pass that the sandbox's rate counts."""
    aws.clock.advance(dt.timedelta(seconds=1))


def test_the_sandbox_sends_to_the_simulator_and_to_verified_recipients(ready: EmulatedAws) -> None:
    ids = []
    for recipient in (SIMULATOR, "anybody@jobmatch.zip", "x@mail.jobmatch.zip"):
        ids.append(send(ready, recipient))
        wait(ready)
    assert len(set(ids)) == 3
    assert {len(i) for i in ids} == {60}
    delivered = [letter.to for letter in ready.world.letters]
    assert delivered == ["anybody@jobmatch.zip", "x@mail.jobmatch.zip"]


def test_the_sandbox_refuses_other_recipients_and_names_them(ready: EmulatedAws) -> None:
    assert refused(ready, "a@proton.me", SIMULATOR, "b@proton.me") == (
        "MessageRejected",
        400,
        f"{UNVERIFIED}: a@proton.me, b@proton.me",
    )
    ready.play("production")
    assert send(ready, "a@proton.me")


def test_an_unverified_sender_is_refused(ready: EmulatedAws) -> None:
    ready.play("production")
    code, status, message = refused(ready, SIMULATOR, sender="me@example.net")
    assert (code, status, message.endswith("US-WEST-2: me@example.net")) == (
        "MessageRejected",
        400,
        True,
    )
    ready.ses.identities[DOMAIN].dkim.status = "PENDING"
    assert refused(ready, SIMULATOR)[0] == "MessageRejected"


def test_one_recipient_a_second_in_the_sandbox(ready: EmulatedAws) -> None:
    send(ready, SIMULATOR)
    assert refused(ready, SIMULATOR) == (
        "TooManyRequestsException",
        429,
        "Maximum sending rate exceeded.",
    )
    wait(ready)
    assert send(ready, SIMULATOR)


def test_the_day_is_full_after_200_recipients_the_simulator_not_counted(ready: EmulatedAws) -> None:
    ses = client(ready, "sesv2")
    for _ in range(4):
        send(ready, *(f"u{n}@jobmatch.zip" for n in range(50)))
        ready.clock.advance(dt.timedelta(hours=1))
    send_quota = ses.get_account()["SendQuota"]
    assert send_quota["SentLast24Hours"] == 200.0
    assert refused(ready, "one@jobmatch.zip") == (
        "LimitExceededException",
        400,
        "Daily message quota exceeded.",
    )
    assert client(ready, "ses").get_send_quota()["SentLast24Hours"] == 200.0
    ready.clock.advance(dt.timedelta(hours=20.5))
    assert send(ready, "one@jobmatch.zip")
    wait(ready)
    send(ready, SIMULATOR)
    assert ses.get_account()["SendQuota"]["SentLast24Hours"] == 151.0


def test_switches_stop_it(ready: EmulatedAws) -> None:
    ses = client(ready, "sesv2")
    ses.put_configuration_set_sending_options(ConfigurationSetName=SET, SendingEnabled=False)
    assert refused(ready, SIMULATOR)[:2] == ("SendingPausedException", 400)
    assert send(ready, SIMULATOR, ConfigurationSetName=None)
    ses.put_account_sending_attributes(SendingEnabled=False)
    assert refused(ready, SIMULATOR, ConfigurationSetName=None)[0] == "SendingPausedException"
    ready.play("shutdown")
    assert refused(ready, SIMULATOR)[:2] == ("AccountSuspendedException", 400)


def test_a_set_that_is_missing(ready: EmulatedAws) -> None:
    missing = "Configuration set <nope> does not exist."
    named = refused(ready, SIMULATOR, ConfigurationSetName="nope")
    assert named == ("NotFoundException", 404, missing)
    ready.ses.identities[DOMAIN].configuration_set = "nope"
    by_default = refused(ready, SIMULATOR, ConfigurationSetName=None)
    assert by_default == ("BadRequestException", 400, missing)


def test_mail_from_that_must_not_fall_back(ready: EmulatedAws) -> None:
    client(ready, "sesv2").put_email_identity_mail_from_attributes(
        EmailIdentity=DOMAIN,
        MailFromDomain="bounce.jobmatch.zip",
        BehaviorOnMxFailure="REJECT_MESSAGE",
    )
    assert refused(ready, SIMULATOR)[:2] == ("MailFromDomainNotVerifiedException", 400)
    mail_from = ready.ses.identities[DOMAIN].mail_from
    assert mail_from is not None
    mail_from.status = "SUCCESS"
    assert send(ready, SIMULATOR)


@pytest.mark.parametrize(
    "params",
    [
        {"FromEmailAddress": None},
        {"Destination": {}},
        {"Destination": {"ToAddresses": ["nobody"]}},
        {"Destination": {"ToAddresses": [f"u{n}@jobmatch.zip" for n in range(51)]}},
        {"Content": {"Template": {"TemplateName": "t", "TemplateData": "{}"}}},
        {"Content": {"Simple": {"Subject": {"Data": "s"}, "Body": {}}}},
    ],
)
def test_what_is_no_mail_is_refused(ready: EmulatedAws, params: dict[str, Any]) -> None:
    assert refused(ready, SIMULATOR, **params)[:2] == ("BadRequestException", 400)


def test_a_raw_mail_is_read_from_its_headers(ready: EmulatedAws) -> None:
    raw = (
        "From: Jobmatch <no-reply@jobmatch.zip>\r\nTo: a@jobmatch.zip\r\nCc: b@jobmatch.zip\r\n"
        f"Subject: Your code\r\nX-SES-CONFIGURATION-SET: {SET}\r\n\r\n123456\r\n"
    ).encode()
    ses = client(ready, "sesv2")
    ses.send_email(Content={"Raw": {"Data": raw}})
    assert [(letter.to, letter.subject) for letter in ready.world.letters] == [
        ("a@jobmatch.zip", "Your code"),
        ("b@jobmatch.zip", "Your code"),
    ]
    wait(ready)
    gone = raw.replace(b"SET: jobmatch", b"SET: nope")
    assert refusal(ses.send_email, Content={"Raw": {"Data": gone}})[0] == "NotFoundException"


def test_the_sender_is_the_nearest_verified_identity(ready: EmulatedAws) -> None:
    client(ready, "sesv2").create_email_identity(EmailIdentity="no-reply@jobmatch.zip")
    assert send(ready, SIMULATOR, sender="Jobmatch <no-reply@jobmatch.zip>")
