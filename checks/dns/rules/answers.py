"""Rules on the answers for the required names: received, equal everywhere, TTL."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from checks.dns.answers import Answer, NoData, NxDomain, Reply, Server
from checks.dns.collect.view import same_answer
from checks.dns.facts import Facts, NameFacts, ZoneFacts
from checks.dns.names import display
from checks.dns.rdata import present
from checks.dns.reading import explain
from checks.dns.rules.scopes import (
    required_at_servers,
    required_names,
    subject_of,
    the_domain,
)
from checks.model import Record, Severity
from checks.registry import Failed, Found, NotApplicable, Passed, Unsure, rule

MIN_TTL, MAX_TTL = 60, 86400  # seconds


@rule(
    "dns-answers-received",
    title="Every required name was answered",
    severity=Severity.ERROR,
    reference="RFC 8914; RFC 6891 §7",
    fix="Repeat later; if it persists, have the DNS host repair {ns}",
    scope=required_names,
)
def dns_answers_received(facts: Facts, name: NameFacts) -> Iterator[Found]:
    """Unknown where no server answered with NOERROR or NXDOMAIN; never fails."""
    replies = [reply for _, reply in name.asked.at] or [name.asked.reply]
    if all(reply.failed for reply in replies):
        said = "; ".join(_said(name.asked.at, name.asked.reply))
        yield Unsure(
            f"no answer for {subject_of(name)}: {said}; repeat later, and if it persists have the "
            "DNS host repair it"
        )


def _said(at: Sequence[tuple[Server, Reply]], reply: Reply) -> list[str]:
    told = [f"{display(server.name)}: {explain(one)}" for server, one in at]
    return told or [explain(reply)]


@rule(
    "dns-ns-consistent",
    title="All name servers give the same answers",
    severity=Severity.ERROR,
    reference="RFC 1034 §4.2.2",
    fix="Publish {name} on {ns}; reload the zone or wait for the transfer",
    scope=required_at_servers,
)
def dns_ns_consistent(facts: Facts, name: NameFacts) -> Iterator[Found]:
    """Fail where two servers that are not lame differ; unknown where one does not tell."""
    told = [(server, reply) for server, reply in name.asked.at if not reply.failed]
    silent = [(server, reply) for server, reply in name.asked.at if reply.failed]
    if told:
        yield from _differing(name, told)
    for server, reply in silent:
        yield Unsure(f"{display(server.name)}: {explain(reply)}")
    for server_facts in facts.zone.servers_of(name.name):
        if server_facts.unresolved:
            yield Unsure(f"{display(server_facts.server.name)}: {server_facts.unreachable}")
    if not name.asked.at:
        yield Unsure(explain(name.asked.reply) if name.asked.reply.failed else "no server asked")


def _differing(name: NameFacts, told: Sequence[tuple[Server, Reply]]) -> Iterator[Found]:
    best = next((reply for _, reply in told if isinstance(reply, Answer)), told[0][1])
    others = [server for server, reply in told if not same_answer(best, reply)]
    if others:
        shown = tuple(f"{display(server.name)}: {_held(reply)}" for server, reply in told)
        yield Failed(
            message=f"the name servers differ for {subject_of(name)}: {'; '.join(shown)}",
            expected=_held(best),
            observed=shown,
            fix={
                "name": subject_of(name),
                "ns": ", ".join(display(server.name) for server in others),
            },
            records=_published(name, best),
        )


def _held(reply: Reply) -> str:
    if isinstance(reply, Answer):
        return " | ".join(sorted(present(record) for record in reply.records))
    return f"alias to {display(reply.end)}" if reply.chain else explain(reply)


def _published(name: NameFacts, reply: Reply) -> tuple[Record, ...]:
    if not isinstance(reply, Answer) or reply.chain:
        return ()
    values = tuple(present(record) for record in reply.records)
    return (Record(name=name.name, type=name.rdtype, ttl=reply.ttl, values=values),)


@rule(
    "dns-answers-propagated",
    title="Resolvers see what authority publishes",
    severity=Severity.WARNING,
    reference="RFC 2308 §5",
    fix="Wait {seconds} s and run again",
    scope=required_at_servers,
)
def dns_answers_propagated(facts: Facts, name: NameFacts) -> Iterator[Found]:
    """Fail where the resolver in use still holds another answer than authority gives."""
    judged, cached = name.asked.reply, name.asked.resolver
    if cached is None or cached.failed or judged.failed:
        yield Unsure(explain(judged if cached is None or judged.failed else cached))
        return
    if not same_answer(judged, cached):
        seconds = _remaining(cached)
        held = "an unknown time" if seconds is None else f"{seconds} s"
        yield Failed(
            message=f"the resolver holds another answer for {subject_of(name)} for {held}: "
            f"{_held(cached)}",
            expected=_held(judged),
            observed=(_held(cached),),
            fix={"seconds": str(seconds if seconds is not None else 3600)},
        )


def _remaining(reply: Reply) -> int | None:
    """Return how long the answer stays cached in seconds (RFC 2308 §5 for a negative one)."""
    if isinstance(reply, Answer):
        return min([reply.ttl, *(link.ttl for link in reply.chain)])
    return reply.negative_ttl if isinstance(reply, NoData | NxDomain) else None


@rule(
    "dns-ttl-moderate",
    title="TTLs of required records are 60 to 86400 seconds",
    severity=Severity.INFO,
    reference="RFC 1912 §2.2",
    fix="Set the TTL of {name} to 3600",
    scope=required_at_servers,
)
def dns_ttl_moderate(facts: Facts, name: NameFacts) -> Iterator[Found]:
    """Fail as a note for a TTL that is very short or very long."""
    reply = name.asked.reply
    if reply.failed:
        yield Unsure(explain(reply))
    elif not isinstance(reply, Answer):
        yield NotApplicable("no record to judge")
    else:
        ttl = reply.chain[0].ttl if reply.chain else reply.ttl
        if not MIN_TTL <= ttl <= MAX_TTL:
            yield Failed(
                message=f"the TTL of {subject_of(name)} is {ttl} s",
                expected=f"{MIN_TTL}–{MAX_TTL} s",
                observed=(str(ttl),),
                fix={"name": display(name.name)},
            )
        else:
            yield Passed(f"TTL {ttl} s")


@rule(
    "dns-view-public",
    title="The system resolver sees the public zone",
    severity=Severity.WARNING,
    reference="RFC 6950 §4",
    fix="Compare from outside the network; SES reads only public DNS",
    scope=the_domain,
)
def dns_view_public(facts: Facts, zone: ZoneFacts) -> Iterator[Found]:
    """Skip: public resolvers are asked with --propagation only."""
    yield NotApplicable("public resolvers are compared with --propagation only")
