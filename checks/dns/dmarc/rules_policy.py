"""Rules over the policies that the record asks for."""

from __future__ import annotations

from collections.abc import Iterator

from checks.dns.dkim.tags import shortened
from checks.dns.dmarc import scopes
from checks.dns.dmarc.facts import Applied, policies
from checks.dns.dmarc.record import DmarcRecord
from checks.dns.dmarc.repair import completed, with_tags
from checks.dns.facts import Facts
from checks.dns.names import display
from checks.model import Severity
from checks.registry import Failed, Found, rule

TAGS = ("p", "sp", "np")


def at(applied: Applied, **more: str) -> dict[str, str]:
    """Return the placeholders for a fix at the record."""
    return {"name": display(applied.owner), "domain": display(applied.name), **more}


def shown(record: DmarcRecord, tag: str) -> str:
    """Return a tag as it is written."""
    return f"{tag}={shortened(record.tags.get(tag) or '')}"


@rule(
    "dmarc-policy-valid",
    title="`p` is none, quarantine or reject",
    severity=Severity.ERROR,
    reference="RFC 9989 §4.7, §4.10.1",
    fix="Set `p=none`, `p=quarantine` or `p=reject` at {name}",
    scope=scopes.where(
        lambda applied: applied.record.value("p") is not None,
        "p is missing: dmarc-policy-stated, dmarc-record-usable",
    ),
)
def dmarc_policy_valid(_facts: Facts, applied: Applied) -> Iterator[Found]:
    """An invalid ``p`` acts as none with a valid ``rua``, else not at all."""
    record = applied.record
    if record.policy is None:
        acts = "as p=none" if record.acts == "monitoring" else "not at all"
        yield Failed(
            message=f"{shown(record, 'p')} is no policy: the record acts {acts}",
            expected="none, quarantine or reject",
            observed=(shown(record, "p"),),
            fix=at(applied),
            records=scopes.txt(applied.owner, completed(record.text)),
        )


@rule(
    "dmarc-policy-stated",
    title="`p` is present",
    severity=Severity.WARNING,
    reference="RFC 9989 §4.7; RFC 7489 §6.3",
    fix="Add `p=none` after `v=DMARC1` at {name}",
    scope=scopes.processed,
)
def dmarc_policy_stated(_facts: Facts, applied: Applied) -> Iterator[Found]:
    """Without ``p`` a record acts as none; receivers of RFC 7489 may ignore it."""
    if applied.record.tags.get("p") is None:
        yield Failed(
            message=f"the record at {display(applied.owner)} has no p tag",
            observed=(applied.record.text,),
            fix=at(applied),
            records=scopes.txt(applied.owner, completed(applied.record.text)),
        )


@rule(
    "dmarc-record-usable",
    title="The record leads to DMARC processing",
    severity=Severity.ERROR,
    reference="RFC 9989 §4.10.1",
    fix="Add `p=none; rua=mailto:dmarc@{domain}` at {name}",
    scope=scopes.applied_record,
)
def dmarc_record_usable(_facts: Facts, applied: Applied) -> Iterator[Found]:
    """Some policy is missing or invalid, and no report address makes up for it."""
    record = applied.record
    if record.acts == "not":
        invalid = [shown(record, tag) for tag in record.invalid_policies(*TAGS)]
        why = f"{', '.join(invalid)} is invalid" if invalid else "p is missing"
        yield Failed(
            message=f"{why} and no valid rua exists: receivers apply no DMARC",
            observed=(record.text,),
            fix=at(applied),
            fix_text=_replaced(applied),
            records=scopes.txt(applied.owner, _usable(applied)),
        )


def _replaced(applied: Applied) -> str:
    """Return the fix where p or rua stands already: to add it would repeat the tag."""
    tags = applied.record.tags
    if tags.get("p") is None and tags.get("rua") is None:
        return ""
    return f"Replace the TXT at {display(applied.owner)} with `{_usable(applied)}`"


def _usable(applied: Applied) -> str:
    text = completed(applied.record.text)
    if "rua=" in text:
        return text
    return with_tags(text, put={"rua": f"mailto:dmarc@{display(applied.name)}"})


@rule(
    "dmarc-policy-enforcing",
    title="The policy is quarantine or reject",
    severity=Severity.INFO,
    reference="SES dg dmarc",
    fix="Move to `p=quarantine` and `p=reject` once reports are clean",
    scope=scopes.processed,
)
def dmarc_policy_enforcing(_facts: Facts, applied: Applied) -> Iterator[Found]:
    """Monitoring is enough for SES."""
    if policies(applied.record)["own"] == "none":
        yield Failed(
            message=f"the record at {display(applied.owner)} acts as p=none: it only monitors",
            observed=(applied.record.text,),
        )


@rule(
    "dmarc-testing-off",
    title="The policy is not in test mode",
    severity=Severity.WARNING,
    reference="RFC 9989 §4.7, A.6",
    fix="Remove `t={value}` from {name}",
    scope=scopes.applied_record,
)
def dmarc_testing_off(_facts: Facts, applied: Applied) -> Iterator[Found]:
    """``t=y`` lowers the policy by one level; a value but y and n is ignored."""
    record = applied.record
    value = record.value("t")
    if value is None or value == "n":
        return
    effect = "lowers the policy by one level" if value == "y" else "is neither y nor n: ignored"
    yield Failed(
        message=f"{shown(record, 't')} at {display(applied.owner)} {effect}",
        observed=(shown(record, "t"),),
        fix=at(applied, value=shortened(record.tags.get("t") or "")),
        records=scopes.txt(applied.owner, with_tags(record.text, drop=("t",))),
    )


@rule(
    "dmarc-pct-full",
    title="No `pct` below 100 is set",
    severity=Severity.WARNING,
    reference="RFC 9989 A.6; RFC 7489 §6.3",
    fix="Remove `pct` from {name}",
    scope=scopes.applied_record,
)
def dmarc_pct_full(_facts: Facts, applied: Applied) -> Iterator[Found]:
    """Receivers of RFC 7489 still honour it."""
    value = applied.record.value("pct") or ""
    if value.isascii() and value.isdigit() and len(value) < 4 and int(value) < 100:
        yield Failed(
            message=f"pct={value}: receivers of RFC 7489 apply the policy to a part of the mail",
            observed=(f"pct={value}",),
            fix=at(applied),
            records=scopes.txt(applied.owner, with_tags(applied.record.text, drop=("pct",))),
        )
