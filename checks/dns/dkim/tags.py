"""Tag lists: ``name=value`` separated by ``;`` (RFC 6376 §3.2), shared by DKIM and DMARC records.

Text is octets decoded as Latin-1, so that a position in it is an octet of the record.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import takewhile

WHITE = " \t\r\n"  # WSP, and the CRLF of folding white space (RFC 6376 §2.8)
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_FOREIGN = re.compile(r"[^\t\r\n\x20-\x7e]")


@dataclass(frozen=True, slots=True)
class Tag:
    """One tag, without the white space around name and value. Positions are octets from 0."""

    name: str
    value: str
    position: int
    value_position: int


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a record, and at which octet (from 0)."""

    position: int
    text: str

    def __str__(self) -> str:
        return f"{self.text} at octet {self.position + 1}"


@dataclass(frozen=True, slots=True)
class TagList:
    """The tags that could be read, in order, and everything that is no tag."""

    tags: tuple[Tag, ...]
    problems: tuple[Problem, ...]

    def get(self, name: str) -> str | None:
        """Return the value of the first tag called ``name``; names are case-sensitive."""
        return next((tag.value for tag in self.tags if tag.name == name), None)


def split_tags(text: str) -> TagList:
    """Read a tag list; never raises. One trailing ``;`` is allowed (RFC 6376 §3.2)."""
    tags: list[Tag] = []
    problems: list[Problem] = []
    position = 0
    specs = text.split(";")
    for number, spec in enumerate(specs):
        is_tail = number == len(specs) - 1 and number > 0
        read = None if is_tail and not spec.strip(WHITE) else _read(spec, position)
        if isinstance(read, Tag):
            tags.append(read)
        elif read is not None:
            problems.append(read)
        position += len(spec) + 1
    return TagList(tuple(tags), (*problems, *_repeated(tags), *_foreign(tags)))


def _read(spec: str, position: int) -> Tag | Problem:
    start = position + len(spec) - len(spec.lstrip(WHITE))
    name, equals, value = spec.partition("=")
    bare = name.strip(WHITE)
    if not spec.strip(WHITE):
        return Problem(position, "empty tag")
    if not equals:
        return Problem(start, f"'{shortened(bare)}' has no '='")
    if not _NAME.fullmatch(bare):
        return Problem(start, f"'{shortened(bare)}' is no tag name")
    value_start = position + len(name) + 1 + len(value) - len(value.lstrip(WHITE))
    return Tag(bare, value.strip(WHITE), start, value_start)


def _repeated(tags: list[Tag]) -> list[Problem]:
    """RFC 6376 §3.2: tags with duplicate names MUST NOT occur."""
    seen: set[str] = set()
    problems = []
    for tag in tags:
        if tag.name in seen:
            problems.append(Problem(tag.position, f"second {shortened(tag.name)}= tag"))
        seen.add(tag.name)
    return problems


def _foreign(tags: list[Tag]) -> list[Problem]:
    """RFC 6376 §3.2: values are printable ASCII."""
    problems = []
    for tag in tags:
        found = _FOREIGN.search(tag.value)
        if found:
            octet = ord(found.group())
            problems.append(
                Problem(
                    tag.value_position + found.start(),
                    f"octet 0x{octet:02X} in {shortened(tag.name)}= is not printable ASCII",
                )
            )
    return problems


def common_start(one: str, other: str) -> int:
    """Return how many characters two texts share from their start."""
    pairs = zip(one, other, strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))


def shortened(text: str, limit: int = 60) -> str:
    """Return text for a message, cut where it is long."""
    return text if len(text) <= limit else text[:limit] + "…"
