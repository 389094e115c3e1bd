"""All SPF rules: importing this module registers them, in the order of the catalogue's topics."""

from __future__ import annotations

from checks.dns.spf import (
    rules_answer,
    rules_limits,
    rules_policy,
    rules_proof,
    rules_record,
    rules_space,
    rules_terms,
    rules_tree,
)

__all__ = [
    "rules_answer",
    "rules_limits",
    "rules_policy",
    "rules_proof",
    "rules_record",
    "rules_space",
    "rules_terms",
    "rules_tree",
]
