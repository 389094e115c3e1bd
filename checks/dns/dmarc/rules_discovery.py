"""Rules over policy discovery: is there a record, what does it ask for, do the models agree?"""

from __future__ import annotations

from collections.abc import Iterator

from checks.dns.answers import Reply
from checks.dns.dmarc import scopes
from checks.dns.dmarc.alignment import MODELS, Model, aligned, discovery_of
from checks.dns.dmarc.discovery import listed_organization
from checks.dns.dmarc.facts import Applied, DmarcName, effective
from checks.dns.dmarc.repair import completed
from checks.dns.expectation import Expectation
from checks.dns.facts import Facts
from checks.dns.names import display, is_below
from checks.dns.reading import evidence_of
from checks.model import Severity
from checks.registry import Case, Failed, Found, Passed, Scoped, Skip, Unknown, Unsure, rule

NO_PROCESSING = "effective: no DMARC processing"


@rule(
    "dmarc-policy-published",
    title="A DMARC record applies to the From host",
    severity=Severity.ERROR,
    reference="RFC 9989 §4.10, §4.10.1",
    fix="Publish TXT at `_dmarc.{domain}`: `v=DMARC1; p=none; rua=mailto:dmarc@{domain}`",
    scope=scopes.discovery,
)
def dmarc_policy_published(facts: Facts, applied: Applied | None) -> Iterator[Found]:
    """Walk from the From host; the wrong place is told by dmarc-record-placed."""
    host = display(facts.expectation.from_host)
    if applied is None:
        yield _unpublished(facts, host)
        return
    owner = display(applied.owner)
    try:
        policy = effective(applied)
    except LookupError:
        yield Unsure(
            f"the policy hangs on whether {host} exists, and that is not known: "
            f"{scopes.failure(facts.dmarc.existence)}",
            evidence=evidence_of(facts.dmarc.existence),
        )
        return
    if policy is None:
        yield Passed(f"the record at {owner} leads to no DMARC processing", (NO_PROCESSING,))
    else:
        observed = f"effective: {policy} from {owner}"
        yield Passed(f"{owner} applies to {host}; {observed}", (observed,))


def _unpublished(facts: Facts, host: str) -> Failed:
    """Return the finding with one record to publish: the one that was meant, else the least."""
    message = f"no DMARC record was found for {host}"
    meant = _meant(facts)
    top = listed_organization(facts.expectation.from_host)
    domain, record = (
        (top, scopes.minimal(top)) if meant is None else (meant[0], completed(meant[1]))
    )
    return Failed(
        message=message,
        observed=(NO_PROCESSING,),
        fix_text=f"Publish TXT at `_dmarc.{display(domain)}`: `{record}`"
        + _covered(facts.expectation, domain),
        records=scopes.txt(f"_dmarc.{domain}", record),
    )


def _covered(expected: Expectation, domain: str) -> str:
    """Return that the record is enough for DOMAIN, where it stands above it."""
    if not is_below(expected.domain, domain):
        return ""
    name = display(expected.domain)
    return f"; it covers {name}, which needs no `_dmarc.{name}`"


def _meant(facts: Facts) -> tuple[str, str] | None:
    """Return the domain and the text of a record that was meant, here or at a wrong name."""
    for scoped in scopes.own_names(facts):
        if isinstance(scoped, Case):
            for text in scopes.meant_texts(scoped.value.reply):
                return scoped.value.name, text
    for hint in facts.dmarc.misplaced or ():
        for text in scopes.meant_texts(hint.reply):
            return hint.base, text
    return None


def organization_name(facts: Facts) -> Iterator[Scoped[DmarcName]]:
    """The registrable domain of the From host, where some record applies."""
    names, tree = facts.dmarc.names, facts.dmarc.tree
    top = listed_organization(facts.expectation.from_host)
    here = names[top]
    subject = display(here.owner)
    if tree.failed is not None:
        yield Unknown(subject, scopes.failure(tree.failed), evidence_of(tree.failed))
    elif tree.applied is None:
        yield Skip(subject, scopes.NO_RECORD)
    else:
        yield scopes.named(here)


@rule(
    "dmarc-record-organization",
    title="The registrable domain has a DMARC record",
    severity=Severity.ERROR,
    reference="RFC 9989 §5.1.4, §4.10.2",
    fix="Publish TXT at `_dmarc.{domain}`: `v=DMARC1; p=none; rua=mailto:dmarc@{domain}`",
    scope=organization_name,
)
def dmarc_record_organization(facts: Facts, here: DmarcName) -> Iterator[Found]:
    """A record at a subdomain alone makes that an Organizational Domain of its own."""
    applied = facts.dmarc.tree.applied
    if here.record is None and applied is not None:
        yield Failed(
            message=f"only {display(applied.owner)} holds a record, {display(here.owner)} does not",
            fix={"domain": display(here.name)},
            records=scopes.txt(here.owner, scopes.minimal(here.name)),
        )


@rule(
    "dmarc-models-agree",
    title="RFC 7489 and RFC 9989 give the same result",
    severity=Severity.WARNING,
    reference="RFC 9989 C.3; RFC 7489 §3.2, §6.6.3",
    fix="Publish one DMARC record at `_dmarc.{domain}` and none with `psd` below it",
    scope=scopes.both_models,
)
def dmarc_models_agree(facts: Facts, _nothing: None) -> Iterator[Found]:
    """Compare the record found and the alignment of both identifiers."""
    results = {model: _results(facts, model) for model in MODELS}
    failed = [r for result in results.values() for r in result.values() if isinstance(r, Reply)]
    tree, listed = (results[model] for model in MODELS)
    for what in tree:
        if tree[what] != listed[what] and not isinstance(tree[what], Reply):
            observed = tuple(f"{model}: {what} {results[model][what]}" for model in MODELS)
            yield Failed(
                message=f"RFC 9989 (tree walk) and RFC 7489 (public suffix list) differ: {what} "
                f"{tree[what]} against {listed[what]}",
                observed=observed,
                fix={"domain": display(listed_organization(facts.expectation.from_host))},
            )
    if failed:
        yield Unsure(scopes.failure(failed[0]), evidence=evidence_of(failed[0]))


def _results(facts: Facts, model: Model) -> dict[str, str | Reply]:
    expected, dmarc = facts.expectation, facts.dmarc
    applied = discovery_of(dmarc, model).applied
    results: dict[str, str | Reply] = {"record": display(applied.owner) if applied else "none"}
    host = expected.from_host
    results["DKIM"] = _worded(aligned(dmarc, model, host, expected.domain, "adkim"))
    if expected.mail_from is not None:
        results["SPF"] = _worded(aligned(dmarc, model, host, expected.mail_from, "aspf"))
    return results


def _worded(result: bool | Reply) -> str | Reply:
    if isinstance(result, Reply):
        return result
    return "aligned" if result else "not aligned"
