"""The DKIM key record as text (RFC 6376 §3.6.1)."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from checks.dns.dkim.tags import WHITE, Problem, TagList, shortened, split_tags

VERSION = "DKIM1"
# A key behind p=, where ";" may be missing before it.
_MEANT_KEY = re.compile(r"(?:^|[;\s])[pP]\s*=\s*([A-Za-z0-9+/][A-Za-z0-9+/\s]*={0,2})")


class DkimSyntaxError(ValueError):
    """A key record that is no valid tag list; ``position`` is the octet (from 0)."""

    def __init__(self, problem: Problem) -> None:
        self.position = problem.position
        super().__init__(str(problem))


@dataclass(frozen=True, slots=True)
class KeyRecord:
    """The tags of a key record, and what is wrong with it. Absent tags have their defaults."""

    tags: TagList
    problems: tuple[Problem, ...]

    @property
    def key_type(self) -> str:
        """Return ``k=``, default ``rsa``; values are case-sensitive (RFC 6376 §3.2)."""
        value = self.tags.get("k")
        return "rsa" if value is None else value

    @property
    def public_key(self) -> str | None:
        """Return ``p=`` without white space; empty: revoked, None: the tag is missing."""
        value = self.tags.get("p")
        return None if value is None else "".join(value.split())

    @property
    def hashes(self) -> tuple[str, ...] | None:
        """Return the members of ``h=``; None allows all."""
        return self._members("h")

    @property
    def services(self) -> tuple[str, ...] | None:
        """Return the members of ``s=``; None allows all."""
        return self._members("s")

    @property
    def flags(self) -> tuple[str, ...]:
        """Return the members of ``t=``."""
        return self._members("t") or ()

    def _members(self, name: str) -> tuple[str, ...] | None:
        value = self.tags.get(name)
        return None if value is None else tuple(m.strip(WHITE) for m in value.split(":"))


def read_key_record(octets: bytes) -> KeyRecord:
    """Read a key record (strings joined) as far as it can be read; never raises."""
    tags = split_tags(octets.decode("latin-1"))
    problems = sorted((*tags.problems, *_version(tags)), key=lambda problem: problem.position)
    return KeyRecord(tags, tuple(problems))


def parse_key_record(octets: bytes) -> KeyRecord:
    """Parse a key record (strings joined). Raises DkimSyntaxError for the first violation."""
    record = read_key_record(octets)
    if record.problems:
        raise DkimSyntaxError(record.problems[0])
    return record


def _version(tags: TagList) -> list[Problem]:
    """RFC 6376 §3.6.1: ``v=`` is optional; if present it is the first tag and exactly DKIM1."""
    for number, tag in enumerate(tags.tags):
        if tag.name != "v":
            continue
        if tag.value != VERSION:
            return [Problem(tag.value_position, f"v={shortened(tag.value)} is not v=DKIM1")]
        if number > 0:
            return [Problem(tag.position, "v= is not the first tag")]
    return []


def rewritten(record: KeyRecord, *, without: Collection[str] = (), flags: str = "") -> str:
    """Return the record in clean form, ``v=`` first, without some tags and with new flags."""
    parts = [f"v={VERSION}"]
    seen = {"v", *without}
    for tag in record.tags.tags:
        if tag.name not in seen:
            seen.add(tag.name)
            value = "".join(tag.value.split()) if tag.name == "p" else tag.value
            parts.append(f"{tag.name}={value}")
    return "; ".join([*parts, f"t={flags}"] if flags else parts)


def unescaped(text: str) -> str:
    """Return the value without pasted quotes and backslashes (master-file syntax, RFC 1035 §5.1).

    Quotes that separate two strings go together with the white space between them.
    """
    plain = text.replace("\\", "")
    pieces = plain.split('"')
    return "".join(piece for piece in pieces if piece.strip(WHITE)).strip(WHITE)


def meant_key(text: str) -> str | None:
    """Return the public key that a broken record was meant to hold, None where none is seen."""
    plain = unescaped(text)
    found = _MEANT_KEY.search(plain)
    read = read_key_record(plain.encode("latin-1"))
    if read.public_key or found is None:
        return read.public_key or None
    return "".join(found.group(1).split())
