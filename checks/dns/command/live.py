"""What reaches the outside: files and AWS for the expectation, DNS servers for the answers."""

from __future__ import annotations

import io
import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from checks.dns.command.options import Options

if TYPE_CHECKING:
    from checks.dns.expectation import Expectation
    from checks.dns.facts import Facts
    from checks.dns.lookup import Resolver
    from checks.model import Report

QUESTION_TIMEOUT = 5.0  # seconds for one question
DEADLINE = 16.0  # seconds for AWS and the questions of one domain: the rest fits into 20
SHORTEST = 4.0  # seconds for the questions, however long AWS took


class Services:
    """The real ones. Every import of weight happens here, when it is needed."""

    def __init__(self) -> None:
        self._spent = 0.0  # seconds that reading files and AWS took of the first domain's time

    def expectations(
        self, options: Options, *, offline: bool = False
    ) -> tuple[list[Expectation], list[str]]:
        """Return what is expected of each domain, and lines to tell.

        ``offline`` reads files and never AWS. Raises UsageError with every problem of the domains
        and files.
        """
        from checks.dns.sources import SourceOptions, build_expectations

        sources = SourceOptions(
            identity=options.identity,
            stack=options.stack,
            aws=False if offline else options.aws,
            dkim_tokens=options.dkim_tokens,
            dkim_zone=options.dkim_zone,
            dkim_selector=options.dkim_selector,
            from_host=options.from_host,
            mail_from=options.mail_from,
            region=options.region,
            view=options.judged_view,
            dkim_only=options.dkim_only,
        )
        stdin = sys.stdin or io.StringIO()  # None where the shell closed it
        begun = time.monotonic()
        found = build_expectations(
            options.domains, sources, folder=Path.cwd(), environ=os.environ, stdin=stdin
        )
        self._spent = time.monotonic() - begun
        return found

    async def check(self, expectation: Expectation, options: Options) -> Report:
        """Ask and judge one domain."""
        from checks.dns.check import check_domain

        async with self._resolver(options) as resolver:
            return await check_domain(expectation, resolver, only=options.only)

    async def facts(self, expectation: Expectation, options: Options) -> Facts:
        """Ask, and judge nothing."""
        from checks.dns.check import random_label
        from checks.dns.collect.everything import collect

        async with self._resolver(options) as resolver:
            return await collect(expectation, resolver, random_label())

    def _resolver(self, options: Options) -> Resolver:
        from checks.dns.lookup import Resolver

        left = max(SHORTEST, DEADLINE - self._spent)
        return Resolver(options.nameservers or None, options.port, QUESTION_TIMEOUT, deadline=left)
