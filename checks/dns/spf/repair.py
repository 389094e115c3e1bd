"""From what was published to what was meant: one record, every term corrected where obvious."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from checks.dns.spf.term_syntax import as_address, parses
from checks.dns.spf.terms import QUALIFIERS

_SPACES = "\t\r\n\x0b\x0c\x85\xa0\u2002\u2003\u2009\u202f\u3000"
_NOTHING = "\u200b\u200c\u200d\u2060\ufeff\x00\\"
_QUOTES = "\"'`\u201c\u201d\u201e\u2018\u2019\u00ab\u00bb\x91\x92\x93\x94"
_DASHES = "\u2010\u2011\u2012\u2013\u2014\u2212\x96\x97"
_CLEAN = str.maketrans(
    {
        **dict.fromkeys(_SPACES, " "),
        **dict.fromkeys(_NOTHING + _QUOTES),
        **dict.fromkeys(_DASHES, "-"),
    }
)
# The version, also as it is mistyped, and the version of Sender ID (RFC 4406).
_VERSION = re.compile(r" *(?:v ?[=:] ?spf\d*|spf ?= ?v1|spf2\.0/[a-z,]+|spf1)[;,.]?", re.IGNORECASE)
# Where the next term begins when the space before it is missing.
_STARTS = re.compile(
    r"(?<=.)(?=[+\-~?]?(?:include:|ip4:|ip6:|exists:|redirect=|exp=)|[+\-~?]all\Z)", re.IGNORECASE
)
_KNOWN = {
    "ipv4": "ip4", "ipv6": "ip6", "ip": "ip4", "ip4v": "ip4", "include_": "include",
    "includes": "include", "inlude": "include", "inclue": "include", "incude": "include",
    "inclde": "include", "inclued": "include", "inculde": "include", "inlcude": "include",
    "icnlude": "include", "incldue": "include", "exist": "exists", "prt": "ptr",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Repair:
    """The corrected record, and the terms that could not be corrected and are left out."""

    text: str
    left_out: tuple[str, ...] = ()


def repaired(text: str) -> str:
    """Return ``text`` as one record that parses: ``v=spf1`` and the terms that were meant.

    ``text`` is a joined record decoded as Latin-1, selected or nearly so. Terms that cannot be
    corrected are left out.
    """
    return repair(text).text


def repair(text: str) -> Repair:
    """Return the corrected record, and what was left out of it."""
    clean = _readable(text).translate(_CLEAN)
    clean = "".join(char for char in clean if " " <= char <= "~")
    match = _VERSION.match(clean)
    words = _joined_targets(clean[match.end() if match else 0 :].split())
    terms: list[str] = []
    left_out: list[str] = []
    for word in words:
        meant = repair_term(word)
        terms += meant
        if not meant:
            left_out.append(word)
    return Repair(" ".join(["v=spf1", *terms]), tuple(left_out))


def _readable(text: str) -> str:
    """Return the text that UTF-8 octets, decoded as Latin-1, stand for."""
    try:
        return text.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return text


def _joined_targets(words: list[str]) -> list[str]:
    """Return the words with ``include: example.com`` put together again."""
    joined: list[str] = []
    for word in (w.rstrip(";,") for w in words):
        if joined and joined[-1].endswith((":", "=")) and parses(joined[-1] + word):
            joined[-1] += word
        elif word.strip(";,."):  # not punctuation alone
            joined.append(word)
    return joined


def repair_term(word: str) -> list[str]:
    """Return the terms that ``word`` was meant to be; nothing where that is not obvious."""
    if parses(word):
        return [word]
    for candidate in _candidates(word.strip(";,")):
        if candidate and all(parses(term) for term in candidate):
            return candidate
    return []


def _candidates(word: str) -> Iterator[list[str]]:
    yield [word]
    yield [word.rstrip(".;,")]
    body = word.lstrip(QUALIFIERS)
    qualifier = word[len(word) - len(body) - 1] if body != word else ""
    yield [qualifier + body]  # two qualifiers
    yield [body]  # a qualifier before a modifier
    yield _split(word)
    yield _listed(word)
    yield from _as_ip(qualifier, body)
    name, colon, argument = body.partition(":")
    known = _KNOWN.get(name.lower())
    if known and colon:
        yield [f"{qualifier}{known}:{argument}"]
    if name.lower() in {"ip4", "ip6"}:
        yield [f"{qualifier}a:{argument}"]  # a host name where an address should be
    if re.match(r"all\b", name, re.IGNORECASE):
        yield [f"{qualifier}all"]
    yield [re.sub("/0+(?=[0-9])", "/", word)]
    yield [qualifier + body.partition("/")[0]]  # a prefix length that may not stand there


def _listed(word: str) -> list[str]:
    """Return the terms of a list with commas, each corrected; nothing where one is not obvious."""
    parts = [part for part in re.split("[;,]", word) if part]
    meant = [repair_term(part) for part in parts] if len(parts) > 1 else []
    return [term for terms in meant for term in terms] if all(meant) else []


def _split(word: str) -> list[str]:
    cuts = [0, *(match.start() for match in _STARTS.finditer(word)), len(word)]
    return [word[start:end] for start, end in pairwise(cuts) if end > start]


def _as_ip(qualifier: str, body: str) -> Iterator[list[str]]:
    """Yield an address, wherever it was written, as the mechanism of its family."""
    tail = re.sub(r"^(?:a|mx|ip|ip4|ip6|ipv4|ipv6|include):", "", body, flags=re.IGNORECASE)
    text, slash, length = tail.partition("/")
    address = as_address(text.strip("[]")) or as_address(_decimal(text))
    if address is None:
        return
    mechanism = f"{qualifier}ip{address.version}:{address}"
    yield [f"{mechanism}{slash}{length}"]
    yield [f"{mechanism}{slash}{length.lstrip('0') or '0'}"]
    yield [mechanism]  # no such prefix length: the one address is certain


def _decimal(text: str) -> str:
    """Return dotted octets without leading zeros."""
    octets = text.split(".")
    return ".".join(o.lstrip("0") or "0" for o in octets) if len(octets) == 4 else text
