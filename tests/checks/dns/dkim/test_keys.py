"""From ``p=`` to facts about the key."""

from __future__ import annotations

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given, settings
from hypothesis import strategies as st

from checks.dns.dkim.keys import KeyProblem, PublicKey, decode_key
from tests.checks.dns.dkim import material


def test_a_key_of_cryptography_in_both_forms() -> None:
    key = rsa.generate_private_key(public_exponent=65537, key_size=1024).public_key()
    for form, name in (
        (PublicFormat.SubjectPublicKeyInfo, "spki"),
        (PublicFormat.PKCS1, "pkcs1"),
    ):
        octets = key.public_bytes(Encoding.DER, form)
        decoded = decode_key(material.text(octets), "rsa")
        assert isinstance(decoded, PublicKey)
        assert (decoded.form, decoded.bits, decoded.exponent) == (name, 1024, 65537)
        assert decoded.is_rsa


@pytest.mark.parametrize("bits", [256, 512, 768, 1023, 1024, 2048, 4096])
@pytest.mark.parametrize("exponent", [0, 1, 2, 3, 65536, 65537, (1 << 300) + 1])
def test_keys_that_no_loader_takes_are_described(bits: int, exponent: int) -> None:
    for octets in (material.spki(bits, exponent), material.pkcs1(bits, exponent)):
        decoded = decode_key(material.text(octets), "rsa")
        assert isinstance(decoded, PublicKey)
        assert (decoded.bits, decoded.exponent) == (bits, exponent)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("ab*d", "p= is not base64: '*' as character 3"),
        ("abc", "p= is not base64: 3 characters are no multiple of 4"),
        ("ab=d", "p= is not base64: '=' as character 3"),
        ("====", "p= is not base64: '=' as character 1"),
        (material.text(b"no key at all"), "p= decodes to no public key"),
        (material.text(material.spki() + b"more"), "p= has 4 octets after the key"),
        (
            material.text(material.spki()[:-6]),
            "p= is cut: the key states 294 octets, 288 are there",
        ),
        (material.text(b"\x30\x85\0\0\0\0\0"), "p= decodes to no public key"),
        (material.text(b"\x30"), "p= decodes to no public key"),
        (
            material.text(bytes.fromhex("3014") + material.ALGORITHM + b"\x03\x03\0ab"),
            "the SubjectPublicKeyInfo in p= holds no RSAPublicKey",
        ),
        # a negative modulus, a key that ends inside an octet, an algorithm that is no OID
        (material.text(bytes.fromhex("30060201ff020103")), "p= decodes to no public key"),
        (
            material.text(bytes.fromhex("3013") + material.ALGORITHM + b"\x03\x02\x01\x80"),
            "p= decodes to no public key",
        ),
        (
            material.text(bytes.fromhex("300b30050201010500") + b"\x03\x02\0\0"),
            "p= decodes to no public key",
        ),
    ],
)
def test_problems(text: str, problem: str) -> None:
    assert decode_key(text, "rsa") == KeyProblem(problem)


def test_keys_of_another_type_are_named() -> None:
    curve = ec.generate_private_key(ec.SECP256R1()).public_key()
    edwards = ed25519.Ed25519PrivateKey.generate().public_key()
    for key, name in ((curve, "ec"), (edwards, "ed25519")):
        octets = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        decoded = decode_key(material.text(octets), "rsa")
        assert isinstance(decoded, PublicKey)
        assert (decoded.algorithm, decoded.is_rsa) == (name, False)


def test_only_the_base64_of_other_types_is_judged() -> None:
    decoded = decode_key(material.text(bytes(32)), "ed25519")
    assert decoded == PublicKey(algorithm="ed25519", form="raw", size=32)
    assert isinstance(decode_key("abc", "ed25519"), KeyProblem)


@settings(max_examples=200, deadline=None)
@given(
    st.one_of(
        st.text(max_size=40),
        st.binary(max_size=60).map(material.text),
        st.tuples(st.integers(0, 293), st.integers(0, 255)).map(
            lambda change: material.text(
                material.spki()[: change[0]] + bytes([change[1]]) + material.spki()[change[0] + 1 :]
            )
        ),
    ),
    st.sampled_from(["rsa", "ed25519", "x"]),
)
def test_hostile_text_never_raises(text: str, key_type: str) -> None:
    decoded = decode_key(text, key_type)
    assert isinstance(decoded, PublicKey | KeyProblem)
    if isinstance(decoded, PublicKey):
        assert decoded.size == len(base64.b64decode(text))
