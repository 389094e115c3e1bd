"""Rules over the key itself."""

from __future__ import annotations

import re
from collections.abc import Iterator

from checks.dns.dkim import scopes
from checks.dns.dkim.facts import DkimName
from checks.dns.dkim.fixes import at_key, meant_record
from checks.dns.dkim.keys import KeyProblem, PublicKey
from checks.dns.dkim.tags import shortened
from checks.dns.expectation import IdentityUnknown
from checks.dns.facts import Facts
from checks.dns.names import display
from checks.model import Severity
from checks.registry import Case, Failed, Found, NotApplicable, Passed, Skip, Unknown, rule

MINIMUM = 1024  # bits, RFC 8301 §3.2
STRONG = 2048  # bits, RFC 8301 §3.2
MAXIMUM = 2048  # bits, what SES accepts for BYODKIM
ED25519_SIZE = 32  # octets, RFC 8463 §4
ED25519_SPKI_SIZE = 44  # octets of the same key as SubjectPublicKeyInfo


@rule(
    "dkim-key-decodes",
    title="The key decodes",
    severity=Severity.ERROR,
    reference="RFC 6376 §3.6.1; RFC 5280 §4.1",
    fix="Publish the whole key at {name}, as several strings of at most 255 octets each",
    scope=scopes.filled_keys,
)
def dkim_key_decodes(_facts: Facts, name: DkimName) -> Iterator[Found]:
    """One DER key and nothing left over; a value cut at 255 octets fails."""
    for key in name.keys:
        if isinstance(key.key, KeyProblem):
            cut = "; the value ends at 255 octets" if len(key.text) == 255 else ""
            yield Failed(
                message=f"{display(name.key_at)}: {key.key.text}{cut}",
                observed=(key.text,),
                fix=at_key(name),
                records=meant_record(name, key),
            )


@rule(
    "dkim-key-spki",
    title="The RSA key is in SubjectPublicKeyInfo form",
    severity=Severity.WARNING,
    reference="RFC 6376 §3.6.1 (errata)",
    fix="Publish the key at {name} in SubjectPublicKeyInfo form",
    scope=scopes.rsa_keys,
)
def dkim_key_spki(_facts: Facts, name: DkimName) -> Iterator[Found]:
    """PKCS#1 is accepted by most verifiers, not by all."""
    if any(key.form == "pkcs1" for key in name.rsa_keys):
        yield Failed(
            message=f"the key at {display(name.key_at)} is a bare PKCS#1 RSAPublicKey",
            fix=at_key(name),
        )


@rule(
    "dkim-key-algorithm",
    title="The key type is RSA and matches `k=`",
    severity=Severity.ERROR,
    reference="RFC 8463 §3; SES dg BYODKIM",
    fix="Publish an RSA 2048 key at {name} with `k=rsa`",
    scope=scopes.filled_keys,
)
def dkim_key_algorithm(_facts: Facts, name: DkimName) -> Iterator[Found]:
    """SES signs with RSA only."""
    for key in name.keys:
        stated = shortened(key.record.key_type)
        if key.record.key_type == "ed25519":
            problem = "k=ed25519, but SES signs with RSA only"
        elif key.record.key_type != "rsa":
            problem = f"k={stated} is no known key type"
        elif isinstance(key.key, PublicKey) and key.key.algorithm != "rsa":
            problem = f"k=rsa, but p= holds a key of type {key.key.algorithm}"
        else:
            continue
        yield Failed(
            message=f"{display(name.key_at)}: {problem}",
            observed=(f"k={stated}",),
            fix=at_key(name),
        )


@rule(
    "dkim-key-minimum",
    title="The RSA key has at least 1024 bits",
    severity=Severity.ERROR,
    reference="RFC 8301 §3.2",
    fix="Create a 2048-bit key and publish it at {name}",
    scope=scopes.rsa_keys,
)
def dkim_key_minimum(_facts: Facts, name: DkimName) -> Iterator[Found]:
    """Verifiers must not accept shorter keys."""
    for key in name.rsa_keys:
        if key.bits < MINIMUM:
            yield _size(name, key, f"at least {MINIMUM}")


@rule(
    "dkim-key-strong",
    title="The RSA key has at least 2048 bits",
    severity=Severity.WARNING,
    reference="RFC 8301 §3.2",
    fix="Switch the identity to 2048-bit keys",
    scope=scopes.rsa_keys,
)
def dkim_key_strong(_facts: Facts, name: DkimName) -> Iterator[Found]:
    """Shorter keys than the minimum are left to dkim-key-minimum."""
    for key in name.rsa_keys:
        if key.bits < MINIMUM:
            yield NotApplicable("the key is below the minimum: dkim-key-minimum")
        elif key.bits < STRONG:
            yield _size(name, key, f"at least {STRONG}")


@rule(
    "dkim-key-maximum",
    title="The RSA key has at most 2048 bits",
    severity=Severity.ERROR,
    reference="SES dg BYODKIM",
    fix="Create a 2048-bit key and publish it at {name}",
    scope=scopes.rsa_keys,
)
def dkim_key_maximum(_facts: Facts, name: DkimName) -> Iterator[Found]:
    """SES accepts 1024 to 2048 bits."""
    for key in name.rsa_keys:
        if key.bits > MAXIMUM:
            yield _size(name, key, f"at most {MAXIMUM}")


def _size(name: DkimName, key: PublicKey, wanted: str) -> Failed:
    return Failed(
        message=f"the key at {display(name.key_at)} has {key.bits} bits",
        expected=f"{wanted} bits",
        observed=(f"{key.bits} bits",),
        fix=at_key(name),
    )


@rule(
    "dkim-key-exponent",
    title="The RSA exponent is sane",
    severity=Severity.ERROR,
    reference="RFC 8017 §3.1",
    fix="Create a new key with exponent 65537",
    scope=scopes.rsa_keys,
)
def dkim_key_exponent(_facts: Facts, name: DkimName) -> Iterator[Found]:
    """RFC 8017 §3.1: the exponent is odd and at least 3."""
    for key in name.rsa_keys:
        if key.exponent < 3 or key.exponent % 2 == 0:
            bits = key.exponent.bit_length()
            shown = str(key.exponent) if bits <= 64 else f"an even number of {bits} bits"
            yield Failed(
                message=f"the public exponent at {display(name.key_at)} is {shown}",
                expected="odd and at least 3",
                observed=(shown,),
                fix=at_key(name),
            )


@rule(
    "dkim-ed25519-raw",
    title="An Ed25519 key is 32 raw octets",
    severity=Severity.ERROR,
    reference="RFC 8463 §4",
    fix="Publish an RSA 2048 key at {name}",
    scope=scopes.ed25519_keys,
)
def dkim_ed25519_raw(_facts: Facts, name: DkimName) -> Iterator[Found]:
    """A SubjectPublicKeyInfo around the key is a common mistake."""
    for key in name.keys:
        if key.record.key_type != "ed25519" or not isinstance(key.key, PublicKey):
            continue
        size = key.key.size
        if size != ED25519_SIZE:
            form = ", a SubjectPublicKeyInfo" if size == ED25519_SPKI_SIZE else ""
            yield Failed(
                message=f"the Ed25519 key at {display(name.key_at)} has {size} octets{form}",
                expected=f"{ED25519_SIZE} octets",
                observed=(f"{size} octets",),
                fix=at_key(name),
            )


def easy_rsa_keys(facts: Facts) -> Iterator[Case[DkimName] | Skip | Unknown]:
    """Every name with an RSA key, where the API states how long it should be."""
    subject = display(facts.expectation.domain)
    identity = facts.expectation.identity
    if facts.dkim.byodkim:
        yield Skip(subject, "the API states no key length for BYODKIM")
    elif isinstance(identity, IdentityUnknown):
        yield Unknown(subject, f"the API's key length is not known: {identity.cause}")
    elif _bits(identity.current_key_length) is None:
        yield Skip(subject, "the API states no key length")
    else:
        yield from scopes.rsa_keys(facts)


def _bits(stated: str) -> int | None:
    found = re.fullmatch(r"RSA_(\d{3,5})_BIT", stated)
    return int(found.group(1)) if found else None


@rule(
    "dkim-key-length-agreed",
    title="The key length is the one the API states",
    severity=Severity.WARNING,
    reference="SESv2 GetEmailIdentity",
    fix="Wait for the rotation; otherwise check {name}",
    scope=easy_rsa_keys,
)
def dkim_key_length_agreed(facts: Facts, name: DkimName) -> Iterator[Found]:
    """Judge the modulus against CurrentSigningKeyLength, and say where a rotation is pending."""
    identity = facts.expectation.identity
    if isinstance(identity, IdentityUnknown):
        return
    current, coming = identity.current_key_length, identity.next_key_length
    pending = f"; NextSigningKeyLength is {coming}: a rotation is pending"
    pending = pending if coming and coming != current else ""
    wrong = [key for key in name.rsa_keys if key.bits != _bits(current)]
    for key in wrong:
        yield Failed(
            message=(
                f"the key at {display(name.key_at)} has {key.bits} bits, "
                f"the API says {current}{pending}"
            ),
            expected=current,
            observed=(f"{key.bits} bits",),
            fix=at_key(name),
        )
    if pending and not wrong:
        yield Passed(f"the key has the length that the API states ({current}){pending}")
