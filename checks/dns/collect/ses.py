"""What else the ses rules look at in DNS."""

from __future__ import annotations

from checks.dns.answers import NxDomain, Question
from checks.dns.expectation import Expectation
from checks.dns.facts import SesFacts
from checks.dns.names import NameSyntaxError, join
from checks.dns.port import Lookup


async def collect_ses(expectation: Expectation, lookup: Lookup) -> SesFacts:
    """Ask for the legacy verification token, and for the SOA at the domain.

    Below a zone's apex the domain has no SOA; whoever knows the zone puts its SOA in.
    """
    domain = expectation.domain
    soa = Question(domain, "SOA")
    try:
        legacy = Question(join("_amazonses", domain), "TXT")
    except NameSyntaxError:  # no room for the label, so the name cannot exist
        gone = NxDomain(question=Question(domain, "TXT"), rcode="NXDOMAIN")
        return SesFacts(legacy_token=gone, soa=(await lookup.ask([soa]))[0])
    token, reply = await lookup.ask([legacy, soa])
    return SesFacts(legacy_token=token, soa=reply)
