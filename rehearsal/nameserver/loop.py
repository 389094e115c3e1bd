"""Sockets and timers: one thread serves every server of a world, UDP and TCP."""

from __future__ import annotations

import contextlib
import heapq
import itertools
import selectors
import socket
import threading
import time
from collections.abc import Callable

from rehearsal.nameserver.answer import MAX_TCP, Response, Transport
from rehearsal.nameserver.ports import Bound

Respond = Callable[[bytes, Transport], Response]

MAX_CONNECTIONS = 128  # TCP connections open at once; more are closed at once
IDLE_SECONDS = 10.0  # RFC 7766 §6.2.3: an idle connection may be closed
MAX_PENDING = 256 * 1024  # octets waiting in one connection, either way
BATCH = 64  # packets read from one socket before the others get their turn


class Loop:
    """A selector loop in a thread of its own. ``delay`` in seconds is added to every answer."""

    def __init__(self, delay: float = 0.0) -> None:
        self._delay = delay
        self._selector = selectors.DefaultSelector()
        self._timers: list[tuple[float, int, Callable[[], None]]] = []
        self._order = itertools.count()
        self._connections: set[Connection] = set()
        self._sockets: list[socket.socket] = []
        self._woken, self._wake = socket.socketpair()
        self._selector.register(self._woken, selectors.EVENT_READ, self._stop)
        self._running = True
        self._thread = threading.Thread(target=self._run, name="loopback-dns", daemon=True)

    def start(self) -> None:
        """Start serving."""
        self._thread.start()

    def stop(self) -> None:
        """End the thread and close every socket; returns when both are done."""
        if self._thread.is_alive():
            self._wake.send(b"x")
            self._thread.join()
        for connection in list(self._connections):
            connection.close()
        for each in (*self._sockets, self._woken, self._wake):
            each.close()
        self._selector.close()

    def serve(self, sockets: Bound, respond: Respond) -> None:
        """Serve a pair of bound sockets; a TCP socket that does not listen is only held."""
        udp, tcp = sockets.udp, sockets.tcp
        self._sockets += [udp, tcp]
        udp.setblocking(False)
        self._selector.register(udp, selectors.EVENT_READ, lambda: self._read_udp(udp, respond))
        if sockets.listening:
            tcp.setblocking(False)
            self._selector.register(tcp, selectors.EVENT_READ, lambda: self._accept(tcp, respond))

    def after(self, seconds: float, action: Callable[[], None]) -> None:
        """Run ``action`` after ``seconds``, at once where they are 0."""
        if seconds <= 0:
            action()
        else:
            due = time.monotonic() + seconds
            heapq.heappush(self._timers, (due, next(self._order), action))

    def _stop(self) -> None:
        self._running = False

    def _run(self) -> None:
        while self._running:
            wait = self._timers[0][0] - time.monotonic() if self._timers else 1.0
            for key, _ in self._selector.select(max(0.0, min(wait, 1.0))):
                key.data()
            now = time.monotonic()
            while self._timers and self._timers[0][0] <= now:
                heapq.heappop(self._timers)[2]()
            for connection in [c for c in self._connections if c.idle_since + IDLE_SECONDS < now]:
                connection.close()

    def _read_udp(self, udp: socket.socket, respond: Respond) -> None:
        for _ in range(BATCH):
            try:
                packet, client = udp.recvfrom(MAX_TCP)
            except OSError:  # nothing more to read, or Windows telling of an unreachable client
                return
            response = respond(packet, "udp")
            if response.wire is not None:
                send = _Datagram(udp, response.wire, client)
                self.after(self._delay + response.delay, send)

    def _accept(self, tcp: socket.socket, respond: Respond) -> None:
        for _ in range(BATCH):
            try:
                client, _ = tcp.accept()
            except OSError:  # nobody waits any more
                return
            if len(self._connections) >= MAX_CONNECTIONS:
                client.close()
                continue
            client.setblocking(False)
            answer = self._answering(respond)
            self._connections.add(Connection(client, self._selector, self._connections, answer))

    def _answering(self, respond: Respond) -> Callable[[Connection, bytes], None]:
        def answer(connection: Connection, packet: bytes) -> None:
            response = respond(packet, "tcp")
            self.after(self._delay + response.delay, lambda: connection.send(response))

        return answer


class _Datagram:
    """An answer on its way over UDP."""

    def __init__(self, udp: socket.socket, wire: bytes, client: tuple[object, ...]) -> None:
        self._udp, self._wire, self._client = udp, wire, client

    def __call__(self) -> None:
        # A full buffer loses the packet, as UDP does.
        with contextlib.suppress(OSError):
            self._udp.sendto(self._wire, self._client)


class Connection:
    """One TCP connection: messages with two octets of length before each (RFC 1035 §4.2.2)."""

    def __init__(
        self,
        client: socket.socket,
        selector: selectors.BaseSelector,
        connections: set[Connection],
        answer: Callable[[Connection, bytes], None],
    ) -> None:
        self._client = client
        self._selector = selector
        self._connections = connections
        self._answer = answer
        self._inbox = bytearray()
        self._outbox = bytearray()
        self.idle_since = time.monotonic()
        selector.register(client, selectors.EVENT_READ, self._ready)

    def close(self) -> None:
        """Close the connection, once."""
        if self in self._connections:
            self._connections.discard(self)
            self._selector.unregister(self._client)
            self._client.close()

    def send(self, response: Response) -> None:
        """Send a response, or close, where the connection still stands."""
        if self not in self._connections:
            return
        if response.wire is not None:
            self._outbox += len(response.wire).to_bytes(2, "big") + response.wire
            self._flush()
        if response.close or len(self._outbox) > MAX_PENDING:
            self.close()

    def _ready(self) -> None:
        self.idle_since = time.monotonic()
        if self._outbox:
            self._flush()
        try:
            chunk = self._client.recv(MAX_TCP)
        except BlockingIOError:
            return
        except OSError:
            self.close()
            return
        self._inbox += chunk
        if not chunk or len(self._inbox) > MAX_PENDING:
            self.close()
            return
        self._messages()

    def _messages(self) -> None:
        while len(self._inbox) >= 2 and self in self._connections:
            end = 2 + int.from_bytes(self._inbox[:2], "big")
            if len(self._inbox) < end:
                return
            packet = bytes(self._inbox[2:end])
            del self._inbox[:end]
            self._answer(self, packet)

    def _flush(self) -> None:
        try:
            sent = self._client.send(self._outbox)
            del self._outbox[:sent]
        except BlockingIOError:
            sent = 0
        except OSError:
            self.close()
            return
        events = selectors.EVENT_READ | (selectors.EVENT_WRITE if self._outbox else 0)
        self._selector.modify(self._client, events, self._ready)
