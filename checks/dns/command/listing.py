"""``--list-rules``: the catalogue as text or JSON."""

from __future__ import annotations

from checks.dns.catalogue import load
from checks.report.as_json import rules_json


def list_rules(form: str) -> str:
    """Return every rule with id, severity, title and reference; ``form`` is text or json."""
    rules = load().values()
    if form == "json":
        return rules_json(
            {
                "id": rule.id,
                "severity": rule.severity.value,
                "title": rule.title,
                "reference": rule.reference,
            }
            for rule in rules
        )
    width = max((len(rule.id) for rule in rules), default=0)
    lines = (
        f"{rule.id:<{width}}  {rule.severity.value:<7}  {rule.title}  [{rule.reference}]"
        for rule in rules
    )
    return "\n".join(lines) + "\n"
