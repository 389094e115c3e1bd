"""Each scenario, as boto3 sees it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from botocore.exceptions import ConnectionClosedError

from rehearsal.aws import EmulatedAws
from rehearsal.aws.scenarios import ScenarioError, described
from tests.rehearsal.aws.emulator import (
    ACCOUNT,
    DOMAIN,
    REGION,
    SET,
    SET_ARN,
    client,
    lay_pipe,
    received,
    refusal,
    send,
    verify_domain,
)
from tests.rehearsal.aws.test_account import REQUEST

NAMES = [
    "access-denied",
    "conflict-empty",
    "denied-closed",
    "denied-open-case",
    "failed",
    "granted-not-active",
    "mail-from-failed",
    "other-account",
    "partial-stack",
    "pending",
    "probation",
    "production",
    "queue-cut",
    "sandbox",
    "shutdown",
    "throttled",
    "timeout-after-commit",
    "wrong-region",
]
SES = f"arn:aws:ses:{REGION}:{ACCOUNT}"
SNS = f"arn:aws:sns:{REGION}:{ACCOUNT}"
CASE = "179034689300364"


def test_every_scenario_is_there_and_says_what_it_does() -> None:
    assert [name for name, _ in described()] == NAMES
    assert all(what.endswith(".") for _, what in described())


def state(aws: EmulatedAws) -> tuple[bool, str | None, str | None, str, bool]:
    account = client(aws, "sesv2").get_account()
    review = account.get("Details", {}).get("ReviewDetails", {})
    return (
        account["ProductionAccessEnabled"],
        review.get("Status"),
        review.get("CaseId"),
        account["EnforcementStatus"],
        account["SendingEnabled"],
    )


@pytest.mark.parametrize(
    ("scenario", "expected"),
    [
        ("sandbox", (False, None, None, "HEALTHY", True)),
        ("pending", (False, "PENDING", CASE, "HEALTHY", True)),
        ("denied-open-case", (False, "DENIED", CASE, "HEALTHY", True)),
        ("denied-closed", (False, "DENIED", None, "HEALTHY", True)),
        ("failed", (False, "FAILED", None, "HEALTHY", True)),
        ("granted-not-active", (False, "GRANTED", CASE, "HEALTHY", True)),
        ("production", (True, "GRANTED", CASE, "HEALTHY", True)),
        ("probation", (True, "GRANTED", CASE, "PROBATION", True)),
        ("shutdown", (True, "GRANTED", CASE, "SHUTDOWN", False)),
    ],
)
def test_states_of_the_account(scenario: str, expected: tuple[Any, ...]) -> None:
    with EmulatedAws(scenario=scenario) as aws:
        assert state(aws) == expected
        aws.play("sandbox")
        assert state(aws) == (False, None, None, "HEALTHY", True)


@pytest.mark.parametrize(
    ("scenario", "taken"),
    [
        ("sandbox", True),
        ("denied-closed", True),
        ("failed", True),
        ("pending", False),
        ("denied-open-case", False),
        ("conflict-empty", False),
    ],
)
def test_who_may_ask_again(aws: EmulatedAws, scenario: str, taken: bool) -> None:
    aws.play(scenario)
    ses = client(aws, "sesv2")
    if taken:
        ses.put_account_details(**REQUEST)
        assert state(aws)[1] == "PENDING"
    else:
        assert refusal(ses.put_account_details, **REQUEST) == ("ConflictException", 409, "")


def test_a_pending_review_ends_as_told(aws: EmulatedAws) -> None:
    aws.play("pending(denied)")
    assert state(aws)[1] == "PENDING"
    aws.clock.advance(dt.timedelta(hours=25))
    assert state(aws)[1] == "DENIED"


def test_a_grant_becomes_active_after_so_many_reads(aws: EmulatedAws) -> None:
    aws.play("granted-not-active:2")
    assert [state(aws)[:2] for _ in range(3)] == [
        (False, "GRANTED"),
        (False, "GRANTED"),
        (True, "GRANTED"),
    ]


def test_throttled_calls_are_used_up_and_sending_is_spared(aws: EmulatedAws) -> None:
    verify_domain(aws)
    lay_pipe(aws)
    aws.play("throttled(2)")
    ses = client(aws, "sesv2")
    assert send(aws, "success@simulator.amazonses.com")
    assert refusal(ses.get_account) == ("TooManyRequestsException", 429, "Rate exceeded")
    assert refusal(client(aws, "ses").get_send_quota) == ("Throttling", 400, "Rate exceeded")
    assert ses.get_account()["SendingEnabled"] is True


def test_boto3_gets_through_a_short_throttling(aws: EmulatedAws) -> None:
    aws.play("throttled:1")
    patient = client(aws, "sesv2", retries={"total_max_attempts": 3, "mode": "standard"})
    assert patient.get_account()["SendingEnabled"] is True


@pytest.mark.parametrize(
    ("action", "service", "call", "expected"),
    [
        ("ses:GetAccount", "sesv2", "get_account", ("AccessDeniedException", 403)),
        ("ses:GetSendQuota", "ses", "get_send_quota", ("AccessDenied", 403)),
        ("sns:ListTopics", "sns", "list_topics", ("AuthorizationError", 403)),
        ("sqs:ListQueues", "sqs", "list_queues", ("AccessDenied", 403)),
        ("kms:ListKeys", "kms", "list_keys", ("AccessDeniedException", 400)),
        ("iam:ListUsers", "iam", "list_users", ("AccessDenied", 403)),
        ("sts:GetCallerIdentity", "sts", "get_caller_identity", ("AccessDenied", 403)),
        ("cloudwatch:DescribeAlarms", "cloudwatch", "describe_alarms", ("AccessDenied", 403)),
        ("route53:ListHostedZones", "route53", "list_hosted_zones", ("AccessDenied", 403)),
    ],
)
def test_a_denied_action_is_named(
    aws: EmulatedAws, action: str, service: str, call: str, expected: tuple[str, int]
) -> None:
    aws.play(f"access-denied({action})")
    code, status, message = refusal(getattr(client(aws, service), call))
    assert (code, status) == expected
    arn = f"arn:aws:sts::{ACCOUNT}:assumed-role/rehearsal/engineer"
    assert message == (
        f"User: {arn} is not authorized to perform: {action} on resource: * because no "
        f"identity-based policy allows the {action} action"
    )


@pytest.mark.parametrize(
    ("service", "call", "params", "resource"),
    [
        ("sesv2", "get_account", {}, "*"),
        ("sesv2", "get_email_identity", {"EmailIdentity": DOMAIN}, f"{SES}:identity/{DOMAIN}"),
        ("sesv2", "get_configuration_set", {"ConfigurationSetName": SET}, SET_ARN),
        ("sns", "get_topic_attributes", {"TopicArn": f"{SNS}:t"}, f"{SNS}:t"),
    ],
)
def test_a_denial_names_the_resource(
    aws: EmulatedAws, service: str, call: str, params: dict[str, Any], resource: str
) -> None:
    action = f"{service.removesuffix('v2')}:{call.title().replace('_', '')}"
    aws.play(f"access-denied({action})")
    message = refusal(getattr(client(aws, service), call), **params)[2]
    assert f" is not authorized to perform: {action} on resource: {resource} because " in message


def test_a_denied_send_speaks_the_other_dialect(aws: EmulatedAws) -> None:
    aws.play("access-denied:ses:SendEmail")
    verify_domain(aws)
    code, status, message = refusal(lambda: send(aws, "success@simulator.amazonses.com"))
    assert (code, status) == ("AccessDeniedException", 403)
    assert f" is not authorized to perform `ses:SendEmail' on resource `{SES}:identity/" in message
    assert message.endswith(f"identity/{DOMAIN}'")


def test_an_answer_that_gets_lost_was_nevertheless_acted_on(aws: EmulatedAws) -> None:
    aws.play("timeout-after-commit")
    ses = client(aws, "sesv2")
    with pytest.raises(ConnectionClosedError):
        ses.put_account_details(**REQUEST)
    assert state(aws)[1] == "PENDING"
    assert refusal(ses.put_account_details, **REQUEST)[0] == "ConflictException"


def test_the_wrong_region(aws: EmulatedAws) -> None:
    with pytest.raises(ScenarioError, match="no identity to move"):
        aws.play("wrong-region")
    verify_domain(aws)
    aws.play("wrong-region")
    assert refusal(client(aws, "sesv2").get_email_identity, EmailIdentity=DOMAIN)[1] == 404
    there = client(aws, "sesv2", "us-east-1").get_email_identity(EmailIdentity=DOMAIN)
    assert there["VerifiedForSendingStatus"] is True


def test_another_account(aws: EmulatedAws) -> None:
    verify_domain(aws)
    client(aws, "sns").create_topic(Name="bounce")
    aws.play("other-account")
    assert client(aws, "sts").get_caller_identity()["Account"] == "210987654321"
    assert client(aws, "sesv2").list_email_identities()["EmailIdentities"] == []
    assert client(aws, "sns").list_topics()["Topics"] == []
    assert (
        client(aws, "iam")
        .get_role(RoleName="rehearsal")["Role"]["Arn"]
        .endswith(":210987654321:role/rehearsal".replace(":", "::", 1))
    )


def test_mail_from_failed(aws: EmulatedAws) -> None:
    ses = client(aws, "sesv2")
    ses.create_email_identity(EmailIdentity=DOMAIN)
    put = {"EmailIdentity": DOMAIN, "MailFromDomain": "bounce.jobmatch.zip"}
    ses.put_email_identity_mail_from_attributes(**put)
    aws.play("mail-from-failed")
    seen = ses.get_email_identity(EmailIdentity=DOMAIN)["MailFromAttributes"]
    assert seen["MailFromDomainStatus"] == "FAILED"
    ses.put_email_identity_mail_from_attributes(**put)
    aws.clock.advance(dt.timedelta(hours=1))
    again = ses.get_email_identity(EmailIdentity=DOMAIN)["MailFromAttributes"]
    assert again["MailFromDomainStatus"] == "PENDING"


def test_the_queue_is_cut(aws: EmulatedAws) -> None:
    with pytest.raises(ScenarioError, match="no subscribed queue has 'bounce' in its name"):
        aws.play("queue-cut")
    verify_domain(aws)
    pipe = lay_pipe(aws)
    aws.play("queue-cut")
    send(aws, "bounce@simulator.amazonses.com")
    assert received(aws, pipe.queue_url) == []
    named = {"QueueUrl": pipe.queue_url, "AttributeNames": ["Policy"]}
    assert "Attributes" not in client(aws, "sqs").get_queue_attributes(**named)


def test_half_a_stack(aws: EmulatedAws) -> None:
    with pytest.raises(ScenarioError, match="no event destination"):
        aws.play("partial-stack")
    pipe = lay_pipe(aws)
    aws.play("partial-stack")
    get = client(aws, "sesv2").get_configuration_set_event_destinations
    assert get(ConfigurationSetName=SET)["EventDestinations"] == []
    gone = refusal(client(aws, "sns").get_topic_attributes, TopicArn=pipe.topic_arn)
    assert gone[:2] == ("NotFound", 404)


@pytest.mark.parametrize("text", ["", "nonsense", "pending(", "PENDING"])
def test_what_is_no_scenario(aws: EmulatedAws, text: str) -> None:
    with pytest.raises(ScenarioError, match="known: access-denied"):
        aws.play(text)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("throttled(x)", "'x' is no number"),
        ("throttled:-1", "'-1' is no number"),
        ("granted-not-active(soon)", "'soon' is no number"),
        ("pending(maybe)", "ends as granted, denied, failed, not as 'maybe'"),
        ("access-denied(GetAccount)", "'GetAccount' is no IAM action"),
        ("timeout-after-commit:all", "'all' is no IAM action"),
    ],
)
def test_an_argument_that_is_none(aws: EmulatedAws, text: str, words: str) -> None:
    before = state(aws)
    with pytest.raises(ScenarioError, match=words):
        aws.play(text)
    assert state(aws) == before


def test_an_outcome_that_was_told_ends_with_its_day(aws: EmulatedAws) -> None:
    aws.play("pending(denied)")
    aws.play("sandbox")
    client(aws, "sesv2").put_account_details(**REQUEST)
    aws.clock.advance(dt.timedelta(hours=25))
    assert state(aws)[:2] == (True, "GRANTED")
