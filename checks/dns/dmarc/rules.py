"""Every rule of the dmarc area: importing this module registers them."""

from __future__ import annotations

from checks.dns.dmarc import (
    rules_alias,
    rules_discovery,
    rules_name,
    rules_policy,
    rules_psd,
    rules_reports,
    rules_subdomain,
    rules_tags,
)

__all__ = [
    "rules_alias",
    "rules_discovery",
    "rules_name",
    "rules_policy",
    "rules_psd",
    "rules_reports",
    "rules_subdomain",
    "rules_tags",
]
