"""The parser: a whole record by the ABNF of RFC 7208 §12, octet by octet."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from checks.dns.spf.select import VERSION, is_selected
from checks.dns.spf.term_syntax import parse_term
from checks.dns.spf.terms import ONCE, Modifier, Problem, SpfRecord, SpfSyntaxError, Term

_REMEMBERED = 2048  # octets


def parse(record: bytes) -> SpfRecord:
    """Return the terms of a joined record.

    Raises SpfSyntaxError for the first problem, wherever it stands (RFC 7208 §4.6).
    """
    scanned = scan(record)
    if scanned.problems:
        raise scanned.problems[0]
    return scanned


def scan(record: bytes) -> SpfRecord:
    """Return the terms of a joined record that parse, and all problems of it. Never raises."""
    # The same few records are read by every evaluation; very long ones are not worth the memory.
    return _scan_again(record) if len(record) > _REMEMBERED else _scan_once(record)


@lru_cache(maxsize=256)
def _scan_once(record: bytes) -> SpfRecord:
    return _scan_again(record)


def _scan_again(record: bytes) -> SpfRecord:
    text = record.decode("latin-1")
    if not is_selected(record):
        return SpfRecord(text, (), (_version_error(text),))
    terms: list[Term] = []
    problems: list[SpfSyntaxError] = []
    for position, token in tokens(text):
        try:
            terms.append(parse_term(token, position))
        except SpfSyntaxError as error:
            problems.append(error)
    problems += _repeated(terms)
    return SpfRecord(text, tuple(terms), tuple(sorted(problems, key=lambda e: e.position)))


def _version_error(text: str) -> SpfSyntaxError:
    first = text.partition(" ")[0]
    return SpfSyntaxError(Problem.VERSION, first, 0, "the record does not start with v=spf1")


def tokens(text: str) -> Iterator[tuple[int, str]]:
    """Yield offset and text of every term after the version; only 0x20 separates terms."""
    position = len(VERSION)
    for token in text[position:].split(" "):
        if token:
            yield position, token
        position += len(token) + 1


def _repeated(terms: list[Term]) -> list[SpfSyntaxError]:
    seen: set[str] = set()
    found = []
    for term in terms:
        if not isinstance(term, Modifier) or term.name not in ONCE:
            continue
        if term.name in seen:
            detail = f"{term.name} appears more than once"
            found.append(SpfSyntaxError(Problem.REPEATED, term.text, term.position, detail))
        seen.add(term.name)
    return found
