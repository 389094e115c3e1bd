"""Bad config: every problem at once, each with the command that mends it, before any resource."""

from __future__ import annotations

import base64

import pytest

from tests.infra.keys import private_key
from tests.infra.recording import run
from tests.infra.variants import BYODKIM

PEM = f"-----BEGIN PRIVATE KEY-----\n{private_key()}\n-----END PRIVATE KEY-----"


@pytest.mark.parametrize(
    ("config", "expected"),
    [
        ({"domain": None}, ["domain: is not set", "pulumi config set domain"]),
        ({"domain": "https://jobmatch.zip/"}, ["is a URL", "pulumi config set domain"]),
        ({"domain": "*.jobmatch.zip"}, ["wildcard"]),
        ({"mailFromLabel": "@"}, ["SES needs a subdomain", "pulumi config set mailFromLabel"]),
        ({"mailFromLabel": "a.b"}, ["has a dot"]),
        ({"mailFromLabel": "*"}, ["wildcard"]),
        ({"awsAccountId": "1234"}, ["is no account id", "pulumi config set awsAccountId"]),
        ({"aws:region": "us-west2"}, ["did you mean us-west-2?"]),
        ({"dmarcPolicy": "quarantene"}, ["did you mean quarantine?"]),
        ({"codeLifetimeSeconds": "1"}, ["codeLifetimeSeconds"]),
        ({"fromAddresses": '["a@other.example"]'}, ["not at jobmatch.zip or below it"]),
        ({"hostedZoneId": "jobmatch.zip"}, ["is no Route 53 zone id"]),
        ({"dmarcPolcy": "none"}, ["dmarcPolcy: is no setting", "did you mean dmarcPolicy?"]),
        ({"dkim": "byodkim"}, ["byodkimSelector: is not set", "byodkimPrivateKey: is not set"]),
        ({**BYODKIM, "byodkimPrivateKey": PEM}, ["PEM header lines", "--secret"]),
        (
            {**BYODKIM, "byodkimPrivateKey": private_key(3072)},
            ["has 3072 bits", "pulumi config set --secret byodkimPrivateKey"],
        ),
        (
            {**BYODKIM, "byodkimPrivateKey": base64.b64encode(b"no key").decode()},
            ["no unencrypted private key"],
        ),
    ],
)
def test_a_bad_setting_is_told_with_its_remedy(
    config: dict[str, str | None], expected: list[str]
) -> None:
    recorded = run(config)

    assert [] == [words for words in expected if words not in recorded.error]
    assert [] == recorded.resources
    key = config.get("byodkimPrivateKey")
    assert key is None or key not in recorded.error


def test_all_problems_are_told_at_once() -> None:
    error = run({"domain": None, "mailFromLabel": "a.b", "dmarcPolicy": "no"}).error

    assert error.startswith("3 settings are not usable:\n")
    assert [1, 1, 1] == [
        error.count(f"  {key}: ") for key in ("domain", "mailFromLabel", "dmarcPolicy")
    ]


def test_one_problem_is_one() -> None:
    assert run({"domain": None}).error.startswith("1 setting is not usable:\n")


def test_a_key_that_is_not_encrypted_is_refused() -> None:
    error = run(BYODKIM, secrets=()).error

    assert "byodkimPrivateKey: is not encrypted in the stack's file" in error
    assert str(BYODKIM["byodkimPrivateKey"]) not in error


def test_a_report_address_elsewhere_needs_an_authorisation_record() -> None:
    recorded = run({"dmarcReportAddress": "d@reports.example"})

    assert "" == recorded.error
    assert 1 == len([line for line in recorded.logs if "_report._dmarc.reports.example" in line])


@pytest.mark.parametrize("variable", ["AWS_REGION", "AWS_DEFAULT_REGION"])
def test_another_region_of_the_environment_is_not_used_and_told(
    monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    monkeypatch.setenv(variable, "eu-west-1")
    recorded = run()

    assert "us-west-2" == recorded.named("aws").inputs["region"]
    assert [f"{variable}=eu-west-1 is not used: the stack is in us-west-2 (aws:region)"] == (
        recorded.logs
    )
