"""The example that is rehearsed: jobmatch.zip as it should be, and the internet around it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from rehearsal.zone import Records, parse_records

DOMAIN = "jobmatch.zip"
FOLDER = Path(__file__).parent
IDENTITY = FOLDER / "identity.json"
TOKENS = (
    "hirjd4exampleqzk6wmytx3ob2vn5ucl",
    "gx7exampleot4dwz2rqlm6sycb3kuvh5",
    "b5yexamplekf2ncqh7vxwjd4t6mrzo3a",
)
SIGNING_ZONE = "c7x2.dkim.us-west-2.amazonses.com"


def zone_text() -> str:
    """Return the zone of jobmatch.zip as master-file text."""
    return (FOLDER / "jobmatch.zip.zone").read_text(encoding="utf-8")


def zone(origin: str = f"{DOMAIN}.") -> Records:
    """Return the zone of the domain, read relative to another ``origin`` where one is given."""
    return parse_records(zone_text().replace(f"$ORIGIN {DOMAIN}.", f"$ORIGIN {origin}"))


def parent(origin: str = f"{DOMAIN}.") -> Records:
    """Return the zone above ``origin``, with the delegation of it."""
    label, _, above = origin.partition(".")
    text = (FOLDER / "zip.zone").read_text(encoding="utf-8")
    text = text.replace("$ORIGIN zip.", f"$ORIGIN {above or '.'}")
    return parse_records(text.replace("jobmatch  NS", f"{label}  NS"))


def internet() -> Records:
    """Return what a resolver sees besides the domain: the keys of SES, its hosts, the TLDs."""
    return parse_records((FOLDER / "internet.zone").read_text(encoding="utf-8"))


def identity() -> dict[str, Any]:
    """Return what `aws sesv2 get-email-identity` prints for the domain."""
    held: dict[str, Any] = json.loads(IDENTITY.read_text(encoding="utf-8"))
    return held
