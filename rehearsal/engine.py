"""Runs the real program with the small engine: python -m rehearsal.engine SETTINGS

SETTINGS is a file of {config key: text}, which overlay the project's files. The environment leads
to emulated AWS. Progress goes to standard error; standard output is {"outputs": …, "error": …}.
The exit code is 1 where the program ends with an error.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import runpy
import sys
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pulumi
from pulumi.runtime import mocks, settings, stack
from pulumi.runtime.config import set_all_config

from contract.projectfile import parse_project, parse_stack
from rehearsal.deploy_project import SECRET, STACK
from rehearsal.engine_monitor import Engine, Monitor
from rehearsal.provider.aws import Clients

ROOT = Path(__file__).parents[1]


def main(arguments: list[str]) -> int:
    """Apply the program and print what came of it."""
    overlay: Mapping[str, str] = json.loads(Path(arguments[0]).read_text(encoding="utf-8"))
    project, config = project_config(ROOT, overlay)
    monitor = Monitor(Clients(os.environ), _tell)
    logging.disable(logging.CRITICAL)  # the SDK logs what is refused, with its own traces
    error = asyncio.run(_applied(monitor, project, config))
    print(json.dumps({"outputs": monitor.outputs, "error": error}))
    return 1 if error else 0


def project_config(root: Path, overlay: Mapping[str, str]) -> tuple[str, dict[str, str]]:
    """Return the project's name, and its config as the engine hands it to the program.

    Raises contract.settings.SettingsError where a file cannot be read.
    """
    project_file, stack_file = root / "Pulumi.yaml", root / f"Pulumi.{STACK}.yaml"
    project = parse_project(project_file, project_file.read_bytes())
    declared = parse_stack(stack_file, stack_file.read_bytes())
    layers: list[Mapping[str, Any]] = [project.config, declared.config, overlay]
    config = {
        key if ":" in key else f"{project.name}:{key}": _text(value)
        for layer in layers
        for key, value in layer.items()
    }
    return project.name, config


def _text(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _tell(line: str) -> None:
    # In one piece: several resources are made at once.
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()


async def _applied(monitor: Monitor, project: str, config: dict[str, str]) -> str:
    """Run the program once; return what ended it, empty where all went well."""
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(initializer=_own_loop))
    answers = monitor.mocks
    mocks.set_mocks(answers, project=project, stack=STACK, preview=False, monitor=monitor)
    settings.SETTINGS.engine = Engine(_tell)
    settings.set_root_resource(None)  # type: ignore[arg-type]  # set_mocks made one of its own
    set_all_config(config, [f"{project}:{key}" for key in SECRET])
    try:
        await stack.run_in_stack(_program)
    except pulumi.RunError as error:
        return monitor.error or str(error)
    except Exception as error:  # noqa: BLE001 - whatever the SDK wraps a refusal in
        return monitor.error or f"{type(error).__name__}: {error}"
    return ""


def _own_loop() -> None:
    # The SDK wants a loop in each of its threads.
    asyncio.set_event_loop(asyncio.new_event_loop())


def _program() -> None:
    runpy.run_path(str(ROOT / "__main__.py"), run_name="__main__")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
