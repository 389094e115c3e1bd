"""The command line of the DNS check: parse, refuse or run, and turn the result into an exit code.

Start-up is part of the speed: only what every run needs is imported here. The checks, asyncio and
the driver are imported when the arguments are known to be good.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import TYPE_CHECKING

from checks.dns.command.options import PROG, Options, parse
from checks.dns.command.output import Target, prepare_streams, tell
from checks.dns.command.problems import option_problems
from checks.errors import UsageError
from checks.verdict import EXIT_INTERRUPTED, EXIT_READY, EXIT_USAGE, exit_code

if TYPE_CHECKING:
    from checks.dns.command.live import Services


def main(argv: Sequence[str] | None = None, services: Services | None = None) -> int:
    """Run the command line and return the exit code (checks.verdict).

    ``services`` are what reaches the outside; without them the real ones are used.
    """
    prepare_streams()
    try:
        return _main(argv, services)
    except UsageError as error:
        for problem in error.problems:
            tell(f"{PROG}: error: {problem}")
        return EXIT_USAGE
    except KeyboardInterrupt:
        # Branches that had not begun are dropped; Python would warn of each.
        warnings.filterwarnings("ignore", "coroutine .* was never awaited", RuntimeWarning)
        tell("interrupted: there is no verdict")
        return EXIT_INTERRUPTED


def _main(argv: Sequence[str] | None, services: Services | None) -> int:
    try:
        options, problems = parse(argv)
    except SystemExit as left:  # --help and --version have printed
        return EXIT_READY if left.code is None else int(left.code)
    problems = (*problems, *option_problems(options))
    if problems:
        raise UsageError([*problems, *_input_problems(options, services)])
    with Target.open(options.output) as target:
        return _run(options, services, target)


def _input_problems(options: Options, services: Services | None) -> Sequence[str]:
    """Return what is wrong with domains and files, so that all problems are told at once."""
    if options.list_rules:
        return ()
    from checks.dns.command.live import Services

    try:
        (services or Services()).expectations(options, offline=True)
    except UsageError as error:
        return error.problems
    return ()


def _run(options: Options, services: Services | None, target: Target) -> int:
    if options.list_rules:
        from checks.dns.command.listing import list_rules

        target.write(list_rules(options.format))
        return EXIT_READY
    from checks.dns.command.live import Services
    from checks.dns.command.work import check_domains

    services = services or Services()
    expectations, notes = services.expectations(options)
    for note in notes:
        tell(note)
    if options.records is not None:
        from checks.dns.command.paste import print_records

        return print_records(expectations[0], options, services, target)
    return exit_code(check_domains(expectations, options, services, target))
