"""The live reader over botocore's Stubber: every answer is held to the service model."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import boto3
import pytest
from botocore import exceptions as aws
from botocore.stub import Stubber

from checks.account.identity import GET_ACCOUNT, GET_IDENTITY, Reader, Wanted
from checks.dns.expectation import Account, Identity, IdentityUnknown

JOBMATCH = Wanted(domain="jobmatch.zip.", region="us-west-2")
ANSWER: dict[str, Any] = {
    "IdentityType": "DOMAIN",
    "VerifiedForSendingStatus": True,
    "DkimAttributes": {
        "SigningEnabled": True,
        "Status": "SUCCESS",
        "Tokens": ["t1"],
        "SigningHostedZone": "dkim.amazonses.com",
        "LastKeyGenerationTimestamp": dt.datetime(2026, 11, 1, tzinfo=dt.UTC),
    },
}
NAMED = {"EmailIdentity": "jobmatch.zip"}


class Aws:
    """Stubbed clients, one for each service."""

    def __init__(self) -> None:
        self.stubs: dict[str, Stubber] = {}
        self.clients: dict[str, Any] = {}
        for service in ("sesv2", "sts"):
            client = boto3.client(
                service,
                region_name="us-west-2",
                aws_access_key_id="x",
                aws_secret_access_key="y",
            )
            self.clients[service] = client
            self.stubs[service] = Stubber(client)
            self.stubs[service].activate()

    def __call__(self, service: str, _region: str) -> Any:
        return self.clients[service]

    @property
    def ses(self) -> Stubber:
        return self.stubs["sesv2"]

    def fails(self, operation: str, code: str, message: str = "") -> None:
        self.ses.add_client_error(operation, code, message)


@pytest.fixture
def stubbed() -> Aws:
    return Aws()


def read(clients: Callable[[str, str], Any], wanted: Wanted = JOBMATCH) -> Any:
    (answer,) = Reader(clients, sleep=lambda _s: None, clock=lambda: 0.0).read([wanted])
    return answer


def cause(answer: Any) -> str:
    assert isinstance(answer.identity, IdentityUnknown)
    return answer.identity.cause


def test_identity_and_account(stubbed: Aws) -> None:
    stubbed.ses.add_response("get_email_identity", ANSWER, NAMED)
    stubbed.ses.add_response("get_account", {"ProductionAccessEnabled": False}, {})
    answer = read(stubbed)
    assert answer.identity == Identity(
        verified_for_sending=True,
        dkim_status="SUCCESS",
        signing_enabled=True,
        tokens=("t1",),
        signing_hosted_zone="dkim.amazonses.com.",
    )
    assert answer.account == Account(production_access=False, asked=True)
    stubbed.ses.assert_no_pending_responses()


def test_with_an_identity_file_only_the_account_is_read(stubbed: Aws) -> None:
    stubbed.ses.add_response("get_account", {"ProductionAccessEnabled": True}, {})
    answer = read(stubbed, Wanted(domain="a.zip.", region="us-west-2", account_only=True))
    assert answer.account.production_access is True


@pytest.mark.parametrize("owned", [True, False])
def test_an_identity_that_is_not_there(stubbed: Aws, owned: bool) -> None:
    stubbed.fails("get_email_identity", "NotFoundException")
    stubbed.stubs["sts"].add_response("get_caller_identity", {"Account": "123456789012"}, {})
    stubbed.ses.add_response("get_account", {}, {})
    answer = read(stubbed, Wanted(domain="jobmatch.zip.", region="us-west-2", owned=owned))
    assert answer.identity.not_found is owned
    assert "SES in us-west-2 of account 123456789012 has no identity jobmatch.zip" in cause(answer)
    assert answer.account.cause == "GetAccount says nothing of production access"


def test_the_account_of_a_missing_identity_may_be_unknown(stubbed: Aws) -> None:
    stubbed.fails("get_email_identity", "NotFoundException")
    stubbed.stubs["sts"].add_client_error("get_caller_identity", "AccessDenied")
    stubbed.ses.add_response("get_account", {}, {})
    assert "of this account has no identity" in cause(read(stubbed))


DENIED = "User: arn:aws:iam::1:user/x is not authorized to perform: {on} because no policy allows"

REFUSALS = [
    (
        "AccessDeniedException",
        DENIED.format(on="ses:GetEmailIdentity on resource: arn:aws:ses:us-west-2:1:identity/a"),
        "need the IAM action ses:GetEmailIdentity on arn:aws:ses:us-west-2:1:identity/a",
    ),
    (
        "AccessDenied",
        "not authorized to perform `ses:GetEmailIdentity' on resource `arn:aws:ses:x'",
        "need the IAM action ses:GetEmailIdentity on arn:aws:ses:x",
    ),
    ("AccessDeniedException", "", f"need the IAM action {GET_IDENTITY}"),
    (
        "AccessDeniedException",
        DENIED.format(on="ses:GetEmailIdentity with an explicit deny in a service control policy"),
        "a service control policy of the organization denies ses:GetEmailIdentity",
    ),
    (
        "AccessDeniedException",
        DENIED.format(on="ses:GetEmailIdentity with an explicit deny"),
        "a policy denies ses:GetEmailIdentity explicitly",
    ),
    ("TooManyRequestsException", "", f"SES throttled {GET_IDENTITY}"),
    ("ThrottlingException", "Rate exceeded", f"SES throttled {GET_IDENTITY}"),
    ("InternalFailure", "a\nb" + "x" * 500, f"{GET_IDENTITY} failed: InternalFailure: a bxxx"),
]


@pytest.mark.parametrize(("code", "message", "words"), REFUSALS)
def test_a_refusal_says_what_to_do_and_the_account_is_still_read(
    stubbed: Aws, code: str, message: str, words: str
) -> None:
    stubbed.fails("get_email_identity", code, message)
    stubbed.ses.add_response("get_account", {"ProductionAccessEnabled": True}, {})
    answer = read(stubbed)
    assert words in cause(answer)
    assert cause(answer).endswith("; or give --identity FILE")
    assert len(cause(answer)) < 300
    assert not answer.identity.not_found
    assert answer.account.production_access is True


BARRED = [
    ("ExpiredTokenException", "the AWS credentials have expired"),
    ("ExpiredToken", "log in again"),
    ("UnrecognizedClientException", "does not know the access key, or us-west-2 is not enabled"),
    ("InvalidClientTokenId", "does not know the access key"),
    ("SignatureDoesNotMatch", "check the secret key and this clock"),
]


@pytest.mark.parametrize(("code", "words"), BARRED)
def test_what_fails_for_every_call_is_asked_once(stubbed: Aws, code: str, words: str) -> None:
    stubbed.fails("get_email_identity", code)
    answer = read(stubbed)
    assert words in cause(answer)
    assert words in answer.account.cause
    assert answer.account.asked


def test_a_denied_account_is_unknown(stubbed: Aws) -> None:
    stubbed.ses.add_response("get_email_identity", ANSWER, NAMED)
    stubbed.fails("get_account", "AccessDeniedException")
    answer = read(stubbed)
    assert isinstance(answer.identity, Identity)
    expected = f"access denied: the credentials need the IAM action {GET_ACCOUNT}"
    assert answer.account == Account(cause=expected, asked=True)


LOCAL = [
    (aws.NoCredentialsError(), "no AWS credentials were found"),
    (
        aws.PartialCredentialsError(provider="env", cred_var="AWS_SECRET_ACCESS_KEY"),
        "the AWS credentials are incomplete: ",
    ),
    (aws.ProfileNotFound(profile="p"), "The config profile (p) could not be found"),
    (aws.UnauthorizedSSOTokenError(), "the AWS sign-in has expired: log in again"),
    (aws.TokenRetrievalError(provider="sso", error_msg="x"), "the AWS sign-in has expired"),
    (aws.ConnectTimeoutError(endpoint_url="https://x"), "AWS in us-west-2 did not answer in time"),
    (aws.ReadTimeoutError(endpoint_url="https://x"), "AWS in us-west-2 did not answer in time"),
    (
        aws.EndpointConnectionError(endpoint_url="https://x"),
        "AWS in us-west-2 cannot be reached: Could not connect",
    ),
    (aws.ProxyConnectionError(proxy_url="http://p"), "AWS in us-west-2 cannot be reached"),
    (aws.SSLError(endpoint_url="https://x", error="e"), "AWS in us-west-2 cannot be reached"),
    (aws.CredentialRetrievalError(provider="p", error_msg="e"), "AWS could not be asked"),
    (ValueError("Invalid endpoint: x"), "the AWS configuration cannot be used: Invalid endpoint"),
]


@pytest.mark.parametrize(("error", "words"), LOCAL)
def test_what_fails_on_this_side(error: Exception, words: str) -> None:
    calls = 0

    def clients(_service: str, _region: str) -> Any:
        nonlocal calls
        calls += 1
        raise error

    answer = read(clients)
    assert words in cause(answer)
    assert words in answer.account.cause
    assert calls == 1


def test_an_answer_of_another_shape_is_unknown(stubbed: Aws) -> None:
    odd = {**ANSWER, "DkimAttributes": {"Tokens": ["a.b"]}}
    stubbed.ses.add_response("get_email_identity", odd, NAMED)
    stubbed.ses.add_response("get_account", {}, {})
    assert "SES answered in an unknown shape" in cause(read(stubbed))


def test_calls_are_paced_and_the_account_is_read_once(stubbed: Aws) -> None:
    for name in ("a.zip", "b.zip", "c.zip"):
        stubbed.ses.add_response("get_email_identity", ANSWER, {"EmailIdentity": name})
        if name == "a.zip":
            stubbed.ses.add_response("get_account", {"ProductionAccessEnabled": True}, {})
    now = 100.0
    slept: list[float] = []

    def sleep(seconds: float) -> None:
        nonlocal now
        slept.append(seconds)
        now += seconds

    reader = Reader(stubbed, sleep=sleep, clock=lambda: now)
    wanted = [Wanted(domain=f"{n}.zip.", region="us-west-2") for n in "abc"]
    answers = reader.read(wanted)
    assert [a.account.production_access for a in answers] == [True] * 3
    assert slept == [1.0, 1.0]
