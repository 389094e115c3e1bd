"""The real engine: the CLI, its Python host, a state in a folder, and the recording provider."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pulumi import automation as auto

from tests.infra.cloud import ACCOUNT, REGION
from tests.infra.provider import RecordingProvider, attached
from tests.infra.recording import PROJECT
from tests.infra.ses_stub import SesStub, serving

ROOT = Path(__file__).parents[2]
TOOLS = ROOT / ".tools" / "bin"
NEEDED = ("pulumi", "pulumi-language-python")
PASSPHRASE = "correct horse"


def search_path() -> str:
    """Return the PATH of the engine: this Python first, then what is on PATH, then .tools/bin."""
    return os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"], str(TOOLS)])


def missing() -> str:
    """Return why there is no engine here, empty where there is one."""
    found = [name for name in NEEDED if shutil.which(name, path=search_path())]
    lacking = ", ".join(sorted(set(NEEDED) - set(found)))
    return f"no {lacking} on PATH or in .tools/bin: run make pulumi" if lacking else ""


def is_wanted(environment: Mapping[str, str]) -> bool:
    """Return whether a missing engine is a failure: in CI, but for systems that do not build it."""
    return environment.get("CI") == "true" and not environment.get("SESGATE_WITHOUT_ENGINE")


@dataclass
class Deployment:
    """One stack in a folder of its own. ``env`` is what the CLI is run with."""

    folder: Path
    env: dict[str, str]
    provider: RecordingProvider
    ses: SesStub
    stack: auto.Stack = field(init=False)

    @property
    def work(self) -> Path:
        """Return the folder of the program."""
        return self.folder / "work"

    def configure(self, config: Mapping[str, Any]) -> None:
        """Write settings into the stack's file, as `pulumi config set` does."""
        for key, value in config.items():
            text = str(value).lower() if isinstance(value, bool) else str(value)
            self.stack.set_config(key, auto.ConfigValue(text))

    def cli(self, *args: str) -> subprocess.CompletedProcess[str]:
        """Run the CLI as an operator does; nothing is raised."""
        program = shutil.which("pulumi", path=self.env["PATH"])
        assert program
        return subprocess.run(
            [program, *args, "--non-interactive", "--color=never"],
            cwd=self.work,
            env=self.env,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    def everything_written(self) -> str:
        """Return the text of every file that the engine has written, the state included."""
        return "\n".join(
            path.read_text(encoding="utf-8", errors="replace")
            for path in self.folder.rglob("*")
            if path.is_file() and path.suffix in {".json", ".yaml", ".log", ".attrs", ".bak"}
        )


@contextmanager
def deployment(
    folder: Path, config: Mapping[str, str] | None = None, *, stack: bool = True
) -> Iterator[Deployment]:
    """Give a stack of the real program with the recording provider attached.

    ``config`` overlays what a usable stack needs, by full key.
    """
    with ExitStack() as closing:
        provider, ses = RecordingProvider(), SesStub()
        folder = folder / "deployment"
        env = _environment(
            folder,
            PULUMI_DEBUG_PROVIDERS=closing.enter_context(attached(provider)),
            AWS_ENDPOINT_URL=closing.enter_context(serving(ses)),
        )
        made = Deployment(folder=folder, env=env, provider=provider, ses=ses)
        _copy_program(made.work)
        _write_config(made.work, config or {})
        if stack:
            workspace = auto.LocalWorkspace(work_dir=str(made.work), env_vars=env)
            made.stack = auto.Stack.create("dev", workspace)
        yield made


def _environment(folder: Path, **more: str) -> dict[str, str]:
    for name in ("home", "state", "work"):
        (folder / name).mkdir(parents=True)
    kept = {
        key: value for key, value in os.environ.items() if not key.startswith(("AWS_", "PULUMI_"))
    }
    return {
        **kept,
        "PATH": search_path(),
        "PULUMI_HOME": str(folder / "home"),
        "PULUMI_BACKEND_URL": (folder / "state").as_uri(),
        "PULUMI_CONFIG_PASSPHRASE": PASSPHRASE,
        "PULUMI_SKIP_UPDATE_CHECK": "true",
        "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        **more,
    }


def _copy_program(work: Path) -> None:
    for name in ("infra", "contract"):
        shutil.copytree(ROOT / name, work / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "__main__.py", work)
    # A host that reads the option uses this Python, and installs nothing.
    text = (ROOT / "Pulumi.yaml").read_text(encoding="utf-8")
    project = text.replace("virtualenv: .venv", f"virtualenv: {Path(sys.prefix).as_posix()}")
    (work / "Pulumi.yaml").write_text(project, encoding="utf-8")


def _write_config(work: Path, config: Mapping[str, str]) -> None:
    usable = {
        "aws:region": REGION,
        f"{PROJECT}:domain": "jobmatch.zip",
        f"{PROJECT}:awsAccountId": ACCOUNT,
        f"{PROJECT}:alarmEmail": "ops@jobmatch.zip",
    }
    lines = [f"  {key}: {value!r}" for key, value in {**usable, **config}.items() if value]
    (work / "Pulumi.dev.yaml").write_text("\n".join(["config:", *lines, ""]), encoding="utf-8")
