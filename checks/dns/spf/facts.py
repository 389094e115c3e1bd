"""Facts about SPF at the names that are judged."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class SpfFacts:
    """SPF at MAIL FROM and at the domain itself."""
