"""Public suffixes: the ICANN section of the list at publicsuffix.org, with ``*`` and ``!`` rules.

Names are canonical (checks.dns.names). The list itself comes with the publicsuffixlist package.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from checks.dns.names import ROOT, from_labels, split_labels

if TYPE_CHECKING:
    from publicsuffixlist import PublicSuffixList

_ICANN_BEGIN = "// ===BEGIN ICANN DOMAINS==="
_ICANN_END = "// ===END ICANN DOMAINS==="


def public_suffix(name: str) -> str:
    """Return the public suffix of ``name``: the longest rule that matches, else the last label."""
    if name == ROOT:
        return ROOT
    labels = split_labels(name)
    suffix = _rules(_unicode(labels[-1])).publicsuffix(tuple(labels))
    return from_labels(suffix or labels[-1:])


def registrable(name: str) -> str | None:
    """Return the public suffix of ``name`` plus one label, None for a public suffix itself."""
    if name == ROOT:
        return None
    labels = split_labels(name)
    found = _rules(_unicode(labels[-1])).privatesuffix(tuple(labels))
    return from_labels(found) if found else None


@cache
def _rules(top: str) -> PublicSuffixList:
    """Return the rules below one top-level label: parsing all of them costs 30 ms at start-up."""
    import publicsuffixlist

    text = Path(publicsuffixlist.PSLFILE).read_text("utf-8")
    section = text.partition(_ICANN_BEGIN)[2].partition(_ICANN_END)[0]
    kept = "\n".join(line for line in section.splitlines() if _top_of(line) == top)
    return publicsuffixlist.PublicSuffixList(kept)


def _top_of(line: str) -> str:
    """Return the top-level label of a rule, empty for a comment or an empty line."""
    rule = "" if line.startswith("//") else line.partition(" ")[0]
    return rule.rpartition(".")[2]


def _unicode(label: bytes) -> str:
    """Return a label as the list writes it: U-labels, not A-labels."""
    try:
        return label.decode("idna")
    except UnicodeError:
        return label.decode("latin-1")
