"""Where the expected values come from: options, files, AWS, the stack, the project files."""

from __future__ import annotations

from checks.dns.sources.build import build_expectations
from checks.dns.sources.options import SourceOptions

__all__ = ["SourceOptions", "build_expectations"]
