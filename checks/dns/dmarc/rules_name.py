"""Rules over what stands at the DMARC names, and where a record went instead."""

from __future__ import annotations

from collections.abc import Iterator

from checks.dns.dkim.tags import shortened
from checks.dns.dmarc import scopes
from checks.dns.dmarc.discovery import listed_organization
from checks.dns.dmarc.facts import Applied, DmarcName, Misplaced
from checks.dns.dmarc.repair import completed, is_near_miss, readable
from checks.dns.facts import Facts
from checks.dns.names import display
from checks.dns.rdata import present
from checks.dns.reading import evidence_of, texts
from checks.model import Severity
from checks.registry import Case, Failed, Found, Scoped, Skip, Unknown, rule


def names_with_records(facts: Facts) -> Iterator[Scoped[DmarcName]]:
    """Every name on the way to the record, and every other one walked that holds several."""
    visited = facts.dmarc.tree.visited
    for name in scopes.walked_names(facts):
        here = facts.dmarc.names[name]
        if name in visited or len(here.records) > 1:
            yield scopes.named(here)


@rule(
    "dmarc-record-single",
    title="There is one DMARC record per name",
    severity=Severity.ERROR,
    reference="RFC 9989 §4.10",
    fix="Keep one TXT at {name} that starts with `v=DMARC1`",
    scope=names_with_records,
)
def dmarc_record_single(_facts: Facts, here: DmarcName) -> Iterator[Found]:
    """Several records at a name are all discarded, and the walk goes on above."""
    if len(here.records) > 1:
        yield Failed(
            message=f"{len(here.records)} DMARC records at {display(here.owner)}: all are ignored",
            expected="1",
            observed=tuple(record.text for record in here.records),
            fix={"name": display(here.owner)},
            records=scopes.txt(here.owner, completed(scopes.meant_texts(here.reply)[0])),
        )


def names_with_a_record(facts: Facts) -> Iterator[Scoped[DmarcName]]:
    """The name that holds the record that applies."""
    for scoped in scopes.applied_record(facts):
        if isinstance(scoped, Case):
            yield Case(scoped.subject, facts.dmarc.names[scoped.value.name], scoped.evidence)
        else:
            yield scoped


@rule(
    "dmarc-name-exclusive",
    title="`_dmarc` holds nothing but DMARC",
    severity=Severity.INFO,
    reference="RFC 9989 §4.10",
    fix="Move the other TXT values away from {name}",
    scope=names_with_a_record,
)
def dmarc_name_exclusive(_facts: Facts, here: DmarcName) -> Iterator[Found]:
    """Receivers ignore other values; they do no harm."""
    if here.others:
        yield Failed(
            message=f"{len(here.others)} TXT values at {display(here.owner)} are no DMARC record",
            observed=tuple(value.decode("latin-1") for value in here.others),
            fix={"name": display(here.owner)},
        )


@rule(
    "dmarc-version-exact",
    title="The record starts with `v=DMARC1` exactly",
    severity=Severity.ERROR,
    reference="RFC 9989 §4.7, §4.8",
    fix="Replace the TXT at {name} with `{record}`",
    scope=scopes.own_names,
)
def dmarc_version_exact(_facts: Facts, here: DmarcName) -> Iterator[Found]:
    """Text that was meant as a record and is not selected as one."""
    if here.records:
        return
    for value in here.others:
        if is_near_miss(value):
            text = readable(value)
            yield Failed(
                message=(
                    f"the TXT at {display(here.owner)} does not start with v=DMARC1, so receivers "
                    f"ignore it: {shortened(text)}"
                ),
                expected="v=DMARC1",
                observed=(value.decode("latin-1"),),
                fix={"name": display(here.owner), "record": completed(text)},
                records=scopes.txt(here.owner, completed(text)),
            )


def names_without_dmarc(facts: Facts) -> Iterator[Scoped[DmarcName]]:
    """Every name visited, where no record applies."""
    if facts.dmarc.tree.applied is not None:
        yield Skip(scopes.host_owner(facts), "a DMARC record applies")
    else:
        yield from scopes.own_names(facts)


@rule(
    "dmarc-text-not-spf",
    title="`_dmarc` does not answer with SPF text",
    severity=Severity.ERROR,
    reference="RFC 9989 §4.10; RFC 4592",
    fix="Publish `_dmarc.{domain}` with `v=DMARC1; p=none`; delete the wildcard TXT",
    scope=names_without_dmarc,
)
def dmarc_text_not_spf(_facts: Facts, here: DmarcName) -> Iterator[Found]:
    """Usually a wildcard TXT answers for the name."""
    seen = tuple(v for v in here.others if v.lower().startswith(b"v=spf1"))
    if seen and not here.records:
        yield Failed(
            message=f"{display(here.owner)} answers with SPF text, usually from a wildcard TXT",
            observed=tuple(value.decode("latin-1") for value in seen),
            fix={"domain": display(here.name)},
            records=scopes.txt(here.owner, scopes.minimal(here.name)),
        )


def hint_names(facts: Facts) -> Iterator[Scoped[tuple[Misplaced, ...]]]:
    """The From host's organization, where discovery came to an end."""
    subject = display(f"_dmarc.{listed_organization(facts.expectation.from_host)}")
    tree, misplaced = facts.dmarc.tree, facts.dmarc.misplaced or ()
    if tree.failed is not None:
        yield Unknown(subject, scopes.failure(tree.failed), evidence_of(tree.failed))
        return
    failed = [hint.reply for hint in misplaced if hint.reply.failed]
    hits = [hint for hint in misplaced if scopes.meant_texts(hint.reply)]
    if failed and not hits:
        yield Unknown(subject, scopes.failure(failed[0]), evidence_of(failed[0]))
    else:
        yield Case(subject, tuple(hits), evidence_of(*(hint.reply for hint in hits)))


@rule(
    "dmarc-record-placed",
    title="The record is at the right name",
    severity=Severity.ERROR,
    reference="RFC 9989 §4.5",
    fix="Move the TXT to `_dmarc.{domain}`; enter only `_dmarc` if the provider adds the domain",
    scope=hint_names,
)
def dmarc_record_placed(_facts: Facts, hits: tuple[Misplaced, ...]) -> Iterator[Found]:
    """The text is found at the apex, at a doubled name, or without the underscore."""
    for hit in hits:
        found = scopes.meant_texts(hit.reply)[0]
        seen = display(hit.reply.question.name)
        yield Failed(
            message=f"a DMARC record stands at {seen}, where no receiver looks",
            expected=display(f"_dmarc.{hit.base}"),
            observed=(
                seen,
                *(present(txt) for txt in texts(hit.reply) if readable(txt.joined) == found),
            ),
            fix={"domain": display(hit.base)},
            records=scopes.txt(f"_dmarc.{hit.base}", completed(found)),
        )


@rule(
    "dmarc-record-size",
    title="The record is at most 450 octets",
    severity=Severity.INFO,
    reference="RFC 9989 §4.5",
    fix="Shorten the record at {name}",
    scope=scopes.applied_record,
)
def dmarc_record_size(_facts: Facts, applied: Applied) -> Iterator[Found]:
    """Longer answers do not fit one small packet."""
    size = len(applied.record.text)
    if size > 450:
        yield Failed(
            message=f"the record at {display(applied.owner)} has {size} octets",
            expected="at most 450",
            observed=(str(size),),
            fix={"name": display(applied.owner)},
        )
