"""The required names, asked at every server, and the probes around them."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from checks.dns.answers import Asked, Question, Reply, Server
from checks.dns.collect.authority import Authority
from checks.dns.collect.view import JudgedView
from checks.dns.expectation import Expectation
from checks.dns.facts import NameFacts, NamesFacts, WildcardFacts
from checks.dns.names import ancestors, is_below
from checks.dns.port import Lookup, together
from checks.dns.psl import registrable
from checks.dns.wanted import Wanted, ask_each, joined

RequiredName = tuple[str, str]  # name, type


def required_names(expectation: Expectation) -> tuple[RequiredName, ...]:
    """Return every name and type that an error rule needs; a name too long to exist is left out."""
    domain, from_host = expectation.domain, expectation.from_host
    organization = registrable(from_host) or from_host
    names: list[Wanted] = []
    if expectation.dkim is not None:
        rdtype = "TXT" if expectation.dkim.is_byodkim else "CNAME"
        tokens = expectation.dkim.tokens
        names += [(joined(token, "_domainkey", domain), rdtype) for token in tokens]
    if expectation.mail_from is not None:
        names += [(expectation.mail_from, "MX"), (expectation.mail_from, "TXT")]
    names += [(joined("_dmarc", from_host), "TXT"), (joined("_dmarc", organization), "TXT")]
    names.append((domain, "TXT"))
    return tuple(dict.fromkeys((name, rdtype) for name, rdtype in names if name))


def cut_candidates(expectation: Expectation) -> tuple[str, ...]:
    """Return the names below the domain's zone that may be zones of their own."""
    domain = expectation.domain
    names = [joined("_domainkey", domain), joined("_dmarc", domain)]
    for host in (expectation.mail_from, expectation.from_host):
        if host is not None:
            names += [name for name in ancestors(host) if is_below(name, domain)]
    names.append(joined("_dmarc", expectation.from_host))
    return tuple(dict.fromkeys(name for name in names if name))


async def collect_names(expectation: Expectation, view: Lookup, label: str) -> NamesFacts:
    """Ask the required names and the probes around them, all at once.

    ``label`` is random and exists nowhere. The replies of the single servers are added later
    (``with_servers``), when it is known which of them are lame.
    """
    domain = expectation.domain
    required = required_names(expectation)
    wildcards = _wildcard_questions(expectation, required, label)
    names = view.start(together(view, *(_name(view, one, label) for one in required)))
    probes: list[Wanted] = [(q.name, q.rdtype) for q in wildcards]
    known: list[Wanted] = [(domain, "CNAME"), (joined("_domainkey", domain), "NS")]
    around = view.start(ask_each(view, [*probes, *known]))
    *suspects, domain_cname, ent = await around
    return NamesFacts(
        required=tuple(await names),
        wildcards=tuple(
            WildcardFacts(parent=q.name.partition(".")[2], rdtype=q.rdtype, reply=reply)
            for q, reply in zip(wildcards, suspects, strict=True)
        ),
        domain_cname=domain_cname,
        domainkey=ent,
    )


async def _name(view: Lookup, required: RequiredName, label: str) -> NameFacts:
    name, rdtype = required
    below = joined(label, name)  # None: no wildcard has room there either
    questions = [
        Question(name, rdtype),
        Question(name, "CNAME"),
        Question(name, "TXT" if rdtype == "CNAME" else rdtype),
        *([Question(below, rdtype)] if below else []),
    ]
    reply, cname, followed, *probe = await view.ask(questions)
    return NameFacts(
        name=name,
        rdtype=rdtype,
        asked=Asked(reply=reply),
        cname=cname,
        followed=followed,
        below=probe[0] if probe else None,
    )


def _wildcard_questions(
    expectation: Expectation, required: Sequence[RequiredName], label: str
) -> list[Question]:
    """Return one question under the domain, ``_domainkey`` and MAIL FROM for each type needed."""
    domain = expectation.domain
    parents = [domain, joined("_domainkey", domain), expectation.mail_from]
    probes = [
        (joined(label, parent), rdtype)
        for parent in parents
        if parent is not None
        for name, rdtype in required
        if is_below(name, parent) or (name == parent and name != domain)
    ]
    return [Question(name, rdtype) for name, rdtype in dict.fromkeys(probes) if name]


async def with_servers(
    names: NamesFacts, judged: JudgedView, authority: Authority, network: Lookup
) -> NamesFacts:
    """Return the facts with what each server and the resolver say of the required names."""
    required = await together(
        network, *(_with_servers(one, judged, authority, network) for one in names.required)
    )
    return dataclasses.replace(names, required=tuple(required))


async def _with_servers(
    facts: NameFacts, judged: JudgedView, authority: Authority, network: Lookup
) -> NameFacts:
    question = Question(facts.name, facts.rdtype)
    servers: tuple[Server, ...] = authority.servers_of(facts.name)
    at: list[Reply] = []
    if servers and not authority.intercepted:
        at = await judged.at_servers(authority, question)
    resolver = (await network.ask([question]))[0]
    asked = Asked(
        reply=facts.asked.reply, at=tuple(zip(servers, at, strict=False)), resolver=resolver
    )
    return dataclasses.replace(facts, asked=asked)
