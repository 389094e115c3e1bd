"""The zone before and after publishing, and servers that are changed while they run."""

from __future__ import annotations

import dns.message
import dns.name
import dns.query
import dns.rdatatype
import pytest

from contract.records import DnsRecord
from rehearsal import example
from rehearsal.journey_dns import (
    ORIGIN,
    hosts,
    master_text,
    published,
    unpublished,
    with_keys,
    zone_text,
)
from rehearsal.zone import Host, Records, World, parse_records


def names(zone: Records) -> set[str]:
    return {f"{rr.name.relativize(dns.name.from_text(ORIGIN))}" for rr in zone}


def record(name: str, kind: str, *values: str) -> DnsRecord:
    return DnsRecord(name=name, type=kind, ttl=300, values=values)


def test_before_publishing_nothing_of_ses_is_there() -> None:
    assert {"@", "mail", "www"} == names(unpublished())


def test_what_is_published_is_in_the_zone_and_the_rest_stays() -> None:
    zone = published([record(f"bounce.{ORIGIN}", "TXT", "v=spf1 -all")])

    assert {"@", "mail", "www", "bounce"} == names(zone)


@pytest.mark.parametrize(
    ("value", "strings"),
    [
        ("v=spf1 -all", [b"v=spf1 -all"]),
        ("a" * 300, [b"a" * 255, b"a" * 45]),
        ('say "hi" \\ there', [b'say "hi" \\ there']),
    ],
)
def test_text_goes_into_the_zone_as_it_is(value: str, strings: list[bytes]) -> None:
    (found,) = parse_records(zone_text([record("x.example.", "TXT", value)]))

    assert tuple(strings) == found.rdata.strings  # type: ignore[attr-defined]  # it is a TXT


def test_several_values_are_several_records() -> None:
    text = zone_text([record("x.example.", "MX", "10 a.example.", "20 b.example.")])

    assert "x.example. 300 MX 10 a.example.\nx.example. 300 MX 20 b.example." == text


def test_a_zone_as_text_is_the_same_zone() -> None:
    assert example.zone() == parse_records(master_text(example.zone()))


def test_the_keys_stand_under_the_tokens_of_the_stack() -> None:
    internet = with_keys(["one", "two"], "dkim.example.com")
    there = {rr.name.to_text() for rr in internet}

    assert {"one.dkim.example.com.", "two.dkim.example.com."} <= there
    assert not any(example.SIGNING_ZONE in name for name in there)


def test_servers_hold_another_zone_from_the_next_question_on() -> None:
    with World(hosts(unpublished(), several=False)) as world:
        assert [] == ask(world)
        zone = published([record(f"bounce.{ORIGIN}", "TXT", "v=spf1 -all")])
        world.change(hosts(zone, several=False))
        assert ['"v=spf1 -all"'] == ask(world)
        with pytest.raises(ValueError, match=r"the servers are 127\.0\.0\.1"):
            world.change([Host("127.0.0.2", zone)])


def ask(world: World) -> list[str]:
    query = dns.message.make_query(f"bounce.{ORIGIN}", "TXT")
    reply = dns.query.udp(query, "127.0.0.1", port=world.port, timeout=5)
    return [rdata.to_text() for rrset in reply.answer for rdata in rrset]
