"""One record out of all that is published at a name."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from checks.dns.spf.repair import repaired
from checks.dns.spf.syntax import scan
from checks.dns.spf.terms import (
    FAIL,
    PASS,
    SOFTFAIL,
    Mechanism,
    Modifier,
    SpfRecord,
    has_macros,
    static_target,
    target_name,
)

# What is written where the include of SES is meant, besides names that differ by two characters.
_MEANT = frozenset({"amazonaws.com.", "ses.amazonaws.com.", "amazon.com.", "spf.amazonses.com."})


def merged(records: Sequence[str], *, include: str | None) -> str:
    """Return one record with all terms of ``records``, each corrected and once.

    Includes stand before ``all``; there is one ``all`` or one redirect at the end, never ``+all``
    or ``?all``. ``include`` is a name, without trailing dot, that a passing term must include; it
    replaces a term that includes it with another qualifier, or misspelt.
    """
    parsed = [scan(repaired(text).encode("latin-1")) for text in records]
    terms = [m.text for record in parsed for m in record.mechanisms if m.name != "all"]
    redirects = [record.redirect.text for record in parsed if record.redirect]
    targets = list(dict.fromkeys(text.partition("=")[2] for text in redirects))
    ends = [record.all.qualifier for record in parsed if record.all]
    kept = 0 if ends else 1  # a redirect beside `all` has no effect: include its target instead
    terms += [f"include:{target}" for target in targets[kept:]]
    if include is not None:
        terms = _with_include(terms, include)
    closing = [f"redirect={target}" for target in targets[:kept]] or [f"{_closing(ends)}all"]
    return " ".join(["v=spf1", *_once(terms), *closing, *_modifiers(parsed)])


def _closing(qualifiers: Iterable[str]) -> str:
    """Return the qualifier of ``all``: the softer of those that deny."""
    denying = [q for q in qualifiers if q in {FAIL, SOFTFAIL}]
    return FAIL if denying and SOFTFAIL not in denying else SOFTFAIL


def _once(terms: Iterable[str]) -> list[str]:
    kept: dict[str, str] = {}
    for term in terms:
        kept.setdefault(_key(term), term)
    return list(kept.values())


def _key(term: str) -> str:
    return term.lower().removeprefix(PASS).removesuffix(".")


def _with_include(terms: list[str], include: str) -> list[str]:
    """Return the terms with a passing include of ``include`` in its place, or last.

    Where other qualifiers could decide before it, it comes first.
    """
    places = [at for at, term in enumerate(terms) if _means(term, include)]
    others = [term for at, term in enumerate(terms) if at not in places]
    place = places[0] if places else len(others)
    if any(scan_one(term).qualifier != PASS for term in others):
        place = 0
    return [*others[:place], f"include:{include}", *others[place:]]


def scan_one(term: str) -> Mechanism:
    """Return the mechanism of a text that is known to be one."""
    return scan(f"v=spf1 {term}".encode("latin-1")).mechanisms[0]


def _means(term: str, include: str) -> bool:
    target = include_target(scan_one(term))
    wanted = target_name(include)
    if target is None or wanted is None:
        return False
    return target == wanted or target in _MEANT or _distance(target, wanted) <= 2


def include_target(term: Mechanism | Modifier) -> str | None:
    """Return the canonical target of an include without macros, None for any other term."""
    if not isinstance(term, Mechanism) or term.name != "include" or term.domain is None:
        return None
    return None if has_macros(term.domain) else static_target(term.domain)


def _distance(one: str, other: str) -> int:
    """Return the edit distance, as far as it is small; 9 for names of very different length."""
    if abs(len(one) - len(other)) > 2:
        return 9
    row = list(range(len(other) + 1))
    for at, left in enumerate(one, 1):
        above, row[0] = row[0], at
        for column, right in enumerate(other, 1):
            change = above + (left != right)
            above = row[column]
            row[column] = min(change, row[column] + 1, row[column - 1] + 1)
    return row[-1]


def _modifiers(parsed: Iterable[SpfRecord]) -> list[str]:
    """Return the first exp, and every unknown modifier once."""
    found: dict[str, str] = {}
    for record in parsed:
        for modifier in record.modifiers:
            if modifier.name == "redirect":
                continue
            key = modifier.name if modifier.name == "exp" else modifier.text.lower()
            found.setdefault(key, modifier.text)
    return list(found.values())


def without(record: str, terms: Iterable[str]) -> str:
    """Return the record without the given terms, whatever their letter case."""
    gone = {_key(term) for term in terms}
    return " ".join(word for word in record.split(" ") if word and _key(word) not in gone)
