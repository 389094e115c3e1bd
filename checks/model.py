"""What a check says: outcomes, findings, the report. Frozen values, no input or output."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field


class Outcome(enum.StrEnum):
    """What a rule found for one subject. ``unknown`` never becomes pass or fail."""

    PASS = "pass"  # noqa: S105 - not a password
    FAIL = "fail"
    UNKNOWN = "unknown"
    SKIP = "skip"


class Severity(enum.StrEnum):
    """How much a failed rule weighs: only errors decide the verdict."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


class Verdict(enum.StrEnum):
    """The answer of a run."""

    READY = "ready"
    NOT_READY = "not-ready"
    UNDETERMINED = "undetermined"


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One DNS RRset to publish.

    ``name`` is absolute with a trailing dot. ``values`` hold the plain value of each record:
    unquoted, unescaped text for TXT (it is split and quoted when printed), presentation form
    (absolute names with a trailing dot) for every other type. ``ttl`` is in seconds.
    """

    name: str
    type: str
    values: tuple[str, ...]
    ttl: int = 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class Fix:
    """What to do next: one sentence, and the complete records to publish where there are any."""

    text: str
    records: tuple[Record, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One answer that a finding rests on. ``ttl`` is in seconds, None where nothing was held."""

    server: str
    name: str
    type: str
    rcode: str
    ttl: int | None = None
    answer: tuple[str, ...] = ()
    ede: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What one rule says of one subject."""

    id: str
    outcome: Outcome
    severity: Severity
    subject: str
    message: str
    reference: str
    expected: str = ""
    observed: tuple[str, ...] = ()
    fix: Fix | None = None
    evidence: tuple[Evidence, ...] = ()

    @property
    def is_blocking(self) -> bool:
        """True where this finding alone makes the verdict not-ready."""
        return self.severity is Severity.ERROR and self.outcome is Outcome.FAIL


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """The result of one run over one domain (JSON schema 1, docs/report.schema.json).

    ``started_at`` is UTC in ISO 8601 with a Z, ``elapsed_s`` seconds. ``sources`` says where the
    expected values came from, for example ``{"identity": "file"}``. ``notes`` are lines for a
    person (stderr or the text report), ``details`` the lines that ``-v`` adds (the SPF tree), and
    ``zone`` is the apex of the zone to which host names in web forms are relative, canonical, empty
    where it is not known: these three are never part of the JSON contract.
    """

    domain: str
    from_host: str
    mail_from: str | None
    region: str
    view: str
    verdict: Verdict
    findings: tuple[Finding, ...]
    started_at: str
    elapsed_s: float
    queries: int
    sources: dict[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    details: tuple[str, ...] = ()
    zone: str = ""
