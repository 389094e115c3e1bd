"""Alignment of DKIM and SPF identifiers with the From host, in both models (RFC 9989 §4.4)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from checks.dns.answers import Reply
from checks.dns.dmarc.facts import Discovery, DmarcFacts, Organization

Model = Literal["tree walk", "public suffix list"]
MODELS: tuple[Model, ...] = ("tree walk", "public suffix list")


def discovery_of(facts: DmarcFacts, model: Model) -> Discovery:
    """Return what policy discovery found in one model."""
    return facts.tree if model == "tree walk" else facts.listed


def organizations(facts: DmarcFacts, model: Model) -> Mapping[str, Organization]:
    """Return the Organizational Domains in one model."""
    if model == "tree walk":
        return facts.tree_orgs
    return {name: Organization(domain=domain) for name, domain in facts.listed_orgs.items()}


def same_organization(facts: DmarcFacts, model: Model, host: str, identifier: str) -> bool | Reply:
    """Return whether both names share an Organizational Domain, or the reply that hides it."""
    if host == identifier:
        return True  # equal names need no walk
    orgs = organizations(facts, model)
    known = [orgs[host], orgs[identifier]]
    failed = next((org.failed for org in known if org.failed is not None), None)
    return failed if failed is not None else known[0].domain == known[1].domain


def is_strict(facts: DmarcFacts, model: Model, tag: Literal["adkim", "aspf"]) -> bool:
    """Return whether the record that applies in one model asks for strict alignment."""
    applied = discovery_of(facts, model).applied
    return applied is not None and applied.record.is_strict(tag)


def aligned(
    facts: DmarcFacts, model: Model, host: str, identifier: str, tag: Literal["adkim", "aspf"]
) -> bool | Reply:
    """Return whether an identifier aligns in one model, strict or relaxed as its record says."""
    if is_strict(facts, model, tag):
        return host == identifier
    return same_organization(facts, model, host, identifier)
