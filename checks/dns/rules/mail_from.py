"""Rules on the custom MAIL FROM domain itself; those on its MX are in mail_from_mx."""

from __future__ import annotations

from collections.abc import Iterator

from checks.dns.expectation import Identity
from checks.dns.facts import Facts, MailFromFacts
from checks.dns.names import display, is_below
from checks.dns.reading import targets
from checks.dns.rules import mail_from_mx
from checks.dns.rules.mail_from_scopes import GUIDE, aliased, configured, named, wanted_mx
from checks.model import Severity
from checks.registry import Failed, Found, rule

__all__ = ["mail_from_mx"]  # registers its rules


@rule(
    "mail-from-domain-custom",
    title="A custom MAIL FROM is configured",
    severity=Severity.ERROR,
    reference=GUIDE,
    fix=(
        "Run `aws sesv2 put-email-identity-mail-from-attributes --email-identity {domain} "
        "--mail-from-domain bounce.{domain}`"
    ),
    scope=configured,
)
def mail_from_domain_custom(facts: Facts, identity: Identity | None) -> Iterator[Found]:
    """Fail without MailFromDomain: SPF then passes for amazonses.com and cannot align."""
    if identity is not None and identity.mail_from_domain is None:
        domain = display(facts.expectation.domain)
        yield Failed(
            message="SES uses a subdomain of amazonses.com as MAIL FROM: SPF passes there but "
            f"cannot align with {display(facts.expectation.from_host)}, and an SPF record at "
            f"{domain} does not help",
            expected=f"MailFromDomain: a subdomain of {domain}",
            observed=("MailFromDomain: none",),
        )


@rule(
    "mail-from-domain-below",
    title="MAIL FROM is a strict subdomain of DOMAIN",
    severity=Severity.ERROR,
    reference="SESv2 PutEmailIdentityMailFromAttributes",
    fix="Use `bounce.{domain}` as MAIL FROM",
    scope=named,
)
def mail_from_domain_below(facts: Facts, name: str) -> Iterator[Found]:
    """Fail where MAIL FROM is DOMAIN itself or lies outside it: SES refuses it."""
    domain = facts.expectation.domain
    if is_below(name, domain):
        return
    where = "is the identity itself" if name == domain else f"is not below {display(domain)}"
    yield Failed(
        message=f"MAIL FROM {display(name)} {where}",
        expected=f"a subdomain of {display(domain)}",
        observed=(display(name),),
    )


@rule(
    "mail-from-host-unsent",
    title="No mail is sent From the MAIL FROM domain",
    severity=Severity.WARNING,
    reference=GUIDE,
    fix="Send From {domain}, or use another host as MAIL FROM",
    scope=named,
)
def mail_from_host_unsent(facts: Facts, name: str) -> Iterator[Found]:
    """Fail where the From host is MAIL FROM: replies would go to the feedback host."""
    if name == facts.expectation.from_host:
        yield Failed(
            message=f"{display(name)} is the From host and MAIL FROM at once",
            expected="two hosts",
            observed=(display(name),),
        )


@rule(
    "mail-from-domain-unaliased",
    title="MAIL FROM is not a CNAME",
    severity=Severity.ERROR,
    reference="RFC 1034 §3.6.2; RFC 2181 §10.1",
    fix="Delete the CNAME at {mail_from}; publish MX and TXT there",
    scope=aliased,
)
def mail_from_domain_unaliased(facts: Facts, found: MailFromFacts) -> Iterator[Found]:
    """Fail for an alias, even where MX and TXT can be found through it."""
    for target in dict.fromkeys((*targets(found.cname), *found.cname.aliases)):
        yield Failed(
            message=f"{display(found.name)} is a CNAME to {target}",
            expected="no CNAME",
            observed=(f"CNAME {target}",),
            records=(wanted_mx(facts),),
        )
