"""No test leaves this machine, and a test that tries says so."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from tests.support.network import NetworkForbiddenError

AWAY = ("192.0.2.1", 53)


def test_tcp_away_is_refused() -> None:
    with socket.socket() as tcp, pytest.raises(NetworkForbiddenError):
        tcp.connect(AWAY)


def test_udp_away_is_refused_when_it_would_send() -> None:
    with socket.socket(type=socket.SOCK_DGRAM) as udp, pytest.raises(NetworkForbiddenError):
        udp.sendto(b"?", AWAY)


def test_a_udp_route_may_be_asked_for_and_not_used() -> None:
    with socket.socket(type=socket.SOCK_DGRAM) as udp:
        if udp.connect_ex(AWAY) != 0:
            pytest.skip("this machine has no route to anywhere")
        with pytest.raises(NetworkForbiddenError):
            udp.send(b"?")


def test_a_name_that_is_not_this_machine_is_refused() -> None:
    with socket.socket() as tcp, pytest.raises(NetworkForbiddenError):
        tcp.connect(("jobmatch.zip", 80))


def test_loopback_is_allowed() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        socket.create_connection(server.getsockname()) as client,
    ):
        client.sendall(b"hello")
        accepted, _ = server.accept()
        with accepted:
            assert accepted.recv(5) == b"hello"


def test_the_environment_is_clean() -> None:
    foreign = {name for name in os.environ if name.startswith(("AWS_", "PULUMI_"))}
    assert foreign == {"AWS_EC2_METADATA_DISABLED"}
    assert Path.home().name == "home"
