"""The BYODKIM key pair: what SES takes as private key, and the public key to publish."""

from __future__ import annotations

import base64
import binascii
from typing import TYPE_CHECKING

from contract.ses import KEY_BITS, PRIVATE_KEY_MAX

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey


class KeyFormatError(ValueError):
    """A private key that SES would refuse. The text never holds the key."""


def private_key(text: str) -> RSAPrivateKey:
    """Return the RSA key in ``text``: base64 of the DER without PEM lines, as SES takes it.

    Raises KeyFormatError. Source: SESv2 DkimSigningAttributes.DomainSigningPrivateKey.
    """
    if "-----" in text:
        raise KeyFormatError("has PEM header lines; give the base64 between them, on one line")
    if not text or len(text) > PRIVATE_KEY_MAX:
        raise KeyFormatError(f"has {len(text)} characters; from 1 to {PRIVATE_KEY_MAX} are allowed")
    try:
        der = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise KeyFormatError("is not base64 on one line, without spaces") from None
    return _rsa(der)


def _rsa(der: bytes) -> RSAPrivateKey:
    # Imported here: only a stack with its own key needs it.
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
    from cryptography.hazmat.primitives.serialization import load_der_private_key

    try:
        key = load_der_private_key(der, password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise KeyFormatError("is no unencrypted private key (PKCS #8 or PKCS #1 DER)") from None
    if not isinstance(key, RSAPrivateKey):
        raise KeyFormatError("is no RSA key; SES signs with RSA alone")
    smallest, largest = KEY_BITS
    if not smallest <= key.key_size <= largest:
        raise KeyFormatError(f"has {key.key_size} bits; SES takes {smallest} to {largest}")
    return key


def public_key(private: str) -> str:
    """Return the public key of a private key, as the base64 of ``p=`` (RFC 6376 §3.6.1).

    Raises KeyFormatError where ``private`` is none that SES takes.
    """
    from cryptography.hazmat.primitives.serialization import (
        Encoding,
        PublicFormat,
    )

    der = (
        private_key(private)
        .public_key()
        .public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    )
    return base64.b64encode(der).decode("ascii")
