"""Rules over aliases at the DMARC names: a CNAME is allowed there."""

from __future__ import annotations

from collections.abc import Iterator

from checks.dns.answers import ChainError
from checks.dns.dmarc import scopes
from checks.dns.dmarc.discovery import listed_organization
from checks.dns.dmarc.facts import DmarcName
from checks.dns.facts import Facts
from checks.dns.names import display, is_at_or_below
from checks.dns.reading import explain, is_absent
from checks.model import Severity
from checks.registry import Case, Failed, Found, Scoped, Skip, rule


def aliases(facts: Facts) -> Iterator[Scoped[DmarcName]]:
    """Every name on the way to the record that is an alias."""
    seen = False
    for scoped in scopes.own_names(facts):
        if isinstance(scoped, Case) and not scoped.value.reply.chain:
            continue
        seen = True
        looped = isinstance(scoped, Case) and isinstance(scoped.value.reply, ChainError)
        yield Skip(scoped.subject, "the alias loops: dns-cname-loop-free") if looped else scoped
    if not seen:
        yield Skip(scopes.host_owner(facts), "no DMARC name is an alias")


@rule(
    "dmarc-alias-resolves",
    title="An alias at `_dmarc` leads to a record",
    severity=Severity.ERROR,
    reference="RFC 1034 §3.6.2",
    fix="Publish the TXT at {host}, or replace the CNAME at {name} by a TXT",
    scope=aliases,
)
def dmarc_alias_resolves(facts: Facts, here: DmarcName) -> Iterator[Found]:
    """A dangling alias is told apart from a missing record."""
    if is_absent(here.reply):
        top = listed_organization(facts.expectation.from_host)
        yield Failed(
            message=(
                f"{display(here.owner)} is an alias to {here.reply.end}, where no TXT is "
                f"({explain(here.reply)})"
            ),
            observed=(here.reply.end,),
            fix={"host": display(here.reply.end), "name": display(here.owner)},
            records=scopes.txt(here.owner, scopes.minimal(top)),
        )


@rule(
    "dmarc-alias-own",
    title="`_dmarc` is not an alias to a foreign zone",
    severity=Severity.INFO,
    reference="RFC 1034 §3.6.2",
    fix="Keep it only if {host} is trusted",
    scope=aliases,
)
def dmarc_alias_own(facts: Facts, here: DmarcName) -> Iterator[Found]:
    """The policy is held by whoever owns the target."""
    top = listed_organization(facts.expectation.from_host)
    foreign = [link.target for link in here.reply.chain if not is_at_or_below(link.target, top)]
    if foreign:
        yield Failed(
            message=f"{display(here.owner)} is an alias to {foreign[0]}, in another zone",
            observed=(foreign[0],),
            fix={"host": display(foreign[0])},
        )
