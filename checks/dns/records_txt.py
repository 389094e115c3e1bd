"""Published TXT values merged with those that SES needs. Values are text decoded as Latin-1."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from checks.dns.dkim.tags import split_tags
from checks.dns.dmarc.record import DmarcSyntaxError, is_selected, parse_dmarc
from checks.dns.dmarc.repair import best_first, is_near_miss, repaired, with_tags
from checks.dns.spf.merge import merged
from checks.dns.spf.select import is_selected as is_spf
from contract.ses import SPF_INCLUDE

HINDERING = {"aspf": "s", "psd": "y"}  # RFC 9989 §4.4.2, §4.10.2


def spf_records(values: Iterable[str]) -> list[str]:
    """Return the values that receivers take for SPF records (RFC 7208 §4.5)."""
    return [value for value in values if is_spf(_octets(value))]


def spf_to_publish(wanted: str, values: Iterable[str]) -> str:
    """Return the one SPF record to publish: ``wanted``, or those that stand with SES included."""
    standing = spf_records(values)
    if not standing:
        return wanted
    joined = merged(standing, include=SPF_INCLUDE)
    is_same = len(standing) == 1 and standing[0].lower().split() == joined.lower().split()
    return standing[0] if is_same else joined  # only case or spaces differ: leave it alone


def is_working_dmarc(values: Iterable[str]) -> bool:
    """Return whether there is one DMARC record, and it works and lets SPF of MAIL FROM align."""
    selected = [value for value in values if is_selected(value)]
    return len(selected) == 1 and _works(selected[0]) and not _hindering(selected[0])


def dmarc_to_publish(wanted: str, attempts: Sequence[str]) -> str:
    """Return the record to publish: the best attempt that works once repaired, or ``wanted``.

    Its owner chose the policy and the report address; a typing error must not change them.
    """
    for attempt in (value.decode("latin-1") for value in best_first(map(_octets, attempts))):
        meant = with_tags(attempt, drop=_hindering(repaired(attempt)))
        if _works(repaired(attempt)) or "; rua=" in meant:
            return meant
    return wanted


def is_attempt(name: str, value: str) -> bool:
    """Return whether a value at ``name`` was meant as the record that belongs there."""
    if name.startswith("_dmarc."):
        return is_selected(value) or is_near_miss(_octets(value))
    return "._domainkey." in name and "p=" in value.replace(" ", "").lower()


def _works(value: str) -> bool:
    """Return whether receivers act on a record and no value is invalid (RFC 9989 §4.10.1)."""
    try:
        record = parse_dmarc(_octets(value))
    except DmarcSyntaxError:
        return False
    invalid = record.problems or record.invalid_policies("p", "sp", "np")
    return record.acts != "not" and not invalid


def _hindering(value: str) -> tuple[str, ...]:
    """Return the tags that keep SPF of a MAIL FROM below the domain from aligning."""
    tags = split_tags(value)
    return tuple(name for name, bad in HINDERING.items() if (tags.get(name) or "").lower() == bad)


def _octets(value: str) -> bytes:
    return value.encode("latin-1", "replace")
