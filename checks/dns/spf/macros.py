"""Macro strings and domain-specs: the grammar and the expansion (RFC 7208 §7)."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass

from checks.dns.rdata import IPAddress
from checks.dns.spf.terms import Macro, MacroString

LETTERS = frozenset("slodiphv")
EXPLAIN_LETTERS = LETTERS | frozenset("crt")  # only in the text of exp: RFC 7208 §7.2

# macro-expand = ( "%{" macro-letter transformers *delimiter "}" ) / "%%" / "%_" / "%-"
_EXPAND = re.compile(r"%(?:\{([A-Za-z])([0-9]*)([rR]?)([.\-+,/_=]*)\}|([%_\-]))")
_ESCAPED = {"%": "%", "_": " ", "-": "%20"}
_UNRESERVED = frozenset(  # RFC 3986 §2.3
    b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"
)
_MAX_PARTS = 128  # no value has more parts than a name has labels, or they are all kept


class MacroError(ValueError):
    """A ``%`` that starts no macro."""


class DomainSpecError(ValueError):
    """Text that is no domain-spec."""


def parse_macro_string(text: str, letters: frozenset[str] = LETTERS) -> MacroString:
    """Return the parts of a macro-string; ``letters`` are those allowed here.

    Raises MacroError, which names the macro.
    """
    parts: list[str | Macro] = []
    position = 0
    while position < len(text):
        percent = text.find("%", position)
        if percent < 0:
            percent = len(text)
        if percent > position:
            parts.append(text[position:percent])
        if percent == len(text):
            break
        match = _EXPAND.match(text, percent)
        if match is None:
            raise MacroError(f"{_excerpt(text, percent)} is no macro")
        parts.append(_macro(match, letters))
        position = match.end()
    return tuple(parts)


def _excerpt(text: str, position: int) -> str:
    end = text.find("}", position) if text.startswith("%{", position) else position + 1
    return text[position : (end if end >= 0 else position + 1) + 1][:40]


def _macro(match: re.Match[str], letters: frozenset[str]) -> str | Macro:
    letter, digits, reverse, delimiters, escaped = match.groups()
    if escaped:
        return _ESCAPED[escaped]
    if letter.lower() not in letters:
        only = " outside the text of exp" if letter.lower() in EXPLAIN_LETTERS else ""
        raise MacroError(f"{match[0]}: there is no macro letter {letter}{only}")
    significant = digits.lstrip("0")
    if digits and not significant:
        raise MacroError(f"{match[0]}: the number of parts must not be 0")
    return Macro(
        letter=letter.lower(),
        keep=_MAX_PARTS if len(significant) > 3 else int(significant or 0),
        reverse=bool(reverse),
        delimiters=delimiters or ".",
        escape=letter.isupper(),
    )


def parse_domain_spec(text: str) -> MacroString:
    """Return the parts of a domain-spec: ``macro-string domain-end`` (RFC 7208 §7.1).

    Raises MacroError and DomainSpecError.
    """
    parts = parse_macro_string(text)
    if not parts:
        raise DomainSpecError("a domain name is missing")
    if _ends_in_macro(text):
        return parts
    before, dot, label = text.removesuffix(".").rpartition(".")
    if not dot:
        raise DomainSpecError(f"{text} has only one label")
    if not is_toplabel(label):
        raise DomainSpecError(f"{label or before} is no top-level label")
    return parts


def _ends_in_macro(text: str) -> bool:
    end = 0
    for match in _EXPAND.finditer(text):
        end = match.end()
    return end == len(text)


def is_toplabel(label: str) -> bool:
    """Return whether ``label`` has a letter, or a hyphen inside: toplabel of RFC 7208 §7.1."""
    if not label.isascii() or not label.replace("-", "").isalnum():
        return False
    if label.startswith("-") or label.endswith("-"):
        return False
    return "-" in label or not label.isdigit()


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What macros are expanded with. ``validated`` is the value of ``p``; ``time`` in seconds."""

    client: IPAddress
    local: str
    origin: str
    helo: str
    domain: str
    validated: str = "unknown"
    receiver: str = "unknown"
    time: int = 0


def uses(spec: MacroString, letter: str) -> bool:
    """Return whether ``spec`` holds the macro ``letter``."""
    return any(isinstance(part, Macro) and part.letter == letter for part in spec)


def expand(spec: MacroString, message: Message) -> str:
    """Return ``spec`` with its macros expanded (RFC 7208 §7.3)."""
    return "".join(p if isinstance(p, str) else _expanded(p, message) for p in spec)


def _expanded(macro: Macro, message: Message) -> str:
    parts = re.split(f"[{re.escape(macro.delimiters)}]", _value(macro.letter, message))
    if macro.reverse:
        parts.reverse()
    text = ".".join(parts[-macro.keep :] if macro.keep else parts)
    return _url_escaped(text) if macro.escape else text


def _value(letter: str, message: Message) -> str:
    values = {
        "s": f"{message.local}@{message.origin}",
        "l": message.local,
        "o": message.origin,
        "d": message.domain,
        "i": dotted(message.client),
        "p": message.validated,
        "v": "in-addr" if message.client.version == 4 else "ip6",
        "h": message.helo,
        "c": str(message.client),
        "r": message.receiver,
        "t": str(message.time),
    }
    return values[letter]


def dotted(client: IPAddress) -> str:
    """Return the address as ``i`` expands it: IPv6 as dot-separated nibbles (RFC 7208 §7.3)."""
    if isinstance(client, ipaddress.IPv4Address):
        return str(client)
    return ".".join(client.exploded.replace(":", ""))


def reverse_name(client: IPAddress) -> str:
    """Return the canonical name that holds the PTR records of ``client`` (RFC 7208 §5.5)."""
    return client.reverse_pointer + "."


def _url_escaped(text: str) -> str:
    octets = text.encode("utf-8", "surrogateescape")
    return "".join(chr(o) if o in _UNRESERVED else f"%{o:02X}" for o in octets)
