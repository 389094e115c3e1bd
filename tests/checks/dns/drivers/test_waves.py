"""The cache, questions in flight, and rounds of dependent questions."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable

import pytest

from checks.dns.answers import Question
from checks.dns.lookup import Resolver
from checks.dns.port import together
from rehearsal.zone import Fault, Host, World, parse_records

ZONE = parse_records("@ 3600 SOA ns1 host 1 3600 600 86400 60\n* TXT x", "zip.")

Graph = Callable[[Resolver], Awaitable[None]]


async def asks(resolver: Resolver, *rounds: str) -> None:
    """Ask in rounds: ``"a b"`` both at once, each round after the one before."""
    for labels in rounds:
        await resolver.ask([Question(f"{label}.zip.", "TXT") for label in labels.split()])


async def nothing(_: Resolver) -> None:
    return None


async def one_round(resolver: Resolver) -> None:
    await asks(resolver, "a b c")


async def three_rounds(resolver: Resolver) -> None:
    await asks(resolver, "a", "b", "c d")


async def the_same_again(resolver: Resolver) -> None:
    await asks(resolver, "a a", "a", "A".lower())


async def known_then_new(resolver: Resolver) -> None:
    await asks(resolver, "a b", "a", "c")


async def branches_side_by_side(resolver: Resolver) -> None:
    await together(resolver, asks(resolver, "a", "b"), asks(resolver, "c", "d"))


async def longest_branch_counts(resolver: Resolver) -> None:
    await together(resolver, asks(resolver, "a", "b", "c"), asks(resolver, "d"))
    await asks(resolver, "e")


async def short_branch_goes_on_alone(resolver: Resolver) -> None:
    long = resolver.start(asks(resolver, "a", "b", "c"))
    await resolver.start(asks(resolver, "d"))
    await asks(resolver, "e")
    await long


async def branch_of_a_branch(resolver: Resolver) -> None:
    async def outer() -> None:
        await asks(resolver, "a")
        await resolver.start(asks(resolver, "b"))
        await asks(resolver, "c")

    await resolver.start(outer())


async def joined_by_several(resolver: Resolver) -> None:
    shared = resolver.start(asks(resolver, "a", "b"))

    async def after(label: str) -> None:
        await shared
        await asks(resolver, label)

    await together(resolver, after("c"), after("d"))
    await shared
    await asks(resolver, "e")


async def answered_question_keeps_its_round(resolver: Resolver) -> None:
    """One branch asks ``b`` in round 2; who asks it in round 1 of its own goes on in round 3."""
    await resolver.start(asks(resolver, "a", "b"))
    await asks(resolver, "b", "c")


@pytest.mark.parametrize(
    ("graph", "waves", "queries"),
    [
        (nothing, 0, 0),
        (one_round, 1, 3),
        (three_rounds, 3, 4),
        (the_same_again, 1, 1),
        (known_then_new, 2, 3),
        (branches_side_by_side, 2, 4),
        (longest_branch_counts, 4, 5),
        (short_branch_goes_on_alone, 3, 5),
        (branch_of_a_branch, 3, 3),
        (joined_by_several, 4, 5),
        (answered_question_keeps_its_round, 3, 3),
    ],
)
def test_rounds_and_questions(graph: Graph, waves: int, queries: int) -> None:
    with World([Host("127.0.0.1", ZONE, recursive=True)]) as world:
        resolver = Resolver(["127.0.0.1"], world.port)

        async def whole() -> None:
            async with resolver:
                await graph(resolver)

        asyncio.run(whole())
        distinct = {(q.name, q.rdtype) for q in world.queries}
    assert (resolver.waves, resolver.queries, len(distinct)) == (waves, queries, queries)


def test_repetitions_are_neither_questions_nor_rounds() -> None:
    faults = [
        Fault(name="edns.zip.", kind="noedns"),
        Fault(name="bogus.zip.", kind="bogus"),
        Fault(name="cut.zip.", kind="truncate"),
    ]
    with World([Host("127.0.0.1", ZONE, recursive=True, faults=faults)]) as world:
        resolver = Resolver(["127.0.0.1"], world.port)

        async def whole() -> None:
            async with resolver:
                await asks(resolver, "edns bogus cut")

        asyncio.run(whole())
        received = Counter(q.name for q in world.queries)
    assert (resolver.queries, resolver.waves) == (3, 1)
    assert all(received[name] >= 2 for name in ("edns.zip.", "bogus.zip.", "cut.zip."))


def test_equal_questions_in_flight_are_shared() -> None:
    faults = [Fault(name="slow.zip.", kind="delay", seconds=0.2)]
    with World([Host("127.0.0.1", ZONE, recursive=True, faults=faults)]) as world:
        resolver = Resolver(["127.0.0.1"], world.port)

        async def whole() -> list[object]:
            async with resolver:
                question = Question("slow.zip.", "TXT")
                several = [resolver.ask([question, question]) for _ in range(5)]
                return [reply for replies in await asyncio.gather(*several) for reply in replies]

        replies = asyncio.run(whole())
        assert len(world.queries) == 1
    assert len(replies) == 10
    assert len({id(reply) for reply in replies}) == 1


def test_a_waiter_that_is_cancelled_takes_no_question_from_others() -> None:
    faults = [Fault(name="slow.zip.", kind="delay", seconds=0.2)]
    with World([Host("127.0.0.1", ZONE, recursive=True, faults=faults)]) as world:
        resolver = Resolver(["127.0.0.1"], world.port)

        async def whole() -> bool:
            async with resolver:
                first = asyncio.create_task(resolver.ask([Question("slow.zip.", "TXT")]))
                await asyncio.sleep(0.05)
                second = asyncio.create_task(resolver.ask([Question("slow.zip.", "TXT")]))
                await asyncio.sleep(0)
                first.cancel()
                return (await second)[0].failed

        assert asyncio.run(whole()) is False


def test_what_a_branch_raises_reaches_whoever_awaits_it() -> None:
    async def broken() -> None:
        raise LookupError("a bug")

    async def whole() -> None:
        async with Resolver(["127.0.0.1"]) as resolver:
            await resolver.start(broken())

    with pytest.raises(LookupError, match="a bug"):
        asyncio.run(whole())
