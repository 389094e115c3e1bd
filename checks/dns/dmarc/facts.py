"""Facts about DMARC: the records seen on the walks and what both models make of them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class DmarcFacts:
    """DMARC for the From host, with the Organizational Domains that alignment needs."""
