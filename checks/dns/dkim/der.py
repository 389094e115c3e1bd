"""RSA keys as DER: SubjectPublicKeyInfo (RFC 5280 §4.1) and RSAPublicKey (RFC 8017 A.1.1).

The structures are declared here, and read by ``cryptography``; its key loader would refuse just
those keys (small, or with a bad exponent) that have to be described.
"""

from __future__ import annotations

from cryptography.hazmat import asn1

OBJECT_IDENTIFIER = b"\x06"  # its tag, X.690 §8.19
# The known algorithms by the octets of their OID. Comparing octets spares the import of
# cryptography.x509, which costs more than everything else here.
ALGORITHMS = {
    bytes.fromhex("2a864886f70d010101"): "rsa",  # 1.2.840.113549.1.1.1, RFC 8017 A.1
    bytes.fromhex("2b6570"): "ed25519",  # 1.3.101.112, RFC 8410 §3
    bytes.fromhex("2a8648ce3d0201"): "ec",  # 1.2.840.10045.2.1, RFC 5480 §2.1.1
}


@asn1.sequence
class SubjectPublicKeyInfo:
    """RFC 5280 §4.1.2.7."""

    algorithm: asn1.TLV
    subject_public_key: asn1.BitString


@asn1.sequence
class PlainAlgorithm:
    """AlgorithmIdentifier with NULL or without parameters (RFC 8017 A.1, RFC 8410 §3)."""

    algorithm: asn1.TLV
    parameters: asn1.Null | None


@asn1.sequence
class OtherAlgorithm:
    """AlgorithmIdentifier with parameters of any kind (RFC 5480 §2.1.1)."""

    algorithm: asn1.TLV
    parameters: asn1.TLV


@asn1.sequence
class RsaPublicKey:
    """RFC 8017 A.1.1."""

    modulus: int
    public_exponent: int


def read_spki(octets: bytes) -> tuple[str, bytes]:
    """Return the algorithm's name and the key.

    An algorithm that is not known is named by the octets of its OID. Raises ValueError for anything
    but one whole SubjectPublicKeyInfo.
    """
    spki = asn1.decode_der(SubjectPublicKeyInfo, octets)
    try:
        algorithm = spki.algorithm.parse(PlainAlgorithm)
    except ValueError:
        algorithm = spki.algorithm.parse(OtherAlgorithm)
    if spki.subject_public_key.padding_bits():
        raise ValueError("the key does not end at an octet")
    if algorithm.algorithm.tag_bytes != OBJECT_IDENTIFIER:
        raise ValueError("the algorithm is no object identifier")
    oid = bytes(algorithm.algorithm.data)
    return ALGORITHMS.get(oid, f"OID {oid.hex()}"), spki.subject_public_key.as_bytes()


def read_rsa(octets: bytes) -> tuple[int, int]:
    """Return modulus and exponent. Raises ValueError for anything but one whole RSAPublicKey."""
    key = asn1.decode_der(RsaPublicKey, octets)
    if key.modulus <= 0:
        raise ValueError("the modulus is not positive")
    return key.modulus, key.public_exponent
