"""The DMARC policy record as text (RFC 9989 §4.7, §4.8)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from checks.dns.dkim.tags import Problem, Tag, TagList, common_start, shortened, split_tags
from checks.dns.dmarc.uris import ReportUri, parse_uris

POLICIES = ("none", "quarantine", "reject")  # weakest first
HISTORIC = ("pct", "rf", "ri")  # RFC 9989 §9.3
CURRENT = ("v", "p", "sp", "np", "t", "psd", "rua", "ruf", "adkim", "aspf", "fo")
KNOWN = (*CURRENT, *HISTORIC)

# RFC 9989 §4.10: the first tag is v, its value DMARC1 in just these letters.
_SELECTED = re.compile(r"v[ \t]*=[ \t]*DMARC1[ \t]*(?:;|\Z)")
_RUN_IN = re.compile(rf"[\s,]?(?P<name>{'|'.join(KNOWN)})[ \t]*=")
_RUN_IN_URIS = re.compile(rf"[\s,](?P<name>{'|'.join(KNOWN)})[ \t]*=")  # "=" may stand in a URI


class DmarcSyntaxError(ValueError):
    """Text that is no DMARC record; ``position`` is the octet (from 0)."""

    def __init__(self, problem: Problem) -> None:
        self.position = problem.position
        super().__init__(str(problem))


def is_selected(text: str) -> bool:
    """Return whether receivers take the text for a DMARC record (RFC 9989 §4.10)."""
    return _SELECTED.match(text) is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class DmarcRecord:
    """A selected record. ``text`` is the joined value, decoded as Latin-1.

    ``rua`` and ``ruf`` are the members of the URI lists, valid or not.
    """

    text: str
    tags: TagList
    problems: tuple[Problem, ...]
    rua: tuple[ReportUri, ...] = ()
    ruf: tuple[ReportUri, ...] = ()

    @property
    def policy(self) -> str | None:
        """Return ``p`` where it is valid."""
        return self._policy("p")

    @property
    def subdomain_policy(self) -> str | None:
        """Return ``sp`` where it is valid."""
        return self._policy("sp")

    @property
    def nonexistent_policy(self) -> str | None:
        """Return ``np`` where it is valid."""
        return self._policy("np")

    def _policy(self, name: str) -> str | None:
        value = self.value(name)
        return value if value in POLICIES else None

    def value(self, name: str) -> str | None:
        """Return a tag's value in lower case: keywords are case-insensitive (RFC 9989 §4.8)."""
        raw = self.tags.get(name)
        return None if raw is None else raw.lower()

    def invalid_policies(self, *names: str) -> tuple[str, ...]:
        """Return those of the tags ``names`` that are present with a value that is no policy."""
        return tuple(n for n in names if self.value(n) is not None and self._policy(n) is None)

    @property
    def has_valid_rua(self) -> bool:
        """True where reports can be sent to at least one URI."""
        return any(uri.is_valid for uri in self.rua)

    @property
    def psd(self) -> str:
        """Return ``psd``: y, n, or u, which is the default."""
        value = self.value("psd")
        return value if value in {"y", "n"} else "u"

    @property
    def is_test(self) -> bool:
        """True for ``t=y``."""
        return self.value("t") == "y"

    def is_strict(self, name: str) -> bool:
        """Return whether ``adkim`` or ``aspf`` is s; any other value means r."""
        return self.value(name) == "s"

    @property
    def acts(self) -> str:
        """Return how the record acts (RFC 9989 §4.10.1).

        ``as-written``; ``monitoring``: as ``p=none``, because a policy is missing or invalid and
        ``rua`` is valid; ``not``: receivers apply no DMARC.
        """
        if self.policy is not None and not self.invalid_policies("sp", "np"):
            return "as-written"
        return "monitoring" if self.has_valid_rua else "not"


def parse_dmarc(octets: bytes) -> DmarcRecord:
    """Parse a record (strings joined); problems in its tags are collected, not raised.

    Raises DmarcSyntaxError where the text is not selected as a DMARC record.
    """
    text = octets.decode("latin-1")
    tags = split_tags(text)
    if not is_selected(text):
        raise DmarcSyntaxError(_why_not(text))
    problems = (*tags.problems, *_values(tags), *_line_ends(text))
    return DmarcRecord(
        text=text,
        tags=tags,
        problems=tuple(sorted(problems, key=lambda problem: problem.position)),
        rua=parse_uris(tags.get("rua")),
        ruf=parse_uris(tags.get("ruf")),
    )


def _why_not(text: str) -> Problem:
    position = common_start(text, "v=DMARC1")
    return Problem(position, f"'{shortened(text, 20)}' does not start with v=DMARC1")


def _values(tags: TagList) -> list[Problem]:
    problems = []
    for tag in tags.tags:
        run_in = _run_in(tag)
        if not tag.value:
            problems.append(Problem(tag.position, f"{shortened(tag.name)}= is empty"))
        if tag.value.endswith("\\"):
            at = tag.value_position + len(tag.value) - 1
            problems.append(Problem(at, "'\\' before ';'"))
        if run_in:
            at = tag.value_position + run_in.start()
            problems.append(Problem(at, f"';' is missing before {run_in['name']}="))
    return problems


def _run_in(tag: Tag) -> re.Match[str] | None:
    """Return where a known tag starts in a value: strings are joined with nothing between."""
    if tag.name in {"rua", "ruf"} or tag.name not in KNOWN:
        return _RUN_IN_URIS.search(tag.value)
    return _RUN_IN.search(tag.value)


def _line_ends(text: str) -> list[Problem]:
    found = re.search(r"[\r\n]", text)
    return [Problem(found.start(), "line end inside the record")] if found else []
