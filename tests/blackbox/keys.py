"""DKIM key records made for the cases: the modulus is random, since nothing is signed with it."""

from __future__ import annotations

import base64
import random

STRING = 250  # octets of one character string, below the 255 of RFC 1035 §3.3.14


def public_key(bits: int, *, seed: int = 1, exponent: int = 65537) -> str:
    """Return an RSA SubjectPublicKeyInfo of ``bits`` as base64 (RFC 5280 §4.1, RFC 8017 A.1.1)."""
    key = _sequence(_integer(_modulus(bits, seed)), _integer(exponent))
    rsa_encryption = bytes.fromhex("300d06092a864886f70d0101010500")
    return base64.b64encode(_sequence(rsa_encryption, _tlv(0x03, b"\0" + key))).decode()


def pkcs1_key(bits: int, *, seed: int = 1) -> str:
    """Return an RSA public key of ``bits`` as PKCS#1 in base64 (RFC 8017 A.1.1)."""
    return base64.b64encode(_sequence(_integer(_modulus(bits, seed)), _integer(65537))).decode()


def quoted(value: str) -> str:
    """Return ``value`` as quoted character strings of a zone file."""
    escaped = [value[i : i + STRING] for i in range(0, len(value), STRING)] or [""]
    return " ".join('"' + s.replace("\\", "\\\\").replace('"', '\\"') + '"' for s in escaped)


def _modulus(bits: int, seed: int) -> int:
    return random.Random(seed).getrandbits(bits) | 1 << (bits - 1) | 1


def _sequence(*parts: bytes) -> bytes:
    return _tlv(0x30, b"".join(parts))


def _integer(value: int) -> bytes:
    return _tlv(0x02, value.to_bytes(value.bit_length() // 8 + 1, "big"))


def _tlv(tag: int, content: bytes) -> bytes:
    """Return one DER element with a definite length (X.690 §8.1.3)."""
    size = len(content)
    if size < 128:
        return bytes([tag, size]) + content
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(length)]) + length + content
