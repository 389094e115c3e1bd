"""Rules on who is authorised: everyone, too many, or addresses that nobody sends from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from checks.dns.names import display
from checks.dns.spf.facts import SpfSubject
from checks.dns.spf.fixes import MANY, decoded, listed, quoted, seen, with_record
from checks.dns.spf.merge import without
from checks.dns.spf.ranges import (
    Authorised,
    authorised,
    everyone,
    ipv4_size,
    leading_terms,
    passing_nodes,
    special_kind,
    unread_passing,
)
from checks.dns.spf.scopes import SpfView, record_names, tree_names
from checks.dns.spf.terms import IPNetwork, Mechanism
from checks.model import Severity
from checks.registry import Failed, Found, Unsure, rule

MAX_ADDRESSES = 2**24  # IPv4 addresses in all
WIDE4, WIDE6 = 8, 16  # prefix lengths that authorise too much
BROAD4, BROAD6 = 16, 32  # prefix lengths worth a look

_PUBLIC = "Remove {value} from {name}: `{record}`"
_LEADS = "Remove {value} from {name}: it leads to {where}, which lets all pass: `{record}`"
_ALL = "End the record at {name} with `~all` or `-all`: `{record}`"


@rule(
    "spf-all-not-pass",
    title="The record does not authorise everyone",
    severity=Severity.ERROR,
    reference="RFC 7208 §5.1",
    fix="End the record at {name} with `~all` or `-all`",
    scope=tree_names,
)
def spf_all_not_pass(view: SpfView, subject: SpfSubject) -> Iterator[Found]:
    """Fail for `+all` here, in a passing include, or in an effective redirect."""
    if subject.tree is None:
        return
    for node, term in everyone(subject.tree)[:MANY]:
        where = display(node.name)
        message = f"`{term.text}` at {where} authorises everyone"
        failed = Failed(message=message, observed=(term.text,))
        if node.name == subject.name:
            yield with_record(view, subject, failed, _ALL)
        else:
            terms = leading_terms(subject.tree, node.name)
            sources = [without(text, terms) for text in decoded(subject.selected)]
            fills = {"value": quoted(terms), "where": where}
            yield with_record(view, subject, failed, _LEADS, sources=sources, fills=fills)
    for cause in unread_passing(subject.tree)[:MANY]:
        yield Unsure(cause)


@rule(
    "spf-space-limited",
    title="The authorised address space is small",
    severity=Severity.ERROR,
    reference="RFC 7208 §11; RFC 9989 §7.1",
    fix="Replace {value} at {name} by the networks that send mail",
    scope=tree_names,
)
def spf_space_limited(_: SpfView, subject: SpfSubject) -> Iterator[Found]:
    """Fail for a prefix of /8 (IPv6 /16) or shorter, and for more than 2^24 IPv4 addresses."""
    if subject.tree is None:
        return
    found = authorised(subject.tree)
    wide = [_place(subject, f) for f in found if f.network.prefixlen <= _widest(f.network)]
    wide += _wide_hosts(subject)
    name = display(subject.name)
    if wide:
        value = quoted(wide)
        message = f"{name} authorises a very wide network: {value}"
        yield Failed(message=message, observed=seen(wide), fix={"name": name, "value": value})
    elif (size := ipv4_size(f.network for f in found)) > MAX_ADDRESSES:
        yield _too_many(subject, size, found)
    for cause in unread_passing(subject.tree)[:MANY]:
        yield Unsure(cause)


def _place(subject: SpfSubject, found: Authorised) -> str:
    """Return the term, with the name that holds it where it is not the subject's own."""
    return _placed(subject, found.term, found.name)


def _placed(subject: SpfSubject, term: str, holder: str) -> str:
    return term if holder == subject.name else f"{term} (in {display(holder)})"


def _widest(network: IPNetwork) -> int:
    return WIDE4 if network.version == 4 else WIDE6


def _wide_hosts(subject: SpfSubject) -> list[str]:
    """Return `a` and `mx` terms with a wide prefix, whatever their host resolves to."""
    nodes = passing_nodes(subject.tree) if subject.tree else ()
    return [
        _placed(subject, term.text, node.name)
        for node in nodes
        for term in (node.record.reachable if node.record else ())
        if term.name in {"a", "mx"} and term.passes and _has_wide_prefix(term)
    ]


def _has_wide_prefix(term: Mechanism) -> bool:
    return term.prefix4 <= WIDE4 or term.prefix6 <= WIDE6


def _too_many(subject: SpfSubject, size: int, found: Sequence[Authorised]) -> Failed:
    name = display(subject.name)
    widest = sorted((f for f in found if f.network.version == 4), key=lambda f: f.network.prefixlen)
    value = quoted(_place(subject, f) for f in widest[:5])
    return Failed(
        message=f"{name} authorises {size} IPv4 addresses",
        expected=f"at most {MAX_ADDRESSES}",
        observed=(str(size),),
        fix={"name": name, "value": value},
    )


@rule(
    "spf-space-narrow",
    title="No authorised prefix is wide",
    severity=Severity.WARNING,
    reference="RFC 7208 §11",
    fix="Narrow {value} at {name}",
    scope=record_names,
)
def spf_space_narrow(_: SpfView, subject: SpfSubject) -> Iterator[Found]:
    """Fail for an IPv4 prefix of /9 to /16, or an IPv6 prefix of /17 to /32."""
    found = [m for r in subject.records for m in r.reachable if m.passes and _is_broad(m)]
    if found:
        name = display(subject.name)
        value = quoted(m.text for m in found)
        observed = seen(m.text for m in found)
        message = f"{name} authorises a wide network: {value}"
        yield Failed(message=message, observed=observed, fix={"name": name, "value": value})


def _is_broad(term: Mechanism) -> bool:
    if term.network is not None:
        return _is_between(term.network.prefixlen, term.network.version)
    if term.name not in {"a", "mx"}:
        return False
    return _is_between(term.prefix4, 4) or _is_between(term.prefix6, 6)


def _is_between(prefix: int, version: int) -> bool:
    return WIDE4 < prefix <= BROAD4 if version == 4 else WIDE6 < prefix <= BROAD6


@rule(
    "spf-ranges-public",
    title="Only public address ranges are authorised",
    severity=Severity.WARNING,
    reference="RFC 6890",
    fix="Remove {value} from {name}",
    scope=record_names,
)
def spf_ranges_public(view: SpfView, subject: SpfSubject) -> Iterator[Found]:
    """Fail for ip4 and ip6 inside private, loopback, link-local, reserved or example space."""
    special = [
        (term.text, special_kind(term.network))
        for record in subject.records
        for term in record.reachable
        if term.passes and term.network is not None
    ]
    found = [(text, kind) for text, kind in special if kind]
    if found:
        name = display(subject.name)
        value = quoted(text for text, _ in found)
        observed = seen(text for text, _ in found)
        kinds = listed(f"`{text}` ({kind})" for text, kind in found)
        message = f"{name} authorises addresses that are not public: {kinds}"
        failed = Failed(message=message, observed=observed)
        terms = [text for text, _ in found]
        sources = [without(text, terms) for text in decoded(subject.selected)]
        yield with_record(view, subject, failed, _PUBLIC, sources=sources, fills={"value": value})
