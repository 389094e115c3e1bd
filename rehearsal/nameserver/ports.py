"""Loopback addresses, and one port that is free on all of them."""

from __future__ import annotations

import contextlib
import os
import socket
from collections.abc import Sequence
from dataclasses import dataclass

ATTEMPTS = 50
BACKLOG = 256


class PortError(OSError):
    """No port could be bound on every address."""


@dataclass(frozen=True, slots=True)
class Bound:
    """The sockets of one server, on one port. TCP is only held where it is not ``listening``."""

    udp: socket.socket
    tcp: socket.socket
    listening: bool


def can_bind(address: str) -> bool:
    """Return whether a server can listen on ``address``; macOS has only 127.0.0.1."""
    try:
        for each in _bind(address, 0, listen=False):
            each.close()
    except OSError:
        return False
    return True


def bind_all(addresses: Sequence[str], port: int, *, silent_tcp: Sequence[str] = ()) -> list[Bound]:
    """Bind UDP and TCP on every address, all on one port; 0 picks a free one.

    TCP is bound but does not listen on the addresses in ``silent_tcp``: connections are refused.
    Raises PortError.
    """
    last: OSError | None = None
    for _ in range(ATTEMPTS if port == 0 else 1):
        with contextlib.ExitStack() as opened:
            try:
                bound = _attempt(opened, addresses, port, silent_tcp)
            except OSError as error:
                last = error
                continue
            opened.pop_all()
            return bound
    raise PortError(f"no common port on {', '.join(addresses)}: {last}")


def _attempt(
    opened: contextlib.ExitStack, addresses: Sequence[str], port: int, silent_tcp: Sequence[str]
) -> list[Bound]:
    bound = []
    for address in addresses:
        udp, tcp = _bind(address, port, listen=address not in silent_tcp)
        opened.enter_context(udp)
        opened.enter_context(tcp)
        port = int(udp.getsockname()[1])
        bound.append(Bound(udp, tcp, address not in silent_tcp))
    return bound


def _bind(address: str, port: int, *, listen: bool) -> tuple[socket.socket, socket.socket]:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with contextlib.ExitStack() as opened:
        udp = opened.enter_context(socket.socket(family, socket.SOCK_DGRAM))
        udp.bind((address, port))
        tcp = opened.enter_context(socket.socket(family, socket.SOCK_STREAM))
        # On Windows the option would let two servers share one port.
        if os.name == "posix" and listen:
            tcp.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        tcp.bind((address, udp.getsockname()[1]))
        if listen:
            tcp.listen(BACKLOG)
        opened.pop_all()
    return udp, tcp
