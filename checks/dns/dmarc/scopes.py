"""Which DMARC names and records a rule is judged on, and why not on the others."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from checks.dns.answers import Reply
from checks.dns.dmarc.alignment import MODELS, discovery_of
from checks.dns.dmarc.discovery import listed_organization
from checks.dns.dmarc.facts import Applied, DmarcName
from checks.dns.dmarc.repair import best_first, readable
from checks.dns.facts import Facts
from checks.dns.names import display, is_at_or_below
from checks.dns.reading import evidence_of, explain, texts
from checks.model import Record
from checks.registry import Case, Scoped, Skip, Unknown

NO_RECORD = "no DMARC record applies to the From host"


def host_owner(facts: Facts) -> str:
    """Return the owner name of the From host's own record, for people."""
    return display(f"_dmarc.{facts.expectation.from_host}")


def failure(reply: Reply) -> str:
    """Return which question failed, and how."""
    return f"{reply.question.rdtype} {display(reply.question.name)}: {explain(reply)}"


def walk_evidence(facts: Facts) -> tuple[Reply, ...]:
    """Return the replies of the walk from the From host."""
    return tuple(facts.dmarc.names[name].reply for name in facts.dmarc.tree.visited)


def both_models(facts: Facts) -> Iterator[Scoped[None]]:
    """The From host, where both models know that a record applies to it in one of them."""
    subject = display(facts.expectation.from_host)
    results = [discovery_of(facts.dmarc, model) for model in MODELS]
    failed = [result.failed for result in results if result.failed is not None]
    if failed:
        yield Unknown(subject, failure(failed[0]), evidence_of(failed[0]))
    elif all(result.applied is None for result in results):
        yield Skip(subject, NO_RECORD)
    else:
        yield Case(subject, None, evidence_of(*walk_evidence(facts)))


def discovery(facts: Facts) -> Iterator[Scoped[Applied | None]]:
    """The From host, where discovery came to an end."""
    subject = display(facts.expectation.from_host)
    tree = facts.dmarc.tree
    evidence = evidence_of(*walk_evidence(facts))
    if tree.failed is not None:
        yield Unknown(subject, failure(tree.failed), evidence)
    else:
        yield Case(subject, tree.applied, evidence)


def applied_record(facts: Facts) -> Iterator[Scoped[Applied]]:
    """The record that applies to the From host."""
    tree = facts.dmarc.tree
    if tree.failed is not None:
        yield Unknown(host_owner(facts), failure(tree.failed), evidence_of(tree.failed))
    elif tree.applied is None:
        yield Skip(host_owner(facts), NO_RECORD)
    else:
        reply = facts.dmarc.names[tree.applied.name].reply
        yield Case(display(tree.applied.owner), tree.applied, evidence_of(reply))


def where(
    wanted: Callable[[Applied], bool], reason: str
) -> Callable[[Facts], Iterator[Scoped[Applied]]]:
    """Return a scope: the record that applies, skipped with ``reason`` unless it is wanted."""

    def scope(facts: Facts) -> Iterator[Scoped[Applied]]:
        for scoped in applied_record(facts):
            if isinstance(scoped, Case) and not wanted(scoped.value):
                yield Skip(scoped.subject, reason)
            else:
                yield scoped

    return scope


processed = where(
    lambda applied: applied.record.acts != "not",
    "the record leads to no DMARC processing: dmarc-record-usable",
)


def own_names(facts: Facts) -> Iterator[Scoped[DmarcName]]:
    """Every name visited from the From host up to its registrable domain."""
    top = listed_organization(facts.expectation.from_host)
    for name in facts.dmarc.tree.visited:
        if is_at_or_below(name, top):
            yield named(facts.dmarc.names[name])


def named(here: DmarcName) -> Scoped[DmarcName]:
    """Return the name as a case, unknown where its question failed."""
    subject = display(here.owner)
    if here.reply.failed:
        return Unknown(subject, failure(here.reply), evidence_of(here.reply))
    return Case(subject, here, evidence_of(here.reply))


def walked_names(facts: Facts) -> list[str]:
    """Return every name that a walk from From host, DOMAIN or MAIL FROM visited."""
    walks = [organization.visited for organization in facts.dmarc.tree_orgs.values()]
    return list(dict.fromkeys((*facts.dmarc.tree.visited, *(n for walk in walks for n in walk))))


def txt(owner: str, text: str) -> tuple[Record, ...]:
    """Return a TXT record to publish."""
    return (Record(name=owner, type="TXT", values=(text,)),)


def minimal(domain: str) -> str:
    """Return the record that is enough for SES (SES dg dmarc)."""
    return f"v=DMARC1; p=none; rua=mailto:dmarc@{display(domain)}"


def meant_texts(reply: Reply) -> list[str]:
    """Return the TXT values that are, or were meant as, DMARC records: first the one to keep."""
    return [readable(value) for value in best_first(txt.joined for txt in texts(reply))]
