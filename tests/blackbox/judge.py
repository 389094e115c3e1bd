"""Compares what the tool said with what a case expects."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from typing import Any

from tests.blackbox.case import Expect
from tests.blackbox.tool import Ran

EXIT_CODE = {"ready": 0, "not-ready": 1, "usage": 2, "undetermined": 3}

Finding = Mapping[str, Any]


def differences(expect: Expect, ran: Ran) -> list[str]:
    """Return every way in which a run is not what was expected, a line each."""
    wanted = EXIT_CODE[expect.verdict]
    wrong = [] if ran.code == wanted else [f"exit code {ran.code}, not {wanted}"]
    if expect.verdict == "usage":
        return wrong + ([] if ran.stderr.strip() else ["stderr says nothing"])
    if ran.report is None:
        return [*wrong, f"no report; stderr: {ran.stderr[-800:]}"]
    return [*wrong, *_report(expect, ran.report)]


def _report(expect: Expect, report: Mapping[str, Any]) -> Iterator[str]:
    findings: Sequence[Finding] = report["findings"]
    if report["verdict"] != expect.verdict:
        yield f"verdict {report['verdict']}; {_blockers(findings)}"
    if expect.domain is not None and report["domain"] != expect.domain:
        yield f"domain {report['domain']}, not {expect.domain}"
    yield from _outcomes(expect, findings)
    yield from _unwanted(expect.not_fail, findings)
    yield from _fix(expect, findings)
    yield from _observed(expect.observed, findings)


def _outcomes(expect: Expect, findings: Sequence[Finding]) -> Iterator[str]:
    severities = (("error", expect.fail), ("warning", expect.warn), ("info", expect.info))
    for severity, rules in severities:
        for rule in rules:
            if not _has(findings, rule, "fail", severity):
                yield f"{rule} is not a failed {severity}: {_seen(findings, rule)}"
    for outcome, rules in (("unknown", expect.unknown), ("skip", expect.skip)):
        for rule in rules:
            if not _has(findings, rule, outcome):
                yield f"{rule} is not {outcome}: {_seen(findings, rule)}"


def _has(findings: Sequence[Finding], rule: str, outcome: str, severity: str | None = None) -> bool:
    return any(
        f["id"] == rule and f["outcome"] == outcome and severity in {None, f["severity"]}
        for f in findings
    )


def _unwanted(patterns: Sequence[str], findings: Sequence[Finding]) -> Iterator[str]:
    for finding in findings:
        if finding["outcome"] == "fail" and any(_covers(p, finding) for p in patterns):
            yield f"{finding['id']} fails on {finding['subject']}: {finding['message']}"


def _covers(pattern: str, finding: Finding) -> bool:
    if "*" in pattern:
        return finding["severity"] != "info" and fnmatchcase(finding["id"], pattern)
    return bool(finding["id"] == pattern)


def _fix(expect: Expect, findings: Sequence[Finding]) -> Iterator[str]:
    rule = next(iter((*expect.fail, *expect.warn)), None)
    texts = [_fix_text(f["fix"]) for f in findings if f["id"] == rule and f["fix"] is not None]
    text = "\n".join(texts)
    for wanted in expect.fix:
        if wanted.lower() not in text.lower():
            yield f"the fix of {rule} lacks {wanted!r}: {text}"
    for unwanted in expect.not_in_fix:
        if unwanted.lower() in text.lower():
            yield f"the fix of {rule} holds {unwanted!r}: {text}"


def _fix_text(fix: Mapping[str, Any]) -> str:
    records = [
        f"{record['name']} {record['type']} {value}"
        for record in fix["records"]
        for value in record["values"]
    ]
    return "\n".join([fix["text"], *records])


def _observed(wanted: Mapping[str, Sequence[str]], findings: Sequence[Finding]) -> Iterator[str]:
    for rule, texts in wanted.items():
        told = "\n".join(
            line for f in findings if f["id"] == rule for line in (f["message"], *f["observed"])
        )
        yield from (f"{rule} does not say {t!r}: {told}" for t in texts if t not in told)


def _seen(findings: Sequence[Finding], rule: str) -> str:
    seen = [f"{f['outcome']} ({f['message']})" for f in findings if f["id"] == rule]
    return "; ".join(seen) or "not in the report"


def _blockers(findings: Sequence[Finding]) -> str:
    return ", ".join(
        f"{f['id']} {f['outcome']}: {f['message'][:160]}"
        for f in findings
        if f["severity"] == "error" and f["outcome"] in {"fail", "unknown"}
    )
