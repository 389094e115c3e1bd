from __future__ import annotations

import base64
import contextlib
import dataclasses
from functools import cache
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_der_public_key,
)
from hypothesis import given
from hypothesis import settings as profile
from hypothesis import strategies as st

from contract import settings
from contract.settings import SETTINGS, Settings, SettingsError, settings_from_mapping

LEAST = {"domain": "jobmatch.zip", "awsAccountId": "123456789012"}


@cache
def rsa_key(bits: int) -> str:
    return der(rsa.generate_private_key(public_exponent=65537, key_size=bits))


def der(key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey) -> str:
    octets = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    return base64.b64encode(octets).decode()


def problems(**changes: Any) -> list[str]:
    with pytest.raises(SettingsError) as caught:
        settings_from_mapping({**LEAST, **changes})
    return list(caught.value.problems)


def test_defaults() -> None:
    found = settings_from_mapping(LEAST)
    assert found == Settings(
        domain="jobmatch.zip",
        aws_account_id="123456789012",
        region="us-west-2",
        mail_from_label="bounce",
        dmarc_policy="none",
        dmarc_report_address="dmarc@jobmatch.zip",
        alarm_email=None,
        hosted_zone_id=None,
        manage_dmarc=True,
        code_lifetime_seconds=600,
        daily_volume=1000,
        from_addresses=("no-reply@jobmatch.zip",),
        dkim="easy",
        byodkim_selector=None,
        byodkim_private_key=None,
        dkim_signing_hosted_zone=None,
        import_identity=False,
    )
    assert found.mail_from_domain == "bounce.jobmatch.zip"
    assert found.byodkim_public_key is None


def test_every_setting_can_be_given_as_the_text_that_pulumi_stores() -> None:
    found = settings_from_mapping(
        {
            "domain": "JobMatch.zip.",
            "awsAccountId": "123456789012",
            "aws:region": "eu-west-1",
            "mailFromLabel": "Post",
            "dmarcPolicy": "reject",
            "dmarcReportAddress": "d@JobMatch.zip",
            "alarmEmail": "ops@example.org",
            "hostedZoneId": "/hostedzone/Z0123456789ABC",
            "manageDmarc": "false",
            "codeLifetimeSeconds": "120",
            "dailyVolume": "5000",
            "fromAddresses": '["a@jobmatch.zip", "b@mail.jobmatch.zip"]',
            "dkim": "byodkim",
            "byodkimSelector": "ses2026",
            "byodkimPrivateKey": rsa_key(1024),
            "dkimSigningHostedZone": "dkim.amazonses.com.",
            "importIdentity": "true",
        }
    )
    assert found.domain == "jobmatch.zip"
    assert found.mail_from_domain == "post.jobmatch.zip"
    assert found.dmarc_report_address == "d@jobmatch.zip"
    assert found.hosted_zone_id == "Z0123456789ABC"
    assert (found.manage_dmarc, found.import_identity) == (False, True)
    assert (found.code_lifetime_seconds, found.max_delivery_seconds) == (120, 300)
    assert found.from_addresses == ("a@jobmatch.zip", "b@mail.jobmatch.zip")
    assert found.dkim_signing_hosted_zone == "dkim.amazonses.com"
    assert {f.name for f in dataclasses.fields(Settings)} == {
        setting.attribute for setting in SETTINGS.values()
    }


@pytest.mark.parametrize("value", [["a@jobmatch.zip"], "a@jobmatch.zip", '["a@jobmatch.zip"]'])
def test_addresses_are_a_list_or_text(value: Any) -> None:
    found = settings_from_mapping({**LEAST, "fromAddresses": value})
    assert found.from_addresses == ("a@jobmatch.zip",)


def test_the_public_key_is_the_one_to_publish() -> None:
    found = settings_from_mapping(
        {
            **LEAST,
            "dkim": "byodkim",
            "byodkimSelector": "s",
            "byodkimPrivateKey": rsa_key(2048),
        }
    )
    assert found.byodkim_public_key is not None
    key = load_der_public_key(base64.b64decode(found.byodkim_public_key))
    assert isinstance(key, rsa.RSAPublicKey)
    assert key.key_size == 2048
    assert rsa_key(2048) not in repr(found)


BAD: list[tuple[dict[str, Any], str]] = [
    ({"domain": None}, "domain: is not set; run: pulumi config set domain example.com"),
    ({"domain": ""}, "domain: is empty; run: pulumi config set domain example.com"),
    ({"domain": "https://jobmatch.zip/"}, "domain: 'https://jobmatch.zip/' is a URL"),
    ({"domain": "*.jobmatch.zip"}, "domain: '*.jobmatch.zip' holds a wildcard"),
    ({"domain": "zip"}, "domain: 'zip' is a single label"),
    ({"domain": "bücher.example"}, "write it as xn--bcher-kva.example"),
    ({"domain": ["a"]}, "domain: text is expected, found ['a']"),
    ({"awsAccountId": None}, "awsAccountId: is not set"),
    ({"awsAccountId": "12345678901"}, "awsAccountId: '12345678901' is no account id: 12 digits"),
    ({"awsAccountId": 42}, "in quotes in a YAML file"),
    ({"awsAccountId": "１２３４５６７８９０１２"}, "is no account id"),
    ({"aws:region": "us-west2"}, "did you mean us-west-2?; run: pulumi config set aws:region"),
    ({"mailFromLabel": "@"}, "mailFromLabel: '@' makes the domain itself the MAIL FROM"),
    ({"mailFromLabel": ""}, "mailFromLabel: is empty"),
    ({"mailFromLabel": "a.b"}, "mailFromLabel: 'a.b' has a dot"),
    ({"mailFromLabel": "*"}, "mailFromLabel: '*' holds a wildcard"),
    ({"mailFromLabel": "a_b"}, "mailFromLabel: 'a_b' holds an underscore"),
    ({"mailFromLabel": "-a"}, "a hyphen may not stand at an end"),
    ({"dmarcPolicy": "quarantene"}, "did you mean quarantine?"),
    ({"dmarcPolicy": "NONE"}, "did you mean none?"),
    ({"dmarcReportAddress": "mailto"}, "dmarcReportAddress: 'mailto' is no mail address"),
    ({"alarmEmail": "ops@zip"}, "has a host that is a single label"),
    ({"hostedZoneId": "example.com"}, "is no Route 53 zone id"),
    ({"manageDmarc": "yes"}, "manageDmarc: true or false is expected, found 'yes'"),
    ({"codeLifetimeSeconds": "10m"}, "a whole number from 30 to 50400 is expected, found '10m'"),
    ({"codeLifetimeSeconds": 50401}, "found 50401"),
    ({"dailyVolume": 0}, "dailyVolume: a whole number from 1"),
    ({"dailyVolume": True}, "found True"),
    ({"fromAddresses": "[1"}, "is no JSON list"),
    ({"fromAddresses": []}, "is an empty list"),
    ({"fromAddresses": ["a@other.zip"]}, "a@other.zip is not at jobmatch.zip or below it"),
    ({"fromAddresses": ["*@jobmatch.zip"]}, "*@jobmatch.zip holds a wildcard"),
    ({"fromAddresses": ["x@jobmatch.zip"] * 51}, "has 51 entries"),
    ({"dkim": "own"}, "dkim: 'own' is none of easy, byodkim"),
    ({"byodkimSelector": "s"}, "byodkimSelector: is set, and dkim is not byodkim"),
    ({"dkimSigningHostedZone": "a b"}, "holds ' '"),
    ({"importIdentity": 1}, "importIdentity: true or false is expected"),
]


@pytest.mark.parametrize(("changes", "words"), BAD)
def test_bad_input_is_told_with_what_mends_it(changes: dict[str, Any], words: str) -> None:
    (problem,) = problems(**changes)
    assert words in problem
    assert "pulumi config " in problem


@pytest.mark.parametrize(
    ("key", "words"),
    [
        (lambda: "-----BEGIN PRIVATE KEY-----\nMIIB", "PEM header lines"),
        (lambda: "not base64!", "is not base64"),
        (lambda: "AAAA", "is no unencrypted private key"),
        (lambda: "A" * 20_481, "has 20481 characters"),
        (lambda: rsa_key(3072), "has 3072 bits; SES takes 1024 to 2048"),
        (lambda: der(ec.generate_private_key(ec.SECP256R1())), "is no RSA key"),
    ],
)
def test_a_key_that_ses_refuses_is_told_without_showing_it(key: Any, words: str) -> None:
    text = key()
    (problem,) = problems(dkim="byodkim", byodkimSelector="s", byodkimPrivateKey=text)
    assert words in problem
    assert text not in problem


def test_byodkim_needs_selector_and_key() -> None:
    assert [line.split(":")[0] for line in problems(dkim="byodkim")] == [
        "byodkimSelector",
        "byodkimPrivateKey",
    ]


def test_all_problems_come_at_once() -> None:
    found = problems(domain="x", mailFromLabel=".", dmarcPolicy="p", dailyVolume="-1")
    assert [line.split(":")[0] for line in found] == [
        "domain",
        "mailFromLabel",
        "dmarcPolicy",
        "dailyVolume",
    ]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, ""),
        (
            {"dmarcReportAddress": "x@vendor.example"},
            'jobmatch.zip._report._dmarc.vendor.example. "v=DMARC1"',
        ),
        ({"domain": "mail.jobmatch.zip", "dmarcReportAddress": "x@jobmatch.zip"}, ""),
        ({"alarmEmail": None}, "nobody is mailed"),
        ({"fromAddresses": "a@bounce.jobmatch.zip"}, "is at the MAIL FROM domain"),
    ],
)
def test_notes(changes: dict[str, Any], words: str) -> None:
    found = settings.notes(
        settings_from_mapping({**LEAST, "alarmEmail": "ops@jobmatch.zip", **changes})
    )
    assert [words in note for note in found] == ([True] if words else [])


def test_unknown_keys_are_told_with_the_nearest() -> None:
    (told,) = settings.unknown_keys(["domain", "mailFromLable"])
    assert told == (
        "mailFromLable: is no setting of this project; did you mean mailFromLabel?; "
        "run: pulumi config rm mailFromLable"
    )


@profile(max_examples=100)
@given(
    st.dictionaries(
        st.sampled_from(sorted(SETTINGS)),
        st.none()
        | st.booleans()
        | st.integers()
        | st.floats()
        | st.text(max_size=20)
        | st.lists(st.text(max_size=5), max_size=3),
        max_size=6,
    )
)
def test_nothing_raises_but_a_settings_error(mapping: dict[str, Any]) -> None:
    with contextlib.suppress(SettingsError):
        settings_from_mapping(mapping)
