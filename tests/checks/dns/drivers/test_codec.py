"""Octets to typed replies: one row for each thing that an answer can mean."""

from __future__ import annotations

import contextlib
import itertools
from typing import Any

import dns.edns
import dns.flags
import dns.message
import dns.rcode
import dns.rrset
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checks.dns.answers import (
    Answer,
    ChainError,
    Ede,
    Link,
    Malformed,
    NoData,
    NxDomain,
    Question,
    Referral,
    Refused,
    Reply,
    Server,
    ServFail,
)
from checks.dns.drivers.codec import (
    BrokenError,
    StrayError,
    is_truncated,
    read,
    reply_of,
)
from checks.dns.drivers.query import encode
from checks.dns.drivers.records import MAX_RECORDS
from checks.dns.rdata import Address, Mx, Other, Soa, Target, Txt
from checks.dns.reading import addresses

NAME = "jobmatch.zip."
SERVER = Server("ns1.jobmatch.zip.", ("192.0.2.53",))
SOA = "jobmatch.zip. 900 IN SOA ns1.jobmatch.zip. host.jobmatch.zip. 7 3600 600 86400 300"


def message(  # the parts of an answer, as text
    question: Question,
    *answers: str,
    rcode: str = "NOERROR",
    flags: str = "QR",
    authority: tuple[str, ...] = (),
    query_id: int = 1,
) -> dns.message.Message:
    rdtype = question.rdtype
    parts = [f"id {query_id}", f"rcode {rcode}", f"flags {flags}", ";QUESTION"]
    parts += [f"{question.name} IN {rdtype}", ";ANSWER", *answers, ";AUTHORITY", *authority]
    return dns.message.from_text("\n".join(parts), one_rr_per_rrset=True)


def typed(question: Question, *answers: str, **parts: Any) -> Reply:
    query = encode(question, query_id=1)
    wire = message(question, *answers, **parts).to_wire()
    return reply_of(read(wire, query), question, "192.0.2.53")


def link(owner: str, target: str, ttl: int = 60) -> Link:
    return Link(f"{owner}.{NAME}", target if target.endswith(".") else f"{target}.{NAME}", ttl)


@pytest.mark.parametrize(
    ("rdtype", "text", "value"),
    [
        ("TXT", '"v=spf1 " "-all" ""', Txt((b"v=spf1 ", b"-all", b""))),
        ("TXT", r'"\000\255"', Txt((b"\x00\xff",))),
        ("SPF", '"v=spf1 -all"', Txt((b"v=spf1 -all",))),
        ("MX", "10 MX.Example.", Mx(10, "mx.example.")),
        ("NS", "NS1.example.", Target("ns1.example.")),
        ("PTR", r"a\.b.example.", Target("a\\.b.example.")),
        (
            "SOA",
            "NS1.example. h.example. 4294967295 1 2 3 4",
            Soa("ns1.example.", "h.example.", 4294967295, 4),
        ),
        ("CAA", '0 issue "ca.example"', Other('0 issue "ca.example"')),
        ("TYPE65280", r"\# 2 abcd", Other(r"\# 2 abcd")),
    ],
)
def test_value_of_each_type(rdtype: str, text: str, value: object) -> None:
    reply = typed(Question(NAME, rdtype), f"JobMatch.ZIP. 60 IN {rdtype} {text}")
    assert isinstance(reply, Answer)
    assert reply.records == (value,)
    assert reply.ttl == 60


def test_addresses_of_both_families() -> None:
    four = typed(Question(NAME, "A"), "jobmatch.zip. 60 IN A 192.0.2.1")
    six = typed(Question(NAME, "AAAA"), "jobmatch.zip. 60 IN AAAA 2001:DB8::1")
    assert [str(ip) for ip in (*addresses(four), *addresses(six))] == ["192.0.2.1", "2001:db8::1"]


def test_several_records_and_the_smallest_ttl() -> None:
    reply = typed(
        Question(NAME, "TXT"),
        'jobmatch.zip. 300 IN TXT "one"',
        'jobmatch.zip. 60 IN TXT "two"',
        'other.zip. 5 IN TXT "not asked for"',
    )
    assert isinstance(reply, Answer)
    assert reply.records == (Txt((b"one",)), Txt((b"two",)))
    assert reply.ttl == 60


def test_records_of_another_class_are_none() -> None:
    assert isinstance(typed(Question(NAME, "TXT"), 'jobmatch.zip. 9 CH TXT "x"'), NoData)


def test_records_are_bounded() -> None:
    lines = [f"jobmatch.zip. 60 IN A 10.0.{n // 250}.{n % 250}" for n in range(MAX_RECORDS + 50)]
    reply = typed(Question(NAME, "A"), *lines)
    assert isinstance(reply, Answer)
    assert len(reply.records) == MAX_RECORDS
    assert isinstance(reply.records[0], Address)


def test_aliases_are_followed_to_the_end() -> None:
    reply = typed(
        Question(f"a.{NAME}", "TXT"),
        'c.jobmatch.zip. 30 IN TXT "end"',
        "A.jobmatch.zip. 60 IN CNAME B.jobmatch.zip.",
        "b.jobmatch.zip. 60 IN CNAME c.jobmatch.zip.",
    )
    assert isinstance(reply, Answer)
    assert reply.chain == (link("a", "b"), link("b", "c"))
    assert (reply.end, reply.ttl, reply.aliases) == (f"c.{NAME}", 30, (f"b.{NAME}",))


def test_an_alias_question_is_answered_with_the_alias() -> None:
    reply = typed(
        Question(f"a.{NAME}", "CNAME"),
        "a.jobmatch.zip. 60 IN CNAME b.jobmatch.zip.",
        "b.jobmatch.zip. 60 IN CNAME c.jobmatch.zip.",
    )
    assert isinstance(reply, Answer)
    assert (reply.records, reply.chain) == ((Target(f"b.{NAME}"),), ())


def test_two_aliases_at_one_name_are_both_seen() -> None:
    reply = typed(
        Question(f"a.{NAME}", "TXT"),
        "a.jobmatch.zip. 60 IN CNAME gone.jobmatch.zip.",
        "a.jobmatch.zip. 60 IN CNAME b.jobmatch.zip.",
        'b.jobmatch.zip. 60 IN TXT "x"',
    )
    assert reply.aliases == (f"gone.{NAME}", f"b.{NAME}")
    assert isinstance(reply, Answer)
    assert reply.chain == (link("a", "b"),)


def test_data_beside_an_alias_is_the_answer() -> None:
    reply = typed(
        Question(f"a.{NAME}", "TXT"),
        "a.jobmatch.zip. 60 IN CNAME b.jobmatch.zip.",
        'a.jobmatch.zip. 60 IN TXT "here"',
        'b.jobmatch.zip. 60 IN TXT "there"',
    )
    assert isinstance(reply, Answer)
    assert (reply.records, reply.aliases) == ((Txt((b"here",)),), (f"b.{NAME}",))


def chain_of(length: int) -> list[str]:
    return [f"n{i}.jobmatch.zip. 60 IN CNAME n{i + 1}.jobmatch.zip." for i in range(length)]


def test_sixteen_aliases_are_followed_and_no_more() -> None:
    question = Question(f"n0.{NAME}", "TXT")
    sixteen = typed(question, *chain_of(16), 'n16.jobmatch.zip. 60 IN TXT "x"')
    seventeen = typed(question, *chain_of(17), 'n17.jobmatch.zip. 60 IN TXT "x"')
    assert isinstance(sixteen, Answer)
    assert isinstance(seventeen, ChainError)
    assert (seventeen.loop, len(seventeen.chain)) == (False, 16)


@pytest.mark.parametrize("names", [["a", "a"], ["a", "b", "a"], ["a", "b", "c", "b"]])
def test_a_loop_of_aliases(names: list[str]) -> None:
    pairs = itertools.pairwise(names)
    lines = [f"{x}.jobmatch.zip. 60 IN CNAME {y}.jobmatch.zip." for x, y in pairs]
    reply = typed(Question(f"a.{NAME}", "TXT"), *lines)
    assert isinstance(reply, ChainError)
    assert (reply.loop, reply.failed, len(reply.chain)) == (True, False, len(names) - 1)


@pytest.mark.parametrize("server", [None, SERVER])
def test_no_data_with_the_negative_ttl(server: Server | None) -> None:
    reply = typed(Question(NAME, "MX", server), authority=(SOA,), flags="QR AA")
    assert isinstance(reply, NoData)
    assert (reply.negative_ttl, reply.chain) == (300, ())


def test_no_such_name_with_the_soa_ttl_where_it_is_smaller() -> None:
    reply = typed(
        Question(f"x.{NAME}", "A"), rcode="NXDOMAIN", authority=(SOA.replace("900", "30"),)
    )
    assert isinstance(reply, NxDomain)
    assert (reply.negative_ttl, reply.rcode) == (30, "NXDOMAIN")


def test_no_such_name_at_the_end_of_an_alias() -> None:
    alias = "a.jobmatch.zip. 60 IN CNAME gone.jobmatch.zip."
    reply = typed(Question(f"a.{NAME}", "A"), alias, rcode="NXDOMAIN")
    assert isinstance(reply, NxDomain)
    assert (reply.end, reply.negative_ttl) == (f"gone.{NAME}", None)


def test_an_alias_that_leads_out_of_what_the_server_holds() -> None:
    alias = "a.jobmatch.zip. 60 IN CNAME a.dkim.example."
    reply = typed(Question(f"a.{NAME}", "TXT", SERVER), alias, flags="QR AA")
    assert isinstance(reply, NoData)
    assert (reply.end, reply.authoritative) == ("a.dkim.example.", True)


CUT = ("sub.jobmatch.zip. 60 IN NS NS.sub.jobmatch.zip.", "sub.jobmatch.zip. 60 IN NS ns.example.")


@pytest.mark.parametrize(
    ("authority", "zone", "nameservers"),
    [
        (CUT, f"sub.{NAME}", ("ns.sub.jobmatch.zip.", "ns.example.")),
        ((". 60 IN NS a.root-servers.net.",), ".", ("a.root-servers.net.",)),
    ],
)
def test_a_referral(authority: tuple[str, ...], zone: str, nameservers: tuple[str, ...]) -> None:
    reply = typed(Question(f"x.sub.{NAME}", "A", SERVER), authority=authority)
    assert isinstance(reply, Referral)
    assert (reply.zone, reply.nameservers, reply.failed) == (zone, nameservers, True)


def test_a_parent_that_sets_aa_on_a_delegation_still_refers() -> None:
    """RFC 2308 §2.2 tells a referral by the SOA that is missing, not by AA."""
    reply = typed(Question(f"sub.{NAME}", "NS", SERVER), flags="QR AA", authority=CUT)
    assert isinstance(reply, Referral)
    assert reply.zone == f"sub.{NAME}"


@pytest.mark.parametrize(
    ("server", "flags", "authority"),
    [
        (None, "QR RA", CUT),  # of the resolver it is an answer
        (SERVER, "QR AA", CUT),  # with AA it is an answer
        (SERVER, "QR", (*CUT, SOA)),  # with a SOA it is an answer
        (SERVER, "QR", ()),
    ],
)
def test_no_referral(server: Server | None, flags: str, authority: tuple[str, ...]) -> None:
    reply = typed(Question(f"x.sub.{NAME}", "A", server), flags=flags, authority=authority)
    assert isinstance(reply, NoData)


@pytest.mark.parametrize(
    ("rcode", "kind"),
    [
        ("SERVFAIL", ServFail),
        ("NOTIMP", ServFail),
        ("YXDOMAIN", ServFail),
        ("REFUSED", Refused),
        ("NOTAUTH", Refused),
        ("FORMERR", Malformed),
    ],
)
def test_an_rcode_that_is_no_answer(rcode: str, kind: type[Reply]) -> None:
    reply = typed(Question(NAME, "TXT"), rcode=rcode)
    assert type(reply) is kind
    assert (reply.rcode, reply.failed, reply.server) == (rcode, True, "192.0.2.53")


@pytest.mark.parametrize("flag", ["AA", "RA", "AD"])
def test_flags(flag: str) -> None:
    reply = typed(Question(NAME, "A"), "jobmatch.zip. 1 IN A 192.0.2.1", flags=f"QR {flag}")
    shown = {"AA": reply.authoritative, "RA": reply.recursive, "AD": reply.validated}
    assert [name for name, on in shown.items() if on] == [flag]


@pytest.mark.parametrize("signed", [True, False])
def test_signatures_are_noticed(signed: bool) -> None:
    lines = ["jobmatch.zip. 1 IN A 192.0.2.1"]
    if signed:
        lines.append("jobmatch.zip. 1 IN RRSIG A 13 2 1 20300101000000 20200101000000 7 . AAAA")
    assert typed(Question(NAME, "A"), *lines).signed is signed


def test_extended_errors_are_kept_and_bounded() -> None:
    question = Question(NAME, "A")
    made = message(question, rcode="SERVFAIL")
    options: list[dns.edns.Option] = [
        dns.edns.EDEOption(dns.edns.EDECode.make(9), "no key"),
        dns.edns.EDEOption(dns.edns.EDECode.make(49152)),
        dns.edns.EDEOption(dns.edns.EDECode.make(0), "x" * 900),
    ]
    made.use_edns(0, options=options)
    reply = reply_of(read(made.to_wire(), encode(question, query_id=1)), question, "192.0.2.53")
    assert reply.ede == (Ede(9, "no key"), Ede(49152, ""), Ede(0, "x" * 200))


def test_the_extended_rcode_counts() -> None:
    question = Question(NAME, "A")
    made = message(question)
    made.set_rcode(dns.rcode.BADVERS)
    reply = reply_of(read(made.to_wire(), encode(question, query_id=1)), question, "192.0.2.53")
    assert (type(reply), reply.rcode) == (ServFail, "BADVERS")


# --- the query ---


@pytest.mark.parametrize(
    ("question", "options", "expected"),
    [
        (Question(NAME, "TXT"), {}, (True, False, 0, 1232)),
        (Question(NAME, "TXT", SERVER), {}, (False, False, 0, 1232)),
        (Question(NAME, "TXT"), {"checking_disabled": True}, (True, True, 0, 1232)),
        (Question(NAME, "TXT"), {"edns": False}, (True, False, -1, 0)),
    ],
)
def test_flags_of_a_query(
    question: Question, options: dict[str, bool], expected: tuple[bool, bool, int, int]
) -> None:
    query = encode(question, query_id=4711, **options)
    sent = dns.message.from_wire(query.wire)
    cd = bool(sent.flags & dns.flags.CD)
    assert (bool(sent.flags & dns.flags.RD), cd, sent.edns, sent.payload) == expected
    assert bool(sent.ednsflags & dns.flags.DO) is (sent.edns == 0)
    assert (sent.id, len(sent.question)) == (4711, 1)


@pytest.mark.parametrize("name", [".", NAME, "a\\.b.c\\000.zip.", "_dmarc.jobmatch.zip."])
def test_the_name_of_a_query(name: str) -> None:
    question = Question(name, "NS")
    query = encode(question, query_id=1)
    reply = dns.message.make_response(dns.message.from_wire(query.wire))
    assert isinstance(reply_of(read(reply.to_wire(), query), question, ""), NoData)


# --- what is no answer to the query ---

QUERY = encode(Question(NAME, "TXT"), query_id=1)


@pytest.mark.parametrize(
    "wire",
    [
        b"",
        b"\x00",
        message(Question(NAME, "TXT"), query_id=2).to_wire(),
        message(Question(NAME, "TXT"), flags="RD").to_wire(),
        message(Question(NAME, "TXT"), flags="QR").to_wire().replace(b"\x80\x00", b"\xa0\x00", 1),
        message(Question(NAME, "MX")).to_wire(),
        message(Question("jobmatch.zap.", "TXT")).to_wire(),
        b"\x00\x01\x80\x00" + bytes(8),  # no question, and no error
        message(Question(NAME, "TXT")).to_wire().replace(b"\x00\x10\x00\x01", b"\x00\x10\x00\x03"),
    ],
    ids=["empty", "octet", "id", "query", "opcode", "type", "name", "no question", "class"],
)
def test_strays(wire: bytes) -> None:
    with pytest.raises(StrayError):
        read(wire, QUERY)


@pytest.mark.parametrize(
    "wire",
    [
        b"\x00\x01 garbage",
        b"\x00\x01\x80\x00\x00\x01\x00\x00\x00\x00\x00\x00",
        message(Question(NAME, "TXT")).to_wire() + b"x",
        message(Question(NAME, "TXT"), 'jobmatch.zip. 1 IN TXT "abc"').to_wire()[:-1],
    ],
    ids=["short", "no room", "trailing", "cut"],
)
def test_broken(wire: bytes) -> None:
    with pytest.raises(BrokenError):
        read(wire, QUERY)


def test_an_error_without_a_question_is_an_answer() -> None:
    wire = b"\x00\x01\x80\x01" + bytes(8)
    reply = reply_of(read(wire, QUERY), QUERY.question, "")
    assert (type(reply), reply.rcode) == (Malformed, "FORMERR")


def test_letter_case_of_the_question_does_not_matter() -> None:
    wire = message(Question(NAME, "TXT")).to_wire().replace(b"jobmatch", b"JoBmAtCh")
    assert isinstance(reply_of(read(wire, QUERY), QUERY.question, ""), NoData)


def test_a_truncated_datagram_may_be_cut_anywhere_behind_the_question() -> None:
    whole = message(Question(NAME, "TXT"), 'jobmatch.zip. 1 IN TXT "abc"', flags="QR TC").to_wire()
    assert is_truncated(read(whole[:-3], QUERY))
    with pytest.raises(BrokenError):
        read(whole[:-3], QUERY, stream=True)


# --- whatever arrives ---

SAMPLES = [
    message(
        Question(NAME, "TXT"),
        'jobmatch.zip. 60 IN TXT "v=spf1 include:amazonses.com ~all"',
        "jobmatch.zip. 1 IN RRSIG TXT 13 2 1 20300101000000 20200101000000 7 . AAAA",
    ),
    message(
        Question(NAME, "TXT"),
        "jobmatch.zip. 60 IN CNAME a.jobmatch.zip.",
        "a.jobmatch.zip. 60 IN CNAME b.jobmatch.zip.",
        'b.jobmatch.zip. 60 IN TXT "x"',
    ),
    message(Question(NAME, "TXT"), rcode="NXDOMAIN", authority=(SOA,)),
    message(Question(NAME, "TXT"), authority=CUT),
]
for sample in SAMPLES:
    sample.use_edns(0, options=[dns.edns.EDEOption(dns.edns.EDECode.make(9), "text")])
WIRES = [sample.to_wire() for sample in SAMPLES]


@settings(max_examples=400, deadline=None)
@given(
    wire=st.sampled_from(WIRES),
    changes=st.lists(st.tuples(st.integers(2, 400), st.integers(0, 255)), min_size=1, max_size=6),
    cut=st.integers(0, 400),
    server=st.sampled_from([None, SERVER]),
)
def test_only_typed_replies_come_out_of_mutated_octets(
    wire: bytes, changes: list[tuple[int, int]], cut: int, server: Server | None
) -> None:
    octets = bytearray(wire)
    for position, value in changes:
        octets[position % len(octets)] = value
    question = Question(NAME, "TXT", server)
    assert_typed(bytes(octets[: cut or None]), question)


@settings(max_examples=200, deadline=None)
@given(body=st.binary(max_size=80))
def test_only_typed_replies_come_out_of_any_octets(body: bytes) -> None:
    assert_typed(b"\x00\x01\x80\x00" + body, Question(NAME, "TXT"))


def assert_typed(wire: bytes, question: Question) -> None:
    """Nothing but the two errors of the codec is raised."""
    with contextlib.suppress(StrayError, BrokenError):
        reply = reply_of(read(wire, encode(question, query_id=1)), question, "")
        assert isinstance(reply, Reply)
        assert reply.question == question
