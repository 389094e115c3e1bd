"""Rules on the MX of the custom MAIL FROM domain."""

from __future__ import annotations

import re
from collections.abc import Iterator

from checks.dns.answers import NoData
from checks.dns.facts import Facts, MailFromFacts
from checks.dns.names import ROOT, display, is_below
from checks.dns.rdata import present
from checks.dns.reading import evidence_of, exchanges, explain
from checks.dns.rules.mail_from_scopes import (
    GUIDE,
    answered,
    held,
    is_misplaced,
    moved_first,
    wanted_mx,
    wildcards,
)
from checks.model import Severity
from checks.registry import Failed, Found, rule
from contract.ses import MX_PREFERENCE, feedback_smtp, mail_from_mx

SET_MX = "Set MX at {mail_from}: `10 feedback-smtp.{region}.amazonses.com`"
_FEEDBACK = re.compile(r"feedback-smtp\.[a-z0-9-]+\.amazonses\.com\.", re.ASCII)


@rule(
    "mail-from-mx-single",
    title="MAIL FROM has exactly one MX",
    severity=Severity.ERROR,
    reference=GUIDE,
    fix=(
        "Publish one MX at {mail_from}: `10 feedback-smtp.{region}.amazonses.com`; "
        "delete every other MX there"
    ),
    scope=answered,
)
def mail_from_mx_single(facts: Facts, found: MailFromFacts) -> Iterator[Found]:
    """Fail for none and for several: SES sends no mail through such a MAIL FROM."""
    records = exchanges(found.mx)
    if len(records) == 1:
        return
    name = display(found.name)
    message = f"{len(records)} MX at {name}" if records else f"no MX at {name}: {explain(found.mx)}"
    yield Failed(
        message=message,
        expected="1 MX",
        observed=tuple(present(mx) for mx in records),
        fix_text=moved_first(facts),
        records=(wanted_mx(facts),),
    )


@rule(
    "mail-from-mx-target",
    title="The MX is the feedback host of the region",
    severity=Severity.ERROR,
    reference=GUIDE,
    fix=SET_MX,
    scope=held,
)
def mail_from_mx_target(facts: Facts, found: MailFromFacts) -> Iterator[Found]:
    """Fail for every exchange that is another host, one of another Region too."""
    wanted = feedback_smtp(facts.expectation.region)
    for mx in exchanges(found.mx):
        if mx.exchange != wanted:
            yield Failed(
                message=f"the MX of {display(found.name)} is {mx.exchange}",
                expected=wanted,
                observed=(present(mx),),
                fix_text=moved_first(facts),
                records=(wanted_mx(facts),),
            )


@rule(
    "mail-from-mx-preference",
    title="The MX preference is 10",
    severity=Severity.WARNING,
    reference=GUIDE,
    fix=SET_MX,
    scope=held,
)
def mail_from_mx_preference(facts: Facts, found: MailFromFacts) -> Iterator[Found]:
    """Fail for another number than the one that the guide gives."""
    for mx in exchanges(found.mx):
        if mx.preference != MX_PREFERENCE:
            yield Failed(
                message=f"the MX preference at {display(found.name)} is {mx.preference}",
                expected=str(MX_PREFERENCE),
                observed=(present(mx),),
                fix_text=moved_first(facts),
                records=(wanted_mx(facts),),
            )


@rule(
    "mail-from-domain-dedicated",
    title="MAIL FROM receives no other mail",
    severity=Severity.ERROR,
    reference=GUIDE,
    fix="Use `bounce.{domain}` as MAIL FROM and keep mailboxes elsewhere",
    scope=answered,
)
def mail_from_domain_dedicated(facts: Facts, found: MailFromFacts) -> Iterator[Found]:
    """Fail where an MX leads to a mail host of somebody else than SES."""
    for mx in exchanges(found.mx):
        # RFC 7505 §3: the null MX (".") says that no mail is received.
        if mx.exchange == ROOT or _FEEDBACK.fullmatch(mx.exchange):
            continue
        if _FEEDBACK.fullmatch(_unsuffixed(facts, mx.exchange)):
            continue  # left to mail-from-mx-unsuffixed
        yield Failed(
            message=f"{display(found.name)} receives mail at {display(mx.exchange)}",
            expected=f"no MX but {feedback_smtp(facts.expectation.region)}",
            observed=(present(mx),),
            fix_text=_dedicated(facts, found.name),
        )


def _dedicated(facts: Facts, name: str) -> str:
    """Return the fix where MAIL FROM has the name already that others should move to."""
    if name != f"bounce.{facts.expectation.domain}":
        return ""
    return (
        f"Keep `{display(name)}` for MAIL FROM and keep mailboxes elsewhere: delete every MX there "
        f"but `{mail_from_mx(facts.expectation.region)}`"
    )


@rule(
    "mail-from-mx-unsuffixed",
    title="The zone is not appended to the exchange",
    severity=Severity.ERROR,
    reference=GUIDE,
    fix="End the MX value with a dot: `10 feedback-smtp.{region}.amazonses.com.`",
    scope=answered,
)
def mail_from_mx_unsuffixed(facts: Facts, found: MailFromFacts) -> Iterator[Found]:
    """Hint: the web form or the zone file added its own name to a value without an end dot."""
    for mx in exchanges(found.mx):
        appended = _FEEDBACK.fullmatch(_unsuffixed(facts, mx.exchange))
        # A mailbox host below DOMAIN is the MX of DOMAIN itself with nothing appended.
        if appended or (is_below(mx.exchange, found.name) and not is_misplaced(facts.expectation)):
            yield Failed(
                message=f"the zone was appended to the MX value: {mx.exchange}",
                expected=mail_from_mx(facts.expectation.region),
                observed=(present(mx),),
                records=(wanted_mx(facts),),
            )


@rule(
    "mail-from-mx-explicit",
    title="The MX does not rely on a wildcard",
    severity=Severity.ERROR,
    reference="RFC 4592 §3.3.1",
    fix="Publish MX at {mail_from} itself",
    scope=wildcards,
)
def mail_from_mx_explicit(facts: Facts, found: MailFromFacts) -> Iterator[Found]:
    """Hint: a wildcard never covers a name that holds any record or has a name below it."""
    wildcard = found.wildcard_mx
    exists = isinstance(found.mx, NoData) and not found.mx.chain
    if wildcard is None or not exists or not exchanges(wildcard):
        return
    owner = wildcard.question.name
    yield Failed(
        message=f"{owner} has the MX, but {display(found.name)} exists and is not covered by it",
        expected=f"MX {mail_from_mx(facts.expectation.region)} at {display(found.name)}",
        observed=tuple(f"{owner} MX {present(mx)}" for mx in exchanges(wildcard)),
        records=(wanted_mx(facts),),
        evidence=evidence_of(wildcard),
    )


def _unsuffixed(facts: Facts, exchange: str) -> str:
    """Return the exchange without the zone name appended to it, empty where none was."""
    expected = facts.expectation
    for suffix in (expected.mail_from, expected.domain, facts.zone.zone):
        if suffix and suffix != ROOT and is_below(exchange, suffix):
            return exchange.removesuffix(suffix)
    return ""
