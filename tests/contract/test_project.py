from __future__ import annotations

import contextlib
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contract.project import MAX_FILE, ProjectSettings, read_project
from contract.settings import SettingsError

PROJECT = """\
name: jobmatch-mail
runtime: python
config:
  aws:region: {value: us-west-2}
  domain: {type: string, description: Domain SES sends from.}
  mailFromLabel: {type: string, default: bounce}
  jobmatch-mail:dkim: easy
"""
STACK = """\
encryptionsalt: v1:abc
config:
  jobmatch-mail:domain: JobMatch.zip
  jobmatch-mail:mailFromLabel: post
  jobmatch-mail:byodkimPrivateKey:
    secure: v1:def
"""


def write(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        (folder / f"{name.replace('_', '.')}.yaml").write_text(text, encoding="utf-8")
    return folder


def read(folder: Path, **environ: str) -> ProjectSettings:
    found = read_project(folder, environ)
    assert found is not None
    return found


def problems(folder: Path, **environ: str) -> list[str]:
    with pytest.raises(SettingsError) as caught:
        read_project(folder, environ)
    return [p.replace(str(folder), "").lstrip("/\\") for p in caught.value.problems]


def test_no_project_is_no_error(tmp_path: Path) -> None:
    assert read_project(tmp_path, {}) is None
    assert read_project(tmp_path / "missing", {}) is None


def test_defaults_and_values_alone(tmp_path: Path) -> None:
    found = read(write(tmp_path, Pulumi=PROJECT))
    assert (found.name, found.stack, found.domain) == ("jobmatch-mail", None, None)
    assert (found.region, found.dkim) == ("us-west-2", "easy")
    assert found.values["mailFromLabel"] == "bounce"
    assert found.mail_from_domain is None


def test_the_only_stack_is_laid_over_it(tmp_path: Path) -> None:
    found = read(write(tmp_path, Pulumi=PROJECT, Pulumi_dev=STACK))
    assert (found.stack, found.domain) == ("dev", "jobmatch.zip")
    assert found.mail_from_domain == "post.jobmatch.zip"
    assert found.encrypted == ("byodkimPrivateKey",)
    assert [path.name for path in found.files] == ["Pulumi.yaml", "Pulumi.dev.yaml"]


@pytest.mark.parametrize("named", ["prod", "acme/jobmatch-mail/prod"])
def test_pulumi_stack_chooses_among_several(tmp_path: Path, named: str) -> None:
    other = "config:\n  jobmatch-mail:domain: prod.zip\n"
    write(tmp_path, Pulumi=PROJECT, Pulumi_dev=STACK, Pulumi_prod=other)
    assert read(tmp_path).domain is None
    assert read(tmp_path, PULUMI_STACK=named).domain == "prod.zip"


def test_a_stack_without_a_file_is_no_error(tmp_path: Path) -> None:
    found = read(write(tmp_path, Pulumi=PROJECT, Pulumi_dev=STACK), PULUMI_STACK="new")
    assert (found.stack, found.domain) == ("new", None)


def test_complete_settings(tmp_path: Path) -> None:
    account = STACK + '  jobmatch-mail:awsAccountId: "123456789012"\n'
    found = read(write(tmp_path, Pulumi=PROJECT, Pulumi_dev=account)).settings()
    assert (found.domain, found.aws_account_id) == ("jobmatch.zip", "123456789012")


def test_a_value_that_cannot_be_used_is_kept_as_a_problem(tmp_path: Path) -> None:
    bad = "config:\n  jobmatch-mail:domain: jobmatch.zip\n  jobmatch-mail:mailFromLabel: a.b\n"
    found = read(write(tmp_path, Pulumi=PROJECT, Pulumi_dev=bad))
    assert found.domain == "jobmatch.zip"
    assert found.mail_from_domain is None
    assert "mailFromLabel: 'a.b' has a dot" in found.problems[0]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("config: [1]", "Pulumi.dev.yaml: line 1: config: key: value lines are expected"),
        ("a: 1\nconfig:\n- x", "Pulumi.dev.yaml: line 2: config: key: value lines are expected"),
        ("config:\n  1: x", "Pulumi.dev.yaml: line 1: config: key: value lines are expected"),
        ("- 1", "Pulumi.dev.yaml: line 1: key: value lines are expected"),
        ("a: 1\nb: [", "Pulumi.dev.yaml: line 2: is no YAML"),
        ("a: &x 1\nb: *x", "Pulumi.dev.yaml: line 2: is no YAML: aliases (*name) are not read"),
        ("a: !!python/object:os.system {}", "Pulumi.dev.yaml: line 1: is no YAML: could not"),
        ("? [a]\n: 1", "Pulumi.dev.yaml: line 1: is no YAML"),
        ("a: 2026-13-40", "Pulumi.dev.yaml: month must be in 1..12"),
        ("[" * 5000, "Pulumi.dev.yaml: is nested too deeply"),
        ("\0", "Pulumi.dev.yaml: is no YAML"),
        ("#" * (MAX_FILE + 1), "Pulumi.dev.yaml: is larger than 256 KiB"),
    ],
)
def test_a_broken_file_is_named_with_its_line(tmp_path: Path, text: str, line: str) -> None:
    (problem,) = problems(write(tmp_path, Pulumi=PROJECT, Pulumi_dev=text))
    assert problem.startswith(line)


def test_both_files_are_told_at_once(tmp_path: Path) -> None:
    found = problems(write(tmp_path, Pulumi="name: [1]\n", Pulumi_dev="- 1"))
    assert found[0] == "Pulumi.yaml: line 1: name: text is expected"
    assert found[1].endswith("Pulumi.dev.yaml: line 1: key: value lines are expected")


@pytest.mark.parametrize("named", ["..", "a/../x y", "a b", "x" * 101])
def test_a_stack_name_that_is_none(tmp_path: Path, named: str) -> None:
    write(tmp_path, Pulumi=PROJECT)
    if named == "..":
        assert read(tmp_path, PULUMI_STACK=named).files == (tmp_path / "Pulumi.yaml",)
    else:
        assert problems(tmp_path, PULUMI_STACK=named)[0].startswith("PULUMI_STACK: ")


def test_an_empty_stack_file_sets_nothing(tmp_path: Path) -> None:
    assert read(write(tmp_path, Pulumi=PROJECT, Pulumi_dev="")).domain is None


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=60) | st.binary(max_size=40).map(lambda b: b.decode("latin-1")))
def test_no_text_raises_anything_else(tmp_path: Path, text: str) -> None:
    (tmp_path / "Pulumi.yaml").write_text(PROJECT, encoding="utf-8")
    (tmp_path / "Pulumi.dev.yaml").write_bytes(text.encode("utf-8", "surrogatepass"))
    with contextlib.suppress(SettingsError):
        read(tmp_path)


def test_the_contract_needs_no_pulumi_no_boto3_and_no_yaml() -> None:
    code = (
        "import sys, contract.settings, contract.records, contract.outputs, contract.project;"
        "print(sorted({'pulumi', 'boto3', 'yaml', 'cryptography', 'idna', 'checks'}"
        "& set(sys.modules)))"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"
