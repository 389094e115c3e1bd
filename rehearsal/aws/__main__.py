"""Emulated AWS on the command line.

python -m rehearsal.aws [--port N] [--scenario NAME] [--nameserver IP --dns-port N]
python -m rehearsal.aws --at URL --scenario NAME
"""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Sequence
from typing import Any

from rehearsal.aws.control import PATH
from rehearsal.aws.scenarios import ScenarioError, described
from rehearsal.aws.server import EmulatedAws
from rehearsal.aws.world import ACCOUNT, REGION

_LAST_PORT = 65_535


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the server until its end, or do something to one that runs. 2: wrong usage."""
    options = _parser().parse_args(arguments)
    if options.list:
        print("\n".join(f"{name:<22}{what}" for name, what in described()))
        return 0
    if options.at:
        return _act(options)
    try:
        return _serve(options)
    except (ScenarioError, OSError) as error:
        print(f"rehearsal.aws: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m rehearsal.aws", description="Emulated AWS.")
    parser.add_argument("--port", type=_port, default=0, help="0 picks a free one (default)")
    parser.add_argument("--scenario", metavar="NAME[:ARGUMENT]", help="see --list")
    parser.add_argument("--list", action="store_true", help="list the scenarios")
    parser.add_argument("--account", type=_account, default=ACCOUNT, help="the account's 12 digits")
    parser.add_argument("--region", default=REGION, help="the configured Region")
    parser.add_argument("--nameserver", metavar="IP", help="whom SES asks for DNS records")
    parser.add_argument("--dns-port", type=_port, default=53, metavar="N")
    parser.add_argument(
        "--lifetime", type=float, default=3600.0, metavar="SECONDS", help="ends then (default 3600)"
    )
    parser.add_argument(
        "--until-eof", action="store_true", help="ends when standard input closes, too"
    )
    parser.add_argument(
        "--at",
        metavar="URL",
        help="act on a server that runs; with nothing else: show what it was asked",
    )
    parser.add_argument(
        "--advance", type=float, metavar="SECONDS", help="with --at: turn the clock"
    )
    parser.add_argument("--confirm", metavar="ADDRESS", help="with --at: click its mails' links")
    return parser


def _port(text: str) -> int:
    number = int(text)
    if not 0 <= number <= _LAST_PORT:
        raise argparse.ArgumentTypeError(f"{text} is no port: 0 to {_LAST_PORT}")
    return number


def _account(text: str) -> str:
    if not re.fullmatch("[0-9]{12}", text):
        raise argparse.ArgumentTypeError(f"{text!r} is no account: 12 digits")
    return text


def _serve(options: argparse.Namespace) -> int:
    nameserver = (options.nameserver, options.dns_port) if options.nameserver else None
    over = threading.Event()
    server = EmulatedAws(
        port=options.port,
        scenario=options.scenario,
        account=options.account,
        region=options.region,
        nameserver=nameserver,
    )
    with server as aws:
        for name, value in aws.environment().items():
            print(f"export {name}={value}")
        print("# emulated AWS: no account, no network", flush=True)
        if options.until_eof:
            threading.Thread(target=_wait_for_eof, args=(over,), daemon=True).start()
        over.wait(options.lifetime)
    return 0


def _wait_for_eof(over: threading.Event) -> None:
    """End with the parent: its pipe closes, however it ended.

    Read past Python's buffer, whose lock a waiting thread would hold when the process ends.
    """
    while os.read(sys.stdin.fileno(), 4096):
        pass
    over.set()


def _act(options: argparse.Namespace) -> int:
    wishes = {
        "scenario": options.scenario,
        "advance": options.advance,
        "confirm": options.confirm,
    }
    given = {name: value for name, value in wishes.items() if value is not None}
    if len(given) > 1:
        print("rehearsal.aws: one of --scenario, --advance, --confirm at a time", file=sys.stderr)
        return 2
    try:
        shown = _ask(options.at, given)
    except (OSError, ValueError) as error:
        print(f"rehearsal.aws: {error}", file=sys.stderr)
        return 2
    if given:
        print(f"done; the clock of emulated AWS shows {shown['now']}")
    else:
        print(json.dumps(shown, indent=1))
    return 0


def _ask(url: str, wish: dict[str, Any]) -> dict[str, Any]:
    """Ask the back door. Raises ValueError with its complaint, OSError where nobody answers."""
    if not url.startswith("http://127.0.0.1:"):
        raise ValueError("--at takes a URL such as http://127.0.0.1:5000")
    body = json.dumps(wish).encode() if wish else None
    request = urllib.request.Request(url.rstrip("/") + PATH, data=body)  # noqa: S310 (checked)
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(request, timeout=10) as answer:
            shown: dict[str, Any] = json.load(answer)
            return shown
    except urllib.error.HTTPError as error:
        raise ValueError(json.load(error)["error"]) from error


if __name__ == "__main__":
    sys.exit(main())
