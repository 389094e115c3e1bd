"""The real CLI: pinned as Go modules, preferred from PATH, and told where it is missing."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.infra import engine

ROOT = Path(__file__).parents[2]
MAKE = ROOT / "tools" / "pulumi.mk"


def _pinned(module: str) -> str:
    text = (ROOT / "tools" / module / "go.mod").read_text(encoding="utf-8")
    found = re.search(r"github\.com/pulumi/pulumi/(?:pkg|sdk)/v3 (v[0-9.]+)", text)
    assert found
    return found.group(1)


def test_the_version_of_the_cli_is_the_pinned_one() -> None:
    assert f"CLI_VERSION := {_pinned('pulumi')}\n" in MAKE.read_text(encoding="utf-8")
    assert "v3.77.1" == _pinned("pulumi-language-python")


@pytest.mark.parametrize("module", ["pulumi", "pulumi-language-python"])
def test_every_module_has_its_checksum(module: str) -> None:
    folder = ROOT / "tools" / module
    required = re.findall(
        r"^(?:require |\t)(\S+ v\S+)", (folder / "go.mod").read_text(encoding="utf-8"), re.MULTILINE
    )
    sums = (folder / "go.sum").read_text(encoding="utf-8")

    assert 50 < len(required)
    assert [] == [each for each in required if f"{each}/go.mod h1:" not in sums]


@pytest.mark.skipif(not shutil.which("make"), reason="make is not here")
def test_without_go_one_line_says_how_to_get_the_cli(tmp_path: Path) -> None:
    make = shutil.which("make")
    assert make
    (tmp_path / "Makefile").write_text(f"include {MAKE.as_posix()}\n", encoding="utf-8")

    result = subprocess.run(
        [make, "pulumi", "GO=no-go-here"],
        cwd=tmp_path,
        env={"PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert 0 != result.returncode
    assert 1 == len(result.stdout.splitlines())
    assert "https://www.pulumi.com/docs/install/" in result.stdout


def test_a_missing_engine_is_told_with_the_way_to_get_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(engine, "TOOLS", tmp_path)

    assert "make pulumi" in engine.missing()


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({}, False),
        ({"CI": "true"}, True),
        ({"CI": "true", "SESGATE_WITHOUT_ENGINE": "1"}, False),
        ({"SESGATE_WITHOUT_ENGINE": "1"}, False),
    ],
)
def test_ci_insists_on_the_engine(environment: dict[str, str], expected: bool) -> None:
    assert expected == engine.is_wanted(environment)
