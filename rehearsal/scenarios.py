"""The days that can be rehearsed, by name: the good one, DNS mistakes, and what AWS can do."""

from __future__ import annotations

from rehearsal.journey import JOURNEY, travel
from rehearsal.journey_stage import Stage
from rehearsal.journey_tell import Teller
from rehearsal.scenarios_access import ACCESS_DAYS
from rehearsal.scenarios_account import ACCOUNT_DAYS
from rehearsal.scenarios_day import Day, live
from rehearsal.scenarios_dns import DNS_DAYS, MISTAKES
from rehearsal.scenarios_stack import STACK_DAYS

GOOD = "good"
GOOD_TITLE = "the whole journey, from nothing to ready, and three mistakes on the way"

DAYS: tuple[Day, ...] = (*DNS_DAYS, *ACCESS_DAYS, *STACK_DAYS, *ACCOUNT_DAYS)
NAMES: tuple[str, ...] = (GOOD, *(day.name for day in DAYS))


def listed() -> list[tuple[str, str]]:
    """Return name and title of everything that can be rehearsed."""
    return [(GOOD, GOOD_TITLE), *((day.name, day.title) for day in DAYS)]


def rehearse(name: str, stage: Stage, teller: Teller) -> None:
    """Rehearse one of NAMES on a fresh stage. Raises NotAsDueError and DeployError."""
    if name == GOOD:
        travel(stage, teller, (*JOURNEY, MISTAKES))
    else:
        live(next(day for day in DAYS if day.name == name), stage, teller)
