"""The rule catalogue of the DNS check, and the set of error rules that a verdict needs."""

from __future__ import annotations

import importlib
from collections.abc import Mapping

from checks.registry import Rule, all_rules

RULE_MODULES = (
    "checks.dns.rules.resolver",
    "checks.dns.rules.servers",
    "checks.dns.rules.answers",
    "checks.dns.rules.aliases",
    "checks.dns.rules.wildcards",
    "checks.dns.spf.rules",
    "checks.dns.dkim.rules",
    "checks.dns.dmarc.rules",
    "checks.dns.rules.align",
    "checks.dns.rules.mail_from",
    "checks.dns.rules.ses",
)


AREAS = ("dns", "spf", "dkim", "dmarc", "align", "mail-from", "ses")


def load() -> Mapping[str, Rule]:
    """Import every rule module and return the rules by id: area by area, in order of their ids.

    The order does not depend on which module was imported first.
    """
    for module in RULE_MODULES:
        importlib.import_module(module)
    rules = sorted(all_rules().values(), key=lambda rule: (AREAS.index(rule.area), rule.id))
    return {rule.id: rule for rule in rules}
