"""An ordinary domain to measure with: the example, its mail at a provider with nested SPF."""

from __future__ import annotations

import dataclasses

from rehearsal import example
from rehearsal.journey import NS1, hosts
from rehearsal.zone import Host, can_bind, overlay, parse_records

TELLS = "mail at a provider with two hosts and nested SPF includes, a newsletter service, SES"

OF_THE_DOMAIN = """
@ MX  10 mx1.mailhost.example.
@ MX  20 mx2.mailhost.example.
@ TXT "v=spf1 include:_spf.mailhost.example include:_spf.news.example ~all"
"""

OF_OTHERS = """
mx1.mailhost.example.  A    198.51.100.1
mx1.mailhost.example.  AAAA 2001:db8::1
mx2.mailhost.example.  A    198.51.100.2
mx2.mailhost.example.  AAAA 2001:db8::2
_spf.mailhost.example. TXT  "v=spf1 include:_n1.mailhost.example include:_n2.mailhost.example ~all"
_n1.mailhost.example.  TXT  "v=spf1 ip4:198.51.100.0/26 ~all"
_n2.mailhost.example.  TXT  "v=spf1 ip6:2001:db8::/48 ~all"
_spf.news.example.     TXT  "v=spf1 ip4:198.51.100.128/26 ~all"
"""


def servers() -> list[Host]:
    """Return the servers of the domain; the first is the resolver."""
    zone = overlay(example.zone(), parse_records(OF_THE_DOMAIN, f"{example.DOMAIN}."))
    resolver, *others = hosts(zone, several=can_bind(NS1))
    seen = overlay(resolver.records, parse_records(OF_OTHERS))
    return [dataclasses.replace(resolver, records=seen), *others]
