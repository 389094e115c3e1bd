"""Rules on what stands between a required name and its zone: wildcards, cuts, non-terminals."""

from __future__ import annotations

from collections.abc import Iterator

from checks.dns.answers import Answer, NxDomain, Referral, Reply
from checks.dns.collect.view import same_answer
from checks.dns.facts import Facts, NameFacts, ZoneFacts
from checks.dns.names import display, is_at_or_below, is_below, parent
from checks.dns.reading import evidence_of, explain
from checks.dns.rules.scopes import NOT_ASKED, required_names, subject_of, trusted_zone
from checks.model import Severity
from checks.registry import (
    Case,
    Failed,
    Found,
    NotApplicable,
    Passed,
    Scoped,
    Skip,
    Unknown,
    Unsure,
    rule,
)


def answered_names(facts: Facts) -> Iterator[Scoped[NameFacts]]:
    """Yield the required names, unknown where the name was not answered."""
    for scoped in required_names(facts):
        if isinstance(scoped, Case) and scoped.value.asked.reply.failed:
            yield Unknown(scoped.subject, explain(scoped.value.asked.reply), scoped.evidence)
        else:
            yield scoped


def _holds(reply: Reply) -> bool:
    return isinstance(reply, Answer) or bool(reply.chain)


@rule(
    "dns-names-explicit",
    title="No required record comes from a wildcard",
    severity=Severity.ERROR,
    reference="RFC 4592 §3.3.1",
    fix="Publish {name} itself; `*` answers for it now",
    scope=answered_names,
)
def dns_names_explicit(facts: Facts, name: NameFacts) -> Iterator[Found]:
    """Fail where a random name below answers the same: then the name itself does not exist."""
    if name.below is None or name.name == facts.zone.zone:
        yield NotApplicable("no wildcard covers the apex of a zone")
    elif not _holds(name.asked.reply):
        return
    elif name.below.failed:
        yield Unsure(explain(name.below), (), evidence_of(name.below))
    elif _holds(name.below) and same_answer(name.asked.reply, name.below):
        if _is_parent_of_wildcard(facts, name):
            yield Passed(f"`*` stands below {display(name.name)}, so the name itself exists")
            return
        yield Failed(
            message=f"{subject_of(name)} does not exist: a wildcard answers for it",
            observed=_shown(name.asked.reply),
            fix={"name": subject_of(name)},
            evidence=evidence_of(name.asked.reply, name.below),
        )


def _is_parent_of_wildcard(facts: Facts, name: NameFacts) -> bool:
    """Return whether the wildcard stands below the name, which then exists (RFC 4592 §2.2.2).

    One that answers for the name would answer for a random name beside it too.
    """
    beside = [
        w.reply
        for w in facts.names.wildcards
        if (w.parent, w.rdtype) == (parent(name.name), name.rdtype)
    ]
    return bool(beside) and not any(
        reply.failed or same_answer(name.asked.reply, reply) for reply in beside
    )


def _shown(reply: Reply) -> tuple[str, ...]:
    return evidence_of(reply)[0].answer


@rule(
    "dns-wildcard-unmatched",
    title="No required answer equals a wildcard's answer",
    severity=Severity.WARNING,
    reference="RFC 4592 §2.2",
    fix="Delete the wildcard, or publish {name} explicitly",
    scope=answered_names,
)
def dns_wildcard_unmatched(facts: Facts, name: NameFacts) -> Iterator[Found]:
    """Fail where a random label beside the name answers the same as the name."""
    beside = [
        w
        for w in facts.names.wildcards
        if w.rdtype == name.rdtype and is_at_or_below(name.name, w.parent)
    ]
    for wildcard in beside:
        if wildcard.reply.failed:
            yield Unsure(explain(wildcard.reply), (), evidence_of(wildcard.reply))
        elif _holds(wildcard.reply) and same_answer(name.asked.reply, wildcard.reply):
            yield Failed(
                message=f"{subject_of(name)} equals what any name below "
                f"{display(wildcard.parent)} answers",
                observed=_shown(wildcard.reply),
                fix={"name": subject_of(name)},
                evidence=evidence_of(name.asked.reply, wildcard.reply),
            )


def domainkey(facts: Facts) -> Iterator[Scoped[Reply]]:
    """Yield the answer at ``_domainkey``, where a DKIM name below it exists."""
    reply = facts.names.domainkey
    subject = f"_domainkey.{display(facts.expectation.domain)}"
    if facts.expectation.view == "resolver":
        yield Skip(subject, NOT_ASKED)
    elif reply.failed:
        yield Unknown(subject, explain(reply), evidence_of(reply))
    elif not any(
        is_at_or_below(n.name, reply.question.name) and isinstance(n.asked.reply, Answer)
        for n in facts.names.required
    ):
        yield Skip(subject, "no DKIM name is known to exist")
    else:
        yield Case(subject, reply, evidence_of(reply))


@rule(
    "dns-ent-answered",
    title="Empty non-terminals answer NOERROR",
    severity=Severity.WARNING,
    reference="RFC 8020 §2; RFC 4592 §2.2.2",
    fix="Have the DNS host repair empty non-terminals; resolvers may deny every DKIM name",
    scope=domainkey,
)
def dns_ent_answered(facts: Facts, reply: Reply) -> Iterator[Found]:
    """Fail where ``_domainkey`` is denied although a name below it exists."""
    if isinstance(reply, NxDomain):
        yield Failed(
            message=f"{display(reply.question.name)} is denied (NXDOMAIN) although names below it "
            "exist",
            observed=("NXDOMAIN",),
        )


def seen_zone(facts: Facts) -> Iterator[Scoped[ZoneFacts]]:
    """Yield the zone, unknown where its servers cannot be asked because of an interception."""
    for scoped in trusted_zone(facts):
        if isinstance(scoped, Case) and facts.zone.intercepted:
            yield Unknown(scoped.subject, facts.zone.intercepted)
        else:
            yield scoped


@rule(
    "dns-zone-uncut",
    title="No zone cut lies between the apex and a required name",
    severity=Severity.WARNING,
    reference="RFC 1034 §4.2.1",
    fix="Publish the records in the zone {name}, or remove its delegation",
    scope=seen_zone,
)
def dns_zone_uncut(facts: Facts, zone: ZoneFacts) -> Iterator[Found]:
    """Fail for every zone below the apex that holds a required name."""
    for cut in sorted({*zone.cuts, *_referred(facts, zone)}):
        held = [n for n in facts.names.required if is_at_or_below(n.name, cut)]
        if held:
            yield Failed(
                message=f"{display(cut)} is a zone of its own: it must hold "
                f"{', '.join(subject_of(n) for n in held)}",
                observed=(display(cut),),
                fix={"name": display(cut)},
            )


def _referred(facts: Facts, zone: ZoneFacts) -> Iterator[str]:
    """Yield the zones that the servers refer to; a resolver tells nothing of a dead delegation."""
    for name in facts.names.required:
        for _, reply in name.asked.at:
            if isinstance(reply, Referral) and is_below(reply.zone, zone.zone):
                yield reply.zone
