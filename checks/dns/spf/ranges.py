"""Who is authorised: the networks of a tree, and what is special about them."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache

from checks.dns.rdata import IPAddress
from checks.dns.reading import addresses
from checks.dns.spf.terms import IPNetwork, Mechanism
from checks.dns.spf.tree import SpfLink, SpfNode, SpfTree

# Special-purpose space that no mail comes from (RFC 6890 and the IANA registries it set up).
_SPECIAL = (
    ("0.0.0.0/8", "reserved"),
    ("10.0.0.0/8", "private"),
    ("100.64.0.0/10", "shared"),
    ("127.0.0.0/8", "loopback"),
    ("169.254.0.0/16", "link-local"),
    ("172.16.0.0/12", "private"),
    ("192.0.0.0/24", "reserved"),
    ("192.0.2.0/24", "documentation"),
    ("192.168.0.0/16", "private"),
    ("198.18.0.0/15", "benchmarking"),
    ("198.51.100.0/24", "documentation"),
    ("203.0.113.0/24", "documentation"),
    ("224.0.0.0/4", "multicast"),
    ("240.0.0.0/4", "reserved"),
    ("::/127", "loopback"),
    ("::ffff:0:0/96", "IPv4-mapped"),
    ("64:ff9b:1::/48", "private"),
    ("100::/64", "reserved"),
    ("2001:2::/48", "benchmarking"),
    ("2001:db8::/32", "documentation"),
    ("3fff::/20", "documentation"),
    ("fc00::/7", "private"),
    ("fe80::/10", "link-local"),
    ("ff00::/8", "multicast"),
)


@cache
def _special() -> tuple[tuple[IPNetwork, str], ...]:
    return tuple((ipaddress.ip_network(text), kind) for text, kind in _SPECIAL)


def special_kind(network: IPNetwork) -> str:
    """Return what kind of special-purpose space holds the whole network, else nothing."""
    return next((kind for space, kind in _special() if is_inside(network, space)), "")


def is_inside(network: IPNetwork, space: IPNetwork) -> bool:
    """Return whether all addresses of ``network`` lie in ``space``."""
    if isinstance(network, ipaddress.IPv4Network) and isinstance(space, ipaddress.IPv4Network):
        return network.subnet_of(space)
    if isinstance(network, ipaddress.IPv6Network) and isinstance(space, ipaddress.IPv6Network):
        return network.subnet_of(space)
    return False


@dataclass(frozen=True, slots=True)
class Authorised:
    """One network that a term authorises, and the name that holds the term."""

    network: IPNetwork
    term: str
    name: str


def passing_nodes(tree: SpfTree) -> Iterator[SpfNode]:
    """Yield the root and every node whose pass is a pass of the root, each once."""
    waiting, seen = [tree.root], set()
    while waiting:
        name = waiting.pop(0)
        if name in seen or name not in tree.nodes:
            continue
        seen.add(name)
        yield tree.nodes[name]
        children = (tree.child(link) for link in tree.nodes[name].links if link.passes)
        waiting += [child.name for child in children if child is not None]


def leading_terms(tree: SpfTree, name: str) -> tuple[str, ...]:
    """Return the passing terms at the root through which the node at ``name`` is reached."""
    root = tree.nodes.get(tree.root)
    links = [ln for ln in (root.links if root else ()) if ln.passes]
    below = [(ln, replace(tree, root=ln.target)) for ln in links if ln.target and tree.child(ln)]
    return tuple(ln.term.text for ln, sub in below if name in [n.name for n in passing_nodes(sub)])


def authorised(tree: SpfTree) -> tuple[Authorised, ...]:
    """Return the networks of all passing ip4, ip6, a and mx terms, includes followed."""
    return tuple(found for node in passing_nodes(tree) for found in _of_node(node))


def _of_node(node: SpfNode) -> Iterator[Authorised]:
    for term in node.record.reachable if node.record else ():
        if term.network is not None and term.passes:
            yield Authorised(term.network, term.text, node.name)
    for link in node.links:
        if isinstance(link.term, Mechanism) and link.term.passes:
            for network in _of_hosts(link, link.term):
                yield Authorised(network, link.term.text, node.name)


def _of_hosts(link: SpfLink, term: Mechanism) -> Iterator[IPNetwork]:
    ips = (ip for host in link.hosts for reply in (host.a, host.aaaa) for ip in addresses(reply))
    for ip in ips:
        prefix = term.prefix4 if ip.version == 4 else term.prefix6
        yield ipaddress.ip_network((ip, prefix), strict=False)


def unread_passing(tree: SpfTree) -> tuple[str, ...]:
    """Return why terms that may authorise more could not be read."""
    links = (ln for node in passing_nodes(tree) for ln in node.links if ln.passes)
    return tuple(
        dict.fromkeys(
            f"`{ln.term.text}`: {ln.unread}" for ln in links if ln.unread and ln.name != "exists"
        )
    )


def everyone(tree: SpfTree) -> tuple[tuple[SpfNode, Mechanism], ...]:
    """Return each ``+all`` that lets everyone pass at the root, with the node that holds it."""
    found = []
    for node in passing_nodes(tree):
        end = node.record.all if node.record else None
        if end is not None and end.passes:
            found.append((node, end))
    return tuple(found)


def ipv4_size(networks: Iterable[IPNetwork]) -> int:
    """Return how many IPv4 addresses the networks hold together, overlaps counted once."""
    v4 = (n for n in networks if isinstance(n, ipaddress.IPv4Network))
    return sum(n.num_addresses for n in ipaddress.collapse_addresses(v4))


def sample(network: IPNetwork) -> IPAddress:
    """Return one address out of a network: the one after its first, where there is one."""
    return network[1] if network.num_addresses > 1 else network[0]


# Strangers: documentation addresses, which nobody sends from (RFC 5737, 6676, 3849, 9637).
_STRANGERS = (
    ("192.0.2.1", "198.51.100.1", "203.0.113.1", "192.0.2.141", "233.252.0.1"),
    ("2001:db8::1", "2001:db8:ffff:ffff::1", "3fff::1"),
)


def strangers(networks: Iterable[IPNetwork]) -> tuple[IPAddress, ...]:
    """Return one IPv4 and one IPv6 address that no term inside documentation space lists.

    A term that is wider than documentation space is no excuse: then the stranger stays.
    """
    examples = [space for space, kind in _special() if kind == "documentation"]
    listed = [n for n in networks if any(is_inside(n, space) for space in examples)]
    return tuple(_unlisted(choice, listed) for choice in _STRANGERS)


def _unlisted(choice: tuple[str, ...], listed: list[IPNetwork]) -> IPAddress:
    candidates = [ipaddress.ip_address(text) for text in choice]
    free = (ip for ip in candidates if not any(ip in network for network in listed))
    return next(free, candidates[0])
