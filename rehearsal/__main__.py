import argparse
import os
import sys
from collections.abc import Sequence
from contextlib import suppress

from checks.verdict import EXIT_INTERRUPTED, EXIT_USAGE
from rehearsal.journey_needs import lacking_packages

EXIT_AS_EXPECTED = 0
EXIT_OTHERWISE = 1
EXIT_READER_GONE = 141  # as shells tell SIGPIPE

EPILOG = """\
exit codes
  0    everything ended as a rehearsal must end, a bad day with its advice too
  1    something ended otherwise
  2    bad option, or this machine lacks something
  130  interrupted (Ctrl-C)

examples
  python -m rehearsal                                the whole journey, under a minute
  python -m rehearsal --list                         every day that can be rehearsed
  python -m rehearsal --scenario two-spf             a bad day, and the tool's advice
  python -m rehearsal --scenario queue-cut --keep    ... and leave it to you
  python -m rehearsal --keep                         try pulumi, aws and the checks by hand

Nothing is written but into a temporary folder, which is removed at the end.
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Rehearse and return the exit code."""
    for stream in (sys.stdout, sys.stderr):
        with suppress(AttributeError, OSError):  # None where it was closed, or a test's own
            stream.reconfigure(errors="replace")  # type: ignore[union-attr]  # TextIOWrapper's
    try:
        return _run(_parsed(argv))
    except BrokenPipeError:
        _abandon_output()
        return EXIT_READER_GONE
    except OSError as error:  # a full disk, no free port
        _abandon_output()
        _tell(f"{error.strerror or error}{f': {error.filename}' if error.filename else ''}")
        return EXIT_USAGE
    except KeyboardInterrupt:
        _tell("interrupted; everything that was started has ended")
        return EXIT_INTERRUPTED


def _run(options: argparse.Namespace) -> int:
    # Imported when the options are known to be good.
    from rehearsal.deploy_cli import missing_cli
    from rehearsal.scenarios import GOOD, listed

    if options.list:
        width = max(len(name) for name, _ in listed())
        for name, title in listed():
            print(f"{name:{width}}  {title}")
        return EXIT_AS_EXPECTED
    lacking = lacking_packages()
    if options.engine == "pulumi":
        lacking = lacking or missing_cli(os.environ.get("PATH", ""))
    if lacking:
        _tell(lacking)
        return EXIT_USAGE
    from rehearsal.journey_run import run
    from rehearsal.journey_signals import cleaning_up, own_environment

    with cleaning_up(), own_environment():
        names = options.scenario or [GOOD]
        good = run(names, keep=options.keep, engine=options.engine, verbose=options.verbose)
    return EXIT_AS_EXPECTED if good else EXIT_OTHERWISE


def _parsed(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = _parser()
    options = parser.parse_args(argv)
    from rehearsal.scenarios import NAMES

    for name in options.scenario:
        if name not in NAMES:
            parser.error(f"no scenario {name!r}; --list shows them: {', '.join(NAMES)}")
    if options.keep and len(options.scenario) > 1:
        parser.error("--keep leaves one scenario running, not several")
    return options


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m rehearsal",
        description="Take an example domain through Amazon SES set-up on this machine alone, with "
        "emulated AWS and real DNS servers on loopback: no account, no network.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    add = parser.add_argument
    add("--list", action="store_true", help="list the scenarios and exit")
    add("--scenario", metavar="NAME", action="append", default=[], help="a bad day; repeat it")
    add("--keep", action="store_true", help="leave it running, print its environment")
    add(
        "--engine",
        choices=["pulumi", "fallback"],
        help="who applies the program (default: pulumi where its CLI is)",
    )
    add("-v", "--verbose", action="store_true", help="fold no output")
    return parser


def _tell(text: str) -> None:
    with suppress(AttributeError, OSError):
        sys.stderr.write(f"rehearsal: {text}\n")


def _abandon_output() -> None:
    """Let what is left in the buffer of stdout go nowhere, so that the end of Python is quiet."""
    with suppress(AttributeError, OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)


def _leave(code: int) -> None:
    """End the process with ``code``.

    An interrupt that passed through exec(), as dataclasses use it, makes CPython end by SIGINT
    whatever the exit code is; so that exit is made at once.
    """
    if code == EXIT_INTERRUPTED:
        for stream in (sys.stdout, sys.stderr):
            with suppress(AttributeError, OSError):
                stream.flush()
        os._exit(code)
    sys.exit(code)


if __name__ == "__main__":
    _leave(main())
