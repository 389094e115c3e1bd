"""RSA keys as DER: SubjectPublicKeyInfo (RFC 5280 §4.1) and RSAPublicKey (RFC 8017 A.1.1).

The structures are declared here, and read by ``cryptography``; its key loader would refuse just
those keys (small, or with a bad exponent) that have to be described.
"""

from __future__ import annotations

from cryptography.hazmat import asn1
from cryptography.x509 import ObjectIdentifier

RSA_ENCRYPTION = "1.2.840.113549.1.1.1"
ED25519 = "1.3.101.112"
EC_PUBLIC_KEY = "1.2.840.10045.2.1"


@asn1.sequence
class SubjectPublicKeyInfo:
    """RFC 5280 §4.1.2.7."""

    algorithm: asn1.TLV
    subject_public_key: asn1.BitString


@asn1.sequence
class PlainAlgorithm:
    """AlgorithmIdentifier with NULL or without parameters (RFC 8017 A.1, RFC 8410 §3)."""

    algorithm: ObjectIdentifier
    parameters: asn1.Null | None


@asn1.sequence
class OtherAlgorithm:
    """AlgorithmIdentifier with parameters of any kind (RFC 5480 §2.1.1)."""

    algorithm: ObjectIdentifier
    parameters: asn1.TLV


@asn1.sequence
class RsaPublicKey:
    """RFC 8017 A.1.1."""

    modulus: int
    public_exponent: int


def read_spki(octets: bytes) -> tuple[str, bytes]:
    """Return the algorithm's OID and the key. Raises ValueError for anything but one whole SPKI."""
    spki = asn1.decode_der(SubjectPublicKeyInfo, octets)
    try:
        algorithm = spki.algorithm.parse(PlainAlgorithm)
    except ValueError:
        algorithm = spki.algorithm.parse(OtherAlgorithm)
    if spki.subject_public_key.padding_bits():
        raise ValueError("the key does not end at an octet")
    return algorithm.algorithm.dotted_string, spki.subject_public_key.as_bytes()


def read_rsa(octets: bytes) -> tuple[int, int]:
    """Return modulus and exponent. Raises ValueError for anything but one whole RSAPublicKey."""
    key = asn1.decode_der(RsaPublicKey, octets)
    if key.modulus <= 0:
        raise ValueError("the modulus is not positive")
    return key.modulus, key.public_exponent
