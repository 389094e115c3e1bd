"""Rules on CNAMEs at the required names."""

from __future__ import annotations

from collections.abc import Iterator

from checks.dns.answers import Answer, ChainError, Reply
from checks.dns.facts import Facts, NameFacts
from checks.dns.names import display
from checks.dns.reading import evidence_of, explain, targets
from checks.dns.rules.scopes import required_names as _required_names
from checks.dns.rules.scopes import subject_of
from checks.model import Severity
from checks.registry import Case, Failed, Found, Scoped, Unknown, rule

MAX_CHAIN = 8  # links a careful zone stays within; resolvers give up between 8 and 16


def aliased_names(facts: Facts) -> Iterator[Scoped[NameFacts]]:
    """Yield the required names, unknown where the CNAME question was not answered."""
    for scoped in _required_names(facts):
        if isinstance(scoped, Case) and scoped.value.cname.failed:
            cname = scoped.value.cname
            yield Unknown(scoped.subject, explain(cname), evidence_of(cname))
        else:
            yield scoped


def domain_alias(facts: Facts) -> Iterator[Scoped[Reply]]:
    """Yield the CNAME answer at the domain."""
    reply = facts.names.domain_cname
    subject = display(facts.expectation.domain)
    if reply.failed:
        yield Unknown(subject, explain(reply), evidence_of(reply))
    else:
        yield Case(subject, reply, evidence_of(reply))


@rule(
    "dns-apex-unaliased",
    title="The apex is not a CNAME",
    severity=Severity.ERROR,
    reference="RFC 1034 §3.6.2; RFC 1912 §2.4",
    fix="Delete the CNAME at {domain}; use A/AAAA or the host's ALIAS",
    scope=domain_alias,
)
def dns_apex_unaliased(facts: Facts, reply: Reply) -> Iterator[Found]:
    """Fail where the domain itself is an alias: SOA, NS, MX and TXT cannot stand beside it."""
    for target in targets(reply):
        yield Failed(
            message=f"{display(facts.expectation.domain)} is a CNAME to {display(target)}",
            observed=(f"CNAME {target}",),
        )


@rule(
    "dns-cname-alone",
    title="No required name has a CNAME beside other data",
    severity=Severity.ERROR,
    reference="RFC 2181 §10.1; RFC 1034 §3.6.2",
    fix="Keep one record at {name}: delete the CNAME or the other data",
    scope=aliased_names,
)
def dns_cname_alone(facts: Facts, name: NameFacts) -> Iterator[Found]:
    """Fail for a CNAME beside data of the needed type, and for more than one CNAME."""
    aliases = targets(name.cname)
    shown = tuple(f"CNAME {target}" for target in aliases)
    if len(aliases) > 1:
        yield Failed(
            message=f"{len(aliases)} CNAMEs stand at {display(name.name)}",
            expected="1",
            observed=shown,
            fix={"name": display(name.name)},
        )
    own = name.followed
    if aliases and isinstance(own, Answer) and not own.chain:
        yield Failed(
            message=f"a CNAME and {own.question.rdtype} data stand at {display(name.name)}",
            observed=shown,
            fix={"name": display(name.name)},
            evidence=evidence_of(own, name.cname),
        )


@rule(
    "dns-cname-loop-free",
    title="No alias at a required name loops",
    severity=Severity.ERROR,
    reference="RFC 1034 §3.6.2",
    fix="Point {name} at its final target",
    scope=aliased_names,
)
def dns_cname_loop_free(facts: Facts, name: NameFacts) -> Iterator[Found]:
    """Fail where following the alias comes to a name twice."""
    for reply in (name.followed, name.asked.reply):
        if isinstance(reply, ChainError) and reply.loop:
            way = " → ".join(display(n) for n in (name.name, *(k.target for k in reply.chain)))
            yield Failed(
                message=f"the alias at {subject_of(name)} loops: {way}",
                observed=(way,),
                fix={"name": display(name.name)},
                evidence=evidence_of(reply),
            )


@rule(
    "dns-cname-chain-short",
    title="Alias chains have at most 8 links",
    severity=Severity.WARNING,
    reference="RFC 1034 §3.6.2",
    fix="Point {name} directly at its final target",
    scope=aliased_names,
)
def dns_cname_chain_short(facts: Facts, name: NameFacts) -> Iterator[Found]:
    """Fail for a longer chain, which some resolvers give up on."""
    links = len(name.followed.chain)
    too_long = isinstance(name.followed, ChainError) and not name.followed.loop
    if links > MAX_CHAIN or too_long:
        yield Failed(
            message=f"{links} aliases are followed from {display(name.name)}",
            expected=f"at most {MAX_CHAIN}",
            observed=tuple(link.target for link in name.followed.chain),
            fix={"name": display(name.name)},
        )
