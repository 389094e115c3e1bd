"""The project files of a folder, read without pulumi: what the operator has set.

``Pulumi.yaml`` gives defaults and values, ``Pulumi.<stack>.yaml`` is laid over it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from contract.settings import Settings, SettingsError, read_values, settings_from_mapping

if TYPE_CHECKING:
    from contract.projectfile import ProjectFile

MAX_FILE = 256 * 1024  # octets; a stack file with a secret key has about 5 KiB
_SUFFIXES = (".yaml", ".yml")
_STACK = re.compile(r"[A-Za-z0-9_.-]{1,100}", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectSettings:
    """What the project files of a folder set, as far as it is set.

    ``values`` holds config key → value as the files have it (``aws:region`` with its namespace, the
    project's own keys without; encrypted values are left out and named in ``encrypted``).
    ``problems`` names each value that cannot be used; ``files`` are the files read, ``stack`` is
    None where none or several stack files exist and PULUMI_STACK names none.
    """

    name: str
    stack: str | None
    files: tuple[Path, ...]
    values: Mapping[str, Any]
    encrypted: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()
    domain: str | None = None
    region: str | None = None
    mail_from_domain: str | None = None
    dkim: str | None = None
    byodkim_selector: str | None = None
    dkim_signing_hosted_zone: str | None = None

    def settings(self) -> Settings:
        """Return the complete settings; raises SettingsError with all problems.

        An encrypted value counts as not set: the private key is never read from a file.
        """
        return settings_from_mapping(self.values)


def read_project(folder: Path, environ: Mapping[str, str]) -> ProjectSettings | None:
    """Return what the project files in ``folder`` set, None where there is no Pulumi.yaml.

    The stack is PULUMI_STACK (``org/project/stack`` too) or the only Pulumi.<stack>.yaml there; a
    stack without a file is no error. Raises SettingsError that names file and line for a file that
    cannot be read, is huge, is no YAML or has another shape.
    """
    project = next((p for p in (folder / f"Pulumi{s}" for s in _SUFFIXES) if p.is_file()), None)
    if project is None:
        return None
    # Imported here: a folder without a project does not pay for a YAML parser.
    from contract.projectfile import parse_project, parse_stack

    problems: list[str] = []
    stack = _stack(folder, environ, problems)
    declared = _attempt(parse_project, project, problems)
    path = _stack_file(folder, stack) if stack else None
    laid = _attempt(parse_stack, path, problems) if path else None
    if problems or declared is None:
        raise SettingsError(problems)
    files = (project, path) if path else (project,)
    return _project(declared, laid, stack, files)


def _attempt(
    parse: Callable[[Path, bytes], ProjectFile], path: Path, problems: list[str]
) -> ProjectFile | None:
    try:
        return parse(path, read_bounded(path))
    except SettingsError as error:
        problems += error.problems
        return None


def read_bounded(path: Path) -> bytes:
    """Return the content of a small file; raises SettingsError where it cannot be read."""
    try:
        with path.open("rb") as stream:
            content = stream.read(MAX_FILE + 1)
    except OSError as error:
        raise SettingsError([f"{path}: cannot be read: {error.strerror or error}"]) from None
    if len(content) > MAX_FILE:
        raise SettingsError([f"{path}: is larger than {MAX_FILE // 1024} KiB"])
    return content


def _stack(folder: Path, environ: Mapping[str, str], problems: list[str]) -> str | None:
    named = environ.get("PULUMI_STACK", "").strip()
    if named:
        stack = named.rpartition("/")[2]
        if _STACK.fullmatch(stack):
            return stack
        problems.append(f"PULUMI_STACK: {named[:100]!r} is no stack name")
        return None
    names = {
        path.name.removeprefix("Pulumi.").removesuffix(suffix)
        for suffix in _SUFFIXES
        for path in folder.glob(f"Pulumi.*{suffix}")
    }
    return names.pop() if len(names) == 1 else None


def _stack_file(folder: Path, stack: str) -> Path | None:
    paths = (folder / f"Pulumi.{stack}{suffix}" for suffix in _SUFFIXES)
    return next((path for path in paths if path.is_file()), None)


def _project(
    declared: ProjectFile, laid: ProjectFile | None, stack: str | None, files: tuple[Path, ...]
) -> ProjectSettings:
    name = declared.name
    own = {_key(name, key): value for key, value in declared.config.items()}
    own |= {_key(name, key): value for key, value in (laid.config if laid else {}).items()}
    encrypted = tuple(key for key, value in own.items() if _is_encrypted(value))
    values = {key: value for key, value in own.items() if key not in encrypted}
    read, problems = read_values(values)
    domain = read.get("domain")
    label = read.get("mail_from_label", "bounce")
    broken = any(problem.startswith("mailFromLabel:") for problem in problems)
    return ProjectSettings(
        name=name,
        stack=stack,
        files=files,
        values=values,
        encrypted=encrypted,
        problems=tuple(problems),
        domain=domain,
        region=read.get("region"),
        mail_from_domain=f"{label}.{domain}" if domain and not broken else None,
        dkim=read.get("dkim"),
        byodkim_selector=read.get("byodkim_selector"),
        dkim_signing_hosted_zone=read.get("dkim_signing_hosted_zone"),
    )


def _key(project: str, key: str) -> str:
    return key.removeprefix(f"{project}:")


def _is_encrypted(value: object) -> bool:
    return isinstance(value, Mapping) and set(value) == {"secure"}
