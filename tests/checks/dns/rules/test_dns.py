"""Every rule of the area dns, with a row for each outcome that it can have."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from checks.dns.answers import (
    Answer,
    ChainError,
    Ede,
    Link,
    NxDomain,
    Referral,
    Refused,
    ServFail,
    Timeout,
    Truncated,
)
from checks.dns.check import judge
from checks.dns.expectation import Expectation
from tests.support.expect import JOBMATCH, expectation, facts_of, only, outcome, outcomes
from tests.support.table import rdata
from tests.support.world import INSIDE, OUTSIDE, World, at, changed, named

NS1, NS2 = "ns1.dnshost.example.", "ns2.dnshost.example."
BOUNCE, DMARC, T1 = (
    "bounce.jobmatch.zip.",
    "_dmarc.jobmatch.zip.",
    "t1._domainkey.jobmatch.zip.",
)
RANDOM = "sesgate-random"
RESOLVER_VIEW = expectation(view="resolver")
SILENT = {"tried": ("192.0.2.53",), "seconds": 5.0}


def world(**changes: Any) -> World:
    return World(**changes)


def zone(changes: dict[str, Any]) -> World:
    return World(inside=changed(INSIDE, changes))


def answered(rdtype: str, value: str, **more: Any) -> dict[str, Any]:
    records = (rdata(rdtype, value),)
    return {"rcode": "NOERROR", "authoritative": True, "records": records, "ttl": 300, **more}


INTERCEPTED = world(
    faults=[named(f"{RANDOM}.com.", "A", NS1, Answer, **answered("A", "192.0.2.9"))]
)
DISTRUSTED = world(
    faults=[named(f"{RANDOM}.com.", "A", "resolver", Answer, **answered("A", "192.0.2.9"))]
)
DENYING = at(NS2, "*", NxDomain, rcode="NXDOMAIN", authoritative=True)
UNRESOLVED = world(faults=[named(NS2, "*", "resolver", ServFail, rcode="SERVFAIL")])
CUT = {**INSIDE["bounce.jobmatch.zip"], "NS": ["ns1.dnshost.example", "ns2.dnshost.example"]}
LAME_BELOW = World(
    inside=changed(INSIDE, {BOUNCE: {**CUT, "SOA": INSIDE["jobmatch.zip"]["SOA"]}}),
    faults=[named(BOUNCE, "*", NS2, Refused, rcode="REFUSED")],
)
LAME_ALL = [at(NS1, "*", Refused, rcode="REFUSED"), at(NS2, "*", Refused, rcode="REFUSED")]
GONE: dict[str, Any] = {"ns2.dnshost.example": {"TXT": ["the host has no address"]}}


ROWS: list[tuple[str, str, World, Expectation]] = [
    # --- the resolver, the name, the delegation ---
    ("dns-resolver-trusted", "pass", world(), JOBMATCH),
    ("dns-resolver-trusted", "unknown", DISTRUSTED, JOBMATCH),
    (
        "dns-resolver-trusted",
        "unknown",
        world(faults=[at("resolver", "*", NxDomain, rcode="NXDOMAIN")]),
        JOBMATCH,
    ),
    (
        "dns-resolver-trusted",
        "unknown",
        world(faults=[named("amazonses.com.", "TXT", "*", ServFail, rcode="SERVFAIL")]),
        JOBMATCH,
    ),
    ("dns-resolver-trusted", "unknown", world(faults=[at("resolver", "*", Timeout)]), JOBMATCH),
    ("dns-name-valid", "pass", world(), JOBMATCH),
    ("dns-domain-delegated", "pass", world(), JOBMATCH),
    ("dns-domain-delegated", "pass", world(), RESOLVER_VIEW),
    ("dns-domain-delegated", "fail", World(inside={}, parent_ns=()), JOBMATCH),
    ("dns-domain-delegated", "unknown", DISTRUSTED, JOBMATCH),
    (
        "dns-domain-delegated",
        "unknown",
        world(
            faults=[
                named("jobmatch.zip.", "NS", "resolver", ServFail, rcode="SERVFAIL"),
                at("ns1.nic.zip.", "*", Timeout, **SILENT),
            ]
        ),
        JOBMATCH,
    ),
    ("dns-domain-registrable", "pass", world(), JOBMATCH),
    (
        "dns-domain-registrable",
        "fail",
        world(),
        expectation(domain="co.uk.", from_host="co.uk.", mail_from=None, dkim=None),
    ),
    # --- the servers ---
    ("dns-ns-authoritative", "pass", world(), JOBMATCH),
    ("dns-ns-authoritative", "pass", world(faults=LAME_ALL[:1]), JOBMATCH),
    ("dns-ns-authoritative", "fail", world(faults=LAME_ALL), JOBMATCH),
    (
        "dns-ns-authoritative",
        "unknown",
        world(faults=[LAME_ALL[0], at(NS2, "*", Timeout, **SILENT)]),
        JOBMATCH,
    ),
    (
        "dns-ns-authoritative",
        "fail",
        world(faults=[LAME_ALL[0], DENYING]),
        JOBMATCH,
    ),
    ("dns-ns-authoritative", "skip", world(), RESOLVER_VIEW),
    ("dns-ns-authoritative", "skip", World(inside={}, parent_ns=()), JOBMATCH),
    ("dns-ns-authoritative", "unknown", INTERCEPTED, JOBMATCH),
    ("dns-ns-redundant", "pass", world(), JOBMATCH),
    ("dns-ns-redundant", "fail", world(faults=LAME_ALL[1:]), JOBMATCH),
    ("dns-ns-redundant", "fail", World(outside={**OUTSIDE, **GONE}), JOBMATCH),
    (
        "dns-ns-redundant",
        "fail",
        World(
            inside=changed(
                INSIDE, {"jobmatch.zip": {**INSIDE["jobmatch.zip"], "NS": ["ns1.dnshost.example"]}}
            ),
            parent_ns=(NS1,),
        ),
        JOBMATCH,
    ),
    ("dns-ns-redundant", "unknown", world(faults=[at(NS2, "*", Timeout, **SILENT)]), JOBMATCH),
    ("dns-ns-redundant", "fail", world(faults=[DENYING]), JOBMATCH),
    ("dns-ns-redundant", "fail", LAME_BELOW, JOBMATCH),
    ("dns-ns-redundant", "unknown", UNRESOLVED, JOBMATCH),
    ("dns-ns-redundant", "unknown", World(no_route=["127.0.0.12"]), JOBMATCH),
    ("dns-ns-redundant", "skip", world(), RESOLVER_VIEW),
    ("dns-delegation-matched", "pass", world(), JOBMATCH),
    ("dns-delegation-matched", "fail", World(parent_ns=(NS1, "ns3.dnshost.example.")), JOBMATCH),
    (
        "dns-delegation-matched",
        "unknown",
        world(faults=[at("ns1.nic.zip.", "*", Timeout, **SILENT)]),
        JOBMATCH,
    ),
    ("dns-delegation-matched", "skip", world(), RESOLVER_VIEW),
    ("dns-soa-serial-equal", "pass", world(), JOBMATCH),
    (
        "dns-soa-serial-equal",
        "fail",
        World(
            ns2=changed(
                INSIDE,
                {
                    "jobmatch.zip": {
                        **INSIDE["jobmatch.zip"],
                        "SOA": ["ns1.dnshost.example hostmaster.dnshost.example 7"],
                    }
                },
            )
        ),
        JOBMATCH,
    ),
    (
        "dns-soa-serial-equal",
        "unknown",
        world(faults=[at(NS1, "*", Timeout), at(NS2, "*", Timeout)]),
        JOBMATCH,
    ),
    ("dns-soa-serial-equal", "skip", world(), RESOLVER_VIEW),
    ("dns-tcp-open", "pass", world(), JOBMATCH),
    ("dns-tcp-open", "skip", world(), RESOLVER_VIEW),
    # --- the answers ---
    ("dns-ns-consistent", "fail", world(faults=[DENYING]), JOBMATCH),
    ("dns-ns-consistent", "pass", LAME_BELOW, JOBMATCH),
    ("dns-ns-consistent", "unknown", UNRESOLVED, JOBMATCH),
    ("dns-ns-consistent", "pass", World(no_route=["127.0.0.12"]), JOBMATCH),
    (
        "dns-ns-consistent",
        "unknown",
        world(faults=[named(DMARC, "TXT", NS2, NxDomain, rcode="NXDOMAIN", authoritative=False)]),
        JOBMATCH,
    ),
    ("dns-ns-consistent", "pass", world(), JOBMATCH),
    ("dns-ns-consistent", "fail", World(ns2=changed(INSIDE, {T1: None})), JOBMATCH),
    (
        "dns-ns-consistent",
        "unknown",
        world(faults=[named(DMARC, "TXT", NS2, Timeout, **SILENT)]),
        JOBMATCH,
    ),
    ("dns-ns-consistent", "unknown", INTERCEPTED, JOBMATCH),
    ("dns-ns-consistent", "skip", world(), RESOLVER_VIEW),
    ("dns-answers-received", "pass", world(), JOBMATCH),
    ("dns-answers-received", "pass", world(), RESOLVER_VIEW),
    (
        "dns-answers-received",
        "unknown",
        world(faults=[named(DMARC, "TXT", "*", ServFail, rcode="SERVFAIL")]),
        JOBMATCH,
    ),
    ("dns-answers-received", "unknown", DISTRUSTED, JOBMATCH),
    ("dns-dnssec-valid", "pass", world(), JOBMATCH),
    (
        "dns-dnssec-valid",
        "fail",
        world(faults=[named(DMARC, "TXT", "resolver", ServFail, rcode="SERVFAIL", bogus=True)]),
        JOBMATCH,
    ),
    (
        "dns-dnssec-valid",
        "fail",
        world(faults=[named(DMARC, "TXT", "resolver", ServFail, rcode="SERVFAIL", ede=(Ede(9),))]),
        JOBMATCH,
    ),
    (
        "dns-dnssec-valid",
        "unknown",
        world(faults=[named(DMARC, "TXT", "resolver", ServFail, rcode="SERVFAIL", ede=(Ede(22),))]),
        JOBMATCH,
    ),
    ("dns-dnssec-signed", "fail", world(), JOBMATCH),
    (
        "dns-dnssec-signed",
        "pass",
        world(
            faults=[
                named(
                    DMARC,
                    "TXT",
                    "resolver",
                    Answer,
                    **answered("TXT", "v=DMARC1; p=none", validated=True),
                )
            ]
        ),
        JOBMATCH,
    ),
    ("dns-dnssec-signed", "unknown", DISTRUSTED, JOBMATCH),
    ("dns-answers-propagated", "pass", world(), JOBMATCH),
    (
        "dns-answers-propagated",
        "fail",
        World(resolver=changed(INSIDE, {DMARC: {"TXT": ["v=DMARC1; p=reject"]}})),
        JOBMATCH,
    ),
    (
        "dns-answers-propagated",
        "unknown",
        world(faults=[named(DMARC, "TXT", "resolver", Timeout, **SILENT)]),
        JOBMATCH,
    ),
    ("dns-answers-propagated", "skip", world(), RESOLVER_VIEW),
    ("dns-ttl-moderate", "pass", world(), JOBMATCH),
    (
        "dns-ttl-moderate",
        "fail",
        world(
            faults=[named(DMARC, "TXT", "*", Answer, **{**answered("TXT", "v=DMARC1"), "ttl": 30})]
        ),
        JOBMATCH,
    ),
    (
        "dns-ttl-moderate",
        "unknown",
        world(faults=[named(DMARC, "TXT", "*", ServFail, rcode="SERVFAIL")]),
        JOBMATCH,
    ),
    ("dns-ttl-moderate", "skip", world(), RESOLVER_VIEW),
    ("dns-view-public", "skip", world(), JOBMATCH),
    ("dns-name-unblocked", "pass", world(), JOBMATCH),
    (
        "dns-name-unblocked",
        "fail",
        world(faults=[named(DMARC, "TXT", "resolver", NxDomain, rcode="NXDOMAIN", ede=(Ede(15),))]),
        JOBMATCH,
    ),
    ("dns-name-unblocked", "unknown", DISTRUSTED, JOBMATCH),
    # --- aliases ---
    ("dns-apex-unaliased", "pass", world(), JOBMATCH),
    (
        "dns-apex-unaliased",
        "fail",
        zone({"jobmatch.zip": {**INSIDE["jobmatch.zip"], "CNAME": ["host.example"]}}),
        JOBMATCH,
    ),
    (
        "dns-apex-unaliased",
        "unknown",
        world(faults=[named("jobmatch.zip.", "CNAME", "*", Timeout, **SILENT)]),
        JOBMATCH,
    ),
    ("dns-cname-alone", "pass", world(), JOBMATCH),
    (
        "dns-cname-alone",
        "fail",
        zone({"bounce.jobmatch.zip": {**INSIDE["bounce.jobmatch.zip"], "CNAME": ["x.example"]}}),
        JOBMATCH,
    ),
    (
        "dns-cname-alone",
        "fail",
        zone({T1: {"CNAME": ["t1.a31d.dkim.us-west-2.amazonses.com", "other.example"]}}),
        JOBMATCH,
    ),
    (
        "dns-cname-alone",
        "unknown",
        world(faults=[named(BOUNCE, "CNAME", "*", Refused, rcode="REFUSED")]),
        JOBMATCH,
    ),
    ("dns-cname-loop-free", "pass", world(), JOBMATCH),
    (
        "dns-cname-loop-free",
        "fail",
        world(
            faults=[
                named(DMARC, "TXT", "*", ChainError, chain=(Link(DMARC, DMARC, 60),)),
                named(DMARC, "CNAME", "*", Answer, **answered("CNAME", DMARC)),
            ]
        ),
        JOBMATCH,
    ),
    (
        "dns-cname-loop-free",
        "fail",  # the loop runs through a foreign zone, where resolvers answer SERVFAIL
        World(
            inside=changed(INSIDE, {DMARC: {"CNAME": ["d.vendor.example"]}}),
            resolver=changed(
                INSIDE,
                {"d.vendor.example": {"CNAME": [DMARC]}, DMARC: {"CNAME": ["d.vendor.example"]}},
            ),
            faults=[
                named("d.vendor.example.", "TXT", "resolver", ServFail, rcode="SERVFAIL"),
                named(DMARC, "TXT", "resolver", ServFail, rcode="SERVFAIL"),
            ],
        ),
        JOBMATCH,
    ),
    (
        "dns-cname-loop-free",
        "unknown",
        world(faults=[named(DMARC, "CNAME", "*", ServFail, rcode="SERVFAIL")]),
        JOBMATCH,
    ),
    ("dns-cname-chain-short", "pass", world(), JOBMATCH),
    (
        "dns-cname-chain-short",
        "fail",
        zone(
            {
                DMARC: {"CNAME": ["c0.jobmatch.zip"]},
                **{f"c{i}.jobmatch.zip": {"CNAME": [f"c{i + 1}.jobmatch.zip"]} for i in range(8)},
                "c8.jobmatch.zip": {"TXT": ["v=DMARC1; p=none"]},
            }
        ),
        JOBMATCH,
    ),
    (
        "dns-cname-chain-short",
        "unknown",
        world(faults=[named(DMARC, "CNAME", "*", ServFail, rcode="SERVFAIL")]),
        JOBMATCH,
    ),
    # --- wildcards, cuts, non-terminals ---
    ("dns-names-explicit", "pass", world(), JOBMATCH),
    (
        "dns-names-explicit",
        "fail",
        zone(
            {
                name: {"CNAME": ["host.example"]}
                for name in (T1, f"{RANDOM}.{T1}", f"{RANDOM}._domainkey.jobmatch.zip")
            }
        ),
        JOBMATCH,
    ),
    (
        "dns-names-explicit",
        "pass",  # a wildcard below an explicit name with the same content
        zone({f"{RANDOM}.{BOUNCE}": INSIDE["bounce.jobmatch.zip"]}),
        JOBMATCH,
    ),
    (
        "dns-names-explicit",
        "unknown",
        world(faults=[named(f"{RANDOM}.{T1}", "CNAME", "*", Timeout, **SILENT)]),
        JOBMATCH,
    ),
    ("dns-wildcard-unmatched", "pass", world(), JOBMATCH),
    (
        "dns-wildcard-unmatched",
        "fail",
        zone({f"{RANDOM}._domainkey.jobmatch.zip": INSIDE["t1._domainkey.jobmatch.zip"]}),
        JOBMATCH,
    ),
    (
        "dns-wildcard-unmatched",
        "unknown",
        world(
            faults=[named(f"{RANDOM}._domainkey.jobmatch.zip.", "CNAME", "*", Timeout, **SILENT)]
        ),
        JOBMATCH,
    ),
    ("dns-ent-answered", "pass", world(), JOBMATCH),
    (
        "dns-ent-answered",
        "fail",
        world(
            faults=[
                named(
                    "_domainkey.jobmatch.zip.",
                    "*",
                    "*",
                    NxDomain,
                    rcode="NXDOMAIN",
                    authoritative=True,
                )
            ]
        ),
        JOBMATCH,
    ),
    (
        "dns-ent-answered",
        "unknown",
        world(faults=[named("_domainkey.jobmatch.zip.", "*", "*", Timeout, **SILENT)]),
        JOBMATCH,
    ),
    ("dns-ent-answered", "skip", world(), RESOLVER_VIEW),
    ("dns-ent-answered", "skip", zone({T1: None}), JOBMATCH),
    ("dns-zone-uncut", "pass", world(), JOBMATCH),
    (
        "dns-zone-uncut",
        "fail",
        zone({BOUNCE: {**INSIDE["bounce.jobmatch.zip"], "NS": ["ns1.dnshost.example"]}}),
        JOBMATCH,
    ),
    (
        "dns-zone-uncut",
        "fail",
        world(
            faults=[
                named(BOUNCE, "*", "resolver", ServFail, rcode="SERVFAIL"),
                named(BOUNCE, "*", NS1, Referral, zone=BOUNCE, nameservers=("ns1.dead.example.",)),
            ]
        ),
        JOBMATCH,
    ),
    ("dns-zone-uncut", "unknown", DISTRUSTED, JOBMATCH),
    ("dns-zone-uncut", "unknown", INTERCEPTED, JOBMATCH),
]


@pytest.mark.parametrize(
    ("rule_id", "expected", "world_", "expected_of"),
    ROWS,
    ids=[f"{row[0]}-{row[1]}-{i}" for i, row in enumerate(ROWS)],
)
def test_outcome(rule_id: str, expected: str, world_: World, expected_of: Expectation) -> None:
    assert expected == outcome(facts_of(world_, expected_of), rule_id)


@pytest.mark.parametrize(
    ("tcp", "expected"), [("refused", "fail"), ("closed", "fail"), ("timeout", "unknown")]
)
def test_tcp(tcp: str, expected: str) -> None:
    """Refused or closed TCP is a fact about the server; silence is not."""
    facts = facts_of(World())
    servers = [
        dataclasses.replace(
            s,
            tcp=Truncated(question=s.tcp.question, server="x", tcp=tcp),  # type: ignore[arg-type, union-attr]
        )
        for s in facts.zone.servers
    ]
    zone_ = dataclasses.replace(facts.zone, servers=tuple(servers))

    assert expected == outcome(dataclasses.replace(facts, zone=zone_), "dns-tcp-open")


def test_consistency_names_the_server_and_the_record_to_publish() -> None:
    facts = facts_of(World(ns1=changed(INSIDE, {T1: None})))

    finding = only(judge(facts), "dns-ns-consistent", "fail")

    assert "t1._domainkey.jobmatch.zip CNAME" == finding.subject
    assert finding.fix is not None
    assert (
        "Publish t1._domainkey.jobmatch.zip CNAME on ns1.dnshost.example; reload the zone or wait "
        "for the transfer" == finding.fix.text
    )
    assert [("t1.a31d.dkim.us-west-2.amazonses.com.",)] == [r.values for r in finding.fix.records]


def test_only_one_server_per_name_is_blamed_for_silence() -> None:
    """A server that is silent for one name leaves the others judged."""
    facts = facts_of(World(faults=[named(DMARC, "TXT", NS2, Timeout, **SILENT)]))

    unknown = [s for o, s in outcomes(facts, "dns-ns-consistent") if o == "unknown"]

    assert ["_dmarc.jobmatch.zip TXT"] == unknown


def test_interception_names_the_option_that_helps() -> None:
    finding = only(judge(facts_of(INTERCEPTED)), "dns-ns-authoritative", "unknown")

    assert "run with --view resolver" in finding.message
