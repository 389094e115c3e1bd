"""The static tree as lines of text, for ``-v``."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from checks.dns.names import display
from checks.dns.reading import addresses
from checks.dns.spf.count import count_lookups, count_voids, link_voids
from checks.dns.spf.limits import MAX_LOOKUPS, MAX_VOIDS
from checks.dns.spf.ranges import authorised, everyone, ipv4_size
from checks.dns.spf.terms import Mechanism, Modifier
from checks.dns.spf.tree import SpfLink, SpfNode, SpfTree, target_problem

MAX_LINES = 200
_STEP = "  "


def describe_tree(tree: SpfTree) -> list[str]:
    """Return the record at the root and all it leads to, a term a line, and the totals.

    Text from the network is not escaped here.
    """
    # A target that is included twice is printed twice: the lines are cut as they come.
    body = list(islice(_node(tree, tree.nodes[tree.root], (tree.root,)), MAX_LINES + 1))
    if len(body) > MAX_LINES:
        body[-1] = f"{_STEP}… and more"
    lines = [display(tree.root), *body]
    return [*lines, *_totals(tree)]


def _node(tree: SpfTree, node: SpfNode, path: tuple[str, ...]) -> Iterator[str]:
    indent = _STEP * len(path)
    if node.record is None:
        yield f"{indent}{node.records or 'no'} SPF records"
        return
    links = {link.term.position: link for link in node.links}
    for term in node.record.terms:
        yield f"{indent}{term.text}{_remark(tree, node, term, links.get(term.position))}"
        yield from _below(tree, links.get(term.position), path)
    for problem in node.record.problems:
        yield f"{indent}syntax error: {problem}"


def _below(tree: SpfTree, link: SpfLink | None, path: tuple[str, ...]) -> Iterator[str]:
    child = tree.child(link) if link else None
    if child is None:
        return
    if child.name in path:
        yield f"{_STEP * (len(path) + 1)}loop: {display(child.name)} is above"
    else:
        yield from _node(tree, child, (*path, child.name))


def _remark(tree: SpfTree, node: SpfNode, term: Mechanism | Modifier, link: SpfLink | None) -> str:
    if link is None:
        return "" if _is_used(node, term) else "  (never evaluated)"
    found = [str(ip) for host in link.hosts for r in (host.a, host.aaaa) for ip in addresses(r)]
    remarks = ["1+? lookups" if link.is_dynamic else "1 lookup", *found[:20]]
    remarks += ["void"] if link_voids(link).per_family else []
    remarks += [link.unread or _problem(tree, link)]
    return f"  ({', '.join(remark for remark in remarks if remark)})"


def _problem(tree: SpfTree, link: SpfLink) -> str:
    is_followed = link.name in {"include", "redirect"} and not link.is_dynamic
    return target_problem(tree, link) if is_followed else ""


def _is_used(node: SpfNode, term: Mechanism | Modifier) -> bool:
    record = node.record
    if record is None or isinstance(term, Modifier):
        return record is not None and (term.name != "redirect" or record.all is None)
    return term in record.reachable or term == record.all


def _totals(tree: SpfTree) -> Iterator[str]:
    voids = count_voids(tree)
    found = authorised(tree)
    six = sum(1 for one in found if one.network.version == 6)
    yield f"lookups: {count_lookups(tree)} of {MAX_LOOKUPS}"
    yield (
        f"void lookups: {voids.dual} of {MAX_VOIDS} (IPv4 clients {voids.v4}, IPv6 clients "
        f"{voids.v6})"
    )
    if everyone(tree):
        yield "authorised: everyone"
    else:
        yield f"authorised: {ipv4_size(o.network for o in found)} IPv4 addresses, {six} IPv6 ranges"
    for cause in tree.unread:
        yield f"not read: {cause}"
