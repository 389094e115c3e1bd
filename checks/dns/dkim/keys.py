"""From the text in ``p=`` to facts about the key. Hostile text gives a problem, never an error."""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass
from typing import Literal

_BASE64 = re.compile(r"[A-Za-z0-9+/]+={0,2}")


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicKey:
    """A decoded key. ``bits`` is the length of the RSA modulus; ``size`` is in octets.

    ``form`` is how it is written: SubjectPublicKeyInfo, PKCS#1 RSAPublicKey, or raw octets, which
    are not looked into.
    """

    algorithm: str
    form: Literal["spki", "pkcs1", "raw"]
    size: int
    bits: int = 0
    exponent: int = 0

    @property
    def is_rsa(self) -> bool:
        """True for an RSA key whose modulus and exponent are known."""
        return self.algorithm == "rsa" and self.form != "raw"


@dataclass(frozen=True, slots=True)
class KeyProblem:
    """Why the text is no key."""

    text: str


def decode_key(text: str, key_type: str) -> PublicKey | KeyProblem:
    """Decode ``p=`` (white space removed) of a record with ``k=key_type``.

    Only ``rsa`` keys are DER (RFC 6376 §3.6.1); Ed25519 keys are raw octets (RFC 8463 §4).
    """
    octets = _decode_base64(text)
    if isinstance(octets, KeyProblem):
        return octets
    if key_type != "rsa":
        return PublicKey(algorithm=key_type, form="raw", size=len(octets))
    return _decode_rsa(octets)


def _decode_base64(text: str) -> bytes | KeyProblem:
    """RFC 4648 §4, padding required: decoders that forgive are the exception."""
    if not text:
        return KeyProblem("p= is empty")
    if not _BASE64.fullmatch(text):
        bad = re.search(r"[^A-Za-z0-9+/]", text)
        where = bad.start() if bad else 0
        return KeyProblem(f"p= is not base64: '{text[where]}' as character {where + 1}")
    if len(text) % 4:
        return KeyProblem(f"p= is not base64: {len(text)} characters are no multiple of 4")
    return base64.b64decode(text, validate=True)


def _decode_rsa(octets: bytes) -> PublicKey | KeyProblem:
    from checks.dns.dkim import der

    try:
        name, key = der.read_spki(octets)
    except ValueError:
        return _decode_pkcs1(octets)
    if name != "rsa":
        return PublicKey(algorithm=name, form="spki", size=len(octets))
    try:
        modulus, exponent = der.read_rsa(key)
    except ValueError:
        return KeyProblem("the SubjectPublicKeyInfo in p= holds no RSAPublicKey")
    return _rsa("spki", octets, modulus, exponent)


def _decode_pkcs1(octets: bytes) -> PublicKey | KeyProblem:
    from checks.dns.dkim import der

    try:
        modulus, exponent = der.read_rsa(octets)
    except ValueError:
        return KeyProblem(_why_no_der(octets))
    return _rsa("pkcs1", octets, modulus, exponent)


def _rsa(form: Literal["spki", "pkcs1"], octets: bytes, modulus: int, exponent: int) -> PublicKey:
    return PublicKey(
        algorithm="rsa",
        form=form,
        size=len(octets),
        bits=modulus.bit_length(),
        exponent=exponent,
    )


def _why_no_der(octets: bytes) -> str:
    """Return whether the DER is cut or has octets left over, from the length it states."""
    stated = _stated_size(octets)
    if stated is None or stated == len(octets):
        return "p= decodes to no public key"
    if stated > len(octets):
        return f"p= is cut: the key states {stated} octets, {len(octets)} are there"
    return f"p= has {len(octets) - stated} octets after the key"


def _stated_size(octets: bytes) -> int | None:
    """Return the size that the outer SEQUENCE states, header included (X.690 §8.1.3)."""
    if len(octets) < 2 or octets[0] != 0x30:
        return None
    if octets[1] < 0x80:
        return 2 + octets[1]
    count = octets[1] & 0x7F
    if not 1 <= count <= 4 or len(octets) < 2 + count:
        return None
    return 2 + count + int.from_bytes(octets[2 : 2 + count], "big")
