"""One query over UDP: sent to its addresses in turn, again and again, until it is answered."""

from __future__ import annotations

import asyncio
import errno
from collections.abc import Sequence
from dataclasses import dataclass

import dns.message

from checks.dns.drivers.codec import BrokenError, StrayError, read
from checks.dns.drivers.query import Query
from checks.dns.drivers.rtt import SHORT_TRY, Peers
from checks.dns.drivers.transport import Inbox, Packet, open_port

# This host's shortage, not the address's fault: the next try may find a socket.
OUT_OF_SOCKETS = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOBUFS})


@dataclass(frozen=True, slots=True)
class Heard:
    """The answer of ``address``: a message, or None where ``detail`` says why it is unreadable."""

    address: str
    message: dns.message.Message | None
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Silence:
    """No answer. ``closed``: every port was reported closed. ``stray``: what came instead."""

    closed: bool = False
    stray: str = ""


class Exchange:
    """A query on its way. ``until`` is the loop's clock at which waiting ends."""

    def __init__(self, query: Query, *, port: int, until: float, peers: Peers) -> None:
        self._query = query
        self._port = port
        self._until = until
        self._peers = peers
        self._loop = asyncio.get_running_loop()
        self._inbox = Inbox()
        self._sockets: dict[str, asyncio.DatagramTransport] = {}
        self._sent: dict[str, list[float]] = {}
        self._closed: set[str] = set()
        self._stray = ""

    async def run(self, addresses: Sequence[str]) -> Heard | Silence:
        """Return the first answer of any of ``addresses``, all of which are listened to."""
        try:
            return await self._run(addresses)
        finally:
            for transport in self._sockets.values():
                transport.abort()

    async def _run(self, addresses: Sequence[str]) -> Heard | Silence:
        for address, wait in self._peers.plan(addresses):
            if address in self._closed:
                continue
            await self._send(address)
            heard = await self._listen(min(self._loop.time() + wait, self._until), address)
            if heard:
                return heard
            if self._loop.time() >= self._until:
                break
        if self._closed.issuperset(addresses):
            return Silence(closed=True)
        heard = await self._listen(self._until)
        if heard:
            return heard
        self._note_silence()
        return Silence(stray=self._stray)

    async def _send(self, address: str) -> None:
        try:
            if address not in self._sockets:
                self._sockets[address] = await open_port(address, self._port, self._inbox)
        except OSError as error:
            if error.errno not in OUT_OF_SOCKETS:
                self._closed.add(address)
            return
        self._sent.setdefault(address, []).append(self._loop.time())
        self._sockets[address].sendto(self._query.wire)

    async def _listen(self, until: float, current: str = "") -> Heard | None:
        """Return the first answer before ``until``; give up at once where ``current`` is closed."""
        while current not in self._closed:
            packet = await self._inbox.get(until)
            if packet is None:
                break
            heard = self._take(packet)
            if heard:
                return heard
        return None

    def _take(self, packet: Packet) -> Heard | None:
        if packet.data is None:
            self._closed.add(packet.address)
            return None
        try:
            message = read(packet.data, self._query)
        except StrayError as error:
            self._stray = str(error)
            return None
        except BrokenError as error:
            self._note_answer(packet.address)
            return Heard(packet.address, None, str(error))
        self._note_answer(packet.address)
        return Heard(packet.address, message)

    def _note_answer(self, address: str) -> None:
        """Measure the round trip, unless it is not known which datagram was answered (Karn)."""
        now, sent = self._loop.time(), self._sent[address]
        self._peers.heard(address, now, now - sent[0] if len(sent) == 1 else None)

    def _note_silence(self) -> None:
        """Note who stayed silent; less than a short try of waiting tells nothing."""
        before = self._loop.time() - SHORT_TRY
        for address, times in self._sent.items():
            if address not in self._closed and times[0] <= before:
                self._peers.unheard(address, since=times[0])
