"""Rules over the policies for subdomains: ``sp`` and ``np``."""

from __future__ import annotations

from collections.abc import Iterator

from checks.dns.dmarc import scopes
from checks.dns.dmarc.facts import Applied, Standing, lowered, policies
from checks.dns.dmarc.record import POLICIES
from checks.dns.dmarc.repair import with_tags
from checks.dns.dmarc.rules_policy import at, shown
from checks.dns.facts import Facts
from checks.dns.names import display
from checks.model import Severity
from checks.registry import Failed, Found, NotApplicable, Passed, Unsure, rule

LABELS: tuple[tuple[str, Standing], ...] = (
    ("domain", "own"),
    ("existing subdomain", "existing"),
    ("non-existent subdomain", "nonexistent"),
)


def _told(applied: Applied) -> tuple[str, ...]:
    """Return the effective policy for the domain, an existing and a non-existent subdomain."""
    by_standing = policies(applied.record)
    return tuple(
        f"{label}: {lowered(by_standing[standing], applied.record)}" for label, standing in LABELS
    )


@rule(
    "dmarc-subdomain-tags-valid",
    title="`sp` and `np` are valid",
    severity=Severity.ERROR,
    reference="RFC 9989 §4.10.1",
    fix="Correct `{value}` at {name}",
    scope=scopes.applied_record,
)
def dmarc_subdomain_tags_valid(_facts: Facts, applied: Applied) -> Iterator[Found]:
    """An invalid ``sp`` or ``np`` takes the whole record's effect, whatever ``p`` says."""
    record = applied.record
    invalid = record.invalid_policies("sp", "np")
    if invalid:
        acts = "as p=none" if record.acts == "monitoring" else "not at all"
        values = tuple(shown(record, tag) for tag in invalid)
        yield Failed(
            message=f"{', '.join(values)} is no policy: the whole record acts {acts}",
            expected="none, quarantine or reject",
            observed=values,
            fix=at(applied, value="; ".join(values)),
            records=scopes.txt(applied.owner, with_tags(record.text, drop=invalid)),
        )


@rule(
    "dmarc-subdomains-covered",
    title="Subdomains are held to the same policy",
    severity=Severity.WARNING,
    reference="RFC 9989 §4.7",
    fix="Set `sp` and `np` at {name} to the value of `p`, or remove them",
    scope=scopes.processed,
)
def dmarc_subdomains_covered(facts: Facts, applied: Applied) -> Iterator[Found]:
    """``sp`` or ``np`` weaker than ``p`` leaves subdomains open."""
    by_standing = policies(applied.record)
    told = _told(applied)
    organization = facts.dmarc.tree_orgs[facts.expectation.from_host].domain
    levels = {key: POLICIES.index(value) for key, value in by_standing.items()}
    weaker = min(levels["existing"], levels["nonexistent"]) < levels["own"]
    if weaker and applied.standing == "own" and organization not in {None, applied.name}:
        yield NotApplicable("sp and np have no effect below the Organizational Domain")
    elif weaker:
        yield Failed(
            message=f"subdomains of {display(applied.name)} are held less: {', '.join(told)}",
            observed=told,
            fix=at(applied),
            records=scopes.txt(applied.owner, with_tags(applied.record.text, drop=("sp", "np"))),
        )
    else:
        yield Passed(", ".join(told), told)


@rule(
    "dmarc-subdomain-tags-used",
    title="`sp` and `np` stand where they work",
    severity=Severity.WARNING,
    reference="RFC 9989 §4.7",
    fix="Move `{value}` to `_dmarc.{domain}`",
    scope=scopes.where(
        lambda applied: any(applied.record.tags.get(tag) is not None for tag in ("sp", "np")),
        "the record has neither sp nor np",
    ),
)
def dmarc_subdomain_tags_used(facts: Facts, applied: Applied) -> Iterator[Found]:
    """Below the Organizational Domain both are ignored."""
    organization = facts.dmarc.tree_orgs[facts.expectation.from_host]
    if organization.failed is not None:
        yield Unsure(scopes.failure(organization.failed))
        return
    domain = organization.domain or applied.name
    if applied.standing == "own" and domain != applied.name:
        record = applied.record
        present = [tag for tag in ("sp", "np") if record.tags.get(tag) is not None]
        values = tuple(shown(record, tag) for tag in present)
        yield Failed(
            message=f"{', '.join(values)} at {display(applied.owner)} is ignored: the "
            f"Organizational Domain is {display(domain)}",
            observed=values,
            fix={"value": "; ".join(values), "domain": display(domain)},
            records=scopes.txt(applied.owner, with_tags(record.text, drop=("sp", "np"))),
        )
