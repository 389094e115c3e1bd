"""Every rule of the dkim area: importing this module registers them."""

from __future__ import annotations

from checks.dns.dkim import rules_alias, rules_hints, rules_key, rules_record, rules_set

__all__ = ["rules_alias", "rules_hints", "rules_key", "rules_record", "rules_set"]
