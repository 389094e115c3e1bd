"""Rules on what a record leads to: includes and redirects, and the names behind its terms."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from checks.dns.names import display
from checks.dns.reading import evidence_of, exchanges, targets
from checks.dns.spf.count import loops
from checks.dns.spf.facts import SpfSubject
from checks.dns.spf.fixes import MANY, decoded, listed, seen, shown, with_record
from checks.dns.spf.limits import MAX_MX, MAX_PTR
from checks.dns.spf.merge import without
from checks.dns.spf.scopes import SpfView, tree_names
from checks.dns.spf.tree import SpfLink, SpfNode, SpfTree, target_problem
from checks.model import Severity
from checks.registry import Failed, Found, NotApplicable, Unsure, rule

_INCLUDE = "Correct or remove `include:{host}` at {name}"
_REDIRECT = "Correct `redirect={host}` at {name} or replace it by an `all` term"
_LOOP = "Remove `include:{host}` from {name}"


def _links(tree: SpfTree | None, *names: str) -> list[tuple[SpfNode, SpfLink]]:
    nodes = tree.nodes.values() if tree else ()
    return [(node, link) for node in nodes for link in node.links if link.name in names]


@rule(
    "spf-include-valid",
    title="Every include target has a valid SPF record",
    severity=Severity.ERROR,
    reference="RFC 7208 §5.2, §8.6",
    fix=_INCLUDE,
    scope=tree_names,
)
def spf_include_valid(view: SpfView, subject: SpfSubject) -> Iterator[Found]:
    """Fail for a target without exactly one valid record; unknown where it gives temperror."""
    yield from _targets_valid(view, subject, "include", _INCLUDE)


@rule(
    "spf-redirect-valid",
    title="The redirect target has a valid SPF record",
    severity=Severity.ERROR,
    reference="RFC 7208 §6.1",
    fix=_REDIRECT,
    scope=tree_names,
)
def spf_redirect_valid(view: SpfView, subject: SpfSubject) -> Iterator[Found]:
    """Fail for an effective redirect to no valid record; unknown where it gives temperror."""
    if _links(subject.tree, "redirect"):
        yield from _targets_valid(view, subject, "redirect", _REDIRECT)
    else:
        yield NotApplicable("no effective redirect")


def _targets_valid(view: SpfView, subject: SpfSubject, kind: str, template: str) -> Iterator[Found]:
    tree = subject.tree
    links = _links(tree, kind)
    if tree is None or (links and all(link.is_dynamic for _, link in links)):
        yield NotApplicable(f"every {kind} needs a message to be followed: see spf-targets-static")
        return
    for node in tree.nodes.values():
        name = display(node.name)
        static = [ln for ln in node.links if ln.name == kind and not ln.is_dynamic]
        for link in [ln for ln in static if ln.unread][:MANY]:
            cause = f"`{shown(link.term.text)}` at {name}: {link.unread}"
            yield Unsure(cause, evidence=evidence_of(link.reply) if link.reply else ())
        read = [(ln, target_problem(tree, ln)) for ln in static if not ln.unread]
        broken = {ln: problem for ln, problem in read if problem}
        if broken:
            why = listed(f"`{ln.term.text}`: {problem}" for ln, problem in broken.items())
            failed = _failed(broken, f"at {name}, {why}")
            yield _with_fix(view, subject, (node, list(broken)), failed, template)


def _failed(links: Iterable[SpfLink], message: str) -> Failed:
    replies = [link.reply for link in links if link.reply is not None]
    terms = seen(link.term.text for link in links)
    return Failed(message=message, observed=terms, evidence=evidence_of(*replies[:MANY]))


def _with_fix(
    view: SpfView,
    subject: SpfSubject,
    place: tuple[SpfNode, Sequence[SpfLink]],
    failed: Failed,
    template: str,
) -> Failed:
    """Return the finding with the record to publish, where the terms are the name's own."""
    node, links = place
    terms = [link.term.text for link in links]
    # One template speaks of one term; the others stand beside it in the same form.
    kind = "redirect=" if links[0].name == "redirect" else "include:"
    hosts = [shown(re.sub("^[^:=]*[:=]", "", term)) for term in dict.fromkeys(terms)][:MANY]
    fills = {"host": f"`, `{kind}".join(hosts), "name": display(node.name)}
    if node.name != subject.name:
        return replace(failed, fix_text=template.format_map(fills))
    sources = [without(text, terms) for text in decoded(subject.selected)]
    return with_record(view, subject, failed, template, sources=sources, fills=fills)


@rule(
    "spf-include-loop-free",
    title="No include or redirect leads back",
    severity=Severity.ERROR,
    reference="RFC 7208 §4.6.4",
    fix=_LOOP,
    scope=tree_names,
)
def spf_include_loop_free(view: SpfView, subject: SpfSubject) -> Iterator[Found]:
    """Fail where a target is already on its own path."""
    if subject.tree is None:
        return
    for node, link in loops(subject.tree)[:MANY]:
        template = _LOOP.replace("include:", "redirect=") if link.name == "redirect" else _LOOP
        message = f"`{shown(link.term.text)}` at {display(node.name)} leads back in a loop"
        failed = _failed([link], message)
        yield _with_fix(view, subject, (node, [link]), failed, template)
    for cause in subject.tree.unread_records[:MANY]:
        yield Unsure(cause)


@rule(
    "spf-mx-hosts-limit",
    title="`mx` yields at most 10 hosts",
    severity=Severity.ERROR,
    reference="RFC 7208 §4.6.4",
    fix="Replace `mx` at {name} by the addresses that send mail",
    scope=tree_names,
)
def spf_mx_hosts_limit(_: SpfView, subject: SpfSubject) -> Iterator[Found]:
    """Fail where the target of an `mx` term has more than 10 MX records: a permerror."""
    for node, link in _links(subject.tree, "mx"):
        name = display(node.name)
        count = len(exchanges(link.reply)) if link.reply else 0
        if link.reply is None or link.reply.failed:
            if link.unread:
                yield Unsure(f"`{shown(link.term.text)}` at {name}: {link.unread}")
        elif count > MAX_MX:
            yield Failed(
                message=f"`{shown(link.term.text)}` at {name} yields {count} MX hosts",
                expected=f"at most {MAX_MX}",
                observed=(str(count),),
                fix={"name": name},
                evidence=evidence_of(link.reply),
            )


@rule(
    "spf-ptr-names-limit",
    title="`ptr` yields at most 10 names",
    severity=Severity.INFO,
    reference="RFC 7208 §4.6.4, §5.5",
    fix="Remove `ptr` from {name}",
    scope=tree_names,
)
def spf_ptr_names_limit(_: SpfView, subject: SpfSubject) -> Iterator[Found]:
    """Fail where one of the addresses tried has more than 10 names: the rest is ignored."""
    if not _links(subject.tree, "ptr"):
        yield NotApplicable("`ptr` is not used")
        return
    for reply in subject.ptr:
        count = len(targets(reply))
        if count > MAX_PTR:
            yield Failed(
                message=f"{display(reply.question.name)} has {count} names, {MAX_PTR} are used",
                expected=f"at most {MAX_PTR}",
                observed=(str(count),),
                fix={"name": display(subject.name)},
                evidence=evidence_of(reply),
            )


@rule(
    "spf-targets-static",
    title="No target needs macro expansion",
    severity=Severity.INFO,
    reference="RFC 7208 §7",
    fix="None needed; the hidden part of {name} is not checked",
    scope=tree_names,
)
def spf_targets_static(_: SpfView, subject: SpfSubject) -> Iterator[Found]:
    """Note each term that cannot be followed without a message; it counts as 1+?."""
    hidden = _links(subject.tree, "include", "a", "mx", "ptr", "exists", "redirect")
    found = [(node, link.term.text) for node, link in hidden if link.is_dynamic]
    if found:
        terms = listed(f"`{text}` at {display(node.name)}" for node, text in found)
        yield Failed(
            message=f"{terms} can only be followed with a message: counted as 1+?",
            observed=seen(text for _, text in found),
            fix={"name": display(subject.name)},
        )
