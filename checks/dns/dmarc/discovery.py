"""Policy discovery and Organizational Domains by both models: tree walk and public suffix list.

Pure functions over the records that were asked for: ``names`` maps a domain to what stands at
``_dmarc`` below it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from checks.dns.answers import ChainError, NxDomain, Reply
from checks.dns.dmarc.facts import Applied, Discovery, DmarcName, Organization, Standing
from checks.dns.dmarc.record import DmarcRecord
from checks.dns.names import ancestors
from checks.dns.psl import registrable

MAX_QUERIES = 8  # RFC 9989 §4.10
Names = Mapping[str, DmarcName]


def walk_names(start: str) -> tuple[str, ...]:
    """Return the domains that a tree walk visits from ``start``, at most 8 (RFC 9989 §4.10).

    From a name of 8 or more labels it goes on with the last 7.
    """
    names = ancestors(start)
    above = names[1:] if len(names) < MAX_QUERIES else names[-(MAX_QUERIES - 1) :]
    return (*names[:1], *above)


@dataclass(frozen=True, slots=True, kw_only=True)
class Walk:
    """Records in the order of the walk, longest name first, or the reply that ended it."""

    records: tuple[tuple[str, DmarcRecord], ...] = ()
    visited: tuple[str, ...] = ()
    failed: Reply | None = None


def walk(start: str, names: Names) -> Walk:
    """Walk up from ``start``; ``psd=n`` and ``psd=y`` end the walk, and so does a failed query."""
    records: list[tuple[str, DmarcRecord]] = []
    visited: list[str] = []
    for name in walk_names(start):
        here = names[name]
        visited.append(name)
        if here.reply.failed or isinstance(here.reply, ChainError):
            return Walk(records=tuple(records), visited=tuple(visited), failed=here.reply)
        if here.record is not None:
            records.append((name, here.record))
            if here.record.psd != "u":
                break
    return Walk(records=tuple(records), visited=tuple(visited))


def tree_organization(name: str, names: Names) -> Organization:
    """Return the Organizational Domain of ``name`` (RFC 9989 §4.10.2)."""
    steps = walk(name, names)
    if steps.failed is not None:
        return Organization(failed=steps.failed, visited=steps.visited)
    return Organization(domain=_organization(name, steps), visited=steps.visited)


def _organization(start: str, steps: Walk) -> str:
    for name, record in steps.records:
        if record.psd == "n":
            return name
        if record.psd == "y" and name != start:
            chain = ancestors(start)
            return chain[chain.index(name) - 1]  # one label below, towards the start
    return steps.records[-1][0] if steps.records else start


def discover_by_tree(host: str, names: Names, existence: Reply) -> Discovery:
    """Return the record that applies to the From host (RFC 9989 §4.10, §4.10.1)."""
    here = names[host]
    if here.record is not None:
        applied = Applied(name=host, record=here.record, standing="own")
        return Discovery(applied=applied, visited=(host,))
    steps = walk(host, names)
    if steps.failed is not None:
        return Discovery(failed=steps.failed, visited=steps.visited)
    found = dict(steps.records)
    # The Organizational Domain's record has preference, then the public suffix's.
    suffixes = [name for name, record in steps.records if record.psd == "y"]
    chosen = next((n for n in (_organization(host, steps), *suffixes) if n in found), None)
    if chosen is None:
        return Discovery(visited=steps.visited)
    applied = Applied(name=chosen, record=found[chosen], standing=_standing(existence))
    return Discovery(applied=applied, visited=steps.visited)


def _standing(existence: Reply) -> Standing:
    """RFC 9989 §4.7: only NXDOMAIN for the host itself means that it does not exist."""
    if existence.failed:
        return "unsure"
    if isinstance(existence, NxDomain) and not existence.chain:
        return "nonexistent"
    return "existing"


def listed_organization(name: str) -> str:
    """Return the Organizational Domain by the public suffix list (RFC 7489 §3.2)."""
    return registrable(name) or name


def discover_by_list(host: str, names: Names) -> Discovery:
    """Return the record that applies to the From host by RFC 7489 §6.6.3."""
    visited: list[str] = []
    for name in dict.fromkeys((host, listed_organization(host))):
        here = names[name]
        visited.append(name)
        if here.reply.failed or isinstance(here.reply, ChainError):
            return Discovery(failed=here.reply, visited=tuple(visited))
        if len(here.records) > 1:
            break  # several records: discovery ends, no DMARC
        if here.record is not None:
            standing: Standing = "own" if name == host else "existing"
            applied = Applied(name=name, record=here.record, standing=standing)
            return Discovery(applied=applied, visited=tuple(visited))
    return Discovery(visited=tuple(visited))
