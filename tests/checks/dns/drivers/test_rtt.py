"""When a question is sent again."""

from __future__ import annotations

import pytest

from checks.dns.drivers.rtt import LONGEST, SENDS, SHORTEST, UNMEASURED, Peer, Peers


@pytest.mark.parametrize(
    ("measured", "rto"),
    [
        ([], UNMEASURED),
        ([0.001], SHORTEST),
        ([0.02], SHORTEST),
        ([0.05], 0.2),
        ([0.05, 0.05, 0.05, 0.05], 0.2),
        ([5.0], LONGEST),
    ],
)
def test_first_retransmission(measured: list[float], rto: float) -> None:
    peer = Peer()
    for one in measured:
        peer.measured(one)
    assert peer.rto == pytest.approx(rto)


def test_round_trip_time_is_smoothed() -> None:
    peer = Peer()
    peer.measured(0.1)
    peer.measured(0.2)
    assert peer.srtt == pytest.approx(0.1125)
    assert peer.rttvar == pytest.approx(0.0625)
    assert peer.rto == pytest.approx(0.45)


def test_plan_goes_round_about_and_doubles() -> None:
    peers = Peers()
    peers.heard("192.0.2.2", now=1.0, rtt=0.05)
    plan = list(peers.plan(["192.0.2.1", "192.0.2.2"]))
    assert plan[:4] == [
        ("192.0.2.1", UNMEASURED),
        ("192.0.2.2", pytest.approx(0.2)),
        ("192.0.2.1", 2 * UNMEASURED),
        ("192.0.2.2", pytest.approx(0.4)),
    ]
    assert len(plan) == 2 * SENDS


def test_an_address_is_silent_until_it_is_heard() -> None:
    peers = Peers()
    peers.unheard("192.0.2.1", since=1.0)
    assert peers.answering(["192.0.2.1", "192.0.2.2"]) == ("192.0.2.2",)
    peers.heard("192.0.2.1", now=2.0, rtt=None)
    assert peers.answering(["192.0.2.1", "192.0.2.2"]) == ("192.0.2.1", "192.0.2.2")


def test_an_address_that_answered_something_else_meanwhile_is_not_silent() -> None:
    peers = Peers()
    peers.heard("192.0.2.1", now=2.0, rtt=None)
    peers.unheard("192.0.2.1", since=1.0)
    assert peers.answering(["192.0.2.1"]) == ("192.0.2.1",)
