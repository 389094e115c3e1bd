"""The pulumi CLI: where it is, and how a run of it is shown."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from rehearsal.deploy_children import ROOT, Children, Ended, Hear

TOOLS = ROOT / ".tools" / "bin"
NEEDED = ("pulumi", "pulumi-language-python")


def search_path(path: str) -> str:
    """Return the PATH of the engine: this Python first, then ``path``, then .tools/bin."""
    return os.pathsep.join([str(Path(sys.executable).parent), path, str(TOOLS)])


def missing_cli(path: str) -> str:
    """Return why there is no real engine here, empty where there is one."""
    lacking = [name for name in NEEDED if shutil.which(name, path=search_path(path)) is None]
    named = ", ".join(lacking)
    return f"no {named} on PATH or in .tools/bin: run make pulumi" if lacking else ""


class Cli:
    """Runs pulumi with an environment of its own, and nothing of ours."""

    def __init__(self, environment: Mapping[str, str], children: Children) -> None:
        self._environment = dict(environment)
        self._children = children

    def run(
        self,
        arguments: Sequence[str],
        folder: Path,
        more: Mapping[str, str] | None = None,
        hear: Hear | None = None,
        hear_errors: Hear | None = None,
    ) -> Ended:
        """Run `pulumi ARGUMENTS` to its end. Raises FileNotFoundError where there is no CLI."""
        environment = {**self._environment, **(more or {})}
        program = shutil.which("pulumi", path=environment["PATH"])
        if program is None:
            raise FileNotFoundError("no pulumi on PATH or in .tools/bin")
        return self._children.run([program, *arguments], folder, environment, hear, hear_errors)


def shown(arguments: Sequence[str]) -> str:
    """Return a command as a user types it: no secret, and not what only a script says."""
    hidden = {"--non-interactive", "--color=never"}
    before = ["", *arguments]
    words = [
        f"{word.partition('=')[0]}=[secret]" if last == "--secret" else word
        for last, word in zip(before, arguments, strict=False)
        if word not in hidden
    ]
    return " ".join(["pulumi", *words])
