"""A rehearsal that is left running, for commands typed by hand."""

from __future__ import annotations

import os
import shlex
import time
from collections.abc import Mapping

from rehearsal import example
from rehearsal.deploy_cli import search_path
from rehearsal.journey_dns import master_text
from rehearsal.journey_stage import Stage
from rehearsal.journey_tell import Say
from rehearsal.zone import MasterFileError, parse_records

ZONE_FILE = "zone.txt"
LOOKS = 0.5  # seconds between two looks at it
_SHOWN = ("AWS_", "PULUMI_", "PATH", "PYTHONPATH", "NO_PROXY", "no_proxy")


def keep_running(stage: Stage, say: Say) -> None:
    """Tell how to go on by hand, and serve the zone file until the KeyboardInterrupt."""
    zone_file = ZoneFile(stage)
    for line in instructions(stage):
        say(line)
    while True:
        time.sleep(LOOKS)
        told = zone_file.look()
        if told:
            say(told)


class ZoneFile:
    """The zone of the domain as a file where commands are typed, served whenever it is saved."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._path = stage.desk / ZONE_FILE
        self._text = master_text(stage.zone)
        self._path.write_text(self._text, encoding="utf-8")

    def look(self) -> str:
        """Serve the file where it has changed, and return what is to be told of it."""
        try:
            text = self._path.read_text(encoding="utf-8", errors="replace")
        except OSError:  # an editor is about to replace it
            return ""
        if text == self._text:
            return ""
        self._text = text
        try:
            self._stage.serve(parse_records(text, f"{example.DOMAIN}."))
        except MasterFileError as error:
            return f"{ZONE_FILE} is not served: {error}"
        return f"{ZONE_FILE} is served"


def instructions(stage: Stage) -> list[str]:
    """Return the environment of the stage and what can be typed in it."""
    path = {"PATH": search_path(os.environ.get("PATH", ""))}
    given = {**stage.environment(), **path, **stage.deployment.environment()}
    dns = " ".join(stage.loopback_options)
    at = f"python -m rehearsal.aws --at {stage.aws.endpoint}"
    lines = [
        "\n── It is left running. In another terminal:\n",
        *exports({key: text for key, text in given.items() if key.startswith(_SHOWN)}),
        f"cd {shlex.quote(str(stage.desk))}",
        "\n── And for example:\n",
    ]
    if stage.deployment.environment():
        lines += [
            "pulumi preview --refresh --expect-no-changes",
            "pulumi up",
            "pulumi stack output --json > stack.json",
        ]
    else:
        lines.append("# no pulumi here: the small engine keeps no state to go on with")
    return [
        *lines,
        f"aws sesv2 get-email-identity --email-identity {example.DOMAIN}",
        f"python -m checks.dns {example.DOMAIN} --stack stack.json --aws {dns}",
        f"{at} --scenario mail-from-failed    # what AWS can do; --list shows all",
        f"{at} --advance 3600                 # turn its clock, in seconds",
        f"\n{ZONE_FILE} there is the zone of {example.DOMAIN}: what you save is served at once.",
        "Ctrl-C here ends it and removes everything.",
    ]


def exports(environment: Mapping[str, str], *, system: str = os.name) -> list[str]:
    """Return the lines that set an environment: in PowerShell on Windows, else in a POSIX shell."""
    if system == "nt":
        quoted = {key: text.replace("'", "''") for key, text in environment.items()}
        return [f"$env:{key} = '{text}'" for key, text in quoted.items()]
    return [f"export {key}={shlex.quote(text)}" for key, text in environment.items()]
