"""What a deployment of the program to emulated AWS is, whichever engine did it.

    with deploy(aws, folder, {"alarmEmail": "ops@jobmatch.zip"}) as deployment:   # rehearsal.deploy
        deployment.outputs["dnsRecords"]

``deploy(emulated, folder, settings=None, *, engine=None)``: ``settings`` overlays Pulumi.dev.yaml
by config key; ``engine`` None takes the real one where its CLI is, else the fallback.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from types import TracebackType
from typing import Any, Self


class Engine(StrEnum):
    """Who applied the program."""

    PULUMI = "pulumi"
    FALLBACK = "fallback"


class DeployError(Exception):
    """The program could not be applied; the text is what the user must see, with the remedy.

    ``output`` is what the engine printed, empty where it was not started.
    """

    def __init__(self, message: str, output: str = "") -> None:
        super().__init__(message)
        self.output = output


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """One command: what a user would type, its exit code, its text without colours, its time."""

    command: str
    code: int
    text: str
    seconds: float


class Deployment(ABC):
    """The program applied to emulated AWS.

    A context manager: at its end the provider and every child stop, whatever happened. ``folder``
    holds the copy of the project and the state; it is the caller's, and is not removed. ``ran`` are
    the commands so far. ``note`` tells which engine it was and what the other would have shown.
    """

    engine: Engine
    folder: Path
    note: str
    ran: list[Ran]
    outputs: Mapping[str, Any]
    """As `pulumi stack output --json` prints them, after the latest ``up``."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @abstractmethod
    def environment(self) -> dict[str, str]:
        """Return what a shell in ``folder``/work needs to type pulumi by hand, empty without it."""

    @abstractmethod
    def run(self, *arguments: str) -> Ran:
        """Run `pulumi ARGUMENTS` as a user would; a failure is its exit code.

        Raises DeployError where there is no CLI.
        """

    @abstractmethod
    def up(self) -> Ran:
        """Apply the program (again). Raises DeployError with what the engine printed."""

    def drift(self) -> Ran:
        """Run `pulumi preview --refresh --expect-no-changes`: not 0 where AWS is not as declared.

        Raises DeployError where there is no CLI.
        """
        return self.run("preview", "--refresh", "--expect-no-changes")

    @abstractmethod
    def close(self) -> None:
        """Stop what was started; a second time does nothing."""
