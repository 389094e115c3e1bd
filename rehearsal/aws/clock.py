"""The clock of emulated AWS, which tests turn instead of waiting."""

from __future__ import annotations

import datetime as dt


class Clock:
    """Wall time plus what it was turned by. It drives verification, the review and the quotas."""

    def __init__(self) -> None:
        self._ahead = dt.timedelta(0)

    def now(self) -> dt.datetime:
        """Return the emulated time, UTC."""
        return dt.datetime.now(dt.UTC) + self._ahead

    def advance(self, step: dt.timedelta) -> dt.datetime:
        """Turn the clock forward and return the new time."""
        if step < dt.timedelta(0):
            raise ValueError(f"a clock is not turned back: {step}")
        self._ahead += step
        return self.now()
