"""The static tree: what a record leads to, without a message (worst case over all branches).

The tree is a graph of names, so that a target used twice is held once; ``count``ing walks it as
written. Terms after the first ``all``, and a redirect beside ``all``, lead nowhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from checks.dns.answers import Question, Reply
from checks.dns.names import ROOT, display
from checks.dns.reading import exchanges, explain, texts
from checks.dns.spf.limits import MAX_MX, is_void
from checks.dns.spf.select import select
from checks.dns.spf.syntax import scan
from checks.dns.spf.terms import (
    LOOKUP_MECHANISMS,
    Mechanism,
    Modifier,
    SpfRecord,
    has_macros,
    static_target,
)

Replies = Mapping[Question, Reply]
FOLLOWED = frozenset({"include", "redirect"})


@dataclass(frozen=True, slots=True, kw_only=True)
class SpfHost:
    """One MX host of an `mx` term, or the target of an `a` term: both address families."""

    name: str
    a: Reply
    aaaa: Reply


@dataclass(frozen=True, slots=True, kw_only=True)
class SpfLink:
    """One term that causes lookups, and what they gave.

    ``target`` is canonical; None where macros (``is_dynamic``) or a malformed name hide it.
    ``reply`` is the first answer: TXT, MX, or A of exists; None for `a` and `ptr` and where it was
    not asked. ``unread`` says why a part could not be read, else it is empty.
    """

    term: Mechanism | Modifier
    target: str | None
    is_dynamic: bool = False
    reply: Reply | None = None
    hosts: tuple[SpfHost, ...] = ()
    unread: str = ""

    @property
    def name(self) -> str:
        """Return include, a, mx, ptr, exists or redirect."""
        return self.term.name

    @property
    def passes(self) -> bool:
        """True where a match authorises the client."""
        return isinstance(self.term, Modifier) or self.term.passes


@dataclass(frozen=True, slots=True, kw_only=True)
class SpfNode:
    """The SPF record at one name. ``records`` counts those selected; ``record`` is the only one."""

    name: str
    records: int = 0
    record: SpfRecord | None = None
    links: tuple[SpfLink, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SpfTree:
    """All names that the record at ``root`` leads to, the root first."""

    root: str
    nodes: Mapping[str, SpfNode]

    def child(self, link: SpfLink) -> SpfNode | None:
        """Return the node that an include or redirect leads to, where it was read."""
        if link.name not in FOLLOWED or link.target is None:
            return None
        return self.nodes.get(link.target)

    @property
    def unread(self) -> tuple[str, ...]:
        """Return why parts of the tree could not be read, each with its term."""
        return _causes(link for node in self.nodes.values() for link in node.links)

    @property
    def unread_records(self) -> tuple[str, ...]:
        """Return why targets of includes and redirects could not be read."""
        links = (link for node in self.nodes.values() for link in node.links)
        return _causes(link for link in links if link.name in FOLLOWED)


def _causes(links: Iterable[SpfLink]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(f"`{ln.term.text}`: {ln.unread}" for ln in links if ln.unread))


def lookup_terms(record: SpfRecord) -> tuple[Mechanism | Modifier, ...]:
    """Return the terms that cause lookups when nothing before them matches (RFC 7208 §4.6.4)."""
    terms: list[Mechanism | Modifier] = [m for m in record.reachable if m.name in LOOKUP_MECHANISMS]
    if record.redirect:
        terms.append(record.redirect)
    return tuple(terms)


def domain_of(term: Mechanism | Modifier, name: str) -> tuple[str | None, bool]:
    """Return the static target of a term at ``name``, and whether macros hide it."""
    spec = term.value if isinstance(term, Modifier) else term.domain
    if spec is None:
        return name, False
    return (None, True) if has_macros(spec) else (static_target(spec), False)


def build_tree(root: str, replies: Replies) -> SpfTree:
    """Return the tree at ``root`` out of what was answered. Pure; a loop is followed once."""
    nodes: dict[str, SpfNode] = {}
    waiting = [root]
    while waiting:
        name = waiting.pop(0)
        reply = replies.get(Question(name, "TXT"))
        if name in nodes or reply is None or reply.failed:
            continue
        nodes[name] = _node(name, reply, replies)
        waiting += [ln.target for ln in nodes[name].links if ln.name in FOLLOWED and ln.target]
    return SpfTree(root=root, nodes=nodes)


def _node(name: str, reply: Reply, replies: Replies) -> SpfNode:
    selected = select(texts(reply))
    if len(selected) != 1:
        return SpfNode(name=name, records=len(selected))
    record = scan(selected[0].joined)
    links = tuple(_link(term, name, replies) for term in lookup_terms(record))
    return SpfNode(name=name, records=1, record=record, links=links)


def _link(term: Mechanism | Modifier, name: str, replies: Replies) -> SpfLink:
    target, is_dynamic = domain_of(term, name)
    if target is None or target == ROOT or term.name == "ptr":
        return SpfLink(term=term, target=target, is_dynamic=is_dynamic)
    if term.name == "a":
        hosts, unread = _hosts([target], replies)
        return SpfLink(term=term, target=target, hosts=hosts, unread=unread)
    rdtype = {"mx": "MX", "exists": "A"}.get(term.name, "TXT")
    reply = replies.get(Question(target, rdtype))
    unread = _unread(reply)
    hosts = ()
    if term.name == "mx" and reply is not None:
        hosts, more = _hosts(mx_hosts(reply), replies)
        unread = unread or more
    return SpfLink(term=term, target=target, reply=reply, hosts=hosts, unread=unread)


def mx_hosts(reply: Reply) -> list[str]:
    """Return the MX hosts that an `mx` term looks up: none of a null MX, none beyond the limit."""
    found = exchanges(reply)
    return [mx.exchange for mx in found if mx.exchange != ROOT] if len(found) <= MAX_MX else []


def _unread(reply: Reply | None) -> str:
    if reply is None:
        return "not followed, the record leads to too many names"
    return (
        f"{reply.question.rdtype} {display(reply.question.name)}: {explain(reply)}"
        if reply.failed
        else ""
    )


def _hosts(names: list[str], replies: Replies) -> tuple[tuple[SpfHost, ...], str]:
    """Return the hosts whose addresses were asked, and why others were not read."""
    hosts, unread = [], ""
    for name in names:
        a, aaaa = replies.get(Question(name, "A")), replies.get(Question(name, "AAAA"))
        unread = unread or _unread(a) or _unread(aaaa)
        if a is not None and aaaa is not None:
            hosts.append(SpfHost(name=name, a=a, aaaa=aaaa))
    return tuple(hosts), unread


def target_problem(tree: SpfTree, link: SpfLink) -> str:
    """Return why the target of an include or redirect gives no result, else nothing."""
    if link.target is None:
        return "its target is no domain name"
    target = display(link.target)
    child = tree.child(link)
    if child is None or child.records == 0:
        said = f" ({explain(link.reply)})" if link.reply and is_void(link.reply) else ""
        return f"{target} has no SPF record{said}"
    if child.records > 1:
        return f"{target} has {child.records} SPF records"
    if child.record and child.record.problems:
        return f"the record at {target} does not parse: {child.record.problems[0]}"
    return ""


def broken_targets(tree: SpfTree) -> tuple[str, ...]:
    """Return the terms at the root whose target is known to give no result."""
    root = tree.nodes.get(tree.root)
    links = [ln for ln in (root.links if root else ()) if ln.name in FOLLOWED]
    followed = [ln for ln in links if not ln.is_dynamic and not ln.unread]
    return tuple(ln.term.text for ln in followed if target_problem(tree, ln))


def is_empty(reply: Reply | None) -> bool:
    """Return whether the lookup was made and is void."""
    return reply is not None and is_void(reply)
