"""Facts about DMARC: the records seen on the walks and what both models make of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from checks.dns.answers import Reply
from checks.dns.dmarc.record import POLICIES, DmarcRecord

Standing = Literal["own", "existing", "nonexistent", "unsure"]


@dataclass(frozen=True, slots=True, kw_only=True)
class DmarcName:
    """What stands at ``_dmarc.<name>``.

    ``records`` are the selected ones (more than one: all are discarded, RFC 9989 §4.10), ``others``
    the octets of every other TXT.
    """

    name: str
    reply: Reply
    records: tuple[DmarcRecord, ...] = ()
    others: tuple[bytes, ...] = ()

    @property
    def owner(self) -> str:
        """Return the owner name of the record."""
        return f"_dmarc.{self.name}"

    @property
    def record(self) -> DmarcRecord | None:
        """Return the record at this name, None for none and for several."""
        return self.records[0] if len(self.records) == 1 else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Applied:
    """The record that applies to the From host, and by which of its policies.

    ``standing``: the record is the From host's ``own``, or its parent's and the host is
    ``existing``, ``nonexistent`` or, where that could not be determined, ``unsure``.
    """

    name: str
    record: DmarcRecord
    standing: Standing

    @property
    def owner(self) -> str:
        """Return the owner name of the record."""
        return f"_dmarc.{self.name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Discovery:
    """Result of policy discovery: the record, none, or the reply that ended the walk."""

    applied: Applied | None = None
    failed: Reply | None = None
    visited: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Organization:
    """The Organizational Domain of a name, or the reply that left it unknown."""

    domain: str | None = None
    failed: Reply | None = None
    visited: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportHost:
    """A host that report addresses name, with its mail servers.

    ``gets_mail``: some address there is a mailto URI.
    ``authorisation`` is TXT at ``<policy domain>._report._dmarc.<host>`` (RFC 9990 §4), None where
    the host belongs to the same organization. ``authorisation_name`` is None where that name would
    be too long to exist.
    """

    host: str
    mx: Reply
    a: Reply
    aaaa: Reply
    gets_mail: bool = True
    authorisation: Reply | None = None
    authorisation_name: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Misplaced:
    """A TXT reply at a name where DMARC records end up by mistake; ``base`` is where it belongs."""

    base: str
    reply: Reply


@dataclass(frozen=True, slots=True, kw_only=True)
class DmarcFacts:
    """DMARC for the From host, with the Organizational Domains that alignment needs.

    ``names`` maps a domain to what stands at ``_dmarc`` below it. ``tree`` and ``listed`` are the
    policy discovery of RFC 9989 (tree walk) and of RFC 7489 (public suffix list). ``tree_orgs`` and
    ``listed_orgs`` hold the Organizational Domains of the From host, DOMAIN and MAIL FROM in both.
    ``existence`` is A at the From host. ``misplaced`` None: nothing was looked for.
    """

    names: Mapping[str, DmarcName]
    existence: Reply
    tree: Discovery
    listed: Discovery
    tree_orgs: Mapping[str, Organization]
    listed_orgs: Mapping[str, str]
    reports: tuple[ReportHost, ...] = ()
    misplaced: tuple[Misplaced, ...] | None = field(default=None)


def policies(record: DmarcRecord) -> dict[Standing, str]:
    """Return the policy of a record for each standing, before ``t`` (RFC 9989 §4.7, §4.10.1)."""
    if record.acts != "as-written":
        return dict.fromkeys(("own", "existing", "nonexistent"), "none")
    own = record.policy or "none"
    existing = record.subdomain_policy or own
    nonexistent = record.nonexistent_policy or existing
    return {"own": own, "existing": existing, "nonexistent": nonexistent}


def lowered(policy: str, record: DmarcRecord) -> str:
    """Return the policy that is asked for in test mode: one level less (RFC 9989 §4.7)."""
    level = POLICIES.index(policy) - (1 if record.is_test else 0)
    return POLICIES[max(level, 0)]


def effective(applied: Applied) -> str | None:
    """Return the policy for the From host after ``t``; None: receivers apply no DMARC.

    Raises LookupError where it hangs on whether the host exists, and that is not known.
    """
    record = applied.record
    if record.acts == "not":
        return None
    by_standing = {k: lowered(v, record) for k, v in policies(record).items()}
    if applied.standing != "unsure":
        return by_standing[applied.standing]
    if by_standing["existing"] != by_standing["nonexistent"]:
        raise LookupError("sp and np differ")
    return by_standing["existing"]
