"""A record in the forms that people paste: a registrar's web form, a master file."""

from __future__ import annotations

from collections.abc import Iterator

from checks.dns.names import relative
from checks.model import Record
from checks.report.escape import visible

MAX_STRING = 255  # octets of one character string, RFC 1035 §3.3
QUOTED_TYPES = frozenset({"TXT", "SPF"})


def strings(value: str) -> tuple[bytes, ...]:
    """Return a TXT value as character strings of at most 255 octets (RFC 1035 §3.3.14)."""
    octets = _octets(value)
    cuts = range(0, len(octets), MAX_STRING)
    return tuple(octets[start : start + MAX_STRING] for start in cuts) or (b"",)


def _octets(value: str) -> bytes:
    # Text that came from DNS is Latin-1, one character for each octet.
    try:
        return value.encode("latin-1")
    except UnicodeEncodeError:
        return value.encode("utf-8", "surrogatepass")


def quoted(value: str) -> str:
    """Return a TXT value as quoted strings in master-file form (RFC 1035 §5.1)."""
    return " ".join(f'"{"".join(map(_quoted_octet, string))}"' for string in strings(value))


def _quoted_octet(octet: int) -> str:
    if octet in b'"\\':
        return "\\" + chr(octet)
    return chr(octet) if 0x20 <= octet <= 0x7E else f"\\{octet:03d}"


def typed(rdtype: str, value: str) -> str:
    """Return a value as it is typed into a web form.

    Short TXT is plain; TXT over 255 octets, or with octets that cannot be typed, is quoted strings.
    """
    if rdtype not in QUOTED_TYPES:
        return visible(value)
    plain = value.isascii() and value.isprintable() and len(value) <= MAX_STRING
    return value if plain else quoted(value)


def form(record: Record, zone: str) -> Iterator[str]:
    """Yield the fields of a web form, a line each; ``zone`` is canonical or empty.

    The host is relative to the zone, as most forms want it, and absolute beside it.
    """
    host = relative(record.name, zone) if zone else record.name
    absolute = f"    (in full: {visible(record.name)})" if host != record.name else ""
    yield f"type   {record.type}"
    yield f"host   {visible(host)}{absolute}"
    for value in record.values:
        yield f"value  {typed(record.type, value)}"
    yield f"TTL    {record.ttl}"


def master_lines(record: Record) -> Iterator[str]:
    """Yield the record set as master-file lines with absolute names (RFC 1035 §5.1)."""
    for value in record.values:
        data = quoted(value) if record.type in QUOTED_TYPES else value
        yield f"{record.name} {record.ttl} IN {record.type} {data}"
