"""``python -m checks.dns``: what no exit code of a verdict may stand for is caught here."""

import sys


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
        return 130
    except Exception:  # noqa: BLE001 - it is shown whole
        import traceback

        traceback.print_exc()
        return 2


if __name__ == "__main__":
    sys.exit(_run())
