"""Applies the real program to emulated AWS: by the real engine where it is, else by a small one."""

from __future__ import annotations

import importlib.util
import json
import os
from collections.abc import Mapping
from pathlib import Path

from rehearsal.aws import EmulatedAws
from rehearsal.deploy_children import Hear
from rehearsal.deploy_cli import missing_cli
from rehearsal.deployment import DeployError, Deployment, Engine

__all__ = ["DeployError", "Deployment", "Engine", "deploy", "engine_here"]

_PACKAGES = ("pulumi", "pulumi_aws")


def engine_here() -> Engine:
    """Return which engine this machine has. The rehearsal never builds the real one."""
    return Engine.FALLBACK if missing_cli(os.environ.get("PATH", "")) else Engine.PULUMI


def deploy(
    emulated: EmulatedAws,
    folder: Path,
    settings: Mapping[str, object] | None = None,
    *,
    engine: Engine | None = None,
    hear: Hear | None = None,
) -> Deployment:
    """Apply the program to emulated AWS and return the deployment, which is to be closed.

    ``folder`` takes a copy of the project, and the state; it must not hold a deployment already.
    ``settings`` overlay Pulumi.dev.yaml by config key (awsAccountId is the emulated account's).
    ``engine`` None takes what engine_here says. ``hear`` gets each line that the engine prints.

    Raises DeployError with the remedy, after everything that was started has ended.
    """
    _need_packages()
    chosen = engine or engine_here()
    texts = _texts({"awsAccountId": emulated.world.settings.account, **(settings or {})})
    try:
        made = _prepared(chosen, emulated, folder, texts, hear)
    except OSError as error:
        raise DeployError(f"the deployment cannot be prepared in {folder}: {error}") from error
    try:
        made.up()
    except BaseException:
        made.close()
        raise
    return made


def _prepared(
    engine: Engine,
    emulated: EmulatedAws,
    folder: Path,
    settings: Mapping[str, str],
    hear: Hear | None,
) -> Deployment:
    """Return a deployment of which nothing is applied yet."""
    if engine is Engine.PULUMI:
        from rehearsal.deploy_pulumi import PulumiDeployment

        return PulumiDeployment(emulated, folder, settings, hear=hear)
    from rehearsal.deploy_fallback import FallbackDeployment

    return FallbackDeployment(emulated, folder, settings, hear=hear)


def _need_packages() -> None:
    lacking = [name for name in _PACKAGES if importlib.util.find_spec(name) is None]
    if lacking:
        raise DeployError(
            f"Python package {lacking[0]} is not installed. Run: "
            'python -m pip install -c constraints.txt -e ".[deploy,rehearsal]"'
        )


def _texts(settings: Mapping[str, object]) -> dict[str, str]:
    """Return settings as `pulumi config set` takes them; what is None is left unset."""
    return {
        key: value if isinstance(value, str) else json.dumps(value)
        for key, value in settings.items()
        if value is not None
    }
