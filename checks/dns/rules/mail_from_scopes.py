"""When the rules on MAIL FROM can be judged, and the record that belongs there."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from checks.dns.answers import Reply
from checks.dns.expectation import Expectation, Identity, IdentityUnknown
from checks.dns.facts import Facts, MailFromFacts
from checks.dns.names import display, is_below
from checks.dns.reading import evidence_of, exchanges, explain
from checks.model import Record
from checks.registry import Case, Scoped, Skip, Unknown
from contract.ses import mail_from_mx

GUIDE = "SES dg mail-from"


def named(facts: Facts) -> Iterator[Scoped[str]]:
    """Yield MAIL FROM where there is one; nothing has to be asked."""
    expected = facts.expectation
    if expected.mail_from is None:
        yield Skip(display(expected.domain), _none(expected))
    else:
        yield Case(display(expected.mail_from), expected.mail_from)


def answered(facts: Facts) -> Iterator[Scoped[MailFromFacts]]:
    """Yield MAIL FROM where its MX question was answered."""
    yield from _asked(facts, lambda found: found.mx)


def held(facts: Facts) -> Iterator[Scoped[MailFromFacts]]:
    """Yield MAIL FROM where it has an MX."""
    for scoped in answered(facts):
        if isinstance(scoped, Case) and not exchanges(scoped.value.mx):
            yield Skip(scoped.subject, "there is no MX: see mail-from-mx-single")
        else:
            yield scoped


def aliased(facts: Facts) -> Iterator[Scoped[MailFromFacts]]:
    """Yield MAIL FROM where its CNAME question was answered."""
    yield from _asked(facts, lambda found: found.cname)


def wildcards(facts: Facts) -> Iterator[Scoped[MailFromFacts]]:
    """Yield MAIL FROM where its MX and the wildcards above it were answered."""
    for scoped in answered(facts):
        wildcard = scoped.value.wildcard_mx if isinstance(scoped, Case) else None
        if wildcard is not None and wildcard.failed:
            cause = f"MX {wildcard.question.name}: {explain(wildcard)}"
            yield Unknown(scoped.subject, cause, evidence_of(wildcard))
        else:
            yield scoped


def _asked(
    facts: Facts, reply_of: Callable[[MailFromFacts], Reply]
) -> Iterator[Scoped[MailFromFacts]]:
    found = facts.mail_from
    if found is None:
        yield Skip(display(facts.expectation.domain), _none(facts.expectation))
        return
    reply = reply_of(found)
    subject = display(found.name)
    if reply.failed:
        question = f"{reply.question.rdtype} {display(reply.question.name)}"
        yield Unknown(subject, f"{question}: {explain(reply)}", evidence_of(reply))
    else:
        yield Case(subject, found, evidence_of(reply))


def _none(expected: Expectation) -> str:
    if expected.mail_from_known:
        return "no custom MAIL FROM"
    return "no source names a custom MAIL FROM: give --identity FILE or --mail-from HOST"


def configured(facts: Facts) -> Iterator[Scoped[Identity | None]]:
    """Yield the identity that says whether a MAIL FROM is set; None where ``--mail-from`` does."""
    expected = facts.expectation
    subject = display(expected.domain)
    if expected.dkim_only:
        yield Skip(subject, "--dkim-only: no custom MAIL FROM is intended")
    elif expected.mail_from_by_hand:
        yield Case(subject, None)
    elif isinstance(expected.identity, IdentityUnknown):
        yield Unknown(subject, expected.identity.cause)
    else:
        yield Case(subject, expected.identity)


def is_misplaced(expected: Expectation) -> bool:
    """Return whether MAIL FROM is no subdomain of DOMAIN: no record may then be changed there."""
    return expected.mail_from is not None and not is_below(expected.mail_from, expected.domain)


def wanted_mx(facts: Facts) -> Record:
    """Return the one MX that belongs at MAIL FROM, or at the name that should be MAIL FROM."""
    expected = facts.expectation
    usable = None if is_misplaced(expected) else expected.mail_from
    name = usable or f"bounce.{expected.domain}"
    return Record(name=name, type="MX", values=(mail_from_mx(expected.region),))


def moved_first(facts: Facts) -> str:
    """Return the fix where MAIL FROM has to move before its MX is right, empty where it stays."""
    expected = facts.expectation
    if not is_misplaced(expected):
        return ""
    target = f"bounce.{display(expected.domain)}"
    return (
        f"Use `{target}` as MAIL FROM, with MX `{mail_from_mx(expected.region).rstrip('.')}`; "
        f"leave the MX of {display(expected.mail_from or '')} alone"
    )
