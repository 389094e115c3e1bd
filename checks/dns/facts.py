"""Everything the rules judge: frozen facts, collected once a run.

Each area's ``collect_*`` coroutine asks one lookup, and the rules never ask again. The lookup that
the collectors see already answers as it is judged: authority inside the zone with aliases followed,
the resolver elsewhere and with ``--view resolver``, ``Unasked`` where neither can be had.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from checks.dns.answers import Asked, Reply, Server
from checks.dns.dkim.facts import DkimFacts
from checks.dns.dmarc.facts import DmarcFacts
from checks.dns.expectation import Expectation
from checks.dns.names import display, is_at_or_below
from checks.dns.spf.facts import SpfFacts


@dataclass(frozen=True, slots=True, kw_only=True)
class ResolverFacts:
    """The canary: does the resolver answer truthfully? ``distrust`` says why not, else empty."""

    distrust: str = ""
    replies: tuple[Reply, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerFacts:
    """One name server of the zone. ``missing``: its host name has no address (a fact).

    ``soa`` is its answer over UDP, ``tcp`` over TCP; None where it could not be asked, and then
    ``unreachable`` says why (no address, only families without a route, address not resolved;
    ``unresolved`` marks the last, where what the server holds is unknown). ``lameness`` says what a
    lame server did, empty for one that is not lame.
    """

    server: Server
    soa: Reply | None = None
    tcp: Reply | None = None
    missing: bool = False
    unreachable: str = ""
    unresolved: bool = False
    lameness: str = ""

    @property
    def is_lame(self) -> bool:
        """True where it answered and does not serve the zone (RFC 1912 §2.8)."""
        return self.lameness != ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ZoneFacts:
    """The zone that holds the domain, and who serves it.

    ``zone`` is empty where no zone at or below the registrable domain was found. ``parent_ns`` and
    ``child_ns`` are the NS names in the parent's referral and at the apex; None: not determined.
    ``delegation`` is the reply that decides whether the zone is delegated, ``soa`` one that holds
    the zone's SOA, ``ds`` the DS answer of its parent. ``cuts`` maps every zone below ``zone`` that
    holds a required name to its servers. ``intercepted`` says how port 53 is intercepted, else
    empty.
    """

    zone: str = ""
    registrable: str = ""
    parent_ns: tuple[str, ...] | None = None
    child_ns: tuple[str, ...] | None = None
    delegation: Reply | None = None
    parent_reply: Reply | None = None
    soa: Reply | None = None
    ds: Reply | None = None
    servers: tuple[ServerFacts, ...] = ()
    cuts: Mapping[str, tuple[ServerFacts, ...]] = field(default_factory=dict)
    intercepted: str = ""

    def servers_of(self, name: str) -> tuple[ServerFacts, ...]:
        """Return the servers of the deepest known zone that holds ``name``."""
        cuts = [cut for cut in self.cuts if is_at_or_below(name, cut)]
        return self.cuts[max(cuts, key=len)] if cuts else self.servers


@dataclass(frozen=True, slots=True, kw_only=True)
class NameFacts:
    """One required name and type: what an error rule needs, and what is wrong around it.

    ``cname`` is the answer to a CNAME question at the name, ``followed`` the answer to the type
    that is used through an alias (TXT behind a DKIM CNAME, else ``asked.reply``). ``below`` is the
    same type at a random label below the name, None at the zone apex, which no wildcard covers.
    """

    name: str
    rdtype: str
    asked: Asked
    cname: Reply
    followed: Reply
    below: Reply | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WildcardFacts:
    """What a random label under ``parent`` answers."""

    parent: str
    rdtype: str
    reply: Reply


@dataclass(frozen=True, slots=True, kw_only=True)
class NamesFacts:
    """All required names, the wildcards beside them, and ``_domainkey`` itself.

    ``domainkey`` is an NS answer at ``_domainkey.<domain>``, an empty non-terminal.
    """

    required: tuple[NameFacts, ...]
    wildcards: tuple[WildcardFacts, ...]
    domain_cname: Reply
    domainkey: Reply


@dataclass(frozen=True, slots=True, kw_only=True)
class MailFromFacts:
    """What stands at MAIL FROM; None where there is no custom MAIL FROM.

    ``wildcard_mx`` is the MX answer of a wildcard above MAIL FROM, asked only where MAIL FROM has
    no MX.
    """

    name: str
    mx: Reply
    cname: Reply
    wildcard_mx: Reply | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SesFacts:
    """What else the ses rules look at: the legacy token, and the zone's SOA."""

    legacy_token: Reply
    soa: Reply


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """All facts of one run over one domain."""

    expectation: Expectation
    resolver: ResolverFacts
    zone: ZoneFacts
    names: NamesFacts
    spf: SpfFacts
    dkim: DkimFacts
    dmarc: DmarcFacts
    mail_from: MailFromFacts | None
    ses: SesFacts

    @property
    def placeholders(self) -> dict[str, str]:
        """Return the fix placeholders that every rule may use, names without trailing dot."""
        expected = self.expectation
        zone = expected.dkim.zone if expected.dkim else None
        return {
            "domain": display(expected.domain),
            "from": display(expected.from_host),
            "mail_from": display(expected.mail_from or f"bounce.{expected.domain}"),
            "region": expected.region,
            "zone": display(zone) if zone else "<SigningHostedZone>",
        }
