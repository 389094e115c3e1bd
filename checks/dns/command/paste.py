"""``--records``: print what to publish, merged with what is published."""

from __future__ import annotations

import asyncio

from checks.dns.command.live import Services
from checks.dns.command.options import Options
from checks.dns.command.output import Target, tell
from checks.dns.expectation import DkimExpectation, Expectation
from checks.dns.facts import Facts
from checks.dns.names import display, is_below
from checks.dns.psl import registrable
from checks.dns.records import plan, unread
from checks.dns.records_text import render_bind, render_table
from checks.verdict import EXIT_READY, EXIT_UNDETERMINED
from contract.records import Byodkim, DnsRecord, EasyDkim, dmarc_value, required_records


def print_records(
    expectation: Expectation, options: Options, services: Services, target: Target
) -> int:
    """Write the records that SES needs and return the exit code.

    Without the tokens there is nothing to print: a line on stderr says which option gives them.
    """
    missing = missing_source(expectation)
    if missing:
        tell(missing)
        return EXIT_UNDETERMINED
    for line in left_out(expectation):
        tell(line)
    needed = needed_records(expectation)
    facts = asyncio.run(services.facts(expectation, options))
    published = {(one.name, one.rdtype): one for one in facts.names.required}
    for line in unread(needed, published):
        tell(f"not read, so nothing could be merged: {line}")
    render = render_bind if options.records == "bind" else render_table
    target.write(render(plan(needed, published), zone=_zone(facts)))
    return EXIT_READY


def missing_source(expectation: Expectation) -> str:
    """Return which option ends it where the DKIM names are not known, else empty text."""
    dkim = expectation.dkim
    domain = display(expectation.domain)
    if dkim is None:
        return (
            f"the DKIM tokens of {domain} are not known: give --identity FILE, --stack FILE, "
            "--aws, or --dkim-token with --dkim-zone"
        )
    if not dkim.is_byodkim and dkim.zone is None:
        return (
            f"the SigningHostedZone of {domain} is not known: give --identity FILE, --stack FILE, "
            "--aws or --dkim-zone"
        )
    return ""


def left_out(expectation: Expectation) -> tuple[str, ...]:
    """Return what cannot be among the records, a line each, with the option that changes it."""
    lines = []
    if _mail_from(expectation) is None:
        name = expectation.mail_from
        cause = (
            f"MAIL FROM {display(name)} is not below {display(expectation.domain)}"
            if name
            else "no custom MAIL FROM is known"
        )
        lines.append(
            f"{cause}, so its MX and SPF are left out; "
            f"give --mail-from bounce.{display(expectation.domain)}"
        )
    if expectation.dkim is not None and expectation.dkim.is_byodkim:
        owner = expectation.dkim.owner(expectation.dkim.tokens[0], expectation.domain)
        lines.append(f"BYODKIM: publish the public key of your own key as TXT at {display(owner)}")
    return tuple(lines)


def needed_records(expectation: Expectation) -> tuple[DnsRecord, ...]:
    """Return what SES needs for this domain, whatever is published.

    The DMARC record belongs to the registrable domain: it covers every host below (RFC 9989 §4.7).
    """
    organization = display(registrable(expectation.from_host) or expectation.from_host)
    region = expectation.region
    dmarc = dmarc_value("none", f"dmarc@{organization}")
    return (
        *required_records(
            domain=display(expectation.domain),
            region=region,
            dkim=_dkim(expectation.dkim),
            mail_from=_mail_from(expectation),
        ),
        *required_records(domain=organization, region=region, dmarc=dmarc),
    )


def _mail_from(expectation: Expectation) -> str | None:
    """Return MAIL FROM where SES can use it: records for another one would replace mailboxes."""
    name = expectation.mail_from
    return name if name is not None and is_below(name, expectation.domain) else None


def _dkim(dkim: DkimExpectation | None) -> EasyDkim | Byodkim | None:
    if dkim is None:
        return None
    if dkim.is_byodkim:
        return Byodkim(selector=dkim.tokens[0])
    return EasyDkim(tokens=dkim.tokens, zone=dkim.zone or "")


def _zone(facts: Facts) -> str:
    return facts.zone.zone or facts.expectation.domain
