"""Run the checks over the domains, side by side, and write each report in its turn."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Sequence

from checks.dns.command.live import Services
from checks.dns.command.options import Options
from checks.dns.command.output import Target
from checks.dns.expectation import Expectation
from checks.model import Report, Verdict

AT_ONCE = 8  # domains asked side by side


def check_domains(
    expectations: Sequence[Expectation], options: Options, services: Services, target: Target
) -> list[Verdict]:
    """Check every domain, write the reports in the order given, and return the verdicts."""
    return asyncio.run(_check_all(expectations, options, services, target))


async def _check_all(
    expectations: Sequence[Expectation], options: Options, services: Services, target: Target
) -> list[Verdict]:
    limit = asyncio.Semaphore(AT_ONCE)

    async def check(expectation: Expectation) -> Report:
        async with limit:
            return await services.check(expectation, options)

    tasks = [asyncio.create_task(check(expectation)) for expectation in expectations]
    verdicts: list[Verdict] = []
    for task in tasks:
        report = await task
        text = render(report, options, target)
        target.write(f"\n\n{text}" if verdicts and options.format == "text" else text)
        verdicts.append(report.verdict)
    return verdicts


def render(report: Report, options: Options, target: Target) -> str:
    """Return the report in the form asked for."""
    if options.format == "text":
        from checks.report.style import Style, style_for
        from checks.report.text import render_text

        stream = target.stream if target.is_stdout else None
        style = style_for(stream, os.environ) if stream is not None else Style()
        return render_text(report, verbose=options.verbose, style=style)
    from checks.report.as_json import render_json, render_jsonl

    return render_json(report) if options.format == "json" else render_jsonl(report)
