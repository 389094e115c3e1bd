"""Which zone holds the domain, and who serves it."""

from __future__ import annotations

from typing import Any

import pytest

from checks.dns.answers import Answer, NoData, NxDomain, Question, Refused, ServFail, Timeout
from checks.dns.collect.names import cut_candidates
from checks.dns.collect.zone import find_zone, lameness, survey
from checks.dns.expectation import Expectation
from checks.dns.facts import ZoneFacts
from tests.support.expect import JOBMATCH, expectation
from tests.support.table import run
from tests.support.world import INSIDE, OUTSIDE, World, at, changed, named

NS1, NS2 = "ns1.dnshost.example.", "ns2.dnshost.example."


def zone_of(world: World, expected: Expectation = JOBMATCH) -> ZoneFacts:
    async def both() -> ZoneFacts:
        start = await find_zone(expected, world, cut_candidates(expected))
        return await survey(start, world, "sesgate-random")

    return run(both())


def test_the_zone_its_servers_and_both_lists() -> None:
    zone = zone_of(World())

    assert "jobmatch.zip." == zone.zone
    assert (NS1, NS2) == zone.parent_ns == zone.child_ns
    assert [(NS1, ""), (NS2, "")] == [(s.server.name, s.lameness) for s in zone.servers]
    assert "" == zone.intercepted
    assert {} == dict(zone.cuts)


def test_a_domain_below_the_apex_is_judged_in_the_zone_above() -> None:
    zone = zone_of(
        World(), expectation(domain="news.jobmatch.zip.", from_host="news.jobmatch.zip.")
    )

    assert "jobmatch.zip." == zone.zone


def test_a_resolver_that_cannot_tell_leaves_the_parent_to_tell() -> None:
    """All servers lame: resolvers answer SERVFAIL, the parent still refers to them."""
    faults = [
        named("jobmatch.zip.", "NS", "resolver", ServFail, rcode="SERVFAIL"),
        at(NS1, "*", Refused, rcode="REFUSED"),
        at(NS2, "*", Refused, rcode="REFUSED"),
    ]

    zone = zone_of(World(faults=faults))

    assert "jobmatch.zip." == zone.zone
    assert [True, True] == [s.is_lame for s in zone.servers]


def test_the_list_in_the_zone_is_read_where_only_the_parent_named_the_servers() -> None:
    zone = zone_of(
        World(faults=[named("jobmatch.zip.", "NS", "resolver", ServFail, rcode="SERVFAIL")])
    )

    assert (NS1, NS2) == zone.parent_ns == zone.child_ns


def test_a_server_that_only_the_parent_names_is_asked_as_well() -> None:
    outside = changed(OUTSIDE, {"ns3.dnshost.example": {"A": ["127.0.0.14"]}})
    world = World(outside=outside, parent_ns=[NS1, "ns3.dnshost.example."])

    zone = zone_of(world)

    assert [NS1, NS2, "ns3.dnshost.example."] == [s.server.name for s in zone.servers]
    assert (NS1, "ns3.dnshost.example.") == zone.parent_ns
    assert zone.servers[2].is_lame


def test_the_parent_denies() -> None:
    zone = zone_of(World(inside={}, parent_ns=()))

    assert "" == zone.zone
    assert isinstance(zone.delegation, NxDomain)


def test_the_next_server_of_the_parent_is_asked_when_one_is_silent() -> None:
    outside: dict[str, Any] = {
        **OUTSIDE,
        "zip": {"NS": ["ns0.nic.zip", "ns1.nic.zip"]},
        "ns0.nic.zip": {"A": ["127.0.0.15"]},
    }

    zone = zone_of(World(outside=outside, faults=[at("ns0.nic.zip.", "*", Timeout)]))

    assert (NS1, NS2) == zone.parent_ns


def test_a_zone_cut_has_servers_of_its_own() -> None:
    bounce = {**INSIDE["bounce.jobmatch.zip"], "NS": ["ns2.dnshost.example"]}

    zone = zone_of(World(inside=changed(INSIDE, {"bounce.jobmatch.zip": bounce})))

    assert {"bounce.jobmatch.zip.": [NS2]} == {
        cut: [s.server.name for s in servers] for cut, servers in zone.cuts.items()
    }


@pytest.mark.parametrize(
    ("world", "why"),
    [
        (World(no_route=["127.0.0.12"]), "no route to 127.0.0.12"),
        (World(faults=[named(NS2, "*", "resolver", Timeout)]), "could not be looked up"),
        (World(outside=changed(OUTSIDE, {NS2: {"TXT": ["x"]}})), "has no address"),
    ],
)
def test_a_server_that_cannot_be_asked_says_why(world: World, why: str) -> None:
    ns2 = zone_of(world).servers[1]

    assert NS2 == ns2.server.name
    assert why in ns2.unreachable
    assert None is ns2.soa


def test_only_a_host_that_exists_without_address_is_missing() -> None:
    gone = zone_of(World(outside=changed(OUTSIDE, {NS2: None})))
    silent = zone_of(World(faults=[named(NS2, "*", "resolver", Timeout)]))

    assert [False, True] == [s.missing for s in gone.servers]
    assert [False, False] == [s.missing for s in silent.servers]


@pytest.mark.parametrize(
    ("reply", "intercepted"),
    [
        ({"kind": Answer, "records": ()}, True),
        ({"kind": NxDomain, "recursive": True}, True),
        ({"kind": NxDomain}, False),
        ({"kind": Refused}, False),
        ({"kind": Timeout}, False),
        ({"kind": NoData}, False),
    ],
)
def test_interception(reply: dict[str, Any], intercepted: bool) -> None:
    kind = reply["kind"]
    more = {k: v for k, v in reply.items() if k != "kind"}
    world = World(faults=[named("sesgate-random.com.", "A", NS1, kind, **more)])

    assert intercepted is ("intercepted" in zone_of(world).intercepted)


QUESTION = Question("jobmatch.zip.", "SOA")


@pytest.mark.parametrize(
    ("soa", "lame"),
    [
        (Answer(question=QUESTION, authoritative=True, records=()), False),
        (Answer(question=QUESTION, records=()), True),
        (NoData(question=QUESTION, authoritative=True), False),
        (NxDomain(question=QUESTION, authoritative=True, rcode="NXDOMAIN"), False),
        (NxDomain(question=QUESTION, rcode="NXDOMAIN"), True),
        (Refused(question=QUESTION, rcode="REFUSED"), True),
        (ServFail(question=QUESTION, rcode="SERVFAIL"), False),
        (Timeout(question=QUESTION), False),
    ],
)
def test_lameness(soa: Any, lame: bool) -> None:
    assert lame is bool(lameness(soa))
