"""A deployment by the small engine, where the pulumi CLI is not."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rehearsal.aws import EmulatedAws
from rehearsal.deploy_children import ROOT, Children, Ended, Hear
from rehearsal.deploy_project import clean_environment
from rehearsal.deployment import DeployError, Deployment, Engine, Ran

NOTE = (
    "Applied by the rehearsal's small engine, not by pulumi: the real program was run and all that "
    "it declares was made, once. The real engine would have kept a state and shown a preview, what "
    "differs at a second run, drift and protection. To get it: make pulumi (needs Go), or "
    "https://www.pulumi.com/docs/install/"
)
_NO_CLI = (
    "the small engine has neither preview nor state, and no CLI. To get pulumi: make pulumi (needs "
    "Go), or https://www.pulumi.com/docs/install/"
)


class FallbackDeployment(Deployment):
    """The program applied once, by a process of its own."""

    engine = Engine.FALLBACK
    note = NOTE

    def __init__(
        self,
        emulated: EmulatedAws,
        folder: Path,
        settings: Mapping[str, str],
        *,
        hear: Hear | None = None,
    ) -> None:
        self.folder = folder
        self.ran = []
        self.outputs = {}
        self._aws = emulated.environment()
        self._children = Children()
        self._hear = hear
        folder.mkdir(parents=True)
        self._settings = folder / "settings.json"
        self._settings.write_text(json.dumps(settings), encoding="utf-8")

    def environment(self) -> dict[str, str]:
        """Return nothing: there is no pulumi to type."""
        return {}

    def run(self, *arguments: str) -> Ran:
        """Refuse. Raises DeployError."""
        raise DeployError(_NO_CLI)

    def up(self) -> Ran:
        """Make everything that the program declares. Raises DeployError with what was refused.

        A second time is refused by AWS, for there is no state that knows of the first.
        """
        environment = {**clean_environment(), **self._aws, "PYTHONPATH": str(ROOT)}
        command = [sys.executable, "-m", "rehearsal.engine", str(self._settings)]
        ended = self._children.run(command, ROOT, environment, hear_errors=self._hear)
        ran = Ran(command="pulumi up", code=ended.code, text=ended.err, seconds=ended.seconds)
        self.ran.append(ran)
        answer = _answer(ended)
        if answer.get("error") or ended.code != 0:
            told = str(answer.get("error", "the small engine ended without an answer"))
            raise DeployError(f"the program cannot be applied: {told}", ended.err)
        self.outputs = dict(answer["outputs"])
        return ran

    def close(self) -> None:
        """End the engine."""
        self._children.close()


def _answer(ended: Ended) -> dict[str, Any]:
    """Return the one JSON object that the engine prints, empty where it could not."""
    lines = ended.out.splitlines()
    found = json.loads(lines[-1]) if lines else {}
    return found if isinstance(found, dict) else {}
