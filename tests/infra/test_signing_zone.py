"""The DKIM signing hosted zone is what SES says, or an error with its remedy; never a constant."""

from __future__ import annotations

from collections.abc import Iterator

import boto3
import pulumi
import pytest

from infra.signing_zone import read_signing_zone
from tests.infra.cloud import SIGNING_ZONE
from tests.infra.recording import run
from tests.infra.ses_stub import SesStub, serving

ASKING: dict[str, str | None] = {"dkimSigningHostedZone": None}


@pytest.fixture
def stub(monkeypatch: pytest.MonkeyPatch) -> Iterator[SesStub]:
    found = SesStub()
    for key in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(key, "testing")
    with serving(found) as url:
        monkeypatch.setenv("AWS_ENDPOINT_URL", url)
        yield found


def test_the_zone_is_what_ses_says_of_the_identity(stub: SesStub) -> None:
    recorded = run(ASKING)

    assert "" == recorded.error
    assert SIGNING_ZONE == recorded.outputs["dkimSigningHostedZone"]
    assert ["jobmatch.zip"] == stub.asked
    targets = [r["values"][0] for r in recorded.outputs["dnsRecords"] if r["type"] == "CNAME"]
    assert [] == [each for each in targets if not each.endswith(f".{SIGNING_ZONE}.")]


def test_a_preview_does_not_ask_for_an_identity_that_does_not_exist(stub: SesStub) -> None:
    recorded = run(ASKING, preview=True)

    assert "" == recorded.error
    assert [] == stub.asked


def test_the_setting_overrides_what_ses_says(stub: SesStub) -> None:
    recorded = run({"dkimSigningHostedZone": "dkim.other.amazonses.com"})

    assert "dkim.other.amazonses.com" == recorded.outputs["dkimSigningHostedZone"]
    assert [] == stub.asked


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ({"jobmatch.zip": {}}, "is not in the answer of SES"),
        ({}, "could not be read: An error occurred (NotFoundException)"),
    ],
)
def test_no_zone_is_an_error_that_names_the_way_out(
    stub: SesStub, answers: dict[str, dict[str, str]], expected: str
) -> None:
    stub.answers = answers

    error = run(ASKING).error

    assert expected in error
    assert "pulumi config set dkimSigningHostedZone" in error


def test_no_credentials_is_an_error_that_names_the_way_out(monkeypatch: pytest.MonkeyPatch) -> None:
    for key in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE"):
        monkeypatch.delenv(key, raising=False)
    for key in ("AWS_SHARED_CREDENTIALS_FILE", "AWS_CONFIG_FILE"):
        monkeypatch.setenv(key, "/nonexistent")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)  # an earlier test's knows credentials

    with pytest.raises(pulumi.RunError, match="Unable to locate credentials"):
        read_signing_zone("jobmatch.zip", "us-west-2")
