"""Rules on the processing limits: lookups and void lookups, in the worst case (RFC 7208 §4.6.4)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from checks.dns.names import display
from checks.dns.spf.count import count_lookups, count_voids, void_terms
from checks.dns.spf.facts import SpfSubject
from checks.dns.spf.fixes import decoded, listed, quoted, with_record
from checks.dns.spf.limits import MAX_LOOKUPS, MAX_VOIDS
from checks.dns.spf.merge import without
from checks.dns.spf.scopes import SpfView, tree_names
from checks.model import Severity
from checks.registry import Failed, Found, NotApplicable, Passed, Unsure, rule

_VOIDS = "Remove the terms at {name} whose names do not exist: {value}"
HEADROOM = 8  # from here on, one more include of somebody else breaks the record


@rule(
    "spf-lookups-within-limit",
    title="At most 10 terms need DNS",
    severity=Severity.ERROR,
    reference="RFC 7208 §4.6.4",
    fix="Remove includes no longer used from {name} until 10 or fewer lookups remain",
    scope=tree_names,
)
def spf_lookups_within_limit(_: SpfView, subject: SpfSubject) -> Iterator[Found]:
    """Fail above 10; unknown where a branch could not be read and the known part is 10 or less."""
    if subject.tree is None:
        return
    count = count_lookups(subject.tree)
    name = display(subject.name)
    unread = subject.tree.unread_records
    if count.known > MAX_LOOKUPS:
        yield Failed(
            message=f"{name} needs {count} DNS lookups, receivers give permerror",
            expected=f"at most {MAX_LOOKUPS}",
            observed=(str(count),),
            fix={"name": name},
        )
    elif unread:
        yield Unsure(f"{count} lookups known at {name}, not read: {listed(unread)}", (str(count),))
    else:
        yield Passed(f"{name} needs {count} DNS lookups", (str(count),))


@rule(
    "spf-lookups-headroom",
    title="Fewer than 8 terms need DNS",
    severity=Severity.WARNING,
    reference="RFC 7208 §4.6.4",
    fix="Remove unused includes from {name}",
    scope=tree_names,
)
def spf_lookups_headroom(_: SpfView, subject: SpfSubject) -> Iterator[Found]:
    """Fail for 8, 9 or 10; more is judged by spf-lookups-within-limit."""
    if subject.tree is None:
        return
    count = count_lookups(subject.tree)
    name = display(subject.name)
    observed = (f"{count}/{MAX_LOOKUPS}",)
    unread = subject.tree.unread_records
    if count.known > MAX_LOOKUPS:
        yield NotApplicable(f"{observed[0]} lookups: see spf-lookups-within-limit")
    elif count.known >= HEADROOM:
        message = f"{name} needs {observed[0]} DNS lookups: one change elsewhere may break it"
        yield Failed(
            message=message,
            expected=f"fewer than {HEADROOM}",
            observed=observed,
            fix={"name": name},
        )
    elif unread:
        yield Unsure(f"{observed[0]} lookups known at {name}, not read: {listed(unread)}", observed)
    else:
        yield Passed(f"{name} needs {observed[0]} DNS lookups", observed)


@rule(
    "spf-voids-within-limit",
    title="At most 2 lookups are void",
    severity=Severity.ERROR,
    reference="RFC 7208 §4.6.4",
    fix="Remove the terms at {name} whose names do not exist: {value}",
    scope=tree_names,
)
def spf_voids_within_limit(view: SpfView, subject: SpfSubject) -> Iterator[Found]:
    """Fail where more than 2 are void by both ways of counting; unknown where some was not read."""
    if subject.tree is None:
        return
    voids = count_voids(subject.tree)
    name = display(subject.name)
    if voids.dual > MAX_VOIDS:
        found = void_terms(subject.tree, dual=True)
        value = _placed(subject, found)
        failed = Failed(
            message=f"{voids.dual} lookups at {name} are void, receivers give permerror: {value}",
            expected=f"at most {MAX_VOIDS}",
            observed=(str(voids.dual),),
        )
        own = [term for holder, term in found if holder == subject.name]
        sources = [without(text, own) for text in decoded(subject.selected)]
        yield with_record(view, subject, failed, _VOIDS, sources=sources, fills={"value": value})
    elif subject.tree.unread:
        yield Unsure(
            f"{voids.dual} void lookups known at {name}, not read: {listed(subject.tree.unread)}"
        )


@rule(
    "spf-voids-per-family",
    title="At most 2 lookups are void for any one address family",
    severity=Severity.WARNING,
    reference="RFC 7208 §4.6.4",
    fix="Replace `a:` terms that have only one family by `ip4:` or `ip6:`",
    scope=tree_names,
)
def spf_voids_per_family(_: SpfView, subject: SpfSubject) -> Iterator[Found]:
    """Fail where one family alone exceeds the limit: some verifiers count that way."""
    if subject.tree is None:
        return
    voids = count_voids(subject.tree)
    name = display(subject.name)
    if voids.dual > MAX_VOIDS:
        yield NotApplicable("void for both families: see spf-voids-within-limit")
    elif voids.per_family > MAX_VOIDS:
        family = "IPv6" if voids.v6 > voids.v4 else "IPv4"
        value = _placed(subject, void_terms(subject.tree, dual=False))
        yield Failed(
            message=f"{voids.per_family} lookups at {name} are void for {family} clients: {value}",
            expected=f"at most {MAX_VOIDS}",
            observed=(f"A: {voids.v4}", f"AAAA: {voids.v6}"),
        )
    elif subject.tree.unread:
        yield Unsure(
            f"{voids.per_family} void lookups known at {name}, not read: "
            f"{listed(subject.tree.unread)}"
        )


def _placed(subject: SpfSubject, terms: Sequence[tuple[str, str]]) -> str:
    """Return terms for a sentence, with the name that holds them where it is not the subject."""
    own = quoted(term for holder, term in terms if holder == subject.name)
    others = quoted(f"{t} (in {display(holder)})" for holder, t in terms if holder != subject.name)
    return ", ".join(part for part in (own, others) if part)
