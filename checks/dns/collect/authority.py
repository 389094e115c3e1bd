"""Who answers for the zones, and what of it is theirs to say."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from dataclasses import dataclass

from checks.dns.answers import EDE_BLOCKED, ChainError, Malformed, NoData, Refused, Reply, Server
from checks.dns.names import is_at_or_below


@dataclass(frozen=True, slots=True, kw_only=True)
class Authority:
    """Who is asked inside the zones: servers in name order, lame ones left out, by zone.

    ``intercepted`` says why authority cannot be asked at all. ``required`` are the questions that
    go to every server; any other goes to the first that answers.
    """

    zones: Mapping[str, tuple[Server, ...]]
    required: frozenset[tuple[str, str]] = frozenset()
    intercepted: str = ""

    def zone_of(self, name: str) -> str:
        """Return the deepest known zone that holds ``name``, empty where it is elsewhere."""
        holding = [zone for zone in self.zones if is_at_or_below(name, zone)]
        return max(holding, key=len, default="")

    def servers_of(self, name: str) -> tuple[Server, ...]:
        """Return the servers of the deepest known zone that holds ``name``."""
        return self.zones.get(self.zone_of(name), ())


@dataclass(frozen=True, slots=True)
class Settled:
    """An authority that is known already, for a view that waits for one."""

    authority: Authority

    def __await__(self) -> Generator[None, None, Authority]:
        """Give the authority at once."""
        yield from ()  # __await__ must be a generator
        return self.authority


def believed(reply: Reply, authority: Authority) -> Reply:
    """Return what a zone's server says of its zone.

    Without AA it is somebody's cache and tells nothing. What it adds behind an alias that leads
    out of the zone is not its to say.
    """
    if reply.failed:
        return reply
    if not reply.authoritative and not isinstance(reply, ChainError):
        return _without_authority(reply)
    home = authority.zone_of(reply.question.name)
    away = [at for at, ln in enumerate(reply.chain) if authority.zone_of(ln.target) != home]
    if not away:
        return reply
    return NoData(
        question=reply.question,
        server=reply.server,
        rcode="NOERROR",
        authoritative=True,
        signed=reply.signed,
        ede=reply.ede,
        chain=reply.chain[: away[0] + 1],
        aliases=reply.aliases,
        wave=reply.wave,
    )


def _without_authority(reply: Reply) -> Malformed:
    return Malformed(
        question=reply.question,
        server=reply.server,
        rcode=reply.rcode,
        ede=reply.ede,
        wave=reply.wave,
        detail="no authority (AA=0)",
    )


def unblocked(reply: Reply) -> Reply:
    """Return the reply of a resolver; what it says of a name that it blocks is not the zone's word.

    RFC 8914 §4.16–4.18: Blocked, Censored, Filtered.
    """
    if reply.failed or not any(ede.code in EDE_BLOCKED for ede in reply.ede):
        return reply
    return Refused(
        question=reply.question,
        server=reply.server,
        rcode=reply.rcode,
        ede=reply.ede,
        wave=reply.wave,
    )
