"""SPF, DKIM, DMARC and MAIL FROM of a domain, judged against what SES expects.

Public names are imported when they are used: the command line must start fast.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from checks.dns.check import check_domain
    from checks.dns.expectation import Expectation

__all__ = ["Expectation", "check_domain"]


def __getattr__(name: str) -> object:
    """Import a public name on first use (PEP 562)."""
    if name == "check_domain":
        from checks.dns.check import check_domain

        return check_domain
    if name == "Expectation":
        from checks.dns.expectation import Expectation

        return Expectation
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
