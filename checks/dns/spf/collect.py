"""Collecting SPF facts: two names, what they lead to, and the semantic proof."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from checks.dns.answers import Question, Reply
from checks.dns.expectation import Expectation
from checks.dns.names import display
from checks.dns.port import Lookup, together
from checks.dns.rdata import IPAddress
from checks.dns.reading import texts
from checks.dns.spf.evaluate import check_host
from checks.dns.spf.facts import SpfFacts, SpfSubject, SpfTrial
from checks.dns.spf.macros import Message
from checks.dns.spf.ranges import authorised, sample, strangers
from checks.dns.spf.select import select
from checks.dns.spf.syntax import scan
from checks.dns.spf.tree import SpfTree, build_tree
from checks.dns.spf.walk import Visit, fetch_tree

SES_NAME = "amazonses.com."  # what MAIL FROM includes: SES developer guide, custom MAIL FROM
MAX_RECORDS = 10  # records parsed at one name; more than one is a permerror anyway
MAX_RANGES = 100  # ranges of SES that are tried

Replies = Mapping[Question, Reply]


async def collect_spf(expectation: Expectation, lookup: Lookup) -> SpfFacts:
    """Ask for SPF at MAIL FROM and at the domain; rounds: one, and the depth of the SPF tree."""
    names = _names(expectation)
    asked = [Question(name, rdtype) for name in names for rdtype in ("TXT", "SPF")]
    asked.append(Question(SES_NAME, "TXT"))
    replies: Replies = dict(zip(asked, await lookup.ask(asked), strict=True))
    clients = ses_clients(replies[Question(SES_NAME, "TXT")])
    roots = [Visit(name, _messages(name, expectation, clients)) for name in names]
    replies = await fetch_tree(lookup, roots, replies)
    subjects = await together(lookup, *(_subject(name, replies, lookup) for name in names))
    by_name = {subject.name: subject for subject in subjects}
    mail_from = by_name.get(expectation.mail_from) if expectation.mail_from else None
    trials: Sequence[SpfTrial] = ()
    if mail_from is not None and not mail_from.txt.failed:
        trials = await together(lookup, *(_trial(c, mail_from.name, lookup) for c in clients))
    return SpfFacts(
        domain=by_name[expectation.domain],
        mail_from=mail_from,
        published=replies[Question(SES_NAME, "TXT")],
        ses=tuple(trials),
    )


def _names(expectation: Expectation) -> list[str]:
    names = [expectation.mail_from, expectation.domain]
    return list(dict.fromkeys(name for name in names if name))


def ses_clients(published: Reply) -> tuple[IPAddress, ...]:
    """Return one address out of every ip4 and ip6 range that SES publishes."""
    records = [scan(txt.joined) for txt in select(texts(published))]
    networks = (m.network for record in records for m in record.reachable if m.passes)
    return tuple(sample(n) for n in networks if n is not None)[:MAX_RANGES]


def _messages(
    name: str, expectation: Expectation, clients: Sequence[IPAddress]
) -> tuple[Message, ...]:
    """Return the messages that will most likely be evaluated at ``name``."""
    senders = clients if name == expectation.mail_from else ()
    domain = display(name)
    blank = Message(client=strangers(())[0], local="x", origin=domain, helo=domain, domain=domain)
    return tuple(replace(blank, client=client) for client in (*senders, *strangers(())))


async def _subject(name: str, replies: Replies, lookup: Lookup) -> SpfSubject:
    txt = replies[Question(name, "TXT")]
    # Servers rotate the records of an answer: the same zone is to give the same findings.
    found = tuple(sorted(texts(txt), key=lambda record: record.strings))
    selected = select(found)
    tree = build_tree(name, replies) if len(selected) == 1 else None
    clients = strangers(found.network for found in authorised(tree)) if tree else strangers(())
    trials: Sequence[SpfTrial] = ()
    if selected:
        trials = await together(lookup, *(_trial(client, name, lookup) for client in clients))
    return SpfSubject(
        name=name,
        txt=txt,
        type99=replies[Question(name, "SPF")],
        texts=found,
        selected=selected,
        records=tuple(scan(t.joined) for t in selected[:MAX_RECORDS]),
        tree=tree,
        strangers=tuple(trials),
        ptr=_ptr_replies(tree, replies),
    )


async def _trial(client: IPAddress, name: str, lookup: Lookup) -> SpfTrial:
    domain = display(name)
    result = await check_host(client, domain, f"x@{domain}", helo=domain, lookup=lookup)
    return SpfTrial(client=client, result=result)


def _ptr_replies(tree: SpfTree | None, replies: Replies) -> tuple[Reply, ...]:
    """Return the PTR replies of the clients that were tried, where a `ptr` term asks for them."""
    nodes = tree.nodes.values() if tree else ()
    if not any(link.name == "ptr" for node in nodes for link in node.links):
        return ()
    return tuple(r for q, r in replies.items() if q.rdtype == "PTR")
