"""Keys for tests: the modulus need be no product of primes."""

from __future__ import annotations

import base64

ALGORITHM = bytes.fromhex("300d06092a864886f70d0101010500")  # rsaEncryption, NULL
ED25519 = bytes.fromhex("302a300506032b6570032100") + bytes(range(32))


def _tlv(tag: int, content: bytes) -> bytes:
    size = len(content)
    octets = size.to_bytes((size.bit_length() + 7) // 8 or 1, "big")
    length = bytes([size]) if size < 128 else bytes([0x80 | len(octets)]) + octets
    return bytes([tag]) + length + content


def _integer(value: int) -> bytes:
    return _tlv(2, value.to_bytes(value.bit_length() // 8 + 1, "big", signed=True))


def pkcs1(bits: int = 2048, exponent: int = 65537, seed: int = 1) -> bytes:
    return _tlv(0x30, _integer((1 << (bits - 1)) | seed) + _integer(exponent))


def spki(bits: int = 2048, exponent: int = 65537, seed: int = 1) -> bytes:
    return _tlv(0x30, ALGORITHM + _tlv(3, b"\0" + pkcs1(bits, exponent, seed)))


def text(octets: bytes) -> str:
    return base64.b64encode(octets).decode("ascii")


KEY = text(spki())
