"""Rules over alignment: does what SES signs and sends with belong to the From host?

Judged in both models, because receivers are mixed: a rule passes only if both align.
"""

from __future__ import annotations

from collections.abc import Iterator

from checks.dns.answers import Reply
from checks.dns.dmarc import scopes
from checks.dns.dmarc.alignment import (
    MODELS,
    Model,
    aligned,
    discovery_of,
    is_strict,
    organizations,
    same_organization,
)
from checks.dns.dmarc.repair import with_tags
from checks.dns.facts import Facts
from checks.dns.names import display
from checks.dns.reading import evidence_of
from checks.model import Record, Severity
from checks.registry import Case, Failed, Found, Scoped, Skip, Unknown, Unsure, rule

NO_MAIL_FROM = "no custom MAIL FROM"
MAIL_FROM_UNKNOWN = "MAIL FROM is not known: give --mail-from, --identity FILE or --stack FILE"


def mail_from(facts: Facts) -> Iterator[Scoped[str]]:
    """MAIL FROM, where it is custom and SPF alignment is wanted."""
    expected = facts.expectation
    subject = display(expected.mail_from or expected.from_host)
    if expected.dkim_only:
        yield Skip(subject, "--dkim-only: DKIM alignment is enough (align-spf-available)")
    elif expected.mail_from is None and expected.mail_from_known:
        yield Skip(subject, NO_MAIL_FROM)
    else:
        yield from _with_mail_from(facts, subject)


def _with_mail_from(facts: Facts, subject: str) -> Iterator[Scoped[str]]:
    name = facts.expectation.mail_from
    for scoped in scopes.both_models(facts):
        if isinstance(scoped, Case) and name is None:
            yield Unknown(subject, MAIL_FROM_UNKNOWN)
        elif isinstance(scoped, Case) and name is not None:
            yield Case(subject, name, scoped.evidence)
        elif isinstance(scoped, Unknown):
            yield Unknown(subject, scoped.cause, scoped.evidence)
        else:
            yield Skip(subject, scopes.NO_RECORD)


@rule(
    "align-dkim-org-same",
    title="From host and DOMAIN share an Organizational Domain",
    severity=Severity.ERROR,
    reference="RFC 9989 §4.10.2, §4.4.1",
    fix="Publish a DMARC record at `_dmarc.{domain}`, or send from {domain}",
    scope=scopes.both_models,
)
def align_dkim_org_same(facts: Facts, _nothing: None) -> Iterator[Found]:
    """The DKIM ``d=`` of SES is DOMAIN."""
    yield from _organizations_differ(facts, facts.expectation.domain)


@rule(
    "align-spf-org-same",
    title="From host and MAIL FROM share an Organizational Domain",
    severity=Severity.ERROR,
    reference="RFC 9989 §4.10.2, §4.4.2",
    fix="Use a MAIL FROM below {domain} and remove `psd` tags",
    scope=mail_from,
)
def align_spf_org_same(facts: Facts, name: str) -> Iterator[Found]:
    """A plain record at ``_dmarc.<MAIL FROM>`` does no harm, ``psd`` tags do."""
    yield from _organizations_differ(facts, name)


def _organizations_differ(facts: Facts, identifier: str) -> Iterator[Found]:
    host = facts.expectation.from_host
    for model in MODELS:
        same = same_organization(facts.dmarc, model, host, identifier)
        if isinstance(same, Reply):
            yield Unsure(scopes.failure(same), evidence=evidence_of(same))
        elif not same:
            yield _differing(facts, model, host, identifier)


def _differing(facts: Facts, model: Model, host: str, identifier: str) -> Failed:
    orgs = organizations(facts.dmarc, model)
    shown = [
        f"{display(name)} belongs to {display(orgs[name].domain or name)}"
        for name in (host, identifier)
    ]
    return Failed(
        message=f"by the {model}, {' and '.join(shown)}",
        observed=tuple(f"{model}: {line}" for line in shown),
        records=_organization_record(facts, model),
    )


def _organization_record(facts: Facts, model: Model) -> tuple[Record, ...]:
    """Return the record that joins a From host below DOMAIN to it, where that is what lacks."""
    domain = facts.expectation.domain
    lacks = facts.dmarc.names[domain].record is None and model == "tree walk"
    host_org = facts.dmarc.listed_orgs[facts.expectation.from_host]
    if not lacks or host_org != facts.dmarc.listed_orgs[domain]:
        return ()
    return scopes.txt(f"_dmarc.{domain}", scopes.minimal(domain))


@rule(
    "align-aspf-relaxed",
    title="`aspf` is not strict",
    severity=Severity.ERROR,
    reference="SES dg dmarc; RFC 9989 §4.4.2",
    fix="Remove `aspf=s` from {name}",
    scope=mail_from,
)
def align_aspf_relaxed(facts: Facts, name: str) -> Iterator[Found]:
    """With ``aspf=s`` SPF passes for MAIL FROM and never aligns."""
    if name != facts.expectation.from_host:
        yield from _strict(facts, "aspf", name)


@rule(
    "align-adkim-satisfied",
    title="Strict DKIM alignment is met",
    severity=Severity.ERROR,
    reference="RFC 9989 §4.4.1",
    fix="Remove `adkim=s` from {name}, or create an identity for {from}",
    scope=scopes.both_models,
)
def align_adkim_satisfied(facts: Facts, _nothing: None) -> Iterator[Found]:
    """With ``adkim=s`` the From host must be DOMAIN itself."""
    domain = facts.expectation.domain
    if domain != facts.expectation.from_host:
        yield from _strict(facts, "adkim", domain)


def _strict(facts: Facts, tag: str, identifier: str) -> Iterator[Found]:
    """Fail once for each record that is strict about ``tag``, in either model."""
    found = [discovery_of(facts.dmarc, model).applied for model in MODELS]
    strict = [a for a in found if a is not None and a.record.is_strict(tag)]
    for applied in dict.fromkeys(strict):
        yield Failed(
            message=f"{tag}=s at {display(applied.owner)}: {display(identifier)} is not "
            f"{display(facts.expectation.from_host)}, so it never aligns",
            observed=(applied.record.text,),
            fix={"name": display(applied.owner)},
            records=scopes.txt(applied.owner, with_tags(applied.record.text, drop=(tag,))),
        )


def dkim_only(facts: Facts) -> Iterator[Scoped[None]]:
    """The From host, with ``--dkim-only``."""
    if facts.expectation.dkim_only:
        yield from scopes.both_models(facts)
    else:
        yield Skip(display(facts.expectation.from_host), "judged only with --dkim-only")


@rule(
    "align-spf-available",
    title="SPF gives a second aligned identifier",
    severity=Severity.WARNING,
    reference="RFC 9989 §5.1.1",
    fix="Set a custom MAIL FROM below {domain} and relaxed `aspf`",
    scope=dkim_only,
)
def align_spf_available(facts: Facts, _nothing: None) -> Iterator[Found]:
    """The same facts as align-spf-org-same and align-aspf-relaxed, as a warning."""
    expected = facts.expectation
    name = expected.mail_from
    if name is None and expected.mail_from_known:
        yield Failed(message="no custom MAIL FROM is set: SPF cannot align")
    elif name is None:
        yield Unsure(MAIL_FROM_UNKNOWN)
    else:
        for model in MODELS:
            yield from _spf_unaligned(facts, model, name)


def _spf_unaligned(facts: Facts, model: Model, name: str) -> Iterator[Found]:
    host = facts.expectation.from_host
    result = aligned(facts.dmarc, model, host, name, "aspf")
    if isinstance(result, Reply):
        yield Unsure(scopes.failure(result), evidence=evidence_of(result))
    elif not result and is_strict(facts.dmarc, model, "aspf"):
        yield Failed(message=f"aspf=s: {display(name)} is not {display(host)}")
    elif not result:
        yield _differing(facts, model, host, name)
