"""Reads the settings out of Pulumi's config, once, and tells everything that is wrong with them."""

from __future__ import annotations

import os

import pulumi
from pulumi.runtime import config as engine_config

from contract.settings import (
    SETTINGS,
    Settings,
    SettingsError,
    mend,
    notes,
    settings_from_mapping,
)
from contract.settings import unknown_keys as unknown_settings

_REGION_KEY = "aws:region"
_KEY = "byodkimPrivateKey"


def load_settings() -> Settings:
    """Return the settings of the stack.

    Raises pulumi.RunError, which the engine prints without a traceback, with one line for each
    problem and the command that mends it.
    """
    project = pulumi.Config()
    mapping: dict[str, object] = {key: project.get(key) for key in SETTINGS if key != _REGION_KEY}
    mapping[_REGION_KEY] = pulumi.Config("aws").get("region")
    problems = [*unknown_settings(_own_keys(project.name)), *_plain_key(project)]
    try:
        settings = settings_from_mapping(mapping)
    except SettingsError as error:
        problems += error.problems
    if problems:
        raise pulumi.RunError(_told(problems))
    for note in (*notes(settings), *_foreign_region(settings.region)):
        pulumi.log.warn(note)
    return settings


def _own_keys(project: str) -> list[str]:
    # A misspelt key would be ignored without a word, and pulumi.Config cannot list its keys.
    prefix = f"{project}:"
    keys = engine_config.CONFIG.get()
    return sorted(key.removeprefix(prefix) for key in keys if key.startswith(prefix))


def _plain_key(project: pulumi.Config) -> list[str]:
    """Return a problem where the private key stands in the stack's file for all to read."""
    if project.get(_KEY) is None or engine_config.is_config_secret(project.full_key(_KEY)):
        return []
    return [f"{_KEY}: is not encrypted in the stack's file; take another key. {mend(_KEY)}"]


def _foreign_region(region: str) -> list[str]:
    """Return what to tell where the environment names another Region, which is not used."""
    return [
        f"{variable}={found} is not used: the stack is in {region} ({_REGION_KEY})"
        for variable in ("AWS_REGION", "AWS_DEFAULT_REGION")
        if (found := os.environ.get(variable, region)) != region
    ]


def _told(problems: list[str]) -> str:
    count = "1 setting is" if len(problems) == 1 else f"{len(problems)} settings are"
    return "\n".join([f"{count} not usable:", *(f"  {line}" for line in problems)])
