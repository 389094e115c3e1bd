"""What holds for every rule of the catalogue."""

from __future__ import annotations

import inspect
import re
import string

import pytest

from checks.dns.catalogue import RULE_MODULES, load
from checks.dns.document import AREAS
from checks.dns.expected import ERROR_RULES
from checks.model import Severity
from checks.registry import Rule

RULES = tuple(load().values())
ALL = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)


def test_the_error_rules_that_a_verdict_needs_are_those_of_the_registry() -> None:
    assert {rule.id for rule in RULES if rule.severity is Severity.ERROR} == ERROR_RULES


def test_every_area_has_rules() -> None:
    assert {rule.area for rule in RULES} == set(AREAS)


def test_loading_twice_changes_nothing() -> None:
    assert tuple(load().values()) == RULES
    assert len(set(RULE_MODULES)) == len(RULE_MODULES)


@ALL
def test_the_id_is_kebab_case_and_starts_with_its_area(rule: Rule) -> None:
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)+", rule.id)
    assert rule.area in AREAS
    assert rule.id.startswith(f"{rule.area}-")


@ALL
def test_the_title_states_what_is_desired(rule: Rule) -> None:
    assert rule.title
    assert rule.title == rule.title.strip()
    assert not rule.title.endswith(".")
    assert not re.match(r"(?i)(ensure|check|verify|make sure|should)\b", rule.title)


@ALL
def test_reference_and_fix_say_something(rule: Rule) -> None:
    assert rule.reference.strip()
    assert rule.fix.strip()


@ALL
def test_the_fix_is_a_text_that_can_be_filled(rule: Rule) -> None:
    names = [name for _, name, _, _ in string.Formatter().parse(rule.fix) if name is not None]
    assert all(re.fullmatch(r"[a-z_]+", name) for name in names), names
    filled = rule.fix.format_map(dict.fromkeys(names, "filled"))
    assert filled.count("filled") == len(names)


@ALL
def test_scope_and_body_never_wait(rule: Rule) -> None:
    assert not inspect.iscoroutinefunction(rule.judge)
    assert not inspect.iscoroutinefunction(rule.scope)
