"""Expectations and findings, short."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from typing import Any

from checks.dns.check import judge
from checks.dns.collect.everything import collect
from checks.dns.expectation import DkimExpectation, Expectation
from checks.dns.facts import Facts
from checks.dns.port import Network
from checks.model import Finding, Outcome
from tests.support.table import run

JOBMATCH = Expectation(
    domain="jobmatch.zip.",
    from_host="jobmatch.zip.",
    mail_from="bounce.jobmatch.zip.",
    mail_from_known=True,
    dkim=DkimExpectation(
        origin="AWS_SES", tokens=("t1",), zone="a31d.dkim.us-west-2.amazonses.com."
    ),
)


def expectation(**changes: Any) -> Expectation:
    """Return jobmatch.zip's expectation with changes."""
    return dataclasses.replace(JOBMATCH, **changes)


def facts_of(network: Network, expected: Expectation = JOBMATCH) -> Facts:
    """Collect all facts over a table, with a fixed random label."""
    return run(collect(expected, network, "sesgate-random"))


def outcomes(facts: Facts, rule_id: str) -> list[tuple[str, str]]:
    """Return (outcome, subject) of each finding of one rule."""
    return [(f.outcome.value, f.subject) for f in judge(facts, only=rule_id)]


def outcome(facts: Facts, rule_id: str) -> str:
    """Return the weightiest outcome of one rule over its subjects."""
    return weightiest(judge(facts, only=rule_id))


def weightiest(findings: Iterable[Finding]) -> str:
    """Return fail, unknown, pass or skip: the first of these that any finding has."""
    seen = {f.outcome for f in findings}
    order = (Outcome.FAIL, Outcome.UNKNOWN, Outcome.PASS, Outcome.SKIP)
    return next(o.value for o in order if o in seen)


def only(findings: Iterable[Finding], rule_id: str, outcome_: str) -> Finding:
    """Return the one finding of a rule with an outcome."""
    found = [f for f in findings if f.id == rule_id and f.outcome == outcome_]
    assert len(found) == 1, [(f.subject, f.outcome) for f in found]
    return found[0]
