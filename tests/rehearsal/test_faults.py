"""Every fault a server can have, over UDP and TCP."""

from __future__ import annotations

import time
from typing import Any

import dns.edns
import dns.exception
import dns.flags
import dns.message
import dns.rcode
import pytest

from rehearsal.zone import Fault, World
from tests.support.loopback import NS1, NS2, RECURSIVE, ask, world

ZONE = """
    a A 192.0.2.1
    x.a A 192.0.2.2
    alias CNAME a
"""
NAME = "a.jobmatch.zip."


def broken(kind: Any, at: str = RECURSIVE, **more: Any) -> World:
    return world(ZONE, faults={at: [Fault(name="a", kind=kind, **more)]})


def seen(message: dns.message.Message) -> tuple[str, int]:
    return dns.rcode.to_text(message.rcode()), len(message.answer)


def codes(message: dns.message.Message) -> list[tuple[int, str | None]]:
    return [(int(o.code), o.text) for o in message.options if isinstance(o, dns.edns.EDEOption)]


RCODES = {
    "servfail": (Fault(name="a", kind="servfail"), "SERVFAIL", []),
    "servfail with a reason": (
        Fault(name="a", kind="servfail", ede=(22, "No Reachable Authority")),
        "SERVFAIL",
        [(22, "No Reachable Authority")],
    ),
    "refused": (Fault(name="a", kind="refused"), "REFUSED", []),
    "formerr": (Fault(name="a", kind="formerr"), "FORMERR", []),
    "nxdomain": (Fault(name="a", kind="nxdomain"), "NXDOMAIN", []),
    "bogus": (Fault(name="a", kind="bogus"), "SERVFAIL", [(9, "DNSKEY Missing")]),
    "blocked": (Fault(name="a", kind="blocked"), "NXDOMAIN", [(15, "Blocked")]),
    "noedns": (Fault(name="a", kind="noedns"), "FORMERR", []),
}


@pytest.mark.parametrize(("fault", "rcode", "ede"), RCODES.values(), ids=RCODES)
@pytest.mark.parametrize("tcp", [False, True], ids=["udp", "tcp"])
def test_rcodes(fault: Fault, rcode: str, ede: list[tuple[int, str]], tcp: bool) -> None:
    with world(ZONE, faults={RECURSIVE: [fault]}) as running:
        message = ask(running, NAME, tcp=tcp)

    assert seen(message) == (rcode, 0)
    assert codes(message) == ede


def test_no_extended_error_without_edns() -> None:
    with broken("bogus") as running:
        message = ask(running, NAME, edns=None)

    assert message.edns == -1
    assert seen(message) == ("SERVFAIL", 0)


@pytest.mark.parametrize("kind", ["bogus", "noedns"])
def test_faults_that_another_way_of_asking_avoids(kind: str) -> None:
    with broken(kind) as running:
        message = ask(running, NAME, cd=kind == "bogus", edns=None if kind == "noedns" else 1232)

    assert seen(message) == ("NOERROR", 1)


@pytest.mark.parametrize("tcp", [False, True], ids=["udp", "tcp"])
def test_timeout_is_silence(tcp: bool) -> None:
    with broken("timeout") as running, pytest.raises(dns.exception.Timeout):
        ask(running, NAME, tcp=tcp, timeout=0.2)


def test_truncate_never_gives_the_answer() -> None:
    with broken("truncate") as running:
        message = ask(running, NAME)
        with pytest.raises(EOFError):
            ask(running, NAME, tcp=True)

    assert message.flags & dns.flags.TC
    assert seen(message) == ("NOERROR", 0)


def test_notcp_at_a_name_closes() -> None:
    with broken("notcp") as running:
        assert seen(ask(running, NAME)) == ("NOERROR", 1)
        with pytest.raises(EOFError):
            ask(running, NAME, tcp=True)


def test_notcp_everywhere_refuses() -> None:
    everywhere = Fault(name=".", kind="notcp", under=True)
    with world(ZONE, faults={NS2: [everywhere]}) as running:
        assert seen(ask(running, NAME, at=NS2)) == ("NOERROR", 1)
        with pytest.raises(ConnectionRefusedError):
            ask(running, NAME, at=NS2, tcp=True)
        assert seen(ask(running, NAME, at=NS1, tcp=True)) == ("NOERROR", 1)


def test_noaa_answers_without_authority() -> None:
    with broken("noaa", at=NS1) as running:
        messages = [ask(running, NAME, at=at, rd=False) for at in (NS1, NS2)]

    assert [bool(m.flags & dns.flags.AA) for m in messages] == [False, True]
    assert [seen(m) for m in messages] == [("NOERROR", 1)] * 2


def test_lame_refers_upwards() -> None:
    with broken("lame", at=NS1) as running:
        message = ask(running, NAME, at=NS1, rd=False)

    assert not message.flags & dns.flags.AA
    assert [r.name.to_text() for r in message.authority] == ["."]


def test_malformed_is_no_message() -> None:
    with broken("malformed") as running, pytest.raises(dns.exception.DNSException):
        ask(running, NAME, timeout=0.5)


def test_delay_is_late_and_right() -> None:
    with broken("delay", seconds=0.15) as running:
        started = time.monotonic()
        message = ask(running, NAME)

    assert seen(message) == ("NOERROR", 1)
    assert time.monotonic() - started >= 0.15


REACH = {
    "the name": (Fault(name="a", kind="refused"), [NAME]),
    "the name and below": (Fault(name="a", kind="refused", under=True), [NAME, "x." + NAME]),
    "everything": (
        Fault(name=".", kind="refused", under=True),
        [NAME, "x." + NAME, "alias.jobmatch.zip."],
    ),
    "the root alone": (Fault(name=".", kind="refused"), []),
    "another type": (Fault(name="a", kind="refused", rdtype="TXT"), []),
    "the type": (Fault(name="a", kind="refused", rdtype="a"), [NAME]),
    "an absolute name": (Fault(name=NAME, kind="refused"), [NAME]),
}


@pytest.mark.parametrize(("fault", "hit"), REACH.values(), ids=REACH)
def test_what_a_fault_reaches(fault: Fault, hit: list[str]) -> None:
    names = [NAME, "x." + NAME, "alias.jobmatch.zip."]
    with world(ZONE, faults={NS1: [fault]}) as running:
        refused = [n for n in names if ask(running, n, at=NS1).rcode() == dns.rcode.REFUSED]

    assert refused == hit


def test_an_alias_to_a_faulty_name_fails_at_the_resolver() -> None:
    with broken("servfail") as running:
        message = ask(running, "alias.jobmatch.zip.")

    assert seen(message) == ("SERVFAIL", 0)


def test_an_alias_to_a_faulty_name_ends_there_at_an_authority() -> None:
    with broken("servfail", at=NS1) as running:
        message = ask(running, "alias.jobmatch.zip.", at=NS1, rd=False)

    assert seen(message) == ("NOERROR", 1)
    assert [r.rdtype.to_text(r.rdtype) for r in message.answer] == ["CNAME"]


def test_faults_of_one_server_are_not_those_of_another() -> None:
    with broken("servfail", at=NS1) as running:
        rcodes = [ask(running, NAME, at=at).rcode() for at in (NS1, NS2, RECURSIVE)]

    assert rcodes == [dns.rcode.SERVFAIL, dns.rcode.NOERROR, dns.rcode.NOERROR]
