"""Octets over UDP and TCP, by asyncio. Knows nothing of DNS but the length before a TCP message."""

from __future__ import annotations

import asyncio
import socket
from collections import deque
from dataclasses import dataclass
from typing import Literal

TcpFailure = Literal["refused", "closed", "timeout"]


@dataclass(frozen=True, slots=True)
class Packet:
    """What came from ``address``: octets, or None where the port is closed (ICMP)."""

    address: str
    data: bytes | None


class Inbox:
    """What arrived on the sockets of one question, for the one coroutine that asks it."""

    def __init__(self) -> None:
        self._packets: deque[Packet] = deque()
        self._waiter: asyncio.Future[None] | None = None

    def put(self, packet: Packet) -> None:
        """Add a packet."""
        self._packets.append(packet)
        self._wake()

    async def get(self, until: float) -> Packet | None:
        """Return the next packet, None when the loop's clock reaches ``until`` without one.

        A packet that lies ready when the time is over is returned: it is never retransmitted for a
        busy loop's sake.
        """
        if not self._packets:
            loop = asyncio.get_running_loop()
            self._waiter = loop.create_future()
            timer = loop.call_at(until, self._wake)
            try:
                await self._waiter
            finally:
                timer.cancel()
        return self._packets.popleft() if self._packets else None

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)


class Port(asyncio.DatagramProtocol):
    """A connected UDP socket: a fresh source port, and only its peer is heard (RFC 5452 §9)."""

    def __init__(self, address: str, inbox: Inbox) -> None:
        self._address = address
        self._inbox = inbox

    def datagram_received(self, data: bytes, addr: object) -> None:
        """Pass on a datagram."""
        self._inbox.put(Packet(self._address, data))

    def error_received(self, exc: Exception) -> None:
        """Pass on that nothing listens there."""
        self._inbox.put(Packet(self._address, None))


async def open_port(address: str, port: int, inbox: Inbox) -> asyncio.DatagramTransport:
    """Return a UDP socket connected to ``address``. Raises OSError where there is no route."""
    loop = asyncio.get_running_loop()
    transport, _ = await loop.create_datagram_endpoint(
        lambda: Port(address, inbox), remote_addr=(address, port)
    )
    return transport


async def ask_stream(address: str, port: int, wire: bytes, until: float) -> bytes | TcpFailure:
    """Return the message that answers ``wire`` over TCP (RFC 7766 §8), or how it failed."""
    try:
        async with asyncio.timeout_at(until):
            return await _converse(address, port, wire)
    except TimeoutError:
        return "timeout"
    except ConnectionRefusedError:
        return "refused"
    except (ConnectionError, asyncio.IncompleteReadError):
        return "closed"
    except OSError:  # no way there: nothing is known about the port
        return "timeout"


async def _converse(address: str, port: int, wire: bytes) -> bytes:
    reader, writer = await asyncio.open_connection(address, port)
    try:
        writer.write(len(wire).to_bytes(2) + wire)
        size = int.from_bytes(await reader.readexactly(2))
        return await reader.readexactly(size)
    finally:
        writer.transport.abort()


def has_route(address: str, port: int) -> bool:
    """Return whether this host has a route to ``address``; connecting UDP sends nothing."""
    try:
        family, kind, protocol, _, target = socket.getaddrinfo(
            address, port, type=socket.SOCK_DGRAM, flags=socket.AI_NUMERICHOST
        )[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.connect(target)
    except OSError:
        return False
    return True
