"""Zone text to records: the master-file format of RFC 1035 §5.1."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable
from dataclasses import dataclass

import dns.exception
import dns.name
import dns.rdata
import dns.rdataclass
import dns.rdatatype
import dns.tokenizer
import dns.ttl

DEFAULT_TTL = 300  # seconds


class MasterFileError(ValueError):
    """Zone text that cannot be read; the message names the line."""


@dataclass(frozen=True, slots=True)
class Rr:
    """One resource record. ``ttl`` is in seconds."""

    name: dns.name.Name
    ttl: int
    rdata: dns.rdata.Rdata

    @property
    def key(self) -> tuple[dns.name.Name, dns.rdatatype.RdataType]:
        """Return owner name and type: what makes records one RRset."""
        return self.name, self.rdata.rdtype


Records = tuple[Rr, ...]


def parse_records(text: str, origin: str = ".", *, ttl: int = DEFAULT_TTL) -> Records:
    """Return the records of master-file ``text``, names relative to ``origin``.

    Lines are ``name [ttl] [IN] TYPE rdata``; ``@``, ``$ORIGIN``, ``$TTL``, comments, parentheses,
    quoted strings and escapes are understood, common indentation is ignored. Several CNAMEs at a
    name are kept, as broken zones have them. Raises MasterFileError.
    """
    reader = _Reader(textwrap.dedent(text), dns.name.from_text(origin), ttl)
    return tuple(reader.records())


def overlay(base: Iterable[Rr], changes: Iterable[Rr]) -> Records:
    """Return ``base`` with every RRset that ``changes`` holds replaced by theirs."""
    changed = tuple(changes)
    replaced = {rr.key for rr in changed}
    return (*(rr for rr in base if rr.key not in replaced), *changed)


def without(base: Iterable[Rr], rrsets: Iterable[str], origin: str = ".") -> Records:
    """Return ``base`` without the RRsets named ``"name TYPE"``, relative to ``origin``."""
    apex = dns.name.from_text(origin)
    gone = {_rrset_key(text, apex) for text in rrsets}
    return tuple(rr for rr in base if rr.key not in gone)


def _rrset_key(text: str, origin: dns.name.Name) -> tuple[dns.name.Name, dns.rdatatype.RdataType]:
    name, _, rdtype = text.strip().rpartition(" ")
    return relative(name.strip(), origin), dns.rdatatype.from_text(rdtype)


def relative(name: str, origin: dns.name.Name) -> dns.name.Name:
    """Return ``name`` as an absolute name; ``@`` is the origin itself."""
    return origin if name == "@" else dns.name.from_text(name, origin)


class _Reader:
    """Reads one text. Owner, origin and TTL carry over from line to line (RFC 1035 §5.1)."""

    def __init__(self, text: str, origin: dns.name.Name, ttl: int) -> None:
        self._tokens = dns.tokenizer.Tokenizer(text, filename="zone")
        self._origin = origin
        self._ttl = ttl
        self._owner: dns.name.Name | None = None

    def records(self) -> Iterable[Rr]:
        """Yield the records in the order of the text."""
        while True:
            line = self._tokens.where()[1]
            try:
                token = self._tokens.get(want_leading=True)
                if token.is_eof():
                    return
                record = None if token.is_eol() else self._line(token)
            except (dns.exception.DNSException, ValueError) as error:
                raise MasterFileError(f"line {line}: {error}") from error
            if record is not None:
                yield record

    def _line(self, token: dns.tokenizer.Token) -> Rr | None:
        if token.is_whitespace():
            following = self._tokens.get()
            if following.is_eol_or_eof():
                return None
            self._tokens.unget(following)
        elif token.value.startswith("$"):
            self._directive(token.value)
            return None
        else:
            self._owner = relative(token.value, self._origin)
        if self._owner is None:
            raise MasterFileError("the first record has no owner name")
        return self._record(self._owner)

    def _directive(self, word: str) -> None:
        value = self._tokens.get_string()
        if word == "$ORIGIN":
            self._origin = relative(value, self._origin)
        elif word == "$TTL":
            self._ttl = dns.ttl.from_text(value)
        else:
            raise MasterFileError(f"{word} is not understood")
        self._tokens.get_eol()

    def _record(self, owner: dns.name.Name) -> Rr:
        ttl = self._ttl
        word = self._tokens.get_string()
        while word[:1].isdigit() or word.upper() == "IN":
            if word.upper() != "IN":
                ttl = dns.ttl.from_text(word)
            word = self._tokens.get_string()
        rdata = dns.rdata.from_text(
            dns.rdataclass.IN,
            dns.rdatatype.from_text(word),
            self._tokens,
            self._origin,
            relativize=False,
        )
        return Rr(owner, ttl, rdata)
