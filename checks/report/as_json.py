"""A report as JSON, schema 1 (docs/report.schema.json): a versioned contract."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from checks import __version__
from checks.model import Evidence, Finding, Fix, Record, Report
from checks.report.escape import visible

SCHEMA = 1
MAX_TEXT = 8192  # characters of one string
MAX_ITEMS = 100  # of one list


def render_json(report: Report) -> str:
    """Return the report as an indented JSON object, with a line end."""
    return _dump(as_dict(report), indent=2)


def render_jsonl(report: Report) -> str:
    """Return the report as one line of JSON, with a line end."""
    return _dump(as_dict(report), indent=None)


def _dump(value: object, indent: int | None) -> str:
    # ASCII alone: it survives every console and code page, and holds no control character but
    # DEL, which JSON does not escape (RFC 8259 §7).
    return json.dumps(value, indent=indent, ensure_ascii=True).replace("\x7f", "\\u007f") + "\n"


def as_dict(report: Report) -> dict[str, Any]:
    """Return the report as JSON data, keys in the order of the contract."""
    return {
        "schema": SCHEMA,
        "tool": f"sesgate {__version__}",
        "domain": report.domain,
        "from": report.from_host,
        "mail_from": report.mail_from,
        "region": report.region,
        "view": report.view,
        "sources": dict(report.sources),
        "verdict": report.verdict.value,
        "started_at": report.started_at,
        "elapsed_s": report.elapsed_s,
        "queries": report.queries,
        "findings": [_finding(finding) for finding in report.findings],
    }


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "id": finding.id,
        "outcome": finding.outcome.value,
        "severity": finding.severity.value,
        "subject": _text(finding.subject),
        "message": _text(finding.message),
        "expected": _text(finding.expected),
        "observed": _texts(finding.observed),
        "fix": None if finding.fix is None else _fix(finding.fix),
        "reference": finding.reference,
        "evidence": [_evidence(one) for one in finding.evidence[:MAX_ITEMS]],
    }


def _fix(fix: Fix) -> dict[str, Any]:
    return {"text": _text(fix.text), "records": [_record(record) for record in fix.records]}


def _record(record: Record) -> dict[str, Any]:
    """Return a record to publish: never shortened, for half a record is worse than none."""
    return {
        "name": record.name,
        "type": record.type,
        "ttl": record.ttl,
        "values": [_sound(value) for value in record.values],
    }


def _evidence(evidence: Evidence) -> dict[str, Any]:
    found = {
        "server": evidence.server,
        "name": evidence.name,
        "type": evidence.type,
        "rcode": _text(evidence.rcode),
        "ttl": evidence.ttl,
        "answer": _texts(evidence.answer),
    }
    return found | ({"ede": _texts(evidence.ede)} if evidence.ede else {})


def _texts(values: tuple[str, ...]) -> list[str]:
    kept = [_text(value) for value in values[:MAX_ITEMS]]
    left = len(values) - len(kept)
    return kept + ([f"… ({left} more)"] if left else [])


def _text(value: str) -> str:
    left = len(value) - MAX_TEXT
    kept = value if left <= 0 else f"{value[:MAX_TEXT]}… ({left} more characters)"
    return _sound(kept)


def _sound(value: str) -> str:
    """Return text without lone surrogates, which are no JSON for strict readers (RFC 8259 §8.2)."""
    return "".join(visible(c) if "\ud800" <= c <= "\udfff" else c for c in value)


def rules_json(rules: Iterable[dict[str, str]]) -> str:
    """Return the list of rules as an indented JSON array, with a line end."""
    return _dump(list(rules), indent=2)
