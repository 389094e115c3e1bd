import argparse
import io
import sys
from collections.abc import Sequence

from checks.verdict import EXIT_INTERRUPTED
from rehearsal.journey import rehearse
from rehearsal.scenarios import SCENARIOS

EXIT_AS_EXPECTED = 0
EXIT_OTHERWISE = 1

EPILOG = """\
exit codes: 0 every run ended as expected, 1 one did not, 2 bad option, 130 Ctrl-C
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Rehearse and return the exit code."""
    options = _parser().parse_args(argv)
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # consoles that are not UTF-8
    if options.list:
        width = max(len(scenario.name) for scenario in SCENARIOS)
        for scenario in SCENARIOS:
            print(f"{scenario.name:{width}}  {scenario.title}")
        return EXIT_AS_EXPECTED
    chosen = [s for s in SCENARIOS if not options.scenario or s.name in options.scenario]
    try:
        good = rehearse(chosen, lambda line: print(line, flush=True))
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        return EXIT_INTERRUPTED
    return EXIT_AS_EXPECTED if good else EXIT_OTHERWISE


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m rehearsal",
        description="Run the DNS check on an example domain that is served on loopback: "
        "as it should be, and with typical mistakes. Needs no network and no AWS account.",
        epilog=EPILOG,
    )
    parser.add_argument("--list", action="store_true", help="list the scenarios and exit")
    parser.add_argument(
        "--scenario",
        metavar="NAME",
        action="append",
        choices=[scenario.name for scenario in SCENARIOS],
        help="run this scenario only (repeatable)",
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
