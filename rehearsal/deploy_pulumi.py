"""A deployment by the real engine, with the rehearsal's provider in the place of pulumi-aws."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from pulumi import automation as auto
from pulumi.automation.errors import create_command_error
from semver import VersionInfo

from rehearsal.aws import EmulatedAws
from rehearsal.deploy_children import Children, Hear
from rehearsal.deploy_cli import Cli, shown
from rehearsal.deploy_project import (
    SECRET,
    STACK,
    clean_environment,
    prepare,
    pulumi_environment,
)
from rehearsal.deployment import DeployError, Deployment, Engine, Ran
from rehearsal.provider.aws import Clients
from rehearsal.provider.serve import attached
from rehearsal.provider.servicer import Observe, Servicer, nobody

NOTE = (
    "Applied by the real pulumi CLI and engine. The rehearsal's provider stands in the place of "
    "pulumi-aws: it does not wait where AWS makes pulumi-aws wait. The small engine that is used "
    "where there is no CLI would show no preview, no drift and no second run."
)


class _Command(auto.PulumiCommand):
    """The CLI as pulumi.automation runs it, by our own runner."""

    def __init__(self, cli: Cli, ran: list[Ran], folder: Path) -> None:
        self.command = "pulumi"
        self._cli, self._ran = cli, ran
        version = cli.run(["version"], folder).out.strip().removeprefix("v")
        self.version = VersionInfo.parse(version)

    def run(
        self,
        args: list[str],
        cwd: str,
        additional_env: Mapping[str, str],
        on_output: Hear | None = None,
        on_error: Hear | None = None,
    ) -> auto.CommandResult:
        """Run a command. Raises CommandError where it fails."""
        words = ["--non-interactive", *args]
        ended = self._cli.run(words, Path(cwd), additional_env, on_output, on_error)
        text = "\n".join(filter(None, (ended.out, ended.err)))
        self._ran.append(
            Ran(command=shown(args), code=ended.code, text=text, seconds=ended.seconds)
        )
        result = auto.CommandResult(stdout=ended.out, stderr=ended.err, code=ended.code)
        if ended.code != 0:
            raise create_command_error(result)
        return result


class PulumiDeployment(Deployment):
    """The stack ``dev`` in ``folder``: home (plugins), state (the backend), work (the project).

    Making one makes the stack and its settings; ``up`` applies it. ``observe`` hears what the
    provider is about to do, ``hear`` each line of the CLI. Raises DeployError where a setting is
    refused, FileExistsError where ``folder`` holds a deployment already.
    """

    engine = Engine.PULUMI
    note = NOTE

    def __init__(
        self,
        emulated: EmulatedAws,
        folder: Path,
        settings: Mapping[str, str],
        *,
        observe: Observe = nobody,
        hear: Hear | None = None,
    ) -> None:
        self.folder = folder
        self.ran = []
        self.outputs = {}
        self._hear = hear
        with ExitStack() as closing:
            aws = emulated.environment()
            provider = closing.enter_context(attached(Servicer(Clients(aws), observe)))
            children = Children()
            closing.callback(children.close)
            self._own = pulumi_environment(folder, provider, aws)
            self._cli = Cli({**clean_environment(), **self._own}, children)
            self._work = prepare(folder)
            self._stack = self._make_stack(settings)
            self._closing = closing.pop_all()

    def _make_stack(self, settings: Mapping[str, str]) -> auto.Stack:
        workspace = auto.LocalWorkspace(
            work_dir=str(self._work),
            env_vars=self._own,
            pulumi_command=_Command(self._cli, self.ran, self._work),
        )
        values = {
            key: auto.ConfigValue(text, secret=key in SECRET) for key, text in settings.items()
        }
        try:
            stack = auto.Stack.create(STACK, workspace)
            stack.set_all_config(values)
        except auto.CommandError as error:
            raise DeployError("the stack cannot be made", self.ran[-1].text) from error
        return stack

    def environment(self) -> dict[str, str]:
        """Return what a shell needs to go on by hand."""
        return dict(self._own)

    def run(self, *arguments: str) -> Ran:
        """Run `pulumi ARGUMENTS` in the project."""
        ran, _ = self._run(arguments)
        return ran

    def _run(self, arguments: tuple[str, ...]) -> tuple[Ran, str]:
        """Return a run, and what of its text is standard output."""
        words = [*arguments, "--non-interactive", "--color=never"]
        ended = self._cli.run(words, self._work, hear=self._hear)
        text = "\n".join(filter(None, (ended.out, ended.err)))
        ran = Ran(command=shown(arguments), code=ended.code, text=text, seconds=ended.seconds)
        self.ran.append(ran)
        return ran, ended.out

    def up(self) -> Ran:
        """Apply the program. Raises DeployError with what the engine printed."""
        ran = self.run("up", "--yes", "--skip-preview")
        if ran.code != 0:
            raise DeployError(f"{ran.command} ended with {ran.code}", ran.text)
        # The automation API would ask three times, with secrets and without, and for the history.
        asked, printed = self._run(("stack", "output", "--json"))
        if asked.code != 0:
            raise DeployError(f"{asked.command} ended with {asked.code}", asked.text)
        self.outputs = json.loads(printed)
        return ran

    def state(self) -> dict[str, Any]:
        """Return the state as `pulumi stack export` prints it: resources, pending_operations."""
        return dict(self._stack.export_stack().deployment or {})

    def close(self) -> None:
        """End every child and the provider."""
        self._closing.close()
