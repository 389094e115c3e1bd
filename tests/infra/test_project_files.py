"""Pulumi.yaml and its neighbours: one schema with contract/settings.py, and no secret in them."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

import pytest
import yaml

from contract.settings import SETTINGS, settings_from_mapping

ROOT = Path(__file__).parents[2]
OPTIONAL = {
    "dmarcReportAddress", "alarmEmail", "hostedZoneId", "fromAddresses", "byodkimSelector",
    "byodkimPrivateKey", "dkimSigningHostedZone",
}  # fmt: skip


def _yaml(name: str) -> Any:
    return yaml.safe_load((ROOT / name).read_text(encoding="utf-8"))


def test_every_setting_is_declared_or_optional() -> None:
    declared = set(_yaml("Pulumi.yaml")["config"])

    assert set(SETTINGS) == declared | OPTIONAL
    assert set() == declared & OPTIONAL


def test_optional_settings_are_told_in_the_file() -> None:
    text = (ROOT / "Pulumi.yaml").read_text(encoding="utf-8")

    assert [] == [key for key in sorted(OPTIONAL) if f"#   {key} " not in text]


def test_the_defaults_are_those_of_the_contract() -> None:
    config = _yaml("Pulumi.yaml")["config"]
    given = {key: each["default"] for key, each in config.items() if "default" in each}
    own = {"domain": "jobmatch.zip", "awsAccountId": "123456789012"}

    assert settings_from_mapping(own) == settings_from_mapping({**own, **given})


def test_every_declared_setting_has_a_type_and_a_description() -> None:
    config = _yaml("Pulumi.yaml")["config"]
    foreign = config.pop("aws:region")

    assert {"value": "us-west-2"} == foreign
    assert [] == [key for key, each in config.items() if not {"type", "description"} <= set(each)]


def test_the_stack_file_holds_neither_account_nor_salt() -> None:
    stack = _yaml("Pulumi.dev.yaml")

    assert ["config"] == list(stack)
    assert "jobmatch.zip" == stack["config"]["jobmatch-mail:domain"]
    assert not [key for key in stack["config"] if "account" in key.lower()]


def test_no_type_checker_runs_on_a_users_preview() -> None:
    options = _yaml("Pulumi.yaml")["runtime"]["options"]

    assert {"toolchain": "pip", "virtualenv": ".venv"} == options


def test_the_program_is_wiring_only() -> None:
    text = (ROOT / "__main__.py").read_text(encoding="utf-8")
    branches = [n for n in ast.walk(ast.parse(text)) if isinstance(n, ast.If | ast.For | ast.IfExp)]

    assert len(text.splitlines()) <= 40
    assert [] == branches


@pytest.mark.parametrize("path", sorted((ROOT / "infra").glob("*.py")), ids=lambda path: path.name)
def test_the_whole_of_pulumi_aws_is_imported_nowhere(path: Path) -> None:
    """Its 261 modules would cost every type check a minute."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    whole = [
        alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.Import)
        for alias in node.names
        if alias.name.split(".")[0] == "pulumi_aws"
    ]

    assert [] == whole
