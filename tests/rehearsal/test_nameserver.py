"""What the loopback servers answer, asked over real sockets."""

from __future__ import annotations

from collections.abc import Iterator

import dns.flags
import dns.message
import dns.rcode
import pytest

from rehearsal.zone import Host, World, parse_records
from tests.support.loopback import NS1, NS2, RECURSIVE, ask, world

ZONE = """
    @ A 192.0.2.1
    @ TXT "first" "second"
    www CNAME @
    far CNAME www
    away CNAME target.test.
    dangling CNAME nowhere
    loop1 CNAME loop2
    loop2 CNAME loop1
    a.b.c A 192.0.2.3
    *.wild TXT "from the wildcard"
    exact.wild A 192.0.2.4
    deep.ent.wild A 192.0.2.5
    *.alias CNAME www
    both CNAME www
    both TXT "beside"
    twice CNAME www
    twice CNAME far
    sub NS ns.sub
    ns.sub A 192.0.2.53
    child SOA ns1.dnshost.example. h.example. 7 1 1 1 60
    child NS ns1.dnshost.example.
    child DS 1 8 2 0000000000000000000000000000000000000000000000000000000000000000
    www.child A 192.0.2.6
    plain SOA ns1.dnshost.example. h.example. 7 1 1 1 60
    plain NS ns1.dnshost.example.
"""

OTHER = """
    test. SOA ns.test. h.test. 1 1 1 1 60
    target.test. A 192.0.2.9
"""

# Question, then what an authority says (RCODE, flags, answer, authority), and a resolver.
AA = "AA"
CASES = {
    "data": ("jobmatch.zip. A", ("NOERROR AA", ["A 192.0.2.1"]), None),
    "letter case": ("JOBMATCH.zip. A", ("NOERROR AA", ["A 192.0.2.1"]), None),
    "NODATA has the SOA": ("jobmatch.zip. AAAA", ("NOERROR AA", ["soa jobmatch.zip."]), None),
    "NXDOMAIN has the SOA": ("no.jobmatch.zip. A", ("NXDOMAIN AA", ["soa jobmatch.zip."]), None),
    "alias": ("www.jobmatch.zip. A", ("NOERROR AA", ["CNAME jobmatch.zip.", "A 192.0.2.1"]), None),
    "question for the alias": (
        "www.jobmatch.zip. CNAME",
        ("NOERROR AA", ["CNAME jobmatch.zip."]),
        None,
    ),
    "alias of an alias": (
        "far.jobmatch.zip. A",
        ("NOERROR AA", ["CNAME www.jobmatch.zip.", "CNAME jobmatch.zip.", "A 192.0.2.1"]),
        None,
    ),
    "alias to NODATA": (
        "www.jobmatch.zip. MX",
        ("NOERROR AA", ["CNAME jobmatch.zip.", "soa jobmatch.zip."]),
        None,
    ),
    "alias to nothing": (
        "dangling.jobmatch.zip. A",
        ("NXDOMAIN AA", ["CNAME nowhere.jobmatch.zip.", "soa jobmatch.zip."]),
        None,
    ),
    "alias out of the zone": (
        "away.jobmatch.zip. A",
        ("NOERROR AA", ["CNAME target.test."]),
        ("NOERROR", ["CNAME target.test.", "A 192.0.2.9"]),
    ),
    "alias loop": (
        "loop1.jobmatch.zip. A",
        ("NOERROR AA", ["CNAME loop2.jobmatch.zip.", "CNAME loop1.jobmatch.zip."]),
        ("SERVFAIL", ["CNAME loop2.jobmatch.zip.", "CNAME loop1.jobmatch.zip."]),
    ),
    "empty non-terminal": ("c.jobmatch.zip. A", ("NOERROR AA", ["soa jobmatch.zip."]), None),
    "below an empty non-terminal": (
        "x.b.c.jobmatch.zip. A",
        ("NXDOMAIN AA", ["soa jobmatch.zip."]),
        None,
    ),
    "wildcard": ("any.wild.jobmatch.zip. TXT", ("NOERROR AA", ['TXT "from the wildcard"']), None),
    "wildcard over several labels": (
        "x.y.wild.jobmatch.zip. TXT",
        ("NOERROR AA", ['TXT "from the wildcard"']),
        None,
    ),
    "wildcard without the type": (
        "any.wild.jobmatch.zip. A",
        ("NOERROR AA", ["soa jobmatch.zip."]),
        None,
    ),
    "wildcard does not cover its own parent": (
        "wild.jobmatch.zip. TXT",
        ("NOERROR AA", ["soa jobmatch.zip."]),
        None,
    ),
    "wildcard does not cover a name that exists": (
        "exact.wild.jobmatch.zip. TXT",
        ("NOERROR AA", ["soa jobmatch.zip."]),
        None,
    ),
    "wildcard does not reach below a name that exists": (
        "x.exact.wild.jobmatch.zip. TXT",
        ("NXDOMAIN AA", ["soa jobmatch.zip."]),
        None,
    ),
    "wildcard does not cover an empty non-terminal": (
        "ent.wild.jobmatch.zip. TXT",
        ("NOERROR AA", ["soa jobmatch.zip."]),
        None,
    ),
    "wildcard does not reach below an empty non-terminal": (
        "x.ent.wild.jobmatch.zip. TXT",
        ("NXDOMAIN AA", ["soa jobmatch.zip."]),
        None,
    ),
    "wildcard asked literally": (
        "*.wild.jobmatch.zip. TXT",
        ("NOERROR AA", ['TXT "from the wildcard"']),
        None,
    ),
    "wildcard alias": (
        "x.alias.jobmatch.zip. A",
        ("NOERROR AA", ["CNAME www.jobmatch.zip.", "CNAME jobmatch.zip.", "A 192.0.2.1"]),
        None,
    ),
    "data beside an alias": ("both.jobmatch.zip. TXT", ("NOERROR AA", ['TXT "beside"']), None),
    "alias beside data": (
        "both.jobmatch.zip. A",
        ("NOERROR AA", ["CNAME www.jobmatch.zip.", "CNAME jobmatch.zip.", "A 192.0.2.1"]),
        None,
    ),
    "two aliases": (
        "twice.jobmatch.zip. CNAME",
        ("NOERROR AA", ["CNAME www.jobmatch.zip.", "CNAME far.jobmatch.zip."]),
        None,
    ),
    "delegation": (
        "x.sub.jobmatch.zip. A",
        ("NOERROR", ["ns ns.sub.jobmatch.zip.", "glue 192.0.2.53"]),
        ("SERVFAIL", []),
    ),
    "delegation itself": (
        "sub.jobmatch.zip. NS",
        ("NOERROR", ["ns ns.sub.jobmatch.zip.", "glue 192.0.2.53"]),
        ("NOERROR", ["NS ns.sub.jobmatch.zip."]),
    ),
    "name held below a delegation": (
        "ns.sub.jobmatch.zip. AAAA",
        ("NOERROR", ["ns ns.sub.jobmatch.zip.", "glue 192.0.2.53"]),
        ("NOERROR", ["soa jobmatch.zip."]),
    ),
    "DS of an unsigned delegation": (
        "sub.jobmatch.zip. DS",
        ("NOERROR AA", ["soa jobmatch.zip."]),
        None,
    ),
    "DS of an unsigned child on the same server": (
        "plain.jobmatch.zip. DS",
        ("NOERROR AA", ["soa jobmatch.zip."]),
        None,
    ),
    "zone of its own on the same server": (
        "www.child.jobmatch.zip. A",
        ("NOERROR AA", ["A 192.0.2.6"]),
        None,
    ),
    "denial in the child": (
        "no.child.jobmatch.zip. A",
        ("NXDOMAIN AA", ["soa child.jobmatch.zip."]),
        None,
    ),
    "name of another zone": (
        "target.test. A",
        ("REFUSED", []),
        ("NOERROR", ["A 192.0.2.9"]),
    ),
    "any type": (
        "jobmatch.zip. MX",
        ("NOERROR AA", ["soa jobmatch.zip."]),
        None,
    ),
    "name that nobody holds": (
        "no.test. A",
        ("REFUSED", []),
        ("NXDOMAIN", ["soa test."]),
    ),
}


@pytest.fixture(scope="module")
def small() -> Iterator[World]:
    with world(ZONE, other=OTHER) as running:
        yield running


def told(message: dns.message.Message) -> tuple[str, list[str]]:
    """Return RCODE with AA, then answer, authority and additional in short words."""
    flags = " AA" if message.flags & dns.flags.AA else ""
    lines = [f"{r.rdtype.to_text(r.rdtype)} {d}" for r in message.answer for d in r]
    for rrset in message.authority:
        kind = rrset.rdtype.to_text(rrset.rdtype).lower()
        lines += [f"soa {rrset.name}"] if kind == "soa" else [f"ns {d}" for d in rrset]
    lines += [f"glue {d}" for r in message.additional for d in r]
    return dns.rcode.to_text(message.rcode()) + flags, lines


@pytest.mark.parametrize(("question", "authority", "resolver"), CASES.values(), ids=CASES)
@pytest.mark.parametrize("tcp", [False, True], ids=["udp", "tcp"])
def test_answers(
    small: World,
    question: str,
    authority: tuple[str, list[str]],
    resolver: tuple[str, list[str]] | None,
    tcp: bool,
) -> None:
    name, rdtype = question.split()
    if resolver is None:
        resolver = (authority[0].removesuffix(" AA"), authority[1])

    from_authority = ask(small, name, rdtype, at=NS1, rd=False, tcp=tcp)
    from_resolver = ask(small, name, rdtype, at=RECURSIVE, tcp=tcp)

    assert authority == told(from_authority)
    assert not from_authority.flags & dns.flags.RA
    assert resolver == told(from_resolver)
    assert from_resolver.flags & dns.flags.RA


def test_an_answer_repeats_the_question_as_it_was_asked(small: World) -> None:
    message = ask(small, "WwW.jobMatch.ZIP.", "CNAME")

    assert message.question[0].name.to_text() == "WwW.jobMatch.ZIP."
    assert message.answer[0].name.to_text() == "WwW.jobMatch.ZIP."


def test_a_wildcard_answer_has_the_name_that_was_asked(small: World) -> None:
    message = ask(small, "any.wild.jobmatch.zip.", "TXT", at=NS1, rd=False)

    assert message.answer[0].name.to_text() == "any.wild.jobmatch.zip."


def test_any_returns_every_type(small: World) -> None:
    message = ask(small, "jobmatch.zip.", "ANY", at=NS1, rd=False)

    types = {rrset.rdtype.to_text(rrset.rdtype) for rrset in message.answer}
    assert types == {"SOA", "NS", "A", "TXT"}


def test_ds_is_answered_by_the_parent_side_of_a_cut(small: World) -> None:
    message = ask(small, "child.jobmatch.zip.", "DS", at=NS1, rd=False)

    assert told(message) == ("NOERROR AA", [f"DS 1 8 2 {'0' * 64}"])


def test_negative_answers_have_the_smaller_of_ttl_and_minimum(small: World) -> None:
    message = ask(small, "no.child.jobmatch.zip.", "A", at=NS1, rd=False)

    assert message.authority[0].ttl == 60


def test_two_servers_hold_different_zones() -> None:
    with world('@ TXT "new"', ns2='@ TXT "old"') as running:
        answers = [
            told(ask(running, "jobmatch.zip.", "TXT", at=at, rd=False))[1] for at in (NS1, NS2)
        ]

    assert answers == [['TXT "new"'], ['TXT "old"']]


def test_one_host_may_be_resolver_and_authority() -> None:
    records = parse_records(
        ". SOA a. h. 1 1 1 1 60\nexample. SOA a. h. 1 1 1 1 60\nx.example. A 192.0.2.1"
    )
    both = Host(RECURSIVE, records, recursive=True, authoritative=["example."])
    with World([both]) as running:
        as_resolver = ask(running, "x.example.")
        as_authority = ask(running, "x.example.", rd=False)
        elsewhere = ask(running, "x.test.", rd=False)

    assert told(as_resolver) == ("NOERROR", ["A 192.0.2.1"])
    assert told(as_authority) == ("NOERROR AA", ["A 192.0.2.1"])
    assert told(elsewhere) == ("REFUSED", [])
    assert not elsewhere.flags & dns.flags.RA


@pytest.mark.parametrize(
    ("do", "signed", "expected"),
    [(True, ["example."], True), (False, ["example."], False), (True, [], False)],
)
def test_only_a_signed_zone_is_validated(do: bool, signed: list[str], expected: bool) -> None:
    records = parse_records("example. SOA a. h. 1 1 1 1 60\nexample. A 192.0.2.1")
    with World([Host(RECURSIVE, records, recursive=True, signed=signed)]) as running:
        message = ask(running, "example.", do=do)

    assert bool(message.flags & dns.flags.AD) is expected


def test_signatures_come_with_do_alone() -> None:
    signature = "A 8 1 300 20300101000000 20200101000000 1 example. AAAA"
    records = parse_records(
        f"example. SOA a. h. 1 1 1 1 60\nexample. A 192.0.2.1\nexample. RRSIG {signature}"
    )
    with World([Host(RECURSIVE, records)]) as running:
        counts = [len(ask(running, "example.", do=do).answer) for do in (True, False)]

    assert counts == [2, 1]
