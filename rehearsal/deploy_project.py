"""The copy of the project that a deployment works in, and the environment it works with."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path

from rehearsal.deploy_children import ROOT
from rehearsal.deploy_cli import search_path

PASSPHRASE = "rehearsal"  # noqa: S105 - of a state that is thrown away
STACK = "dev"
SECRET = frozenset({"byodkimPrivateKey"})  # settings that are encrypted in the stack's file
_PACKAGES = ("infra", "contract")
_FILES = ("__main__.py", f"Pulumi.{STACK}.yaml")


def copy_project(work: Path) -> None:
    """Copy the program into a folder; what the engine writes stays out of the checkout."""
    for name in _PACKAGES:
        shutil.copytree(ROOT / name, work / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in _FILES:
        shutil.copy(ROOT / name, work)
    # A host that reads the option uses this Python, and installs nothing.
    text = (ROOT / "Pulumi.yaml").read_text(encoding="utf-8")
    project = text.replace("virtualenv: .venv", f"virtualenv: {Path(sys.prefix).as_posix()}")
    (work / "Pulumi.yaml").write_text(project, encoding="utf-8")


def clean_environment() -> dict[str, str]:
    """Return our environment without what leads to AWS or to another stack."""
    return {
        key: value for key, value in os.environ.items() if not key.startswith(("AWS_", "PULUMI_"))
    }


def pulumi_environment(folder: Path, provider: str, aws: Mapping[str, str]) -> dict[str, str]:
    """Return what pulumi needs: all its files in ``folder``, the provider attached, no network.

    ``provider`` is the value of PULUMI_DEBUG_PROVIDERS, ``aws`` leads to emulated AWS.
    """
    return {
        **aws,
        "PATH": search_path(os.environ.get("PATH", "")),
        "PULUMI_HOME": str(folder / "home"),
        "PULUMI_BACKEND_URL": (folder / "state").as_uri(),
        "PULUMI_CONFIG_PASSPHRASE": PASSPHRASE,
        "PULUMI_DEBUG_PROVIDERS": provider,
        "PULUMI_SKIP_UPDATE_CHECK": "true",
        "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
    }


def prepare(folder: Path) -> Path:
    """Make the folders of a deployment and the copy; return the copy's folder.

    Raises FileExistsError where there is one already.
    """
    for name in ("home", "state", "work"):
        (folder / name).mkdir(parents=True)
    copy_project(folder / "work")
    return folder / "work"
