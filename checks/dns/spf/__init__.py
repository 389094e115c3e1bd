"""SPF (RFC 7208): parse, evaluate, judge."""

from __future__ import annotations

from checks.dns.spf.evaluate import SpfResult, check_host
from checks.dns.spf.terms import SpfSyntaxError

__all__ = ["SpfResult", "SpfSyntaxError", "check_host"]
