"""A BYODKIM key pair for tests, made once a run."""

from __future__ import annotations

import base64
import functools

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat


@functools.cache
def private_key(bits: int = 2048) -> str:
    """Return an RSA key as SES takes it: base64 of the DER, no PEM lines."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=bits)
    der = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    return base64.b64encode(der).decode("ascii")
