"""``python -m checks.dns``: what no exit code of a verdict may stand for is caught here."""

import os
import sys
from contextlib import suppress

EXIT_INTERRUPTED = 130


def _run() -> int:
    """Return the exit code of the command line.

    Nothing of weight is imported before Ctrl-C can be told in one line. A fault of the tool shows
    its traceback and ends with 2, there is no report: Python's own 1 would say "not ready".
    """
    try:
        from checks.dns.cli import main

        return main()
    except KeyboardInterrupt:  # while the command line itself was being imported
        if sys.stderr is not None:
            sys.stderr.write("interrupted before the check began\n")
        return EXIT_INTERRUPTED
    except Exception:  # noqa: BLE001 - it is shown whole
        import traceback

        traceback.print_exc()
        return 2


def _leave(code: int) -> None:
    """End the process with ``code``.

    An interrupt that passed through exec(), as dataclasses use it, makes CPython end by SIGINT
    whatever the exit code is; so that exit is made at once.
    """
    if code == EXIT_INTERRUPTED:
        for stream in (sys.stdout, sys.stderr):
            with suppress(AttributeError, OSError):  # None where the shell closed it
                stream.flush()
        os._exit(code)
    sys.exit(code)


if __name__ == "__main__":
    _leave(_run())
