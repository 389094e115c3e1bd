"""What can be generated is generated, and compared."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from checks.dns.catalogue import load
from checks.dns.document import TARGET, document, main


def test_the_rule_document_is_up_to_date() -> None:
    assert TARGET.read_text(encoding="utf-8") == document(load().values()), (
        "run: python -m checks.dns.document"
    )


def test_every_rule_has_an_anchor_of_its_own() -> None:
    anchors = re.findall(r'<a id="([^"]+)">', document(load().values()))
    assert sorted(anchors) == sorted(load())


def test_check_tells_an_outdated_document(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "rules.md"
    assert main(["--check"], target) == 1
    assert "out of date" in capsys.readouterr().err
    assert main([], target) == 0
    assert main(["--check"], target) == 0
    target.write_text(target.read_text(encoding="utf-8") + "more", encoding="utf-8")
    assert main(["--check"], target) == 1


def test_a_table_row_has_five_cells() -> None:
    rows = [line for line in document(load().values()).splitlines() if line.startswith("| <a")]
    assert {len(re.split(r"(?<!\\)\|", row)) for row in rows} == {7}  # two are empty ends
