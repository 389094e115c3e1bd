"""Sockets, sizes, hostile packets, the record of questions, and a clean end."""

from __future__ import annotations

import contextlib
import gc
import socket
import threading
import time
import warnings
from collections.abc import Iterator

import dns.flags
import dns.message
import dns.query
import dns.rcode
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rehearsal.zone import Fault, Host, PortError, World, can_bind, parse_records
from tests.support.loopback import NS1, NS2, RECURSIVE, ask, needs_loopback_net, world

LONG = "\n".join(f'long TXT "{letter * 250}"' for letter in "abcd")  # about 1100 octets
HUGE = "\n".join(f'huge TXT "{number:0250d}"' for number in range(30))  # about 8 KiB
RECORDS = parse_records(f"@ SOA a. h. 1 1 1 1 60\n@ A 192.0.2.1\n{LONG}\n{HUGE}", "example.")


def one(delay: float = 0.0) -> World:
    return World([Host(RECURSIVE, RECORDS)], delay=delay)


SIZES = [
    ("long", None, True),  # over 512 octets without EDNS
    ("long", 512, True),
    ("long", 1232, False),
    ("long", 100, True),  # less than 512 means 512 (RFC 6891 §6.2.3)
    ("huge", 1232, True),
    ("huge", 65535, True),  # the server sends 4096 octets over UDP at most
    ("@", None, False),
]


@pytest.mark.parametrize(("owner", "payload", "truncated"), SIZES)
def test_what_does_not_fit_is_truncated_and_whole_over_tcp(
    owner: str, payload: int | None, truncated: bool
) -> None:
    name = "example." if owner == "@" else f"{owner}.example."
    rdtype = "A" if owner == "@" else "TXT"
    with one() as running:
        over_udp = ask(running, name, rdtype, edns=payload)
        over_tcp = ask(running, name, rdtype, edns=payload, tcp=True)

    assert bool(over_udp.flags & dns.flags.TC) is truncated
    assert bool(over_udp.answer) is not truncated
    assert not over_tcp.flags & dns.flags.TC
    assert {"long": 4, "huge": 30, "@": 1}[owner] == sum(len(r) for r in over_tcp.answer)


REFUSALS = {
    "another opcode": (lambda q: q.set_opcode(dns.opcode.STATUS), dns.rcode.NOTIMP),
    "another class": (
        lambda q: q.question.__setitem__(
            0, dns.rrset.RRset(q.question[0].name, dns.rdataclass.CH, dns.rdatatype.TXT)
        ),
        dns.rcode.REFUSED,
    ),
    "two questions": (lambda q: q.question.append(q.question[0]), dns.rcode.FORMERR),
    "no question": (lambda q: q.question.clear(), dns.rcode.FORMERR),
    "EDNS version 1": (lambda q: q.use_edns(1), dns.rcode.BADVERS),
}


@pytest.mark.parametrize(("spoil", "rcode"), REFUSALS.values(), ids=REFUSALS)
def test_queries_that_ask_for_something_else(spoil: object, rcode: dns.rcode.Rcode) -> None:
    query = dns.message.make_query("example.", "A")
    assert callable(spoil)
    spoil(query)
    with one() as running:
        reply = exchange(running, query.to_wire())

    assert dns.message.from_wire(reply).rcode() == rcode


def test_a_transfer_is_refused() -> None:
    with one() as running:
        message = ask(running, "example.", "AXFR", tcp=True)

    assert message.rcode() == dns.rcode.REFUSED


def exchange(running: World, packet: bytes, timeout: float = 2.0) -> bytes:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
        client.settimeout(timeout)
        client.sendto(packet, (RECURSIVE, running.port))
        return client.recv(65535)


QUERY = dns.message.make_query("example.", "A").to_wire()


def hostile() -> st.SearchStrategy[bytes]:
    """Random octets, and good queries cut short, extended or with octets changed."""
    changed = st.tuples(st.integers(0, len(QUERY) - 1), st.binary(min_size=1, max_size=4)).map(
        lambda at: QUERY[: at[0]] + at[1] + QUERY[at[0] + len(at[1]) :]
    )
    cut = st.integers(0, len(QUERY)).map(lambda n: QUERY[:n])
    header = st.binary(max_size=40).map(lambda tail: QUERY[:12] + tail)
    return st.one_of(st.binary(max_size=80), changed, cut, header)


@pytest.fixture(scope="module")
def running_world() -> Iterator[World]:
    with one() as running:
        yield running


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(packet=hostile())
def test_no_packet_ends_the_server(running_world: World, packet: bytes) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
        client.sendto(packet, (RECURSIVE, running_world.port))
    with socket.create_connection((RECURSIVE, running_world.port), timeout=2) as stream:
        stream.sendall(len(packet).to_bytes(2, "big") + packet)

    assert ask(running_world, "example.").rcode() == dns.rcode.NOERROR


def test_a_packet_with_a_header_alone_is_answered_formerr() -> None:
    with one() as running:
        reply = exchange(running, QUERY[:5] + b"\x01" + QUERY[6:12] + b"\x3f")

    assert reply[:2] == QUERY[:2]
    assert reply[3] & 0x0F == dns.rcode.FORMERR


def test_a_response_is_not_answered() -> None:
    response = QUERY[:2] + b"\x80" + QUERY[3:]
    with one() as running, pytest.raises(TimeoutError):
        exchange(running, response, timeout=0.1)


def test_several_questions_on_one_connection_in_pieces() -> None:
    framed = len(QUERY).to_bytes(2, "big") + QUERY
    with one() as running, socket.create_connection((RECURSIVE, running.port), 2) as stream:
        for octet in framed + framed[:10]:
            stream.sendall(bytes([octet]))
        stream.sendall(framed[10:])
        with stream.makefile("rb") as answers:
            replies = [answers.read(int.from_bytes(answers.read(2), "big")) for _ in range(2)]

    assert [dns.message.from_wire(r).rcode() for r in replies] == [dns.rcode.NOERROR] * 2


def test_more_connections_than_are_allowed_do_not_stop_udp() -> None:
    with one() as running, contextlib.ExitStack() as clients:
        for _ in range(140):
            clients.enter_context(socket.create_connection((RECURSIVE, running.port), 2))

        assert ask(running, "example.").rcode() == dns.rcode.NOERROR


def test_questions_are_recorded_in_order() -> None:
    with world("a A 192.0.2.1") as running:
        ask(running, "A.jobmatch.zip.", "A")
        ask(running, "b.jobmatch.zip.", "TXT", at=NS1, rd=False, cd=True, edns=None)
        ask(running, "a.jobmatch.zip.", "MX", at=NS2, tcp=True, edns=512)
        queries = running.queries

    assert [(q.server, q.name, q.rdtype, q.transport, q.rd, q.cd, q.edns) for q in queries] == [
        (RECURSIVE, "a.jobmatch.zip.", "A", "udp", True, False, 1232),
        (NS1, "b.jobmatch.zip.", "TXT", "udp", False, True, None),
        (NS2, "a.jobmatch.zip.", "MX", "tcp", True, False, 512),
    ]


def test_an_answer_has_the_id_of_its_question() -> None:
    with one() as running:
        replies = [exchange(running, ident + QUERY[2:]) for ident in (b"ab", b"cd", b"ab")]
        queries = running.queries

    assert [reply[:2] for reply in replies] == [b"ab", b"cd", b"ab"]
    assert len({reply[2:] for reply in replies}) == 1
    assert len(queries) == 3


def test_delayed_answers_do_not_wait_for_each_other() -> None:
    packets = [dns.message.make_query(f"n{i}.example.", "A").to_wire() for i in range(20)]
    with one(delay=0.2) as running, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
        client.settimeout(2.0)
        started = time.monotonic()
        for packet in packets:
            client.sendto(packet, (RECURSIVE, running.port))
        for _ in packets:
            client.recv(512)
        elapsed = time.monotonic() - started

    assert 0.2 <= elapsed < 1.0


@needs_loopback_net
def test_servers_share_one_port() -> None:
    hosts = [Host(address, RECORDS) for address in (RECURSIVE, NS1, NS2)]
    with World(hosts) as running:
        assert running.addresses == (RECURSIVE, NS1, NS2)
        for at in running.addresses:
            for tcp in (False, True):
                assert ask(running, "example.", at=at, tcp=tcp).rcode() == dns.rcode.NOERROR


def test_a_taken_port_is_told_with_the_address() -> None:
    with one() as running, pytest.raises(PortError, match=RECURSIVE):
        World([Host(RECURSIVE, RECORDS)], port=running.port).start()


def test_the_same_port_can_be_used_again() -> None:
    with one() as first:
        ask(first, "example.", tcp=True)
        port = first.port
    with World([Host(RECURSIVE, RECORDS)], port=port) as second:
        assert ask(second, "example.").rcode() == dns.rcode.NOERROR


def test_an_address_that_is_not_of_this_host_cannot_be_bound() -> None:
    assert can_bind("127.0.0.1")
    assert not can_bind("192.0.2.1")


def test_the_end_leaves_no_thread_and_no_socket() -> None:
    before = threading.active_count()
    with warnings.catch_warnings():
        warnings.simplefilter("error", ResourceWarning)
        running = World(
            [Host(RECURSIVE, RECORDS, faults=[Fault(name="slow.", kind="delay", seconds=60)])]
        )
        running.start()
        stream = socket.create_connection((RECURSIVE, running.port), 2)
        ask(running, "example.")
        with pytest.raises(dns.exception.Timeout):
            ask(running, "slow.", timeout=0.1)
        running.stop()
        running.stop()
        ended = stream.recv(1)
        stream.close()
        del running
        gc.collect()

    assert ended == b""
    assert threading.active_count() == before
