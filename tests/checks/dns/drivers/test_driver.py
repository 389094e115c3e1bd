"""The driver over real sockets: repetitions, faults, bounds."""

from __future__ import annotations

import asyncio
import errno
import socket
import time
from collections.abc import Callable, Coroutine, Sequence
from typing import Any, TypeVar

import pytest

from checks.dns.answers import (
    Answer,
    ChainError,
    Ede,
    Malformed,
    NoData,
    NxDomain,
    Question,
    Referral,
    Refused,
    Reply,
    Server,
    ServFail,
    Timeout,
    Truncated,
    Unasked,
)
from checks.dns.drivers.transport import Inbox, open_port
from checks.dns.lookup import Resolver
from checks.dns.rdata import Txt
from checks.dns.reading import explain
from rehearsal.zone import Fault, FaultKind, Host, World, parse_records
from tests.checks.dns.drivers.scripted import Script, ScriptedServer, StreamServer, answer
from tests.support.loopback import needs_loopback_net

T = TypeVar("T")

LONG = " ".join(f'"{character * 250}"' for character in "abcdef")
ZONE = parse_records(
    f"""
@ 3600 SOA ns1 host 1 3600 600 86400 60
@ NS ns1
@ TXT "hello"
ns1 A 127.0.0.1
big TXT {LONG}
a CNAME b
b TXT "end"
out CNAME elsewhere.example.
loop CNAME loop2
loop2 CNAME loop
sub NS ns1.sub
ns1.sub A 127.0.0.1
""",
    "jobmatch.zip.",
)
HERE = Server("ns1.jobmatch.zip.", ("127.0.0.1",))
GOOD = 'jobmatch.zip. 60 IN TXT "good"'
BAD = 'jobmatch.zip. 60 IN TXT "forged"'


def world(*faults: Fault, recursive: bool = True) -> World:
    zones = ["jobmatch.zip."]
    host = Host(
        "127.0.0.1",
        ZONE,
        recursive=recursive,
        authoritative=zones,
        faults=faults,
        fault_origin="jobmatch.zip.",
    )
    return World([host])


def run(resolver: Resolver, work: Callable[[Resolver], Coroutine[Any, Any, T]]) -> T:
    """Run ``work``; fail where it leaves a task behind."""

    async def whole() -> T:
        async with resolver:
            result = await work(resolver)
        assert asyncio.all_tasks() == {asyncio.current_task()}
        return result

    return asyncio.run(whole())


def ask(
    port: int, *questions: Question, timeout: float = 3.0, servers: Sequence[str] = ("127.0.0.1",)
) -> list[Reply]:
    return run(Resolver(servers, port, timeout), lambda resolver: resolver.ask(questions))


def name(label: str) -> str:
    return "jobmatch.zip." if label == "@" else f"{label}.jobmatch.zip."


@pytest.mark.parametrize(
    ("label", "rdtype", "server", "kind"),
    [
        ("@", "TXT", None, Answer),
        ("@", "TXT", HERE, Answer),
        ("@", "MX", None, NoData),
        ("nothing", "MX", None, NxDomain),
        ("nothing", "MX", HERE, NxDomain),
        ("a", "TXT", None, Answer),
        ("out", "TXT", HERE, NoData),
        ("loop", "TXT", HERE, ChainError),
        ("x.sub", "A", HERE, Referral),
    ],
)
def test_what_servers_say(
    label: str, rdtype: str, server: Server | None, kind: type[Reply]
) -> None:
    with world() as running:
        (reply,) = ask(running.port, Question(name(label), rdtype, server))
    assert type(reply) is kind
    assert reply.authoritative is (server is not None and kind is not Referral)
    assert (reply.server, reply.wave) == ("127.0.0.1", 1)


@pytest.mark.parametrize(
    ("kind", "server", "expected"),
    [
        ("servfail", None, ServFail),
        ("servfail", HERE, ServFail),
        ("refused", None, Refused),
        ("refused", HERE, Refused),
        ("formerr", HERE, Malformed),
        ("malformed", None, Malformed),
        ("lame", HERE, Referral),
        ("bogus", None, ServFail),
        ("blocked", None, NxDomain),
        ("noedns", None, Answer),
        ("truncate", None, Truncated),
        ("timeout", HERE, Timeout),
    ],
)
def test_faults_of_servers(kind: FaultKind, server: Server | None, expected: type[Reply]) -> None:
    with world(Fault(name="@", kind=kind)) as running:
        (reply,) = ask(running.port, Question("jobmatch.zip.", "TXT", server), timeout=0.5)
    assert type(reply) is expected
    assert reply.failed is (expected not in {Answer, NxDomain})


def test_validation_failure_is_told_from_other_failures() -> None:
    faults = [
        Fault(name="@", kind="bogus"),
        Fault(name="b", kind="servfail", ede=(22, "No Reachable Authority")),
    ]
    questions = [Question(name("@"), "TXT"), Question(name("b"), "TXT")]
    with world(*faults) as running:
        bogus, failing = ask(running.port, *questions)
        asked = sorted((q.name, q.cd) for q in running.queries)
    assert isinstance(bogus, ServFail)
    assert isinstance(failing, ServFail)
    assert (bogus.bogus, bogus.ede[0].code) == (True, 9)
    assert (failing.bogus, failing.ede) == (False, (Ede(22, "No Reachable Authority"),))
    assert asked == sorted((q.name, cd) for q in questions for cd in (False, True))


def test_an_authoritative_server_is_not_asked_with_checking_disabled() -> None:
    with world(Fault(name="@", kind="servfail")) as running:
        ask(running.port, Question("jobmatch.zip.", "TXT", HERE))
        assert [(q.rd, q.cd) for q in running.queries] == [(False, False)]


@pytest.mark.parametrize(
    ("kind", "expected"), [("noedns", [1232, None]), ("formerr", [1232, None]), ("refused", [1232])]
)
def test_once_more_without_edns(kind: FaultKind, expected: list[int | None]) -> None:
    with world(Fault(name="@", kind=kind)) as running:
        ask(running.port, Question("jobmatch.zip.", "TXT"))
        assert [q.edns for q in running.queries] == expected


def test_what_is_truncated_is_fetched_over_tcp() -> None:
    with world() as running:
        (reply,) = ask(running.port, Question(name("big"), "TXT"))
        assert [q.transport for q in running.queries] == ["udp", "tcp"]
    assert isinstance(reply, Answer)
    assert [len(r.joined) for r in reply.records if isinstance(r, Txt)] == [1500]


@pytest.mark.parametrize(
    ("fault", "tcp"),
    [
        (Fault(name=".", kind="notcp", under=True), "refused"),
        (Fault(name="big", kind="notcp"), "closed"),
        (Fault(name="big", kind="truncate"), "closed"),
    ],
)
@pytest.mark.parametrize("at_once", [True, False])
def test_tcp_that_is_refused_or_closed(fault: Fault, tcp: str, at_once: bool) -> None:
    with world(fault) as running:
        (reply,) = ask(running.port, Question(name("big"), "TXT", HERE, tcp=at_once))
    assert isinstance(reply, Truncated)
    assert reply.tcp == tcp


def test_a_question_over_tcp_alone() -> None:
    with world() as running:
        (reply,) = ask(running.port, Question("jobmatch.zip.", "SOA", HERE, tcp=True))
        assert [q.transport for q in running.queries] == ["tcp"]
    assert isinstance(reply, Answer)


def test_silence_over_tcp() -> None:
    """A listener that accepts nothing: TC=1 gives Truncated, TCP alone Timeout."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(1)
        port = int(listener.getsockname()[1])
        with ScriptedServer(lambda query, _: [truncated(query)], port=port):
            questions = [Question(name("a"), "TXT", HERE, tcp=tcp) for tcp in (False, True)]
            after, alone = ask(port, *questions, timeout=0.4)
    assert isinstance(after, Truncated)
    assert after.tcp == "timeout"
    assert isinstance(alone, Timeout)
    assert alone.tried == ("127.0.0.1",)


def truncated(query: bytes) -> bytes:
    return query[:2] + bytes([query[2] | 0x82]) + query[3:]


@pytest.mark.parametrize(
    ("garble", "detail"),
    [
        (lambda wire: wire[:-1], "FormError"),
        (lambda wire: bytes([wire[0] ^ 1]) + wire[1:], "another id"),
    ],
)
def test_a_malformed_answer_over_tcp(garble: Callable[[bytes], bytes], detail: str) -> None:
    with StreamServer(lambda query: garble(answer(query, GOOD))) as server:
        (reply,) = ask(server.port, Question("jobmatch.zip.", "TXT", HERE, tcp=True))
    assert isinstance(reply, Malformed)
    assert detail in reply.detail


# --- packets that get lost, come late, or are forged ---


def scripted(script: Script, timeout: float = 3.0) -> tuple[Reply, list[tuple[bytes, int]], float]:
    """Ask one question of a scripted server; return the reply, what it saw, and the seconds."""
    with ScriptedServer(script) as server:
        started = time.monotonic()
        (reply,) = ask(server.port, Question("jobmatch.zip.", "TXT"), timeout=timeout)
        return reply, server.seen, time.monotonic() - started


def test_a_lost_packet_is_sent_again_unchanged() -> None:
    reply, seen, _ = scripted(lambda query, number: [answer(query, GOOD)] if number == 2 else [])
    assert isinstance(reply, Answer)
    assert len(set(seen)) == 1
    assert len(seen) >= 2


def other_id(query: bytes) -> bytes:
    return bytes([query[0] ^ 0xFF]) + answer(query, BAD)[1:]


def other_name(query: bytes) -> bytes:
    return answer(query, BAD).replace(b"\x08jobmatch\x03zip", b"\x08jobmatch\x03zap", 1)


def other_type(query: bytes) -> bytes:
    return answer(query, BAD).replace(b"\x00\x10\x00\x01", b"\x00\x63\x00\x01", 1)


def echo(query: bytes) -> bytes:
    return query


@pytest.mark.parametrize("forge", [other_id, other_name, other_type, echo])
def test_forged_answers_are_passed_over(forge: Callable[[bytes], bytes]) -> None:
    reply, _, _ = scripted(lambda query, _: [forge(query), answer(query, GOOD)])
    assert isinstance(reply, Answer)
    assert reply.records == (Txt((b"good",)),)


def test_only_forged_answers_are_malformed_when_the_time_is_over() -> None:
    reply, _, seconds = scripted(lambda query, _: [other_name(query)], timeout=0.3)
    assert isinstance(reply, Malformed)
    assert "another question" in reply.detail
    assert seconds >= 0.3


@pytest.mark.parametrize(
    "tail", [b"", b"\x81", b"\x81\x80\x00\x01\x00\x01\x00\x00\x00\x00\xc0\x0c"]
)
def test_octets_that_are_no_message_end_the_question(tail: bytes) -> None:
    reply, _, seconds = scripted(lambda query, _: [query[:2] + tail])
    assert isinstance(reply, Malformed)
    assert seconds < 2


def test_each_question_has_its_own_port_and_id() -> None:
    with ScriptedServer(lambda query, _: [answer(query)]) as server:
        ask(server.port, *(Question(name(f"n{i}"), "TXT") for i in range(40)))
        seen = {(data[:2], source) for data, source in server.seen}
    assert len({source for _, source in seen}) >= 35
    assert len({query_id for query_id, _ in seen}) >= 35


# --- several addresses ---


def closed_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_a_closed_port_ends_the_question_early() -> None:
    started = time.monotonic()
    (reply,) = ask(closed_port(), Question("jobmatch.zip.", "TXT"), timeout=5.0)
    assert isinstance(reply, Timeout)
    assert (reply.closed, reply.tried) == (True, ("127.0.0.1",))
    assert "no answer from 127.0.0.1: the port is closed" in explain(reply)
    assert time.monotonic() - started < 3


@pytest.mark.parametrize(
    ("code", "kind"), [(errno.ENETUNREACH, Timeout), (errno.EMFILE, Answer)], ids=["route", "files"]
)
def test_a_socket_that_cannot_be_opened_the_first_time(
    code: int, kind: type[Reply], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a route the address is given up; out of sockets it is tried again."""
    failures = [OSError(code, "no socket")]

    async def unsteady(address: str, port: int, inbox: Inbox) -> asyncio.DatagramTransport:
        if failures:
            raise failures.pop()
        return await open_port(address, port, inbox)

    monkeypatch.setattr("checks.dns.drivers.udp.open_port", unsteady)
    with world() as running:
        (reply,) = ask(running.port, Question("jobmatch.zip.", "TXT"))
    assert type(reply) is kind


@needs_loopback_net
@pytest.mark.parametrize("silent", [True, False])
@pytest.mark.parametrize("authoritative", [True, False])
def test_the_next_address_is_asked(silent: bool, authoritative: bool) -> None:
    """The first address is silent, or its port is closed."""
    both = ("127.0.0.12", "127.0.0.1")
    server = Server("ns1.jobmatch.zip.", both) if authoritative else None
    with world() as running:
        first = ScriptedServer(lambda *_: [], "127.0.0.12", running.port) if silent else None
        if first:
            first.__enter__()
        question = Question("jobmatch.zip.", "TXT", server)
        (reply,) = ask(running.port, question, servers=both)
        if first:
            first.__exit__(None, None, None)
    assert isinstance(reply, Answer)
    assert reply.server == "127.0.0.1"


UNROUTED = "192.0.2.1"


def test_addresses_without_a_route_are_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "checks.dns.drivers.dnspython.has_route", lambda address, port: address != UNROUTED
    )
    partly = Server("ns1.jobmatch.zip.", (UNROUTED, "127.0.0.1"))
    never = Server("ns2.jobmatch.zip.", (UNROUTED,))
    nowhere = Server("ns3.jobmatch.zip.", ())
    questions = [Question("jobmatch.zip.", "TXT", s) for s in (partly, never, nowhere)]
    with world() as running:
        resolver = Resolver(["127.0.0.1"], running.port)
        replies = run(resolver, lambda r: r.ask(questions))
    assert [type(r) for r in replies] == [Answer, Unasked, Unasked]
    assert explain(replies[1]) == f"this host has no route to {UNROUTED}"
    assert explain(replies[2]) == "no address of ns3.jobmatch.zip is known"
    assert (resolver.queries, resolver.waves, replies[1].wave) == (1, 1, 0)


# --- bounds ---


def test_a_silent_server_gets_one_full_wait_and_then_short_tries() -> None:
    async def work(resolver: Resolver) -> list[float]:
        seconds = []
        for label in ("a", "b"):
            started = time.monotonic()
            (reply,) = await resolver.ask([Question(name(label), "TXT")])
            assert isinstance(reply, Timeout)
            seconds.append(time.monotonic() - started)
        return seconds

    with ScriptedServer(lambda *_: []) as server:
        first, second = run(Resolver(["127.0.0.1"], server.port, 1.6), work)
    assert first >= 1.5
    assert second < 1.3


def test_the_run_ends_with_its_deadline() -> None:
    async def work(resolver: Resolver) -> list[Reply]:
        first = await resolver.ask([Question(name("a"), "TXT")])
        return first + await resolver.ask([Question(name("b"), "TXT")])

    with ScriptedServer(lambda *_: []) as server:
        resolver = Resolver(["127.0.0.1"], server.port, 5.0, deadline=0.5)
        started = time.monotonic()
        cut, never = run(resolver, work)
    assert time.monotonic() - started < 2
    assert isinstance(cut, Timeout)
    assert isinstance(never, Unasked)
    assert explain(never) == "not asked: the run's 0.5 s are over"
    assert resolver.queries == 1


def test_questions_in_flight_are_bounded() -> None:
    questions = [Question(name(f"n{i}"), "TXT") for i in range(6)]
    with world(Fault(name="@", kind="delay", under=True, seconds=0.1)) as running:
        started = time.monotonic()
        resolver = Resolver(["127.0.0.1"], running.port, concurrency=2)
        replies = run(resolver, lambda r: r.ask(questions))
    assert {type(r) for r in replies} == {NxDomain}
    assert time.monotonic() - started >= 0.3


def test_a_cancelled_run_leaves_no_task_behind() -> None:
    async def work(resolver: Resolver) -> str:
        branch = resolver.start(resolver.ask([Question(name("a"), "TXT")]))
        try:
            async with asyncio.timeout(0.1):
                await branch
        except TimeoutError:
            return "cancelled"
        return "answered"

    with ScriptedServer(lambda *_: []) as server:
        started = time.monotonic()
        assert run(Resolver(["127.0.0.1"], server.port), work) == "cancelled"
    assert time.monotonic() - started < 3
