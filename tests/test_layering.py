"""Who may import whom: read from the source, so that a lazy import counts as well."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
OURS = frozenset({"contract", "infra", "checks", "rehearsal", "bench"})


@dataclass(frozen=True, slots=True)
class Import:
    """One import. ``eager``: it runs when the module is imported."""

    module: str
    imported: str
    eager: bool

    @property
    def top(self) -> str:
        return self.imported.partition(".")[0]


def _module(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def _imports(path: Path) -> Iterator[Import]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    lazy = _lazy_nodes(tree)
    for node in ast.walk(tree):
        eager = node not in lazy
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield Import(_module(path), alias.name, eager)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            for alias in node.names:
                yield Import(_module(path), f"{node.module}.{alias.name}", eager)


def _lazy_nodes(tree: ast.Module) -> set[ast.AST]:
    """Return the nodes inside functions and under ``if TYPE_CHECKING``."""
    lazy: set[ast.AST] = set()
    for node in ast.walk(tree):
        guarded = isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING")
        if guarded or isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lazy.update(ast.walk(node))
    return lazy


def _all() -> list[Import]:
    files = [path for top in sorted(OURS) for path in sorted((ROOT / top).rglob("*.py"))]
    program = ROOT / "__main__.py"
    return [
        i for path in (*files, *([program] if program.exists() else [])) for i in _imports(path)
    ]


IMPORTS = _all()


def _broken(user: str, used: str, *, eager_only: bool = False) -> list[str]:
    """Return the imports of ``used`` in modules below ``user``, both dotted names."""
    return [
        f"{i.module} imports {i.imported}"
        for i in IMPORTS
        if f"{i.module}.".startswith(f"{user}.")
        and f"{i.imported}.".startswith(f"{used}.")
        and (i.eager or not eager_only)
    ]


def _is_rule_module(module: str) -> bool:
    last = module.rpartition(".")[2]
    return module.startswith("checks.dns.") and (
        ".rules" in module or last == "rules" or last.startswith("rules_")
    )


FORBIDDEN = [
    *(("contract", used) for used in sorted(OURS - {"contract"})),
    ("infra", "checks"),
    ("checks", "infra"),
    ("checks", "pulumi"),
    ("checks", "pulumi_aws"),
    *((user, used) for user in ("contract", "checks", "infra") for used in ("rehearsal", "bench")),
    *(("checks.model", used) for used in ("checks", "contract")),
    ("checks.registry", "contract"),
    ("checks.registry", "checks.dns"),
    ("checks.registry", "checks.report"),
    ("checks.verdict", "checks.dns"),
    ("checks.report", "boto3"),
    ("checks.report", "dns"),
    *((user, "tests") for user in sorted(OURS)),
]


@pytest.mark.parametrize(("user", "used"), FORBIDDEN)
def test_a_layer_does_not_import_what_lies_above_it(user: str, used: str) -> None:
    assert _broken(user, used) == []


def test_the_registry_knows_the_model_alone() -> None:
    ours = {i.imported.rpartition(".")[0] for i in IMPORTS if i.module == "checks.registry"}
    assert {name for name in ours if name.partition(".")[0] in OURS} == {"checks.model"}


@pytest.mark.parametrize("used", ["dns", "boto3", "botocore", "pulumi", "asyncio", "socket"])
def test_rules_are_pure(used: str) -> None:
    broken = [
        f"{i.module} imports {i.imported}"
        for i in IMPORTS
        if _is_rule_module(i.module) and i.top == used
    ]
    assert broken == []


def test_rule_modules_are_found_at_all() -> None:
    assert len({i.module for i in IMPORTS if _is_rule_module(i.module)}) > 5


def test_dnspython_stays_with_the_drivers() -> None:
    users = {i.module for i in IMPORTS if i.top == "dns" and i.module.startswith("checks.")}
    outside = {
        module
        for module in users
        if not module.startswith("checks.dns.drivers.") and module != "checks.dns.lookup"
    }
    assert outside == set()


@pytest.mark.parametrize("used", ["boto3", "botocore"])
def test_boto3_is_imported_by_the_readers_of_the_account_alone(used: str) -> None:
    outside = [
        f"{i.module} imports {i.imported}"
        for i in IMPORTS
        if i.top == used and i.module.startswith("checks.") and not _reads_account(i.module)
    ]
    assert outside == []


def test_the_readers_of_the_account_are_imported_inside_functions_alone() -> None:
    eager = [
        f"{i.module} imports {i.imported}"
        for i in IMPORTS
        if i.eager and _reads_account(i.imported) and not _reads_account(i.module)
    ]
    assert eager == []


def _reads_account(module: str) -> bool:
    return f"{module}.".startswith("checks.account.")


@pytest.mark.parametrize("module", ["checks.dns.__main__", "checks.dns.cli"])
def test_the_command_line_starts_with_almost_nothing(module: str) -> None:
    allowed = OURS | set(sys.stdlib_module_names) - {"asyncio", "ssl", "http"}
    eager = {i.top for i in IMPORTS if i.module == module and i.eager}
    assert eager <= allowed
