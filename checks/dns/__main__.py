"""``python -m checks.dns``: nothing is imported before an interrupt can be told in one line."""

import sys


def _run() -> int:
    try:
        from checks.dns.cli import main

        return main()
    except KeyboardInterrupt:  # while the command line itself was being imported
        if sys.stderr is not None:
            sys.stderr.write("interrupted before the check began\n")
        return 130


if __name__ == "__main__":
    sys.exit(_run())
