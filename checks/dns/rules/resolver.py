"""Rules on the resolver, the name itself, its delegation, and DNSSEC as the resolver sees it."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator

from checks.dns.answers import EDE_BLOCKED, Answer, NoData, NxDomain, ServFail
from checks.dns.facts import Facts, NameFacts, ZoneFacts
from checks.dns.names import display
from checks.dns.psl import registrable
from checks.dns.reading import addresses, evidence_of, explain
from checks.dns.rules.scopes import required_names, the_domain, trusted_zone
from checks.model import Severity
from checks.registry import Failed, Found, Passed, Unsure, rule

EDE_VALIDATION = range(6, 13)  # DNSSEC Bogus … NSEC Missing, RFC 8914 §4.7–4.13


@rule(
    "dns-resolver-trusted",
    title="The resolver answers truthfully",
    severity=Severity.ERROR,
    reference="RFC 1034 §4.3.2",
    fix="Run again with a resolver that answers unchanged: `--nameserver {ip}`",
    scope=the_domain,
)
def dns_resolver_trusted(facts: Facts, zone: ZoneFacts) -> Iterator[Found]:
    """Unknown where the canary was not answered as it must be; never fails."""
    if facts.resolver.distrust:
        yield Unsure(
            f"the resolver is not trusted, so nothing below was judged on it: "
            f"{facts.resolver.distrust}; run again with a resolver that answers unchanged: "
            "--nameserver IP",
            evidence=evidence_of(*facts.resolver.replies),
        )


@rule(
    "dns-name-valid",
    title="The domain is a valid host name",
    severity=Severity.ERROR,
    reference="RFC 1035 §2.3.4; RFC 5891 §4",
    fix="Type the bare domain, for example `{domain}`",
    scope=the_domain,
)
def dns_name_valid(facts: Facts, zone: ZoneFacts) -> Iterator[Found]:
    """Pass always: an invalid name is a usage error before any question."""
    yield Passed(f"{display(facts.expectation.domain)} is a valid host name")


@rule(
    "dns-domain-delegated",
    title="The parent zone delegates the domain",
    severity=Severity.ERROR,
    reference="RFC 1034 §4.2",
    fix="Register {domain} or set its name servers at the registrar",
    scope=trusted_zone,
)
def dns_domain_delegated(facts: Facts, zone: ZoneFacts) -> Iterator[Found]:
    """Fail on NXDOMAIN or NODATA for the NS set; a zone found either way is delegated."""
    reply = zone.delegation
    top = display(zone.registrable)
    if reply is None:
        yield Unsure(f"nobody could be asked for the delegation of {top}")
    elif isinstance(reply, NxDomain | NoData):
        yield Failed(
            message=f"{top} is not delegated: {explain(reply)} for its NS records",
            expected="NS records in the parent zone",
            observed=(explain(reply),),
            fix={"domain": top},
            evidence=evidence_of(reply),
        )
    elif reply.failed and not zone.zone:
        yield Unsure(
            f"the delegation of {top} is not known: {explain(reply)}", (), evidence_of(reply)
        )


@rule(
    "dns-domain-registrable",
    title="The domain is not a public suffix",
    severity=Severity.ERROR,
    reference="publicsuffix.org",
    fix="Use a domain registered below {domain}",
    scope=the_domain,
)
def dns_domain_registrable(facts: Facts, zone: ZoneFacts) -> Iterator[Found]:
    """Fail for a name that is itself a rule of the public suffix list's ICANN section."""
    domain = facts.expectation.domain
    if registrable(domain) is None:
        yield Failed(
            message=f"{display(domain)} is a public suffix: anyone may register below it",
            observed=(display(domain),),
        )


@rule(
    "dns-dnssec-valid",
    title="DNSSEC validation does not fail",
    severity=Severity.ERROR,
    reference="RFC 4035 §5.5; RFC 8914 §4",
    fix="Remove the DS record at the registrar or sign the zone with the matching key",
    scope=required_names,
)
def dns_dnssec_valid(facts: Facts, name: NameFacts) -> Iterator[Found]:
    """Fail where the resolver's SERVFAIL comes from validation, though authority answers."""
    reply = name.asked.resolver
    if reply is None:
        yield Unsure("the resolver was not asked")
    elif isinstance(reply, ServFail) and _is_validation_failure(reply):
        yield Failed(
            message=f"the resolver refuses the answer for {display(name.name)} {name.rdtype}: "
            f"{explain(reply)}",
            observed=(explain(reply),),
            evidence=evidence_of(reply),
        )
    elif reply.failed:
        yield Unsure(explain(reply), (), evidence_of(reply))


def _is_validation_failure(reply: ServFail) -> bool:
    return reply.bogus or any(ede.code in EDE_VALIDATION for ede in reply.ede)


@rule(
    "dns-dnssec-signed",
    title="The zone is signed",
    severity=Severity.INFO,
    reference="RFC 4035 §4.3",
    fix="Consider DNSSEC at the DNS host",
    scope=trusted_zone,
)
def dns_dnssec_signed(facts: Facts, zone: ZoneFacts) -> Iterator[Found]:
    """Fail as a note for a zone without AD=1, and without DS at the parent and RRSIG here."""
    replies = [n.asked.resolver for n in facts.names.required if n.asked.resolver is not None]
    signed = any(reply.signed for n in facts.names.required for _, reply in n.asked.at)
    if any(reply.validated for reply in replies) or (signed and isinstance(zone.ds, Answer)):
        return
    if not any(not reply.failed for reply in replies):
        yield Unsure("no required name was answered by the resolver")
    else:
        yield Failed(message="no answer was validated (AD=0), and no DS with signatures was seen")


@rule(
    "dns-name-unblocked",
    title="No resolver blocks a required name",
    severity=Severity.INFO,
    reference="RFC 8914 §4.16–4.18",
    fix="Ask the resolver's operator to unblock {name}",
    scope=required_names,
)
def dns_name_unblocked(facts: Facts, name: NameFacts) -> Iterator[Found]:
    """Fail for an answer with EDE 15, 16 or 17, or the address 0.0.0.0."""
    reply = name.asked.resolver
    if reply is None:
        yield Unsure("the resolver was not asked")
        return
    blocked = [ede for ede in reply.ede if ede.code in EDE_BLOCKED]
    if blocked or ipaddress.IPv4Address(0) in addresses(reply):
        yield Failed(
            message=f"the resolver blocks {display(name.name)}: {explain(reply)}",
            observed=tuple(str(ede) for ede in blocked),
            fix={"name": display(name.name)},
            evidence=evidence_of(reply),
        )
