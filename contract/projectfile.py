"""Pulumi.yaml and Pulumi.<stack>.yaml as data. Importing this costs a YAML parser."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from contract.settings import SettingsError


@dataclass(frozen=True, slots=True)
class ProjectFile:
    """What one file sets: config key as written → value."""

    name: str = ""
    config: Mapping[str, Any] = field(default_factory=dict)


class _Loader(yaml.SafeLoader):
    """Plain YAML without aliases: a few lines of them can grow without end."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.events.AliasEvent):
            event = self.peek_event()  # type: ignore[no-untyped-call]  # as the stub has it
            raise yaml.composer.ComposerError(
                None, None, "aliases (*name) are not read", event.start_mark
            )
        return super().compose_node(parent, index)


def parse_project(path: Path, content: bytes) -> ProjectFile:
    """Return the name and the config of Pulumi.yaml: ``value`` or ``default`` of each key.

    Raises SettingsError that names ``path`` and the line.
    """
    data, lines = _load(path, content)
    name = data.get("name")
    if not isinstance(name, str) or not name:
        raise SettingsError([f"{path}: line {lines.get('name', 1)}: name: text is expected"])
    config = {}
    for key, declared in _config(path, data, lines).items():
        if not isinstance(declared, Mapping):
            config[key] = declared  # the short form: key: value
        elif "value" in declared:
            config[key] = declared["value"]
        elif "default" in declared:
            config[key] = declared["default"]
    return ProjectFile(name, config)


def parse_stack(path: Path, content: bytes) -> ProjectFile:
    """Return the config of a Pulumi.<stack>.yaml.

    Raises SettingsError that names ``path`` and the line.
    """
    data, lines = _load(path, content)
    return ProjectFile("", _config(path, data, lines))


def _config(path: Path, data: Mapping[str, Any], lines: Mapping[str, int]) -> dict[str, Any]:
    config = data.get("config")
    if config is None:
        return {}
    if not isinstance(config, dict) or not all(isinstance(key, str) for key in config):
        raise SettingsError(
            [f"{path}: line {lines.get('config', 1)}: config: key: value lines are expected"]
        )
    return config


def _load(path: Path, content: bytes) -> tuple[Mapping[str, Any], Mapping[str, int]]:
    """Return the mapping in the file, and the line of each of its keys."""
    try:
        loader = _Loader(content)
        node = loader.get_single_node()
        data = loader.construct_document(node) if node else {}
    except yaml.YAMLError as error:
        raise SettingsError([f"{path}: {_where(error)}"]) from None
    except (ValueError, RecursionError, OverflowError) as error:
        # A date that does not exist, or brackets nested by the thousand.
        what = "is nested too deeply" if isinstance(error, RecursionError) else str(error)
        raise SettingsError([f"{path}: {what}"]) from None
    if node is None:
        return {}, {}
    if not isinstance(data, dict):
        line = node.start_mark.line + 1
        raise SettingsError([f"{path}: line {line}: key: value lines are expected"])
    return data, {key.value: key.start_mark.line + 1 for key, _ in node.value}


def _where(error: yaml.YAMLError) -> str:
    if isinstance(error, yaml.MarkedYAMLError):
        mark = error.problem_mark or error.context_mark
        line = f"line {mark.line + 1}: " if mark else ""
        return f"{line}is no YAML: {error.problem or error.context}"
    return f"is no YAML: {str(error).splitlines()[0]}"
