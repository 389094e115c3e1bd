"""Rules over the text of the key record."""

from __future__ import annotations

from collections.abc import Iterator

from checks.dns.dkim import scopes
from checks.dns.dkim.facts import DkimKey, DkimName, values
from checks.dns.dkim.fixes import at_key, key_record, meant_record
from checks.dns.dkim.record import meant_key, rewritten, unescaped
from checks.dns.dkim.tags import shortened
from checks.dns.facts import Facts
from checks.dns.names import display
from checks.dns.reading import texts
from checks.model import Severity
from checks.registry import Failed, Found, rule

MAX_SHOWN = 3  # problems of one record in a message


@rule(
    "dkim-key-single",
    title="There is exactly one key record",
    severity=Severity.ERROR,
    reference="RFC 6376 §3.6.2.2",
    fix="Delete all TXT records at {name} but the current key",
    scope=scopes.records,
)
def dkim_key_single(_facts: Facts, name: DkimName) -> Iterator[Found]:
    """Verifiers may take any of several records: the result is undefined."""
    count = len(texts(name.txt))
    if count > 1:
        yield Failed(
            message=f"{count} TXT records at {display(name.key_at)}",
            expected="1",
            observed=values(name.txt),
            fix=at_key(name),
        )


@rule(
    "dkim-record-syntax",
    title="The key record is a valid tag list",
    severity=Severity.ERROR,
    reference="RFC 6376 §3.2, §3.6.1",
    fix="Publish TXT at {name}: `v=DKIM1; k=rsa; p={value}`",
    scope=scopes.keys,
)
def dkim_record_syntax(_facts: Facts, name: DkimName) -> Iterator[Found]:
    """Unknown tags are ignored; everything else must be a tag list."""
    for key in name.keys:
        if key.record.problems:
            shown = "; ".join(str(problem) for problem in key.record.problems[:MAX_SHOWN])
            found = meant_key(key.text)
            yield Failed(
                message=f"{display(name.key_at)}: {shown}",
                observed=(key.text,),
                fix={**at_key(name), "value": found or "<public key>"},
                records=meant_record(name, key),
            )


@rule(
    "dkim-hash-sha256",
    title="`h=` allows sha256",
    severity=Severity.ERROR,
    reference="RFC 8301 §3.1",
    fix="Remove `h=` from {name} or set `h=sha256`",
    scope=scopes.keys,
)
def dkim_hash_sha256(_facts: Facts, name: DkimName) -> Iterator[Found]:
    """SES signs with rsa-sha256; sha1 alone is no longer valid."""
    for key in name.keys:
        hashes = key.record.hashes
        if hashes is not None and "sha256" not in hashes:
            yield _without(name, key, "h", "does not allow sha256")


@rule(
    "dkim-service-email",
    title="`s=` allows email",
    severity=Severity.ERROR,
    reference="RFC 6376 §3.6.1",
    fix="Remove `s=` from {name} or set `s=email`",
    scope=scopes.keys,
)
def dkim_service_email(_facts: Facts, name: DkimName) -> Iterator[Found]:
    """A key for another service is no key for mail."""
    for key in name.keys:
        services = key.record.services
        if services is not None and not {"*", "email"} & set(services):
            yield _without(name, key, "s", "does not allow email")


def _without(name: DkimName, key: DkimKey, tag: str, problem: str) -> Failed:
    value = shortened(key.record.tags.get(tag) or "")
    return Failed(
        message=f"{display(name.key_at)}: {tag}={value} {problem}",
        observed=(f"{tag}={value}",),
        fix=at_key(name),
        records=key_record(name, rewritten(key.record, without={tag})),
    )


@rule(
    "dkim-testing-off",
    title="The key is not in test mode",
    severity=Severity.WARNING,
    reference="RFC 6376 §3.6.1",
    fix="Remove `t=y` from {name}",
    scope=scopes.keys,
)
def dkim_testing_off(_facts: Facts, name: DkimName) -> Iterator[Found]:
    """Verifiers may treat signatures of a testing domain like unsigned mail."""
    for key in name.keys:
        if "y" in key.record.flags:
            kept = ":".join(flag for flag in key.record.flags if flag != "y")
            text = rewritten(key.record, without={"t"}, flags=kept)
            yield Failed(
                message=f"{display(name.key_at)} says t=y: verifiers may ignore the signature",
                observed=(f"t={key.record.tags.get('t')}",),
                fix=at_key(name),
                records=key_record(name, text),
            )


@rule(
    "dkim-strict-flag-absent",
    title="The key does not demand an equal `i=` domain",
    severity=Severity.INFO,
    reference="RFC 6376 §3.6.1",
    fix="None needed",
    scope=scopes.keys,
)
def dkim_strict_flag_absent(_facts: Facts, name: DkimName) -> Iterator[Found]:
    """Harmless with SES, which uses no subdomain in ``i=``."""
    for key in name.keys:
        if "s" in key.record.flags:
            yield Failed(
                message=f"{display(name.key_at)} says t=s: i= must equal d=, as it does with SES",
                observed=(f"t={key.record.tags.get('t')}",),
            )


@rule(
    "dkim-value-unescaped",
    title="The value holds no pasted escapes",
    severity=Severity.ERROR,
    reference="RFC 1035 §5.1",
    fix="Publish the value at {name} without quotes and backslashes: `{record}`",
    scope=scopes.keys,
)
def dkim_value_unescaped(_facts: Facts, name: DkimName) -> Iterator[Found]:
    """Quotes and backslashes belong into master files, not into web forms."""
    for key in name.keys:
        if '"' in key.text or "\\;" in key.text:
            text = unescaped(key.text)
            yield Failed(
                message=f"the value at {display(name.key_at)} holds quotes or backslashes",
                observed=(key.text,),
                fix={**at_key(name), "record": text},
                records=key_record(name, text),
            )
