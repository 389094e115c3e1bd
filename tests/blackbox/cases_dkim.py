"""Easy DKIM and BYODKIM: owner names, targets, and the keys behind them."""

from __future__ import annotations

from collections.abc import Sequence

from rehearsal.example import SIGNING_ZONE, TOKENS
from rehearsal.zone import Fault
from tests.blackbox.case import (
    NOTHING_WRONG,
    Broken,
    Case,
    Expect,
    not_ready,
    ready,
    undetermined,
)
from tests.blackbox.keys import pkcs1_key, public_key, quoted

T1, T2, T3 = TOKENS
KEY_NAMES = [f"{token}.{SIGNING_ZONE}." for token in TOKENS]
OWNERS = [f"{token}._domainkey CNAME" for token in TOKENS]
KEY = public_key(2048)

BROUGHT = {
    "DkimAttributes": {
        "SigningAttributesOrigin": "EXTERNAL",
        "Tokens": ["mail2026"],
        "SigningHostedZone": None,
        "CurrentSigningKeyLength": None,
        "NextSigningKeyLength": None,
    }
}


def byodkim(title: str, record: str | Sequence[str], expect: Expect) -> Case:
    """Return a case with key records at a selector of one's own; they are split as needed."""
    records = [record] if isinstance(record, str) else record
    return Case(
        title=title,
        remove=OWNERS,
        zone="\n".join(f"mail2026._domainkey TXT {quoted(r)}" for r in records),
        identity=BROUGHT,
        expect=expect,
    )


def faulty_keys(*names: str) -> list[Broken]:
    """Return SERVFAIL at the resolver for key names."""
    return [Broken(Fault(name=n, kind="servfail", rdtype="TXT"), ["recursive"]) for n in names]


def cname(token: str, target: str) -> str:
    """Return the CNAME line of a token."""
    return f"{token}._domainkey CNAME {target}"


OWNER = {
    "one-missing": Case(
        title="the third CNAME was forgotten, and SES still waits",
        remove=[f"{T3}._domainkey CNAME"],
        identity={
            "VerifiedForSendingStatus": False,
            "VerificationStatus": "PENDING",
            "DkimAttributes": {"Status": "PENDING"},
        },
        expect=not_ready(
            "dkim-cname-present",
            fix=[f"{T3}._domainkey.jobmatch.zip", f"{T3}.{SIGNING_ZONE}"],
            not_in_fix=[T1, T2],
        ),
    ),
    "owner-doubled": Case(
        title="the provider appended the zone to the name",
        remove=[f"{T2}._domainkey CNAME"],
        zone=f"{T2}._domainkey.jobmatch.zip CNAME {T2}.{SIGNING_ZONE}.",
        expect=not_ready("dkim-owner-undoubled", "dkim-cname-present", fix=[f"{T2}._domainkey"]),
    ),
    "owner-in-the-plural": Case(
        title="_domainkeys",
        remove=[f"{T1}._domainkey CNAME"],
        zone=f"{T1}._domainkeys CNAME {T1}.{SIGNING_ZONE}.",
        expect=not_ready(
            "dkim-owner-spelled", "dkim-cname-present", fix=[f"{T1}._domainkey.jobmatch.zip"]
        ),
    ),
    "owner-without-underscore": Case(
        title="the web form refused the underscore",
        remove=[f"{T1}._domainkey CNAME"],
        zone=f"{T1}.domainkey CNAME {T1}.{SIGNING_ZONE}.",
        expect=not_ready("dkim-owner-spelled", "dkim-cname-present"),
    ),
    "owner-without-domainkey": Case(
        title="the token alone was entered",
        remove=[f"{T3}._domainkey CNAME"],
        zone=f"{T3} CNAME {T3}.{SIGNING_ZONE}.",
        expect=not_ready("dkim-owner-spelled", "dkim-cname-present"),
    ),
    "proxied": Case(
        title="a proxy answers with its own address",
        remove=[f"{T1}._domainkey CNAME"],
        zone=f"{T1}._domainkey A 104.21.3.4",
        expect=not_ready("dkim-cname-unproxied", "dkim-cname-present"),
    ),
    "flattened": Case(
        title="the DNS host resolves the alias itself",
        remove=[f"{T1}._domainkey CNAME"],
        zone=f"{T1}._domainkey TXT {quoted('p=' + public_key(2048, seed=9))}",
        other=f"{T1}.{SIGNING_ZONE}. TXT {quoted('p=' + public_key(2048, seed=9))}",
        expect=not_ready("dkim-cname-unflattened", "dkim-cname-present"),
    ),
    "target-as-text": Case(
        title="the target was stored as TXT",
        remove=[f"{T2}._domainkey CNAME"],
        zone=f'{T2}._domainkey TXT "{T2}.{SIGNING_ZONE}"',
        expect=not_ready("dkim-cname-not-text", "dkim-cname-present"),
    ),
}

TARGET = {
    "target-suffixed": Case(
        title="no dot behind the target, so the zone was appended",
        zone=cname(T1, f"{T1}.{SIGNING_ZONE}"),
        expect=not_ready(
            "dkim-target-unsuffixed", "dkim-cname-target", fix=[f"{T1}.{SIGNING_ZONE}."]
        ),
    ),
    "target-in-the-common-zone": Case(
        title="the old common zone, though the identity signs elsewhere",
        zone="\n".join(cname(token, f"{token}.dkim.amazonses.com.") for token in TOKENS),
        expect=not_ready("dkim-cname-target", fix=[SIGNING_ZONE]),
    ),
    "target-in-another-region": Case(
        title="a target of another Region",
        zone=cname(T1, f"{T1}.q8r1.dkim.eu-west-1.amazonses.com."),
        expect=not_ready("dkim-cname-target"),
    ),
    "targets-swapped": Case(
        title="two tokens changed places",
        zone=f"{cname(T1, f'{T2}.{SIGNING_ZONE}.')}\n{cname(T2, f'{T1}.{SIGNING_ZONE}.')}",
        expect=not_ready("dkim-cname-target", "dkim-tokens-unswapped"),
    ),
}

ROTATION = {
    "one-key-unreadable": Case(
        title="one key name gives SERVFAIL, two hold keys",
        faults=faulty_keys(KEY_NAMES[1]),
        expect=ready(unknown=["dkim-tokens-active"], not_fail=NOTHING_WRONG),
    ),
    "all-keys-unreadable": Case(
        title="every key name gives SERVFAIL",
        faults=faulty_keys(*KEY_NAMES),
        expect=undetermined("dkim-key-resolves", not_fail=NOTHING_WRONG),
    ),
    "keys-blocked": Case(
        title="the resolver blocks the names of the keys, which is no word of the zone",
        faults=[
            Broken(Fault(name=SIGNING_ZONE + ".", kind="blocked", under=True), ["recursive"]),
        ],
        expect=undetermined("dkim-key-resolves", not_fail=NOTHING_WRONG),
    ),
    "flattened-and-cut-elsewhere": Case(
        title="the DNS host answers with the key itself, its strings cut at other places",
        remove=[OWNERS[0], f"{KEY_NAMES[0]} TXT"],
        zone=f'{T1}._domainkey TXT "p=" {quoted(KEY)}',
        other=f"{KEY_NAMES[0]} TXT {quoted('p=' + KEY)}",
        expect=not_ready("dkim-cname-unflattened", "dkim-cname-present"),
    ),
    "two-tokens-idle": Case(
        title="SES holds one key active; the other two names answer empty text",
        remove=[f"{name} TXT" for name in KEY_NAMES[1:]],
        other="\n".join(f'{name} TXT ""' for name in KEY_NAMES[1:]),
        expect=ready(info=["dkim-tokens-active"], not_fail=NOTHING_WRONG),
    ),
    "all-idle": Case(
        title="no key behind any alias, though SES says SUCCESS",
        remove=[f"{name} TXT" for name in KEY_NAMES],
        expect=not_ready("dkim-key-resolves"),
    ),
    "all-idle-and-pending": Case(
        title="no key behind any alias, and SES has not published one yet",
        remove=[f"{name} TXT" for name in KEY_NAMES],
        identity={"DkimAttributes": {"Status": "PENDING"}},
        expect=undetermined("dkim-key-resolves", "ses-dkim-verified"),
    ),
    "shorter-than-stated": Case(
        title="a key of 1024 bits where the API says 2048",
        other=f"{KEY_NAMES[0]} TXT {quoted('p=' + public_key(1024))}",
        expect=ready(warn=["dkim-key-length-agreed", "dkim-key-strong"]),
    ),
}

BROUGHT_KEYS = {
    "own-key": byodkim(
        "a 2048-bit key of one's own, in several strings",
        f"v=DKIM1; k=rsa; p={KEY}",
        ready(not_fail=NOTHING_WRONG),
    ),
    "own-key-bare": byodkim("p= alone is enough", f"p={KEY}", ready(not_fail=NOTHING_WRONG)),
    "own-key-missing": Case(
        title="nothing stands at the selector",
        remove=OWNERS,
        identity=BROUGHT,
        expect=not_ready("dkim-key-resolves", fix=["mail2026._domainkey.jobmatch.zip"]),
    ),
    "own-key-doubled-name": Case(
        title="the provider appended the zone to the selector's name",
        remove=OWNERS,
        identity=BROUGHT,
        zone=f"mail2026._domainkey.jobmatch.zip TXT {quoted('p=' + KEY)}",
        expect=not_ready("dkim-key-resolves", "dkim-owner-undoubled"),
    ),
    "own-key-revoked": byodkim(
        "an empty p= revokes the key", "v=DKIM1; k=rsa; p=", not_ready("dkim-key-present")
    ),
    "own-key-capital-p": byodkim(
        "P= is an unknown tag", f"v=DKIM1; P={KEY}", not_ready("dkim-key-present")
    ),
    "own-key-version-last": byodkim(
        "v= must come first", f"p={KEY}; v=DKIM1", not_ready("dkim-record-syntax")
    ),
    "own-key-version-wrong": byodkim(
        "v=DKIM2", f"v=DKIM2; p={KEY}", not_ready("dkim-record-syntax")
    ),
    "own-key-tag-twice": byodkim(
        "p= twice", f"v=DKIM1; p={KEY}; p={KEY}", not_ready("dkim-record-syntax")
    ),
    "own-key-escaped": byodkim(
        "backslashes before the semicolons",
        f"v=DKIM1\\; k=rsa\\; p={KEY}",
        not_ready("dkim-value-unescaped"),
    ),
    "own-key-cut": byodkim(
        "the web form cut the value at 255 octets",
        f"v=DKIM1; k=rsa; p={KEY}"[:255],
        not_ready("dkim-key-decodes"),
    ),
    "two-own-keys": byodkim(
        "the old key was left beside the new one",
        [f"v=DKIM1; p={KEY}", f"v=DKIM1; p={public_key(2048, seed=2)}"],
        not_ready("dkim-key-single"),
    ),
    "own-key-of-768-bits": byodkim(
        "a key of 768 bits", f"v=DKIM1; p={public_key(768)}", not_ready("dkim-key-minimum")
    ),
    "own-key-of-1024-bits": byodkim(
        "a key of 1024 bits",
        f"v=DKIM1; p={public_key(1024)}",
        ready(warn=["dkim-key-strong"], not_fail=["dkim-key-minimum"]),
    ),
    "own-key-of-4096-bits": byodkim(
        "a key of 4096 bits", f"v=DKIM1; p={public_key(4096)}", not_ready("dkim-key-maximum")
    ),
    "own-key-exponent-one": byodkim(
        "an exponent of 1",
        f"v=DKIM1; p={public_key(2048, exponent=1)}",
        not_ready("dkim-key-exponent"),
    ),
    "own-key-pkcs1": byodkim(
        "the key in PKCS#1 form", f"p={pkcs1_key(2048)}", ready(warn=["dkim-key-spki"])
    ),
    "own-key-ed25519": byodkim(
        "Ed25519, which SES cannot use",
        f"v=DKIM1; k=ed25519; p={'A' * 43}=",
        not_ready("dkim-key-algorithm", not_fail=["dkim-ed25519-raw", "dkim-key-decodes"]),
    ),
    "own-key-not-for-mail": byodkim(
        "a key for another service", f"v=DKIM1; s=tlsrpt; p={KEY}", not_ready("dkim-service-email")
    ),
    "own-key-for-sha1": byodkim(
        "a key for SHA-1 alone", f"v=DKIM1; h=sha1; p={KEY}", not_ready("dkim-hash-sha256")
    ),
    "own-key-testing": byodkim(
        "a key in test mode",
        f"v=DKIM1; t=y; p={KEY}",
        ready(warn=["dkim-testing-off"], not_fail=["dkim-strict-flag-absent"]),
    ),
    "own-key-strict": byodkim(
        "a key that demands an equal i= domain",
        f"v=DKIM1; t=s; p={KEY}",
        ready(info=["dkim-strict-flag-absent"], not_fail=NOTHING_WRONG),
    ),
}

CASES = {**OWNER, **TARGET, **ROTATION, **BROUGHT_KEYS}
