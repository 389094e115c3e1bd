"""Rules that explain where a missing DKIM record went."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Iterator

from checks.dns.answers import Reply
from checks.dns.dkim import scopes
from checks.dns.dkim.facts import DkimName, aliases_of, values
from checks.dns.dkim.fixes import at_owner, cname_record
from checks.dns.facts import Facts
from checks.dns.names import display
from checks.dns.rdata import IPAddress
from checks.dns.reading import addresses, evidence_of, explain
from checks.model import Record, Severity
from checks.registry import Failed, Found, Unsure, rule

# https://www.cloudflare.com/ips/
CLOUDFLARE = tuple(
    ipaddress.ip_network(network)
    for network in (
        "103.21.244.0/22",
        "103.22.200.0/22",
        "103.31.4.0/22",
        "104.16.0.0/13",
        "104.24.0.0/14",
        "108.162.192.0/18",
        "131.0.72.0/22",
        "141.101.64.0/18",
        "162.158.0.0/15",
        "172.64.0.0/13",
        "173.245.48.0/20",
        "188.114.96.0/20",
        "190.93.240.0/20",
        "197.234.240.0/22",
        "198.41.128.0/17",
        "2400:cb00::/32",
        "2405:8100::/32",
        "2405:b500::/32",
        "2606:4700::/32",
        "2803:f800::/32",
        "2a06:98c0::/29",
        "2c0f:f248::/32",
    )
)


@rule(
    "dkim-owner-undoubled",
    title="The domain is not appended twice to the owner",
    severity=Severity.ERROR,
    reference="SES dg troubleshoot-verification",
    fix=("Enter only `{token}._domainkey` as the host name; the provider adds {domain} itself"),
    scope=scopes.owners,
)
def dkim_owner_undoubled(facts: Facts, name: DkimName) -> Iterator[Found]:
    """The record is found below the domain's own name, once more appended."""
    replies = name.hints.doubled if name.hints else ()
    yield from _found_elsewhere(facts, name, replies, "the domain was appended twice")


@rule(
    "dkim-owner-spelled",
    title="The owner is spelt right",
    severity=Severity.ERROR,
    reference="SES dg easy-dkim",
    fix="Rename the record to `{token}._domainkey.{domain}`; the underscore is required",
    scope=scopes.owners,
)
def dkim_owner_spelled(facts: Facts, name: DkimName) -> Iterator[Found]:
    """The record is found at a name that differs in the ``_domainkey`` label."""
    replies = name.hints.misspelt if name.hints else ()
    yield from _found_elsewhere(facts, name, replies, "the owner name is misspelt")


def _found_elsewhere(
    facts: Facts, name: DkimName, replies: Iterable[Reply], mistake: str
) -> Iterator[Found]:
    held = _is_key if facts.dkim.byodkim else _is_alias
    hits = [reply for reply in replies if held(reply, name)]
    failed = [reply for reply in replies if reply.failed]
    for hit in hits:
        yield Failed(
            message=f"the record stands at {display(hit.question.name)}: {mistake}",
            expected=display(name.owner),
            observed=(display(hit.question.name),),
            fix=at_owner(name),
            records=_rightly_placed(name, hit),
            evidence=evidence_of(hit),
        )
    if not hits and failed:
        where = display(failed[0].question.name)
        yield Unsure(f"{where}: {explain(failed[0])}", evidence=evidence_of(*failed))


def _rightly_placed(name: DkimName, hit: Reply) -> tuple[Record, ...]:
    """Return the record as it should stand: the CNAME, or the key that was found elsewhere."""
    keys = tuple(value for value in values(hit) if "p=" in value)
    if name.target is not None or not keys:
        return cname_record(name)
    return (Record(name=name.owner, type="TXT", values=keys[:1]),)


def _is_alias(reply: Reply, name: DkimName) -> bool:
    """Return whether the reply holds this token's CNAME; a wildcard's answer does not."""
    return any(alias.startswith(f"{name.token}.") for alias in aliases_of(reply))


def _is_key(reply: Reply, _name: DkimName) -> bool:
    return any("p=" in value for value in values(reply))


@rule(
    "dkim-cname-unproxied",
    title="DKIM names are not proxied",
    severity=Severity.ERROR,
    reference="SES dg easy-dkim",
    fix="Set the record {name} to DNS only (proxy off)",
    scope=scopes.aliases,
)
def dkim_cname_unproxied(_facts: Facts, name: DkimName) -> Iterator[Found]:
    """A proxy answers with its own addresses in the place of the CNAME."""
    replies = name.hints.addresses if name.hints else ()
    seen = [ip for reply in replies for ip in addresses(reply)]
    failed = [reply for reply in replies if reply.failed]
    if seen:
        shown = ", ".join(str(ip) for ip in seen[:4])
        yield Failed(
            message=f"{display(name.owner)} has no CNAME but {_whose(seen)} {shown}",
            expected=name.target or "",
            observed=tuple(str(ip) for ip in seen[:8]),
            fix=at_owner(name),
            records=cname_record(name),
            evidence=evidence_of(*replies),
        )
    elif failed:
        yield Unsure(
            f"{failed[0].question.rdtype} {display(name.owner)}: {explain(failed[0])}",
            evidence=evidence_of(*failed),
        )


def _whose(seen: Iterable[IPAddress]) -> str:
    proxied = any(ip in network for ip in seen for network in CLOUDFLARE)
    return "addresses of Cloudflare's proxy:" if proxied else "addresses:"
