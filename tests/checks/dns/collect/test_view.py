"""What the collectors see: authority in the zone, the resolver elsewhere, aliases followed."""

from __future__ import annotations

import pytest

from checks.dns.answers import (
    Answer,
    ChainError,
    Malformed,
    NoData,
    NxDomain,
    Question,
    Reply,
    Server,
    ServFail,
    Timeout,
    Truncated,
    Unasked,
)
from checks.dns.collect.authority import Authority, Settled
from checks.dns.collect.view import (
    JudgedView,
    PrefetchView,
    SilentView,
    first_told,
    same_answer,
)
from checks.dns.names import parse_name
from checks.dns.rdata import Txt, present
from checks.dns.reading import texts
from tests.support.table import run
from tests.support.world import INSIDE, World, at, changed, named

NS1 = Server("ns1.dnshost.example.", ("127.0.0.11",))
NS2 = Server("ns2.dnshost.example.", ("127.0.0.12",))
DMARC = "_dmarc.jobmatch.zip."
BOTH = Authority(zones={"jobmatch.zip.": (NS1, NS2)}, required=frozenset({(DMARC, "TXT")}))

TXT = Question(DMARC, "TXT")
CLOSED = Truncated(question=TXT, server="127.0.0.11", tcp="closed")
CLOSED_TOO = Truncated(question=TXT, server="127.0.0.12", tcp="refused")
SILENT = Timeout(question=TXT)
KNOWN = NoData(question=TXT, authoritative=True)


def judge(world: World, name: str, rdtype: str, authority: Authority = BOTH) -> Reply:
    view = JudgedView(world, Settled(authority))
    return run(view.ask([Question(parse_name(name), rdtype)]))[0]


def shown(reply: Reply) -> list[str]:
    return [t.joined.decode() for t in texts(reply)]


def differing() -> World:
    return World(
        ns1=changed(INSIDE, {DMARC: {"TXT": ["one"]}}),
        ns2=changed(INSIDE, {DMARC: {"TXT": ["two"]}}),
    )


def test_authority_wins_over_the_resolver() -> None:
    world = World(resolver=changed(INSIDE, {DMARC: {"TXT": ["stale"]}}))

    assert ["v=DMARC1; p=none; rua=mailto:dmarc@jobmatch.zip"] == shown(judge(world, DMARC, "TXT"))


def test_a_name_elsewhere_is_judged_on_the_resolver() -> None:
    reply = judge(World(), "amazonses.com", "TXT")

    assert reply.question.server is None
    assert isinstance(reply, Answer)


def test_the_first_server_in_name_order_decides_where_servers_differ() -> None:
    world = World(
        ns1=changed(INSIDE, {DMARC: {"TXT": ["one"]}}),
        ns2=changed(INSIDE, {DMARC: {"TXT": ["two"]}}),
    )

    assert ["one"] == shown(judge(world, DMARC, "TXT"))


def test_a_lame_server_is_left_out() -> None:
    world = World(
        ns1=changed(INSIDE, {DMARC: {"TXT": ["one"]}}),
        ns2=changed(INSIDE, {DMARC: {"TXT": ["two"]}}),
    )
    authority = Authority(zones={"jobmatch.zip.": (NS2,)}, required=BOTH.required)

    assert ["two"] == shown(judge(world, DMARC, "TXT", authority))


def test_one_server_that_fails_leaves_the_other_to_judge() -> None:
    world = World(faults=[named(DMARC, "TXT", NS1.name, ServFail, rcode="SERVFAIL")])

    assert isinstance(judge(world, DMARC, "TXT"), Answer)


def test_all_servers_failing_is_a_failure() -> None:
    world = World(faults=[named(DMARC, "TXT", "*", Timeout)])

    assert judge(world, DMARC, "TXT").failed


@pytest.mark.parametrize(("name", "servers"), [(DMARC, {NS1, NS2}), ("mail.jobmatch.zip.", {NS1})])
def test_only_required_questions_go_to_every_server(name: str, servers: set[Server]) -> None:
    world = World()
    judge(world, name, "TXT")

    assert servers == {q.server for q in world.asked}


def test_a_deeper_zone_is_asked_at_its_own_servers() -> None:
    authority = Authority(zones={"jobmatch.zip.": (NS1,), "bounce.jobmatch.zip.": (NS2,)})
    world = World()
    judge(world, "bounce.jobmatch.zip", "MX", authority)

    assert [NS2] == [q.server for q in world.asked]


def test_interception_and_absence_of_servers_are_unknown() -> None:
    intercepted = Authority(zones=BOTH.zones, intercepted="port 53 is intercepted")
    no_server = Authority(zones={"jobmatch.zip.": ()})

    for authority, cause in ((intercepted, "intercepted"), (no_server, "no name server")):
        reply = judge(World(), DMARC, "TXT", authority)
        assert isinstance(reply, Unasked)
        assert cause in reply.cause


def test_an_alias_out_of_the_zone_is_followed_at_the_resolver() -> None:
    vendor = {"d.vendor.example": {"TXT": ["v=DMARC1; p=none"]}}
    inside = changed(INSIDE, {DMARC: {"CNAME": ["d.vendor.example"]}})
    world = World(inside=inside, resolver={**inside, **vendor})

    reply = judge(world, DMARC, "TXT")

    assert ["v=DMARC1; p=none"] == shown(reply)
    assert ["d.vendor.example."] == [link.target for link in reply.chain]
    assert DMARC == reply.question.name


def test_an_alias_that_only_authority_has_is_followed_too() -> None:
    """The resolver still holds the old TXT; the alias is new on authority."""
    vendor = {"d.vendor.example": {"TXT": ["new"]}}
    inside = changed(INSIDE, {DMARC: {"CNAME": ["d.vendor.example"]}})
    world = World(inside=inside, resolver={**INSIDE, **vendor})

    assert ["new"] == shown(judge(world, DMARC, "TXT"))


def test_an_alias_to_nothing_tells_what_is_missing() -> None:
    inside = changed(INSIDE, {DMARC: {"CNAME": ["d.vendor.example"]}})

    reply = judge(World(inside=inside), DMARC, "TXT")

    assert isinstance(reply, NxDomain)
    assert "d.vendor.example." == reply.end


def test_a_loop_through_a_foreign_zone_is_a_fact() -> None:
    inside = changed(INSIDE, {DMARC: {"CNAME": ["d.vendor.example"]}})
    faults = [
        named("d.vendor.example.", "TXT", "resolver", ServFail, rcode="SERVFAIL"),
        named(DMARC, "TXT", "resolver", ServFail, rcode="SERVFAIL"),
    ]
    looping = World(
        inside=inside, resolver={**inside, "d.vendor.example": {"CNAME": [DMARC]}}, faults=faults
    )
    failing = World(inside=inside, faults=faults)

    assert isinstance(judge(looping, DMARC, "TXT"), ChainError)
    assert isinstance(judge(failing, DMARC, "TXT"), ServFail)


def test_prefetch_answers_from_the_resolver_and_has_authority_asked() -> None:
    world = World(resolver=changed(INSIDE, {DMARC: {"TXT": ["stale"]}}))
    prefetch = PrefetchView(world, JudgedView(world, Settled(BOTH)))

    reply = run(prefetch.ask([Question(DMARC, "TXT")]))[0]

    async def shadows() -> list[Reply]:
        return [await shadow for shadow in prefetch.shadows]

    assert ["stale"] == shown(reply)
    assert [["v=DMARC1; p=none; rua=mailto:dmarc@jobmatch.zip"]] == [
        shown(r) for r in run(shadows())
    ]


def test_silence_says_why() -> None:
    replies = run(SilentView(World(), "no trust").ask([Question(DMARC, "TXT")]))

    assert ["no trust"] == [r.cause for r in replies if isinstance(r, Unasked)]


def test_nothing_is_asked_twice() -> None:
    world = World(faults=[at("ns2.dnshost.example.", "SOA", Timeout)])
    view = JudgedView(world, Settled(BOTH))

    async def twice() -> None:
        for _ in range(2):
            await view.ask([Question(DMARC, "TXT"), Question("mail.jobmatch.zip.", "A")])

    run(twice())

    assert len(world.asked) == len(set(world.asked))


def test_first_told_prefers_what_is_known() -> None:
    question = Question(DMARC, "TXT")
    failed, known = Timeout(question=question), NoData(question=question)

    assert known is first_told([failed, known])
    assert failed is first_told([failed])
    assert None is first_told([])


def test_same_answer_ignores_order_and_ttl() -> None:
    def answer(*values: str, ttl: int = 1) -> Reply:
        world = World(outside={"x": {"TXT": list(values)}}, inside={})
        reply = run(world.ask([Question("x.", "TXT")]))[0]
        assert isinstance(reply, Answer)
        assert sorted(values) == sorted(present(r) for r in reply.records)
        return reply

    def cut(*strings: bytes) -> Reply:
        return Answer(question=question, records=(Txt(strings),))

    question = Question("x.", "TXT")

    assert same_answer(answer("a", "b"), answer("b", "a", ttl=9))
    assert not same_answer(answer("a"), answer("b"))
    assert same_answer(cut(b"v=spf1 ", b"-all"), cut(b"v=spf1 -", b"all"))
    assert not same_answer(NoData(question=question), NxDomain(question=question))


def test_a_loop_that_the_resolver_answers_with_servfail_is_a_loop() -> None:
    world = World(
        faults=[named("a.vendor.example.", "TXT", "resolver", ServFail, rcode="SERVFAIL")],
        outside={
            "a.vendor.example": {"CNAME": ["b.vendor.example"]},
            "b.vendor.example": {"CNAME": ["a.vendor.example"]},
        },
    )

    reply = judge(world, "a.vendor.example", "TXT")

    assert isinstance(reply, ChainError)
    assert ["b.vendor.example.", "a.vendor.example."] == [link.target for link in reply.chain]


def test_an_answer_without_authority_tells_nothing() -> None:
    world = World(faults=[named(DMARC, "TXT", "*", NoData, authoritative=False)])

    reply = judge(world, DMARC, "TXT")

    assert isinstance(reply, Malformed)
    assert reply.failed


@pytest.mark.parametrize(
    ("replies", "first"),
    [
        ([CLOSED, SILENT], SILENT),
        ([CLOSED, CLOSED_TOO], CLOSED),
        ([SILENT, CLOSED], SILENT),
        ([CLOSED, KNOWN], KNOWN),
        ([], None),
    ],
)
def test_an_answer_that_cannot_be_fetched_anywhere_is_a_fact(
    replies: list[Reply], first: Reply | None
) -> None:
    assert first is first_told(replies)


def test_what_a_server_says_of_another_zone_is_not_believed() -> None:
    """NS1 holds an old copy of the zone that the alias leads to."""
    vendor = "d.vendor.example"
    aliased = changed(INSIDE, {DMARC: {"CNAME": [vendor]}})
    world = World(
        ns1=changed(aliased, {vendor: {"TXT": ["old"]}}),
        ns2=aliased,
        resolver=changed(aliased, {vendor: {"TXT": ["new"]}}),
    )
    view = JudgedView(world, Settled(BOTH))

    reply = judge(world, DMARC, "TXT")
    one, other = run(view.at_servers(BOTH, Question(DMARC, "TXT")))

    assert ["new"] == shown(reply)
    assert ["d.vendor.example."] == [link.target for link in reply.chain]
    assert same_answer(one, other)
