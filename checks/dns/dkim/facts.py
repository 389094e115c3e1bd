"""Facts about the DKIM names and the keys behind them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class DkimFacts:
    """The DKIM names of an identity."""
