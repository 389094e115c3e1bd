"""What becomes of a mail to one recipient: the mailbox simulator, suppression, real mailboxes."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import Any

from rehearsal.aws.state import SesRegion

DOMAIN = "simulator.amazonses.com"


class Fate(Enum):
    """What happens to a mail; each value is the events after SEND, in order."""

    DELIVERED = ("DELIVERY",)
    BOUNCED = ("BOUNCE",)
    COMPLAINED = ("DELIVERY", "COMPLAINT")
    OUT_OF_OFFICE = ("DELIVERY", "BOUNCE", "automatic")
    SUPPRESSED = ("BOUNCE", "suppressed")
    ON_OWN_LIST = ("BOUNCE", "own list")

    @property
    def events(self) -> tuple[str, ...]:
        """The event types that are published after SEND."""
        return tuple(name for name in self.value if name.isupper())


_SIMULATED = {
    "success": Fate.DELIVERED,
    "bounce": Fate.BOUNCED,
    "complaint": Fate.COMPLAINED,
    "ooto": Fate.OUT_OF_OFFICE,
    "suppressionlist": Fate.SUPPRESSED,
}
_SCRIPTED = {"bounce": Fate.BOUNCED, "complaint": Fate.COMPLAINED}


def is_simulator(address: str) -> bool:
    """Say whether an address is of the mailbox simulator."""
    return address.lower().endswith(f"@{DOMAIN}")


def fate_of(
    ses: SesRegion, address: str, suppressed_reasons: list[str], scripted: Mapping[str, str]
) -> Fate:
    """Return what becomes of a mail; a +label does not change the simulator's mailbox."""
    if is_simulator(address):
        mailbox = address.lower().partition("@")[0].partition("+")[0]
        return _SIMULATED.get(mailbox, Fate.BOUNCED)
    entry: dict[str, Any] | None = ses.suppressed.get(address.lower())
    if entry is not None and entry["Reason"] in suppressed_reasons:
        return Fate.ON_OWN_LIST
    return _SCRIPTED.get(scripted.get(address.lower(), ""), Fate.DELIVERED)
