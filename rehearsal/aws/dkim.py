"""DKIM signing of an identity: Easy DKIM's tokens, the customer's key, key lengths."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
from collections.abc import Mapping
from typing import Any

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from rehearsal.aws.errors import bad_request
from rehearsal.aws.state import Dkim, SesRegion

EASY = "AWS_SES"
BYODKIM = "EXTERNAL"
DEFAULT_LENGTH = "RSA_2048_BIT"
_A_DAY = dt.timedelta(days=1)


def new_dkim(ses: SesRegion, domain: str, attributes: Mapping[str, Any], now: dt.datetime) -> Dkim:
    """Return the signing of a new domain identity. Raises BadRequestException."""
    own_key = {"DomainSigningSelector", "DomainSigningPrivateKey"} & attributes.keys()
    if own_key:
        return own_dkim(attributes, now)
    length = attributes.get("NextSigningKeyLength", DEFAULT_LENGTH)
    return Dkim(
        origin=EASY,
        tokens=_tokens(ses, domain),
        since=now,
        next_key_length=length,
        current_key_length=length,
        key_generated_at=now,
    )


def own_dkim(attributes: Mapping[str, Any], now: dt.datetime) -> Dkim:
    """Return BYODKIM signing from a selector and a private key. Raises BadRequestException."""
    selector = attributes.get("DomainSigningSelector")
    private_key = attributes.get("DomainSigningPrivateKey")
    if not selector or not private_key:
        raise bad_request("DomainSigningSelector and DomainSigningPrivateKey are both required.")
    if "NextSigningKeyLength" in attributes:
        raise bad_request("NextSigningKeyLength cannot be used with your own private key.")
    public_key = _public_key(private_key)
    return Dkim(origin=BYODKIM, tokens=[selector], since=now, public_key=public_key)


def change_length(dkim: Dkim, length: str, now: dt.datetime) -> None:
    """Change the length of the next key, once a day at most. Raises BadRequestException."""
    if length == dkim.next_key_length:
        return
    if dkim.length_changed_at is not None and now - dkim.length_changed_at < _A_DAY:
        raise bad_request("The DKIM signing key length can be changed at most once per day.")
    dkim.next_key_length = length
    dkim.length_changed_at = now


def rotate(dkim: Dkim, now: dt.datetime) -> None:
    """Generate the next key where its length differs; the records stay, SES publishes the key."""
    if dkim.origin == EASY and dkim.current_key_length != dkim.next_key_length:
        dkim.current_key_length = dkim.next_key_length
        dkim.key_generated_at = now


def no_dkim() -> Dkim:
    """Return the signing of an address identity: none of its own."""
    return Dkim(origin=EASY, tokens=[], signing_enabled=False, status="NOT_STARTED")


def shown(dkim: Dkim, zone: str) -> dict[str, Any]:
    """Return DkimAttributes; ``zone`` is where SES publishes the keys of Easy DKIM."""
    answer: dict[str, Any] = {
        "SigningEnabled": dkim.signing_enabled,
        "Status": dkim.status,
        "SigningAttributesOrigin": dkim.origin,
    }
    if dkim.tokens:
        answer["Tokens"] = list(dkim.tokens)
    if dkim.origin == EASY and dkim.tokens:
        answer |= {
            "SigningHostedZone": zone,
            "NextSigningKeyLength": dkim.next_key_length,
            "CurrentSigningKeyLength": dkim.current_key_length,
        }
    if dkim.key_generated_at is not None:
        answer["LastKeyGenerationTimestamp"] = dkim.key_generated_at
    return answer


def _tokens(ses: SesRegion, domain: str) -> list[str]:
    """Return three tokens that no other identity has; made again, an identity gets new ones."""
    seed = f"{ses.account_id}/{ses.region}/{domain}/{ses.next_serial()}"
    digests = (hashlib.sha256(f"{seed}/{n}".encode()).digest() for n in range(3))
    return [base64.b32encode(digest[:20]).decode().lower() for digest in digests]


def _public_key(private_key: str) -> str:
    """Return the public half of a base64 private key, as DKIM's p= has it (RFC 6376 3.6.1)."""
    try:
        key = serialization.load_der_private_key(base64.b64decode(private_key), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise bad_request("DomainSigningPrivateKey is not a valid private key.") from error
    if not isinstance(key, rsa.RSAPrivateKey) or key.key_size not in {1024, 2048}:
        raise bad_request("DomainSigningPrivateKey must be an RSA key of 1024 or 2048 bits.")
    der = key.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return base64.b64encode(der).decode()
