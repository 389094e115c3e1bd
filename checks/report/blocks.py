"""The parts of the text report: one finding in full, one on a line, unknown ones by cause."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import takewhile

from checks.model import Evidence, Finding, Record
from checks.report.escape import shown
from checks.report.paste import form
from checks.report.style import BOLD, Style

MAX_VALUES = 10  # observed values that are printed
MAX_RECORD = 4096  # characters of a record's values that are printed
FIX_LIMIT = 2000  # characters; a fix may hold a whole record
MAX_WAITING = 6  # rules that are listed under the cause they wait for
MIN_ALIKE = 3  # characters that two values share from the start to be compared by a caret
MAX_CAUSES = 3  # that are printed of one group
ANSWERED = frozenset({"NOERROR", "NXDOMAIN"})

# What leaves nearly everything unknown, each rule in its own words.
ROOT_CAUSES = ("the resolver is not trusted", "port 53 is intercepted")


@dataclass(frozen=True, slots=True)
class Printer:
    """Prints findings.

    ``zone`` is canonical: host names in records are relative to it. ``owners`` maps each record to
    the first finding that asks for it; the others refer to that one.
    """

    zone: str
    verbose: bool
    style: Style
    owners: Mapping[Record, Finding]

    def finding(self, finding: Finding) -> Iterator[str]:
        """Yield a failed finding: what was seen, what was expected, what to do."""
        yield f"  {self.style.paint(finding.id, BOLD)}  {shown(finding.subject)}"
        yield f"    {shown(finding.message, FIX_LIMIT)}"
        if finding.expected:
            yield f"    expected  {shown(finding.expected)}"
        yield from _values("observed", finding.observed)
        yield from _caret(finding)
        if finding.fix is not None:
            yield f"    Do: {shown(finding.fix.text, FIX_LIMIT)}"
            for record in finding.fix.records:
                yield from self._publish(record, finding)
        yield f"    See: {finding.reference}"
        if self.verbose:
            yield from (f"    {line}" for line in evidence_lines(finding.evidence))

    def _publish(self, record: Record, finding: Finding) -> Iterator[str]:
        owner = self.owners.get(record, finding)
        if owner is not finding:
            yield f"    Publish: the record that {owner.id} asks for"
            return
        yield "    Publish:"
        if sum(len(value) for value in record.values) > MAX_RECORD:
            yield f"      {record.type} {shown(record.name)}: too long to print, see --format json"
            return
        yield from (f"      {line}" for line in form(record, self.zone))

    def line(self, finding: Finding) -> str:
        """Return a finding as one line, with its evidence left out."""
        return f"  {finding.id}  {shown(finding.subject)}: {shown(finding.message)}"


def record_owners(findings: Iterable[Finding]) -> dict[Record, Finding]:
    """Return for each record to publish the first finding that asks for it."""
    owners: dict[Record, Finding] = {}
    for finding in findings:
        for record in finding.fix.records if finding.fix else ():
            owners.setdefault(record, finding)
    return owners


def _values(title: str, values: tuple[str, ...]) -> Iterator[str]:
    for number, value in enumerate(values[:MAX_VALUES]):
        yield f"    {title if number == 0 else '':<8}  {shown(value)}"
    if len(values) > MAX_VALUES:
        yield f"    {'':<8}  … and {len(values) - MAX_VALUES} more"


def _caret(finding: Finding) -> Iterator[str]:
    """Yield a caret under the first difference, where the one value seen is nearly as expected."""
    if len(finding.observed) != 1:
        return
    seen, expected = shown(finding.observed[0]), shown(finding.expected)
    pairs = zip(seen, expected, strict=False)
    alike = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
    if alike >= MIN_ALIKE and seen != expected:
        yield f"    {'':<8}  {'':<{alike}}^"


def evidence_lines(evidence: Iterable[Evidence]) -> Iterator[str]:
    """Yield who was asked what, and what came back."""
    for one in evidence:
        answer = ", ".join(shown(value) for value in one.answer[:MAX_VALUES])
        parts = [shown(one.rcode), *(shown(text) for text in one.ede)]
        if one.ttl is not None:
            parts.append(f"TTL {one.ttl} s")
        said = ", ".join(parts) + (f": {answer}" if answer else "")
        yield f"asked {one.server or 'nobody'} for {shown(one.name)} {one.type}: {said}"


@dataclass(frozen=True, slots=True)
class UnknownGroup:
    """Findings that are unknown for one cause, or for want of the same servers."""

    findings: tuple[Finding, ...]

    @property
    def causes(self) -> tuple[str, ...]:
        """Return what stood in the way, each once; a root cause is told by the first rule alone."""
        first = self.findings[0].message
        if _root(first):
            return (first,)
        return tuple(dict.fromkeys(finding.message for finding in self.findings))

    @property
    def silent(self) -> tuple[str, ...]:
        """Return the servers that were asked and gave nothing usable."""
        return tuple(dict.fromkeys(s for finding in self.findings for s in silent_of(finding)))

    def lines(self, *, verbose: bool = False) -> Iterator[str]:
        """Yield the causes, the rules that wait for them, and what to do."""
        causes = self.causes
        yield from (f"  {shown(cause, FIX_LIMIT)}" for cause in causes[:MAX_CAUSES])
        if len(causes) > MAX_CAUSES:
            yield f"  … and {len(causes) - MAX_CAUSES} more of this kind"
        if verbose or len(self.findings) <= MAX_WAITING:
            for subject, ids in self._by_subject().items():
                yield f"    {shown(subject)}: {', '.join(ids)}"
        else:
            yield f"    {len(self.findings)} checks wait for this (-v lists them)"
        if self.silent:
            servers = ", ".join(shown(server) for server in self.silent)
            yield f"    Do: run again; if it stays so, have the one who runs {servers} repair it"

    def _by_subject(self) -> dict[str, list[str]]:
        subjects: dict[str, list[str]] = {}
        for finding in self.findings:
            subjects.setdefault(finding.subject, []).append(finding.id)
        return subjects


def silent_of(finding: Finding) -> tuple[str, ...]:
    """Return the servers that gave nothing usable for one finding."""
    servers = (one.server for one in finding.evidence if one.rcode not in ANSWERED)
    return tuple(dict.fromkeys(server for server in servers if server))


def unknown_groups(
    findings: Iterable[Finding], *, verbose: bool = False
) -> tuple[UnknownGroup, ...]:
    """Return the unknown findings in groups, in the order in which the causes appear.

    ``verbose`` keeps every cause apart; otherwise one server that is silent is one group, however
    many names were asked of it.
    """
    groups: dict[object, list[Finding]] = {}
    for finding in findings:
        cause = finding.message
        key = cause if verbose else (_root(cause) or silent_of(finding)[:1] or cause)
        groups.setdefault(key, []).append(finding)
    return tuple(UnknownGroup(tuple(found)) for found in groups.values())


def _root(cause: str) -> str:
    return next((root for root in ROOT_CAUSES if root in cause), "")
