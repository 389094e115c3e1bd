"""Domain names as canonical text.

A name is absolute, lower-case presentation text with a trailing dot, so that equal names are equal
strings (RFC 1034 §3.1, RFC 4343). Inside a label, ``.`` and ``\\`` are escaped with a backslash and
every octet outside 0x21–0x7E as ``\\DDD`` (RFC 1035 §5.1).
"""

from __future__ import annotations

from collections.abc import Iterable

ROOT = "."
MAX_LABEL = 63  # octets, RFC 1035 §2.3.4
MAX_NAME = 255  # octets on the wire, RFC 1035 §2.3.4


class NameSyntaxError(ValueError):
    """Text that is no domain name."""


def parse_name(text: str) -> str:
    """Return ``text`` as a canonical absolute name.

    Accepts a missing trailing dot and any case. Raises NameSyntaxError for empty labels, labels
    over 63 octets, names over 255 octets and bad escapes.
    """
    if text in {"", "."}:
        return ROOT
    labels = split_labels(text if text.endswith(".") else text + ".")
    return from_labels(labels)


def split_labels(text: str) -> list[bytes]:
    """Return the labels of absolute presentation text as octets, left-most first."""
    labels: list[bytes] = []
    label = bytearray()
    position = 0
    while position < len(text):
        char = text[position]
        if char == "\\":
            octet, position = _escape(text, position)
            label.append(octet)
            continue
        position += 1
        if char == ".":
            labels.append(bytes(label))
            label.clear()
        else:
            label += char.encode("utf-8", "surrogateescape")
    if label:
        raise NameSyntaxError(f"{text!r} has no trailing dot")
    return labels


def _escape(text: str, position: int) -> tuple[int, int]:
    digits = text[position + 1 : position + 4]
    if len(digits) == 3 and digits.isascii() and digits.isdigit():
        if int(digits) > 255:
            raise NameSyntaxError(f"\\{digits} is no octet")
        return int(digits), position + 4
    if not digits or not digits[0].isascii() or digits[0].isdigit():
        raise NameSyntaxError(f"bad escape in {text!r}")
    return ord(digits[0]), position + 2


def from_labels(labels: Iterable[bytes]) -> str:
    """Return the canonical name made of ``labels`` (octets, left-most first)."""
    kept = list(labels)
    for label in kept:
        if not label:
            raise NameSyntaxError("empty label")
        if len(label) > MAX_LABEL:
            raise NameSyntaxError(f"label of {len(label)} octets, at most {MAX_LABEL} are allowed")
    size = sum(len(label) + 1 for label in kept) + 1
    if size > MAX_NAME:
        raise NameSyntaxError(f"name of {size} octets, at most {MAX_NAME} are allowed")
    return "".join(_present(label) + "." for label in kept) or ROOT


def _present(label: bytes) -> str:
    return "".join(_present_octet(octet) for octet in label.lower())


def _present_octet(octet: int) -> str:
    if octet in b'."();@$\\':
        return "\\" + chr(octet)
    return chr(octet) if 0x21 <= octet <= 0x7E else f"\\{octet:03d}"


def label_count(name: str) -> int:
    """Return the number of labels of a canonical name; the root has none."""
    return 0 if name == ROOT else len(split_labels(name))


def parent(name: str) -> str:
    """Return the name without its left-most label; the root is its own parent."""
    return from_labels(split_labels(name)[1:]) if name != ROOT else ROOT


def ancestors(name: str) -> tuple[str, ...]:
    """Return ``name`` and every name above it but the root, longest first."""
    labels = split_labels(name) if name != ROOT else []
    return tuple(from_labels(labels[start:]) for start in range(len(labels)))


def is_at_or_below(name: str, zone: str) -> bool:
    """Return whether ``name`` is ``zone`` or a name below it."""
    if zone in {ROOT, name}:
        return True
    if not name.endswith("." + zone):
        return False
    above = name[: -len(zone) - 1]
    escapes = len(above) - len(above.rstrip("\\"))
    return escapes % 2 == 0  # an odd backslash makes the dot part of a label


def is_below(name: str, zone: str) -> bool:
    """Return whether ``name`` lies strictly below ``zone``."""
    return name != zone and is_at_or_below(name, zone)


def join(*parts: str) -> str:
    """Return the canonical name of ``parts`` joined by dots: ``join("_dmarc", "example.com.")``.

    Raises NameSyntaxError where the result is too long.
    """
    return parse_name(".".join(part.rstrip(".") for part in parts if part not in {"", "."}))


def relative(name: str, zone: str) -> str:
    """Return ``name`` as it is typed into the web form of ``zone``: ``@`` for the zone itself.

    A name outside the zone is returned whole.
    """
    if name == zone:
        return "@"
    return name[: -len(zone) - 1] if is_below(name, zone) and zone != ROOT else name


def display(name: str) -> str:
    """Return the name as people write it: without the trailing dot."""
    return name if name == ROOT else name.removesuffix(".")
