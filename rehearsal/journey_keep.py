"""A rehearsal that is left running, for commands typed by hand."""

from __future__ import annotations

import os
import shlex
import time
from collections.abc import Mapping

from rehearsal import example
from rehearsal.deploy_cli import search_path
from rehearsal.journey_stage import Stage
from rehearsal.journey_tell import Say

_SHOWN = ("AWS_", "PULUMI_", "PATH", "PYTHONPATH", "NO_PROXY", "no_proxy")


def keep_running(stage: Stage, say: Say) -> None:
    """Tell how to go on by hand, and wait for the KeyboardInterrupt."""
    for line in instructions(stage):
        say(line)
    while True:
        time.sleep(1)


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
        "\nCtrl-C here ends it and removes everything.",
    ]


def exports(environment: Mapping[str, str], *, system: str = os.name) -> list[str]:
    """Return the lines that set an environment: in PowerShell on Windows, else in a POSIX shell."""
    if system == "nt":
        quoted = {key: text.replace("'", "''") for key, text in environment.items()}
        return [f"$env:{key} = '{text}'" for key, text in quoted.items()]
    return [f"export {key}={shlex.quote(text)}" for key, text in environment.items()]
