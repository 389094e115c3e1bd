"""Text that was meant as a DMARC record: recognise it, and write the record that was meant."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping

from checks.dns.dmarc.record import CURRENT, KNOWN, POLICIES, is_selected, parse_dmarc

_QUOTES = "\"'`“”„‟‘’‚‛«»″′"
_INVISIBLE = "\ufeff\u200b\u200c\u200d\u2060"
_MEANT = re.compile(r"dmarc1|(?:^|\W)v\s*=\s*dmarc|(?:^|[;\s])p\s*=\s*(?:none|quarantine|reject)\b")
# White space or a comma where a ';' was meant: before a known tag, not after a ';'.
_RUN_IN = re.compile(rf"(?<=[^;\s,])[\s,]+(?=(?:{'|'.join(KNOWN)})\s*=)", re.IGNORECASE)
# A keyword that runs into the next tag, as where two strings were joined.
_GLUED = re.compile(
    r"((?:^|;)\s*(?:v\s*=\s*dmarc1|(?:p|sp|np)\s*=\s*(?:none|quarantine|reject)))"
    rf"(?=(?:{'|'.join(KNOWN)})\s*=)",
    re.IGNORECASE,
)
_NEAR = {"policy": "p", "subpolicy": "sp", "ruas": "rua", "rufs": "ruf", "version": "v"}


def readable(octets: bytes) -> str:
    """Return the text that the octets were typed as: UTF-8, or else Windows' Latin-1."""
    for encoding in ("utf-8", "cp1252"):
        try:
            return octets.decode(encoding)
        except UnicodeDecodeError:
            continue
    return octets.decode("latin-1")


def is_near_miss(octets: bytes) -> bool:
    """Return whether text that is not selected was meant as a DMARC record."""
    if is_selected(octets.decode("latin-1")):
        return False
    return _MEANT.search(_plain(readable(octets)).lower()) is not None


def best_first(values: Iterable[bytes]) -> list[bytes]:
    """Return those values that are, or were meant as, records: first the one to keep.

    The order of an answer counts for nothing, so that every run says the same.
    """
    meant = [v for v in values if is_selected(v.decode("latin-1")) or is_near_miss(v)]
    return sorted(meant, key=lambda value: (_rank(value), value))


def _rank(value: bytes) -> int:
    """Return 0 for a record that works and reports, 1 that works, 2 for another, 3 for a miss."""
    if not is_selected(value.decode("latin-1")):
        return 3
    record = parse_dmarc(value)
    if record.acts == "not":
        return 2
    return 0 if record.has_valid_rua and record.psd != "y" else 1


def repaired(text: str) -> str:
    """Return the DMARC record that was meant; always a valid tag list that starts v=DMARC1.

    Quotes, backslashes and invisible characters go; missing ``;`` and ``mailto:`` are put in;
    names, the version and the order are put right; tags without a value and repeats are dropped.
    """
    tags: dict[str, str] = {}
    for spec in _GLUED.sub(r"\1; ", _RUN_IN.sub("; ", _plain(text))).split(";"):
        name, equals, value = (part.strip() for part in spec.partition("="))
        name = name.lower()
        if equals and value and re.fullmatch(r"[a-z][a-z0-9_]*", name) and name != "v":
            tags.setdefault(name, _value(name, value))
    return _written(tags)


def with_tags(
    text: str, *, drop: Collection[str] = (), put: Mapping[str, str] | None = None
) -> str:
    """Return the completed record with the tags ``drop`` left out and those of ``put`` set."""
    kept = {name: value for name, value in _tags(completed(text)).items() if name not in drop}
    return _written({**kept, **(put or {})})


def completed(text: str) -> str:
    """Return the repaired record that works: ``p=none`` where it has no valid policy.

    An invalid ``sp`` or ``np`` goes: it would take the effect of ``p`` (RFC 9989 §4.10.1).
    """
    tags = _tags(repaired(text))
    kept = {n: v for n, v in tags.items() if n not in {"sp", "np"} or v in POLICIES}
    return _written(kept if kept.get("p") in POLICIES else {**kept, "p": "none"})


def near_tag(name: str) -> str | None:
    """Return the known tag that an unknown one is a misspelling of, None where none is near."""
    plain = name.lower()
    if plain in KNOWN:
        return plain
    if plain in _NEAR:
        return _NEAR[plain]
    found = difflib.get_close_matches(plain[:20], CURRENT, n=1, cutoff=0.7)
    return found[0] if found else None


def _tags(record: str) -> dict[str, str]:
    specs = (spec.partition("=") for spec in record.split("; ")[1:])
    return {name: value for name, _, value in specs}


def _written(tags: Mapping[str, str]) -> str:
    """Return the record; ``p`` stands after ``v``, where receivers of RFC 7489 §6.3 want it."""
    ordered = sorted(tags.items(), key=lambda item: item[0] != "p")
    return "; ".join(["v=DMARC1", *(f"{name}={value}" for name, value in ordered)])


def _plain(text: str) -> str:
    """Return the text as printable ASCII with single-octet white space."""
    folded = "".join(" " if c.isspace() else c for c in text if c not in _QUOTES + _INVISIBLE)
    ascii_only = unicodedata.normalize("NFKC", folded).encode("ascii", "ignore").decode("ascii")
    printable = "".join(c for c in ascii_only if " " <= c <= "~")
    return printable.replace("\\", "")


def _value(name: str, value: str) -> str:
    if name in {"rua", "ruf"}:
        return ",".join(_member(member) for member in re.split(r"[\s,]+", value) if member) or value
    if name in {"p", "sp", "np"}:
        return value.lower() if value.lower() in POLICIES else value
    return value


def _member(member: str) -> str:
    """Return a report address as a URI, without the obsolete size."""
    uri = re.sub(r"![0-9]+[kmgtKMGT]?$", "", member).replace("!", "%21")  # RFC 9989 §4.8
    has_scheme = re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", uri)
    return uri if has_scheme or "@" not in uri else f"mailto:{uri}"
