"""Rules over the tag list and the tags that carry no policy."""

from __future__ import annotations

import re
from collections.abc import Iterator

from checks.dns.dkim.tags import shortened
from checks.dns.dmarc import scopes
from checks.dns.dmarc.facts import Applied
from checks.dns.dmarc.record import HISTORIC, KNOWN
from checks.dns.dmarc.repair import completed, near_tag, with_tags
from checks.dns.dmarc.rules_policy import at, shown
from checks.dns.facts import Facts
from checks.dns.names import display
from checks.model import Severity
from checks.registry import Failed, Found, rule

MAX_SHOWN = 3  # problems of one record in a message
MAX_RENAMED = 16  # unknown tags that are looked at for what was meant
_FO = re.compile(r"[01]|[ds](?:[ \t]*:[ \t]*[ds])*")


@rule(
    "dmarc-tags-valid",
    title="The tag list is well formed",
    severity=Severity.ERROR,
    reference="RFC 9989 §4.8; RFC 6376 §3.2",
    fix="Replace the TXT at {name} with `{record}`",
    scope=scopes.applied_record,
)
def dmarc_tags_valid(_facts: Facts, applied: Applied) -> Iterator[Found]:
    """The order after ``v`` is free, and a trailing ``;`` is fine."""
    record = applied.record
    if record.problems:
        problems = "; ".join(str(problem) for problem in record.problems[:MAX_SHOWN])
        yield Failed(
            message=f"{display(applied.owner)}: {problems}",
            observed=(record.text,),
            fix=at(applied, record=completed(record.text)),
            records=scopes.txt(applied.owner, completed(record.text)),
        )


@rule(
    "dmarc-tags-current",
    title="No historic tags are used",
    severity=Severity.INFO,
    reference="RFC 9989 §9.3, A.6",
    fix="Remove `{value}` from {name}",
    scope=scopes.applied_record,
)
def dmarc_tags_current(_facts: Facts, applied: Applied) -> Iterator[Found]:
    """``pct``, ``rf`` and ``ri`` are no longer part of DMARC."""
    record = applied.record
    used = tuple(tag for tag in HISTORIC if record.tags.get(tag) is not None)
    if used:
        values = tuple(shown(record, tag) for tag in used)
        yield Failed(
            message=f"{', '.join(values)} at {display(applied.owner)} is historic",
            observed=values,
            fix=at(applied, value="; ".join(values)),
            records=scopes.txt(applied.owner, with_tags(record.text, drop=used)),
        )


@rule(
    "dmarc-alignment-tags-valid",
    title="`adkim` and `aspf` are r or s",
    severity=Severity.WARNING,
    reference="RFC 9989 §4.7, §4.8",
    fix="Set `{value}` at {name} to r or remove it",
    scope=scopes.applied_record,
)
def dmarc_alignment_tags_valid(_facts: Facts, applied: Applied) -> Iterator[Found]:
    """Another value means the default, r."""
    record = applied.record
    invalid = tuple(tag for tag in ("adkim", "aspf") if record.value(tag) not in {None, "r", "s"})
    if invalid:
        values = tuple(shown(record, tag) for tag in invalid)
        yield Failed(
            message=f"{', '.join(values)} at {display(applied.owner)} counts as r",
            expected="r or s",
            observed=values,
            fix=at(applied, value=", ".join(invalid)),
            records=scopes.txt(applied.owner, with_tags(record.text, drop=invalid)),
        )


@rule(
    "dmarc-fo-valid",
    title="`fo` is valid and has a `ruf`",
    severity=Severity.INFO,
    reference="RFC 9989 §4.7",
    fix="Remove `fo` from {name} or add `ruf`",
    scope=scopes.where(
        lambda applied: applied.record.tags.get("fo") is not None, "the record has no fo"
    ),
)
def dmarc_fo_valid(_facts: Facts, applied: Applied) -> Iterator[Found]:
    """0 and 1 stand alone, d and s may be listed; without ``ruf`` the tag is ignored."""
    record = applied.record
    problems = []
    if not _FO.fullmatch(record.value("fo") or ""):
        problems.append(f"{shown(record, 'fo')} is not 0, 1, or a list of d and s")
    if record.tags.get("ruf") is None:
        problems.append(f"{shown(record, 'fo')} is ignored without ruf")
    for problem in problems:
        yield Failed(
            message=f"{display(applied.owner)}: {problem}",
            observed=(shown(record, "fo"),),
            fix=at(applied),
            records=scopes.txt(applied.owner, with_tags(record.text, drop=("fo",))),
        )


@rule(
    "dmarc-tags-known",
    title="No unknown tag is used",
    severity=Severity.WARNING,
    reference="RFC 9989 §4.7",
    fix="Remove or correct `{value}` at {name}",
    scope=scopes.applied_record,
)
def dmarc_tags_known(_facts: Facts, applied: Applied) -> Iterator[Found]:
    """Receivers ignore unknown tags."""
    record = applied.record
    names = dict.fromkeys(tag.name for tag in record.tags.tags if tag.name not in KNOWN)
    unknown = tuple(names)[:MAX_SHOWN]
    if unknown:
        told = "; ".join(f"{shortened(name, 30)} is ignored{_suggestion(name)}" for name in unknown)
        yield Failed(
            message=f"{display(applied.owner)}: {told}",
            observed=tuple(shown(record, name) for name in unknown),
            fix=at(applied, value=", ".join(shortened(name, 30) for name in unknown)),
            records=scopes.txt(applied.owner, _without_unknown(applied, tuple(names))),
        )


def _suggestion(name: str) -> str:
    near = near_tag(name)
    return f" (did you mean {near}?)" if near else ""


def _without_unknown(applied: Applied, unknown: tuple[str, ...]) -> str:
    """Return the record with unknown tags renamed where a known one is meant, else dropped."""
    tags = applied.record.tags
    meant = {near: tags.get(name) for name in unknown[:MAX_RENAMED] if (near := near_tag(name))}
    missing = {near: value for near, value in meant.items() if value and tags.get(near) is None}
    dropped = frozenset(name.lower() for name in unknown) - frozenset(KNOWN)
    return with_tags(with_tags(applied.record.text, drop=dropped), put=missing)
