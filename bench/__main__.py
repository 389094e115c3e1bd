"""Measure sesgate beside other tools: ``python -m bench one``."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from checks.verdict import EXIT_INTERRUPTED

MIN_ROUNDS = 1


def main(argv: Sequence[str] | None = None) -> int:
    """Run a benchmark and return the exit code: 0 measured, 2 usage or a missing package."""
    options = _parser().parse_args(argv)
    from bench.one import compare

    try:
        return compare(options.rounds, options.delay / 1000, print)
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        return EXIT_INTERRUPTED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m bench",
        description="Measure beside other tools on loopback, in interleaved rounds. "
        "The figures are printed; none of them makes the command fail.",
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    one = commands.add_parser("one", help="one domain, the whole process, beside checkdmarc")
    one.add_argument("--rounds", type=_rounds, default=7, metavar="N", help="default 7")
    one.add_argument(
        "--delay", type=_delay, default=20.0, metavar="MS", help="of each DNS answer, default 20"
    )
    return parser


def _rounds(text: str) -> int:
    rounds = int(text)
    if rounds < MIN_ROUNDS:
        raise argparse.ArgumentTypeError("at least one round")
    return rounds


def _delay(text: str) -> float:
    delay = float(text)
    if not 0 <= delay <= 1000:
        raise argparse.ArgumentTypeError("0 to 1000 milliseconds")
    return delay


if __name__ == "__main__":
    sys.exit(main())
