"""What is known of each address asked: its round-trip time, and whether it answers at all."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

UNMEASURED = 0.4  # seconds before the first retransmission to an address not heard yet
SHORTEST, LONGEST = 0.08, 1.0  # seconds, bounds of the first retransmission
SENDS = 5  # of one question to one address, then only waiting
SHORT_TRY = 1.0  # seconds given to addresses that stayed silent before


@dataclass(slots=True)
class Peer:
    """One address. Times in seconds; ``heard`` is the clock at its last answer."""

    srtt: float | None = None
    rttvar: float = 0.0
    heard: float = float("-inf")
    silent: bool = False

    def measured(self, rtt: float) -> None:
        """Take in one round-trip time (RFC 6298 §2.2, §2.3)."""
        if self.srtt is None:
            self.srtt, self.rttvar = rtt, rtt / 2
            return
        self.rttvar = 0.75 * self.rttvar + 0.25 * abs(self.srtt - rtt)
        self.srtt = 0.875 * self.srtt + 0.125 * rtt

    @property
    def rto(self) -> float:
        """Return the seconds to wait before the first retransmission."""
        if self.srtt is None:
            return UNMEASURED
        return min(max(4 * self.srtt, self.srtt + 4 * self.rttvar, SHORTEST), LONGEST)


class Peers:
    """The addresses asked in one run."""

    def __init__(self) -> None:
        self._peers: dict[str, Peer] = {}

    def of(self, address: str) -> Peer:
        """Return what is known of ``address``."""
        return self._peers.setdefault(address, Peer())

    def heard(self, address: str, now: float, rtt: float | None) -> None:
        """Note an answer; ``rtt`` is None where it is not known which datagram was answered."""
        peer = self.of(address)
        peer.heard, peer.silent = now, False
        if rtt is not None:
            peer.measured(rtt)

    def unheard(self, address: str, since: float) -> None:
        """Note that a whole wait from the clock ``since`` on brought no answer to a question.

        An address that answered another question meanwhile is not silent.
        """
        peer = self.of(address)
        peer.silent = peer.heard < since

    def answering(self, addresses: Sequence[str]) -> tuple[str, ...]:
        """Return the addresses in their order without the silent ones, empty where all are."""
        return tuple(a for a in addresses if not self.of(a).silent)

    def plan(self, addresses: Sequence[str]) -> Iterator[tuple[str, float]]:
        """Yield which address is sent to, and the seconds until the next: round about, doubling."""
        for attempt in range(SENDS):
            for address in addresses:
                yield address, self.of(address).rto * 2**attempt
