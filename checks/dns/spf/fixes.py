"""Fixes: the corrected whole record, and what else stays at the name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from checks.dns.names import display
from checks.dns.rdata import Txt
from checks.dns.spf.facts import SpfSubject
from checks.dns.spf.merge import merged
from checks.dns.spf.repair import repair
from checks.dns.spf.scopes import SpfView, is_mail_from
from checks.dns.spf.select import near_misses
from checks.model import Record
from checks.registry import Failed

SES_INCLUDE = "amazonses.com"  # SES developer guide, custom MAIL FROM
_SHOWN = 60  # characters of a TXT value that is named only
_SENTENCE = 300  # characters of one value in a message
_KEPT = 100  # values kept in one finding
MANY = 10  # values named in one message, records merged
LONGEST = 4096  # octets of one record that are corrected


def shown(text: str, limit: int = 2000) -> str:
    """Return ``text``, cut where it is very long."""
    return text if len(text) <= limit else f"{text[:limit]}… ({len(text)} octets)"


def seen(items: Iterable[str]) -> tuple[str, ...]:
    """Return the values seen, each once, as a finding holds them: cut where they are many."""
    unique = list(dict.fromkeys(items))
    more = (f"… and {len(unique) - _KEPT} more",) if len(unique) > _KEPT else ()
    return (*map(shown, unique[:_KEPT]), *more)


def listed(items: Iterable[str]) -> str:
    """Return the items, each once, joined by commas, cut where they are many."""
    unique = list(dict.fromkeys(items))
    more = f" and {len(unique) - MANY} more" if len(unique) > MANY else ""
    return ", ".join(shown(item, _SENTENCE) for item in unique[:MANY]) + more


def quoted(terms: Iterable[str]) -> str:
    """Return terms as they stand in a sentence."""
    return listed(f"`{term}`" for term in terms)


def decoded(records: Sequence[Txt]) -> list[str]:
    """Return TXT records as text, one character an octet."""
    return [txt.joined.decode("latin-1") for txt in records]


def bounded(sources: Sequence[str]) -> list[str]:
    """Return the records that a fix is made of: few and short enough to be read by a person."""
    return [text[:LONGEST] for text in sources[:MANY]]


def whole_record(view: SpfView, subject: SpfSubject, sources: Sequence[str]) -> str:
    """Return the record to publish at the name, out of ``sources``."""
    include = SES_INCLUDE if is_mail_from(view, subject) else None
    return merged(sources, include=include)


def with_record(
    view: SpfView,
    subject: SpfSubject,
    failed: Failed,
    template: str,
    *,
    sources: Sequence[str] | None = None,
    fills: Mapping[str, str] | None = None,
) -> Failed:
    """Return ``failed`` with the corrected whole record as its fix.

    ``template`` is the fix text of the rule, ``sources`` the records to correct and merge, those
    selected at the name where None is given.
    """
    used = bounded(decoded(subject.selected[:MANY]) if sources is None else sources)
    record = whole_record(view, subject, used)
    name = display(subject.name)
    values = {"name": name, "record": record, "domain": name, "mail_from": name, **(fills or {})}
    text = template.format_map(values) + _left_out(used) + _staying(subject)
    published = Record(name=subject.name, type="TXT", values=(record,))
    return replace(failed, fix_text=text, records=(published,))


def _left_out(sources: Sequence[str]) -> str:
    gone = [shown(term, _SHOWN) for text in sources for term in repair(text).left_out]
    return f"; left out, correct by hand: {quoted(gone)}" if gone else ""


def _staying(subject: SpfSubject) -> str:
    gone = {*subject.selected, *near_misses(subject.texts)}
    others = decoded([txt for txt in subject.texts if txt not in gone])
    kept = quoted(shown(text, _SHOWN) for text in others)
    return f"; the other TXT values stay: {kept}" if others else ""
