"""When the rules on what SES says can be judged."""

from __future__ import annotations

from collections.abc import Iterator

from checks.dns.answers import Reply
from checks.dns.expectation import Identity, IdentityUnknown
from checks.dns.facts import Facts
from checks.dns.names import display
from checks.dns.reading import evidence_of, explain
from checks.registry import Case, Scoped, Skip, Unknown

# Words of the API that are no answer yet: SES searches for up to 72 hours.
WAITING = {
    "PENDING": "SES has not found the records yet; it searches for up to 72 hours",
    "TEMPORARY_FAILURE": "SES could not look this time; it tries again for up to 72 hours",
}


def identity(facts: Facts) -> Iterator[Scoped[Identity]]:
    """Yield what SES says of the identity, unknown where there is no identity data."""
    subject = display(facts.expectation.domain)
    found = facts.expectation.identity
    if isinstance(found, IdentityUnknown):
        yield Unknown(subject, found.cause)
    else:
        yield Case(subject, found)


def identity_or_absence(facts: Facts) -> Iterator[Scoped[Identity | IdentityUnknown]]:
    """Yield the identity, or that SES has none although it belongs to this account."""
    subject = display(facts.expectation.domain)
    found = facts.expectation.identity
    if isinstance(found, IdentityUnknown) and not found.not_found:
        yield Unknown(subject, found.cause)
    else:
        yield Case(subject, found)


def with_mail_from(facts: Facts) -> Iterator[Scoped[Identity]]:
    """Yield the identity where it has a custom MAIL FROM."""
    for scoped in identity(facts):
        if isinstance(scoped, Case) and scoped.value.mail_from_domain is None:
            yield Skip(scoped.subject, "no custom MAIL FROM")
        else:
            yield scoped


def own_mail_from(facts: Facts) -> Iterator[Scoped[Identity]]:
    """Yield the identity where its MAIL FROM is the one that is judged."""
    judged = facts.expectation.mail_from
    for scoped in with_mail_from(facts):
        if isinstance(scoped, Case) and judged not in {None, scoped.value.mail_from_domain}:
            reason = f"--mail-from {display(judged or '')} is not the one that SES has"
            yield Skip(scoped.subject, reason)
        else:
            yield scoped


def with_dkim_success(facts: Facts) -> Iterator[Scoped[Identity]]:
    """Yield the identity where SES says that DKIM is verified."""
    for scoped in identity(facts):
        if isinstance(scoped, Case) and scoped.value.dkim_status != "SUCCESS":
            status = scoped.value.dkim_status or "absent"
            yield Skip(scoped.subject, f"SES does not say that DKIM is verified: {status}")
        else:
            yield scoped


def account(facts: Facts) -> Iterator[Scoped[bool]]:
    """Yield whether the account has production access; skipped where it was not to be read."""
    found = facts.expectation.account
    for scoped in identity(facts):
        if isinstance(scoped, Skip | Unknown):
            yield scoped
        elif found.production_access is not None:
            yield Case(scoped.subject, found.production_access)
        elif found.asked:
            yield Unknown(scoped.subject, found.cause)
        else:
            yield Skip(scoped.subject, found.cause or "account data is not read: see --aws")


def with_soa(facts: Facts) -> Iterator[Scoped[Identity]]:
    """Yield the identity where SES says which zone it saw and the zone's SOA was answered."""
    found = facts.expectation.identity
    if isinstance(found, Identity) and not found.soa_mname:
        yield Skip(display(facts.expectation.domain), "SES names no SOARecord")
    else:
        yield from _answered(facts, facts.ses.soa)


def with_token(facts: Facts) -> Iterator[Scoped[Identity]]:
    """Yield the identity where the legacy token's name was answered."""
    yield from _answered(facts, facts.ses.legacy_token)


def _answered(facts: Facts, reply: Reply) -> Iterator[Scoped[Identity]]:
    for scoped in identity(facts):
        if isinstance(scoped, Case) and reply.failed:
            question = f"{reply.question.rdtype} {display(reply.question.name)}"
            yield Unknown(scoped.subject, f"{question}: {explain(reply)}", evidence_of(reply))
        elif isinstance(scoped, Case):
            yield Case(scoped.subject, scoped.value, evidence_of(reply))
        else:
            yield scoped
