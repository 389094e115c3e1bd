"""Every test runs without the network and in a clean environment."""

from __future__ import annotations

import ipaddress
import os
import socket
from pathlib import Path
from typing import Any

import pytest

from tests.support.network import NetworkForbiddenError

FOREIGN = ("AWS_", "PULUMI_")
FOREIGN_NAMES = frozenset(
    {"NO_COLOR", "FORCE_COLOR", "PYTHONWARNINGS", "PYTHONOPTIMIZE", "PYTHONIOENCODING"}
)


def _is_loopback(address: object) -> bool:
    """Return whether a socket address stays on this machine; paths are AF_UNIX."""
    if not isinstance(address, tuple):
        return True
    try:
        return ipaddress.ip_address(str(address[0]).partition("%")[0]).is_loopback
    except ValueError:
        return address[0] in {"localhost", ""}


def _refuse(address: object) -> None:
    if not _is_loopback(address):
        raise NetworkForbiddenError(f"a test reached for {address!r}; only loopback is allowed")


class _GuardedSocket(socket.socket):
    """A socket that sends to loopback alone.

    Connecting a UDP socket sends nothing (it asks the kernel for a route) and is allowed; sending
    on it is not.
    """

    def connect(self, address: Any, /) -> None:
        if not self.type & socket.SOCK_DGRAM:
            _refuse(address)
        super().connect(address)

    def connect_ex(self, address: Any, /) -> int:
        if not self.type & socket.SOCK_DGRAM:
            _refuse(address)
        return super().connect_ex(address)

    def sendto(self, data: Any, *rest: Any) -> int:
        _refuse(rest[-1])
        return super().sendto(data, *rest)

    def send(self, data: Any, flags: int = 0, /) -> int:
        self._check_peer()
        return super().send(data, flags)

    def sendall(self, data: Any, flags: int = 0, /) -> None:
        self._check_peer()
        super().sendall(data, flags)

    def _check_peer(self) -> None:
        if self.type & socket.SOCK_DGRAM:
            _refuse(self.getpeername())


_UNGUARDED = socket.socket


def pytest_configure() -> None:
    """Guard every socket, before any module under test is imported."""
    socket.socket = _GuardedSocket  # type: ignore[misc]  # that is the point


def pytest_unconfigure() -> None:
    """Leave the process as it was."""
    socket.socket = _UNGUARDED  # type: ignore[misc]


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Take away what the developer's shell, home and AWS profile would change."""
    for name in list(os.environ):
        if name.startswith(FOREIGN) or name in FOREIGN_NAMES:
            monkeypatch.delenv(name)
    home = tmp_path / "home"
    home.mkdir()
    for name in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(name, str(home))
    # Without this, botocore asks the instance metadata service of a virtual machine.
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
