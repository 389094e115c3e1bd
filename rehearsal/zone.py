"""Real DNS servers on loopback: their zones, their faults, and the questions they received.

    zone = parse_records("@ SOA … \n@ TXT hello", "jobmatch.zip.")
    with World([Host("127.0.0.1", zone, recursive=True), Host("127.0.0.11", zone)]) as world:
        ...  # ask 127.0.0.1 and 127.0.0.11 on world.port, UDP or TCP
    world.queries

It is test equipment. It does not sign, transfer or update zones, and a recursive host answers from
what it holds itself: it asks no other server.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Self

import dns.name

from rehearsal.nameserver.answer import Received, Responder, Response, Transport
from rehearsal.nameserver.faults import Fault, FaultKind, Faults
from rehearsal.nameserver.loop import Loop
from rehearsal.nameserver.master import (
    MasterFileError,
    Records,
    Rr,
    overlay,
    parse_records,
    without,
)
from rehearsal.nameserver.ports import PortError, bind_all, can_bind
from rehearsal.nameserver.search import Search
from rehearsal.nameserver.tree import Tree

__all__ = [
    "Fault",
    "FaultKind",
    "Host",
    "MasterFileError",
    "PortError",
    "Received",
    "Records",
    "Rr",
    "World",
    "can_bind",
    "overlay",
    "parse_records",
    "without",
]

MAX_QUERIES = 100_000  # questions kept; the oldest go first


@dataclass(frozen=True, slots=True)
class Host:
    """One server of a world.

    ``recursive``: answers RD=1 as a resolver would, from all it holds. ``authoritative`` are the
    apexes it answers for itself (AA=1); None means every zone it holds, or none where it is
    recursive. A host may be both: RD=0 then asks the authority. ``fault_origin`` is what relative
    fault names are relative to. ``signed`` are zones that a resolver has validated (AD=1).
    """

    address: str
    records: Records
    recursive: bool = False
    authoritative: Sequence[str] | None = None
    faults: Sequence[Fault] = ()
    fault_origin: str = "."
    signed: Sequence[str] = ()


class World:
    """Servers on several loopback addresses and one common port, as a context manager.

    ``port`` 0 picks a free one. ``delay`` in seconds is added to every answer and blocks no other.
    Raises PortError on entry where an address cannot be bound.
    """

    def __init__(self, hosts: Iterable[Host], *, port: int = 0, delay: float = 0.0) -> None:
        self._hosts = tuple(hosts)
        self._delay = delay
        self._received: deque[Received] = deque(maxlen=MAX_QUERIES)
        self._loop: Loop | None = None
        self._serving: list[_Recording] = []
        self.port = port

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    @property
    def queries(self) -> list[Received]:
        """Return the questions received so far, in order; safe to read while serving."""
        return list(self._received.copy())

    @property
    def addresses(self) -> tuple[str, ...]:
        """Return the addresses served, in the order given."""
        return tuple(host.address for host in self._hosts)

    def start(self) -> None:
        """Bind the sockets and serve in one thread."""
        faults = [Faults(host.faults, host.fault_origin) for host in self._hosts]
        responders = [_responder(h, f) for h, f in zip(self._hosts, faults, strict=True)]
        silent = [h.address for h, f in zip(self._hosts, faults, strict=True) if f.tcp_refused]
        bound = bind_all(self.addresses, self.port, silent_tcp=silent)
        self.port = int(bound[0].udp.getsockname()[1])
        self._loop = Loop(self._delay)
        self._serving = [_Recording(responder, self._received) for responder in responders]
        for sockets, serving in zip(bound, self._serving, strict=True):
            self._loop.serve(sockets, serving)
        self._loop.start()

    def change(self, hosts: Iterable[Host]) -> None:
        """Let the servers that run hold other records and faults, from the next question on.

        The addresses stay as they are; a fault that refuses TCP needs a new world.
        """
        changed = tuple(hosts)
        if tuple(host.address for host in changed) != self.addresses:
            raise ValueError(f"the servers are {', '.join(self.addresses)}")
        for serving, host in zip(self._serving, changed, strict=True):
            serving.responder = _responder(host, Faults(host.faults, host.fault_origin))
        self._hosts = changed

    def stop(self) -> None:
        """End the thread and close the sockets; a second call does nothing."""
        if self._loop is not None:
            self._loop.stop()
            self._loop = None


class _Recording:
    """Keeps what a responder received."""

    def __init__(self, responder: Responder, received: deque[Received]) -> None:
        self.responder = responder
        self._received = received

    def __call__(self, wire: bytes, transport: Transport) -> Response:
        response = self.responder.respond(wire, transport)
        if response.received is not None:
            self._received.append(response.received)
        return response


def _responder(host: Host, faults: Faults) -> Responder:
    tree = Tree(host.records)
    if host.authoritative is not None:
        zones = frozenset(dns.name.from_text(zone) for zone in host.authoritative)
    else:
        zones = frozenset() if host.recursive else tree.zones
    signed = frozenset(dns.name.from_text(zone) for zone in host.signed)
    search = Search(
        tree, faults, recursive=host.recursive, authoritative=zones & tree.zones, signed=signed
    )
    return Responder(host.address, search, faults)
