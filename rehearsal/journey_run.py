"""Runs rehearsals one after the other, each on a stage of its own."""

from __future__ import annotations

import time
from collections.abc import Sequence

from rehearsal.deployment import DeployError, Engine
from rehearsal.journey_keep import keep_running
from rehearsal.journey_stage import Stage
from rehearsal.journey_tell import Say, Teller
from rehearsal.scenarios import GOOD, listed, rehearse
from rehearsal.steps import NotAsDueError


def print_line(line: str) -> None:
    """Print a line at once: whoever watches wants to see it, and a full disk to be told."""
    print(line, flush=True)


def run(
    names: Sequence[str],
    *,
    keep: bool = False,
    engine: str | None = None,
    verbose: bool = False,
    say: Say = print_line,
) -> bool:
    """Rehearse every name and return whether all ended as they must.

    ``keep`` leaves the last one running until KeyboardInterrupt, if it could be deployed.
    """
    titles = dict(listed())
    teller = Teller(say, verbose=verbose)
    good = True
    for name in names:
        if name != GOOD:
            teller.heading(f"{name}: {titles[name]}\n")
        with Stage(engine=Engine(engine) if engine else None) as stage:
            good = _one(name, stage, teller) and good
            if keep and stage.stands:
                keep_running(stage, say)
    return good


def _one(name: str, stage: Stage, teller: Teller) -> bool:
    started = time.monotonic()
    try:
        rehearse(name, stage, teller)
    except NotAsDueError as error:
        teller.loud(f"\nNOT as it must end: {error}")
        return False
    except DeployError as error:
        teller.loud(f"\nThe sender cannot be deployed: {error}\n{error.output}")
        return False
    if name != GOOD:
        teller.loud(f"\nEnded as it must, after {time.monotonic() - started:.1f} s")
    return True
