"""The emulated world: accounts and Regions, the clock, the post, and what is to go wrong."""

from __future__ import annotations

import datetime as dt
import threading
from collections import deque
from dataclasses import dataclass, field

from rehearsal.aws.clock import Clock
from rehearsal.aws.faults import Faults
from rehearsal.aws.state import SesRegion

ACCOUNT = "123456789012"
OTHER_ACCOUNT = "210987654321"
REGION = "us-west-2"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What does not change while the emulator runs.

    The spans are of emulated time.
    """

    account: str
    region: str
    signing_hosted_zone: str
    verification_interval: dt.timedelta
    review_delay: dt.timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A mail that AWS or the project's stack sent to somebody."""

    to: str
    subject: str
    text: str
    token: str = ""


@dataclass(slots=True)
class World:
    """All state that is not moto's. One lock: requests are served one at a time.

    ``nameserver`` is (address, port), or None: then nothing is ever verified by DNS.
    """

    settings: Settings
    nameserver: tuple[str, int] | None = None
    clock: Clock = field(default_factory=Clock)
    faults: Faults = field(default_factory=Faults)
    lock: threading.RLock = field(default_factory=threading.RLock)
    regions: dict[tuple[str, str], SesRegion] = field(default_factory=dict)
    letters: deque[Letter] = field(default_factory=lambda: deque(maxlen=10_000))
    calls: deque[tuple[str, str]] = field(default_factory=lambda: deque(maxlen=10_000))
    access_keys: dict[str, str] = field(default_factory=dict)
    lost_events: deque[str] = field(default_factory=lambda: deque(maxlen=1000))
    recipients: dict[str, str] = field(default_factory=dict)  # address: bounce or complaint
    redrive_allow: dict[str, str] = field(default_factory=dict)  # queue ARN: RedriveAllowPolicy
    rotation_periods: dict[str, int] = field(default_factory=dict)  # key id as given: days
    mail_from_fails: bool = False

    def ses(self, account_id: str, region: str) -> SesRegion:
        """Return SES of an account in a Region: a fresh sandbox where nobody has been."""
        key = (account_id, region)
        if key not in self.regions:
            self.regions[key] = SesRegion(account_id=account_id, region=region)
        return self.regions[key]

    def account_of(self, access_key: str) -> str:
        """Return the account that an access key belongs to; any unknown key is the main one's."""
        return self.access_keys.get(access_key, self.settings.account)
