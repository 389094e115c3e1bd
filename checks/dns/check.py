"""One domain, from questions to a report."""

from __future__ import annotations

import datetime as dt
import os
import time
from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase

from checks.dns.catalogue import load
from checks.dns.collect.everything import collect
from checks.dns.expectation import Expectation, canonical
from checks.dns.expected import ERROR_RULES
from checks.dns.facts import Facts
from checks.dns.names import display
from checks.dns.port import Network
from checks.dns.spf.render import describe_tree
from checks.model import Finding, Report
from checks.registry import Rule, evaluate
from checks.verdict import decide


async def check_domain(
    expectation: Expectation, lookup: Network, *, only: str | None = None
) -> Report:
    """Ask, judge and report one domain.

    Names in the expectation may be typed as people write them. Raises NameSyntaxError for text that
    is no name.

    ``lookup`` is a driver such as checks.dns.lookup.Resolver; one instance serves one run.
    ``only`` is a glob over rule ids: other rules are not judged, and the verdict is about the
    chosen ones alone.
    """
    started = dt.datetime.now(dt.UTC)
    clock = time.perf_counter()
    expectation = canonical(expectation)
    facts = await collect(expectation, lookup, random_label())
    findings = judge(facts, only=only)
    expected = frozenset(i for i in ERROR_RULES if only is None or fnmatchcase(i, only))
    return Report(
        domain=display(expectation.domain),
        from_host=display(expectation.from_host),
        mail_from=display(expectation.mail_from) if expectation.mail_from else None,
        region=expectation.region,
        view=expectation.view,
        verdict=decide(findings, expected),
        findings=findings,
        started_at=started.strftime("%Y-%m-%dT%H:%M:%SZ"),
        elapsed_s=round(time.perf_counter() - clock, 3),
        queries=lookup.queries,
        sources=dict(expectation.sources),
        details=tuple(spf_trees(facts)),
        zone=facts.zone.zone,
    )


def random_label() -> str:
    """Return a DNS label that exists nowhere, and that nobody can guess."""
    return f"sesgate-{os.urandom(8).hex()}"


def spf_trees(facts: Facts) -> Iterator[str]:
    """Yield the static SPF tree of each judged name, for a person: terms, targets, lookups."""
    for subject in facts.spf.subjects:
        if subject.tree is not None:
            yield from describe_tree(subject.tree)


def judge(facts: Facts, *, only: str | None = None) -> tuple[Finding, ...]:
    """Evaluate the rules over the facts, in the order of the catalogue."""
    rules: Iterable[Rule] = load().values()
    chosen = [rule for rule in rules if only is None or fnmatchcase(rule.id, only)]
    return tuple(
        finding
        for rule in chosen
        for finding in evaluate(rule, facts, placeholders=facts.placeholders)
    )
