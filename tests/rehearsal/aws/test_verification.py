"""SES asks the loopback DNS server, on a clock that is turned."""

from __future__ import annotations

import base64
import datetime as dt
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from rehearsal.aws import EmulatedAws, verification
from rehearsal.zone import Fault, Host, World, parse_records
from tests.rehearsal.aws.emulator import DOMAIN, client

ZONE = "a31d.dkim.us-west-2.amazonses.com"
MAIL_FROM = "bounce.jobmatch.zip"
MX = "bounce MX 10 feedback-smtp.us-west-2.amazonses.com."
APEX = (
    ". SOA a.root-servers.net. nstld.example. 1 1800 900 604800 86400",
    ". NS a.root-servers.net.",
    "@ SOA ns1.dnshost.example. hostmaster.dnshost.example. 1 7200 3600 1209600 3600",
    "@ NS ns1.dnshost.example.",
)


class Names:
    """A DNS server that is started anew for each set of records, on the port SES knows."""

    def __init__(self, aws: EmulatedAws) -> None:
        self._aws = aws
        self._world: World | None = None

    def publish(self, *lines: str, faults: tuple[Fault, ...] = ()) -> None:
        self.stop()
        records = parse_records("\n".join((*APEX, *lines)), f"{DOMAIN}.")
        self._world = World([Host("127.0.0.1", records, recursive=True, faults=faults)])
        self._world.start()
        self._aws.world.nameserver = ("127.0.0.1", self._world.port)

    def stop(self) -> None:
        if self._world is not None:
            self._world.stop()
            self._world = None


@pytest.fixture
def named() -> Any:
    """Return emulated AWS with an identity, and the DNS server that it asks."""
    with EmulatedAws(signing_hosted_zone=ZONE) as aws:
        names = Names(aws)
        ses = client(aws, "sesv2")
        ses.create_email_identity(EmailIdentity=DOMAIN)
        ses.put_email_identity_mail_from_attributes(EmailIdentity=DOMAIN, MailFromDomain=MAIL_FROM)
        yield aws, names
        names.stop()


def dkim_records(aws: EmulatedAws, zone: str = ZONE) -> list[str]:
    tokens = aws.ses.identities[DOMAIN].dkim.tokens
    return [f"{token}._domainkey CNAME {token}.{zone}." for token in tokens]


def look(aws: EmulatedAws, **after: float) -> tuple[str, str, bool, str | None]:
    """Turn the clock and return DKIM, MAIL FROM, verified, and the error that SES names."""
    aws.clock.advance(dt.timedelta(**after or {"minutes": 1}))
    seen = client(aws, "sesv2").get_email_identity(EmailIdentity=DOMAIN)
    return (
        seen["DkimAttributes"]["Status"],
        seen["MailFromAttributes"]["MailFromDomainStatus"],
        seen["VerifiedForSendingStatus"],
        seen.get("VerificationInfo", {}).get("ErrorType"),
    )


def test_it_looks_when_its_time_has_come_and_not_before(named: Any) -> None:
    aws, names = named
    names.publish(*dkim_records(aws), MX)
    assert look(aws, seconds=30) == ("PENDING", "PENDING", False, None)
    assert look(aws, seconds=31) == ("SUCCESS", "SUCCESS", True, None)
    info = client(aws, "sesv2").get_email_identity(EmailIdentity=DOMAIN)["VerificationInfo"]
    assert info["LastCheckedTimestamp"] == info["LastSuccessTimestamp"]


def test_without_records_it_gives_up_after_three_days(named: Any) -> None:
    aws, names = named
    names.publish()
    assert look(aws, hours=71) == ("PENDING", "PENDING", False, "HOST_NOT_FOUND")
    assert look(aws, hours=2) == ("FAILED", "FAILED", False, "HOST_NOT_FOUND")
    names.publish(*dkim_records(aws), MX)
    assert look(aws)[:2] == ("FAILED", "FAILED")
    ses = client(aws, "sesv2")
    ses.put_email_identity_mail_from_attributes(EmailIdentity=DOMAIN, MailFromDomain=MAIL_FROM)
    assert look(aws)[1] == "SUCCESS"


def test_a_first_mail_from_that_fails_is_mended_by_the_next_put(named: Any) -> None:
    aws, names = named
    names.publish(*dkim_records(aws), MX)
    ses = client(aws, "sesv2")
    ses.put_email_identity_mail_from_attributes(EmailIdentity=DOMAIN)
    aws.play("mail-from-failed")
    seen = []
    for _ in range(2):
        ses.put_email_identity_mail_from_attributes(EmailIdentity=DOMAIN, MailFromDomain=MAIL_FROM)
        seen += [look(aws)[1], look(aws)[1]]
    assert seen == ["FAILED", "FAILED", "SUCCESS", "SUCCESS"]


def test_records_that_go_away_are_a_temporary_failure_first(named: Any) -> None:
    aws, names = named
    records = dkim_records(aws)
    names.publish(*records, MX)
    look(aws)
    names.publish(*records[:2])
    assert look(aws) == ("TEMPORARY_FAILURE", "TEMPORARY_FAILURE", True, "HOST_NOT_FOUND")
    names.publish(*records, MX)
    assert look(aws) == ("SUCCESS", "SUCCESS", True, None)
    names.publish()
    look(aws)
    assert look(aws, hours=73) == ("FAILED", "FAILED", False, "HOST_NOT_FOUND")


def test_a_target_in_another_zone_is_an_invalid_value(named: Any) -> None:
    aws, names = named
    names.publish(*dkim_records(aws, "dkim.amazonses.com"), MX)
    assert look(aws) == ("PENDING", "SUCCESS", False, "INVALID_VALUE")


def test_a_server_that_fails_proves_nothing(named: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    aws, names = named
    broken = Fault(name="_domainkey.jobmatch.zip.", kind="servfail", under=True)
    names.publish(*dkim_records(aws), MX, faults=(broken,))
    assert look(aws) == ("PENDING", "SUCCESS", False, "DNS_SERVER_ERROR")
    names.stop()
    monkeypatch.setattr(verification, "TIMEOUT", 0.05)
    assert look(aws)[3] == "DNS_SERVER_ERROR"


@pytest.mark.parametrize(
    "lines",
    [
        ["bounce MX 10 feedback-smtp.us-east-1.amazonses.com."],
        [MX, "bounce MX 20 mail.jobmatch.zip."],
        ['bounce TXT "v=spf1 include:amazonses.com ~all"'],
    ],
)
def test_mail_from_needs_exactly_one_mx_to_this_region(named: Any, lines: list[str]) -> None:
    aws, names = named
    names.publish(*dkim_records(aws), *lines)
    assert look(aws)[:3] == ("SUCCESS", "PENDING", True)


def test_an_own_key_is_read_from_its_record() -> None:
    key = rsa.generate_private_key(public_exponent=65537, key_size=1024)
    private = key.private_bytes(
        serialization.Encoding.DER,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    public = key.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    own = {"DomainSigningSelector": "k1"}
    own["DomainSigningPrivateKey"] = base64.b64encode(private).decode()
    text = base64.b64encode(public).decode()
    with EmulatedAws() as aws:
        names = Names(aws)
        ses = client(aws, "sesv2")
        ses.create_email_identity(EmailIdentity=DOMAIN, DkimSigningAttributes=own)
        ses.put_email_identity_mail_from_attributes(EmailIdentity=DOMAIN, MailFromDomain=MAIL_FROM)
        other = "B" if text[80] == "A" else "A"
        names.publish(f'k1._domainkey TXT "v=DKIM1; k=rsa; p={text[:80]}{other}{text[81:]}"')
        wrong = look(aws)
        names.publish(f'k1._domainkey TXT "v=DKIM1; k=rsa; " "p={text[:90]}" "{text[90:]}"')
        right = look(aws)
        names.stop()
    assert (wrong[0], wrong[3]) == ("PENDING", "INVALID_VALUE")
    assert (right[0], right[2]) == ("SUCCESS", True)


def test_a_longer_key_is_generated_at_the_next_good_look(named: Any) -> None:
    aws, names = named
    names.publish(*dkim_records(aws), MX)
    dkim = aws.ses.identities[DOMAIN].dkim
    dkim.current_key_length, dkim.next_key_length = "RSA_1024_BIT", "RSA_2048_BIT"
    look(aws)
    seen = client(aws, "sesv2").get_email_identity(EmailIdentity=DOMAIN)["DkimAttributes"]
    assert seen["CurrentSigningKeyLength"] == "RSA_2048_BIT"
