"""What stands at the custom MAIL FROM domain."""

from __future__ import annotations

from checks.dns.answers import Question, Reply
from checks.dns.expectation import Expectation
from checks.dns.facts import MailFromFacts
from checks.dns.names import NameSyntaxError, ancestors, is_at_or_below, join
from checks.dns.port import Lookup
from checks.dns.reading import exchanges

MAX_WILDCARDS = 8  # names above MAIL FROM at which a wildcard is looked for


async def collect_mail_from(expectation: Expectation, lookup: Lookup) -> MailFromFacts | None:
    """Ask MX and CNAME at MAIL FROM; where the MX is missing, the wildcards above it.

    None where there is no custom MAIL FROM.
    """
    name = expectation.mail_from
    if name is None:
        return None
    mx, cname = await lookup.ask([Question(name, "MX"), Question(name, "CNAME")])
    wildcard = None
    if not mx.failed and not exchanges(mx):
        wildcard = await _wildcard(name, expectation.domain, lookup)
    return MailFromFacts(name=name, mx=mx, cname=cname, wildcard_mx=wildcard)


async def _wildcard(name: str, domain: str, lookup: Lookup) -> Reply | None:
    """Return what the nearest wildcard with an MX says, else the last reply that failed, if any."""
    replies = await lookup.ask([Question(w, "MX") for w in _wildcards(name, domain)])
    held = [reply for reply in replies if exchanges(reply)]
    failed = [reply for reply in replies if reply.failed]
    return next(iter(held or failed or replies), None)


def _wildcards(name: str, domain: str) -> list[str]:
    """Return the wildcard owners above ``name``, nearest first, none above the domain (RFC 4592).

    The asterisk label is asked for as it is: it owns the records (RFC 4592 §2.1.1).
    """
    above = ancestors(name)[1 : MAX_WILDCARDS + 1]
    inside = [parent for parent in above if is_at_or_below(parent, domain)]
    owners = []
    for parent in inside or above[:1]:
        try:
            owners.append(join("*", parent))
        except NameSyntaxError:
            continue  # no room for a label: no wildcard either
    return owners
