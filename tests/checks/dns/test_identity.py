from __future__ import annotations

import contextlib
import copy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checks.dns.expectation import Identity
from checks.dns.identity import identity_from_json, tokens_problem
from checks.errors import UsageError

ANSWER: dict[str, Any] = {
    "IdentityType": "DOMAIN",
    "FeedbackForwardingStatus": True,
    "VerifiedForSendingStatus": True,
    "DkimAttributes": {
        "SigningEnabled": True,
        "Status": "SUCCESS",
        "Tokens": ["t1", "t2", "t3"],
        "SigningHostedZone": "A31d.dkim.us-west-2.amazonses.com",
        "SigningAttributesOrigin": "AWS_SES",
        "NextSigningKeyLength": "RSA_2048_BIT",
        "CurrentSigningKeyLength": "RSA_1024_BIT",
        "LastKeyGenerationTimestamp": "2026-11-01T09:00:00+00:00",
    },
    "MailFromAttributes": {
        "MailFromDomain": "Bounce.jobmatch.zip",
        "MailFromDomainStatus": "SUCCESS",
        "BehaviorOnMxFailure": "REJECT_MESSAGE",
    },
    "Policies": {},
    "Tags": [],
    "ConfigurationSetName": "jobmatch-mail",
    "VerificationStatus": "SUCCESS",
    "VerificationInfo": {
        "ErrorType": "HOST_NOT_FOUND",
        "SOARecord": {"PrimaryNameServer": "NS1.dnshost.example", "SerialNumber": 7},
    },
}


def put(path: str, value: object) -> dict[str, Any]:
    answer: dict[str, Any] = copy.deepcopy(ANSWER)
    at: Any = answer
    *parents, last = path.split(".")
    for key in parents:
        at = at[key]
    at[last] = value
    return answer


def problems(answer: object) -> list[str]:
    with pytest.raises(UsageError) as caught:
        identity_from_json(answer)
    return list(caught.value.problems)


def test_a_whole_answer() -> None:
    assert identity_from_json(ANSWER) == Identity(
        verified_for_sending=True,
        verification_status="SUCCESS",
        error_type="HOST_NOT_FOUND",
        dkim_status="SUCCESS",
        signing_enabled=True,
        origin="AWS_SES",
        tokens=("t1", "t2", "t3"),
        signing_hosted_zone="a31d.dkim.us-west-2.amazonses.com.",
        current_key_length="RSA_1024_BIT",
        next_key_length="RSA_2048_BIT",
        mail_from_domain="bounce.jobmatch.zip.",
        mail_from_status="SUCCESS",
        behavior_on_mx_failure="REJECT_MESSAGE",
        soa_mname="ns1.dnshost.example.",
        soa_serial=7,
        configuration_set="jobmatch-mail",
    )


NULLS = [
    ("VerifiedForSendingStatus", "verified_for_sending", None),
    ("DkimAttributes.SigningEnabled", "signing_enabled", None),
    ("DkimAttributes.Tokens", "tokens", ()),
    ("DkimAttributes.SigningHostedZone", "signing_hosted_zone", None),
    ("DkimAttributes.SigningAttributesOrigin", "origin", "AWS_SES"),
    ("MailFromAttributes.MailFromDomain", "mail_from_domain", None),
    ("MailFromAttributes", "mail_from_domain", None),
    ("VerificationInfo", "soa_mname", ""),
    ("VerificationInfo.SOARecord.SerialNumber", "soa_serial", None),
    ("DkimAttributes", "dkim_status", ""),
]


@pytest.mark.parametrize(("path", "attribute", "value"), NULLS)
def test_null_is_absent(path: str, attribute: str, value: object) -> None:
    assert getattr(identity_from_json(put(path, None)), attribute) == value


def test_an_empty_mail_from_is_none() -> None:
    answer = put("MailFromAttributes.MailFromDomain", "")
    assert identity_from_json(answer).mail_from_domain is None


WRONG = [
    ("VerifiedForSendingStatus", "true", "true or false expected, found 'true'"),
    ("DkimAttributes", [], "DkimAttributes: an object expected, found []"),
    ("DkimAttributes.Tokens", "t1", "a list of text expected, found 't1'"),
    ("DkimAttributes.Tokens", [1], "a list of text expected, found [1]"),
    ("DkimAttributes.Tokens", ["a.b"], "'a.b' is no DKIM token"),
    ("DkimAttributes.Tokens", ["x" * 64], "is no DKIM token"),
    ("DkimAttributes.Tokens", ["a\n"], r"'a\n' is no DKIM token"),
    ("DkimAttributes.Tokens", ["T1", "t1"], "a token is listed twice"),
    ("DkimAttributes.Tokens", [f"t{n}" for n in range(11)], "11 tokens; SES gives three"),
    ("DkimAttributes.Status", "SUCCESS\x1b[31m", "a word of the API expected"),
    ("DkimAttributes.Status", 5, "text expected, found 5"),
    ("DkimAttributes.SigningHostedZone", "a b", "holds ' '"),
    ("DkimAttributes.SigningHostedZone", "zone", "is a single label"),
    ("MailFromAttributes", "x", "MailFromAttributes: an object expected, found 'x'"),
    ("MailFromAttributes.MailFromDomain", "*.jobmatch.zip", "wildcard"),
    ("VerificationInfo.SOARecord.PrimaryNameServer", "a..b", "is no name: empty label"),
    ("VerificationInfo.SOARecord.SerialNumber", "7", "a whole number expected, found '7'"),
    ("VerificationInfo.SOARecord.SerialNumber", True, "a whole number expected, found True"),
    ("ConfigurationSetName", {}, "text expected, found {}"),
    ("IdentityType", "EMAIL_ADDRESS", "give that of the domain"),
]


@pytest.mark.parametrize(("path", "value", "words"), WRONG)
def test_a_wrong_field_is_named(path: str, value: object, words: str) -> None:
    (problem,) = problems(put(path, value))
    assert problem.startswith(path)
    assert words in problem
    assert problem.isprintable()


def test_all_wrong_fields_come_at_once() -> None:
    answer = put("VerificationStatus", 1)
    answer["DkimAttributes"]["Tokens"] = 2
    answer["MailFromAttributes"] = 3
    assert [line.split(":")[0] for line in problems(answer)] == [
        "VerificationStatus",
        "DkimAttributes.Tokens",
        "MailFromAttributes",
    ]


@pytest.mark.parametrize("answer", [None, [], "text", 5, {}, {"domain": "jobmatch.zip"}])
def test_what_is_no_answer_of_ses(answer: object) -> None:
    assert "aws sesv2 get-email-identity" in problems(answer)[0]


def test_tokens() -> None:
    assert tokens_problem(("t1", "sel-2026")) == ""


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner),
    max_leaves=4,
)
PATHS = [path for path, _, _ in NULLS] + [path for path, _, _ in WRONG]


@settings(max_examples=150)
@given(st.sampled_from(PATHS), anything)
def test_nothing_raises_but_a_usage_error(path: str, value: object) -> None:
    with contextlib.suppress(UsageError):
        identity_from_json(put(path, value))


@settings(max_examples=50)
@given(anything)
def test_no_json_raises_anything_else(answer: object) -> None:
    with contextlib.suppress(UsageError):
        identity_from_json(answer)
