"""A UDP server that does to each datagram what a test says: drop, forge, garble, answer late."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable
from types import TracebackType
from typing import Self

import dns.message

Script = Callable[[bytes, int], list[bytes]]
"""The datagram and its number, from 1 → what is sent back, in order."""


class ScriptedServer:
    """Serves one loopback address in a thread; ``seen`` are the datagrams with their source."""

    def __init__(self, script: Script, address: str = "127.0.0.1", port: int = 0) -> None:
        self._script = script
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind((address, port))
        self._socket.settimeout(0.05)
        self._running = True
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self.address = address
        self.port = int(self._socket.getsockname()[1])
        self.seen: list[tuple[bytes, int]] = []

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._running = False
        self._thread.join()
        self._socket.close()

    def _serve(self) -> None:
        while self._running:
            try:
                data, client = self._socket.recvfrom(65535)
            except TimeoutError:
                continue
            except OSError:  # Windows: the client has closed its port
                continue
            self.seen.append((data, int(client[1])))
            for reply in self._script(data, len(self.seen)):
                self._socket.sendto(reply, client)


class StreamServer:
    """Serves one message of one TCP connection in a thread, and closes it."""

    def __init__(self, reply: Callable[[bytes], bytes]) -> None:
        self._reply = reply
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._listener.settimeout(5.0)
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self.port = int(self._listener.getsockname()[1])

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._thread.join()
        self._listener.close()

    def _serve(self) -> None:
        connection, _ = self._listener.accept()
        with connection, connection.makefile("rwb") as stream:
            reply = self._reply(stream.read(int.from_bytes(stream.read(2))))
            stream.write(len(reply).to_bytes(2) + reply)


def answer(query: bytes, *lines: str, rcode: str = "NOERROR") -> bytes:
    """Return the octets of an answer to ``query`` with the records ``lines``."""
    asked = dns.message.from_wire(query)
    text = "\n".join(
        [
            f"id {asked.id}",
            "opcode QUERY",
            f"rcode {rcode}",
            "flags QR RD RA",
            ";QUESTION",
            asked.question[0].to_text(),
            ";ANSWER",
            *lines,
        ]
    )
    return dns.message.from_text(text).to_wire()
