"""The back door: GET shows what happened, POST plays a scenario, turns the clock, clicks a mail."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import asdict
from typing import Any

from rehearsal.aws.errors import Reply
from rehearsal.aws.scenarios import ScenarioError, play
from rehearsal.aws.subscriptions import confirm_address
from rehearsal.aws.world import World

PATH = "/_rehearsal"


def answer(world: World, method: str, body: bytes) -> Reply:
    """Answer a request to the back door in JSON; 400 says what was wrong."""
    try:
        if method == "POST":
            wish = json.loads(body)
            _do(world, wish if isinstance(wish, dict) else {})
        return _reply(200, _shown(world))
    except (ScenarioError, ValueError, TypeError) as error:
        return _reply(400, {"error": str(error)})


def _do(world: World, wish: dict[str, Any]) -> None:
    """Do {"scenario": NAME}, {"advance": SECONDS} or {"confirm": ADDRESS}. Raises ValueError."""
    if "scenario" in wish:
        play(world, str(wish["scenario"]))
    elif "advance" in wish:
        world.clock.advance(dt.timedelta(seconds=float(wish["advance"])))
    elif "confirm" in wish:
        if not confirm(world, str(wish["confirm"])):
            raise ValueError(f"no mail to {wish['confirm']} waits for a click")
    else:
        raise ValueError("give scenario, advance or confirm")


def confirm(world: World, address: str) -> int:
    """Click the links in the mails to an address; return how many things that confirmed."""
    with world.lock:
        confirmed = confirm_address(world, address)
        for ses in world.regions.values():
            identity = ses.identities.get(address)
            if identity is not None and not identity.address_confirmed:
                identity.address_confirmed = True
                confirmed += 1
        return confirmed


def _shown(world: World) -> dict[str, Any]:
    return {
        "now": world.clock.now().isoformat(),
        "calls": [f"{service}:{name}" for service, name in world.calls],
        "letters": [asdict(letter) for letter in world.letters],
        "lost_events": list(world.lost_events),
    }


def _reply(status: int, value: dict[str, Any]) -> Reply:
    return Reply(status, [("Content-Type", "application/json")], json.dumps(value).encode())
