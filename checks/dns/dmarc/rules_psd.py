"""Rules over ``psd``, which moves the border of an organization (RFC 9989 §4.10.2)."""

from __future__ import annotations

from collections.abc import Iterator

from checks.dns.dmarc import scopes
from checks.dns.dmarc.facts import DmarcName
from checks.dns.dmarc.repair import with_tags
from checks.dns.facts import Facts
from checks.dns.names import display
from checks.dns.psl import public_suffix, registrable
from checks.model import Severity
from checks.registry import Case, Failed, Found, Scoped, rule


def _records(facts: Facts, starts: tuple[str, ...]) -> Iterator[Scoped[DmarcName]]:
    """Every record that the walks from ``starts`` meet; skipped where they meet none."""
    walks = [facts.dmarc.tree_orgs[start].visited for start in starts]
    visited = dict.fromkeys((*facts.dmarc.tree.visited, *(n for walk in walks for n in walk)))
    found = [facts.dmarc.names[name] for name in visited if facts.dmarc.names[name].record]
    if found:
        yield from (scopes.named(here) for here in found)
        return
    # Where no record is met, discovery says why: none, or a walk that failed.
    for scoped in scopes.applied_record(facts):
        if not isinstance(scoped, Case):
            yield scoped


def walked_records(facts: Facts) -> Iterator[Scoped[DmarcName]]:
    """Every record on the walks from From host, DOMAIN and MAIL FROM."""
    yield from _records(facts, tuple(facts.dmarc.tree_orgs))


def sending_records(facts: Facts) -> Iterator[Scoped[DmarcName]]:
    """Every record on the walks from From host and MAIL FROM."""
    expected = facts.expectation
    starts = (expected.from_host, expected.mail_from or expected.from_host)
    yield from _records(facts, starts)


@rule(
    "dmarc-psd-unclaimed",
    title="`psd=y` is not set",
    severity=Severity.ERROR,
    reference="RFC 9989 §4.10.2",
    fix="Remove `psd=y` from {name}",
    scope=walked_records,
)
def dmarc_psd_unclaimed(_facts: Facts, here: DmarcName) -> Iterator[Found]:
    """A domain that is no public suffix would split its subdomains off."""
    if here.record and here.record.psd == "y" and public_suffix(here.name) != here.name:
        yield _failed(here, "y", "makes each of its subdomains an organization of its own")


@rule(
    "dmarc-psd-unsplit",
    title="`psd=n` does not split the organization",
    severity=Severity.ERROR,
    reference="RFC 9989 §4.10.2",
    fix="Remove `psd=n` from {name}",
    scope=sending_records,
)
def dmarc_psd_unsplit(_facts: Facts, here: DmarcName) -> Iterator[Found]:
    """Below the registrable domain it cuts off what stands above or beside it."""
    is_below = registrable(here.name) not in {None, here.name}
    if here.record and here.record.psd == "n" and is_below:
        yield _failed(here, "n", "makes it an organization of its own, apart from its parent")


def _failed(here: DmarcName, value: str, effect: str) -> Failed:
    text = here.record.text if here.record else ""
    return Failed(
        message=f"psd={value} at {display(here.owner)} {effect}",
        observed=(text,),
        fix={"name": display(here.owner)},
        records=scopes.txt(here.owner, with_tags(text, drop=("psd",))),
    )
