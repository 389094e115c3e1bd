"""Counting over the static tree, as written: a repeat counts again (RFC 7208 §4.6.4)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from checks.dns.spf.tree import SpfLink, SpfNode, SpfTree, is_empty


@dataclass(frozen=True, slots=True)
class Lookups:
    """Terms that need DNS in the worst case. ``is_open``: macros hide some, shown as ``n+?``."""

    known: int
    is_open: bool

    def __str__(self) -> str:
        return f"{self.known}+?" if self.is_open else str(self.known)


@dataclass(frozen=True, slots=True)
class Voids:
    """Void lookups in the worst case: for IPv4 clients, IPv6 clients, and dual-stack."""

    v4: int = 0
    v6: int = 0
    dual: int = 0

    @property
    def per_family(self) -> int:
        """Return the larger count of the two families."""
        return max(self.v4, self.v6)

    def plus(self, other: Voids) -> Voids:
        """Return the sum."""
        return Voids(self.v4 + other.v4, self.v6 + other.v6, self.dual + other.dual)


@dataclass(slots=True)
class _Sums:
    """Sums over the tree below each name; a name on the path above adds nothing: a loop ends."""

    tree: SpfTree
    of: Callable[[SpfLink], Voids]
    done: dict[str, Voids] = field(default_factory=dict)

    def below(self, name: str, path: tuple[str, ...]) -> Voids:
        if name in self.done:
            return self.done[name]
        total = Voids()
        for link in self.tree.nodes[name].links:
            total = total.plus(self.of(link))
            child = self.tree.child(link)
            if child is not None and child.name not in (*path, name):
                total = total.plus(self.below(child.name, (*path, name)))
        self.done[name] = total
        return total


def _sum(tree: SpfTree, of: Callable[[SpfLink], Voids]) -> Voids:
    return _Sums(tree, of).below(tree.root, ()) if tree.root in tree.nodes else Voids()


def count_lookups(tree: SpfTree) -> Lookups:
    """Return how many terms need DNS, over all branches."""
    known = _sum(tree, lambda _: Voids(1, 1, 1)).dual
    is_open = any(ln.is_dynamic for node in tree.nodes.values() for ln in node.links)
    return Lookups(known, is_open)


def count_voids(tree: SpfTree) -> Voids:
    """Return how many lookups are void, over all branches."""
    return _sum(tree, link_voids)


def link_voids(link: SpfLink) -> Voids:
    """Return the void lookups of one term, without what it includes."""
    total = Voids(1, 1, 1) if is_empty(link.reply) else Voids()
    for host in link.hosts:
        v4, v6 = int(is_empty(host.a)), int(is_empty(host.aaaa))
        total = total.plus(Voids(v4, v6, v4 * v6))
    return total


def void_terms(tree: SpfTree, *, dual: bool) -> tuple[tuple[str, str], ...]:
    """Return name and term of void lookups; ``dual``: those that are void for both families."""
    links = ((node.name, link) for node in tree.nodes.values() for link in node.links)
    found = ((name, ln.term.text) for name, ln in links if _is_void(link_voids(ln), dual))
    return tuple(dict.fromkeys(found))


def _is_void(voids: Voids, dual: bool) -> bool:
    return (voids.dual if dual else voids.per_family) > 0


def loops(tree: SpfTree) -> tuple[tuple[SpfNode, SpfLink], ...]:
    """Return the includes and redirects that lead back to a name on their own path."""
    found: list[tuple[SpfNode, SpfLink]] = []
    done: set[str] = set()

    def visit(node: SpfNode, path: tuple[str, ...]) -> None:
        on_path = (*path, node.name)
        for link in node.links:
            child = tree.child(link)
            if child is None:
                continue
            if child.name in on_path:
                found.append((node, link))
            elif child.name not in done:
                visit(child, on_path)
        done.add(node.name)

    if tree.root in tree.nodes:
        visit(tree.nodes[tree.root], ())
    return tuple(found)
