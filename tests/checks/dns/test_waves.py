"""Rounds of dependent questions over real sockets: the ideal chain, and nothing asked twice."""

from __future__ import annotations

import asyncio

import pytest

from checks.dns.check import check_domain
from checks.dns.lookup import Resolver
from checks.model import Report
from rehearsal.zone import World
from tests.support.expect import JOBMATCH
from tests.support.loopback import RECURSIVE, needs_loopback_net, world

ZONE = """
    @ MX 10 mail
    @ TXT "v=spf1 -all"
    mail A 198.51.100.25
    mail AAAA 2001:db8:25::25
    bounce MX 10 feedback-smtp.us-west-2.amazonses.com.
    bounce TXT "v=spf1 include:amazonses.com ~all"
    t1._domainkey CNAME t1.a31d.dkim.us-west-2.amazonses.com.
    _dmarc TXT "v=DMARC1; p=none; rua=mailto:dmarc@jobmatch.zip"
"""
KEY = 't1.a31d.dkim.us-west-2.amazonses.com. TXT "p=MAo="\n'


def chain(depth: int) -> str:
    """Return ``depth`` includes, each naming the next."""
    links = [f'i{i}.test. TXT "v=spf1 include:i{i + 1}.test -all"' for i in range(1, depth)]
    return "\n".join([*links, f'i{depth}.test. TXT "v=spf1 ip4:203.0.113.9 -all"'])


def without_line(zone: str, start: str) -> str:
    return "\n".join(line for line in zone.splitlines() if not line.strip().startswith(start))


def apex(record: str) -> str:
    return ZONE.replace('"v=spf1 -all"', f'"{record}"')


# title, zone, other zones, rounds: max(3, 1 + SPF depth), one more where a hint probes late
ROWS = [
    ("one include", ZONE, "", 3),
    ("no SPF at the apex", without_line(ZONE, "@ TXT"), "", 3),
    ("mx: its hosts are the second level", apex("v=spf1 mx -all"), "", 3),
    ("two levels of includes", apex("v=spf1 include:i1.test -all"), chain(2), 3),
    ("three levels", apex("v=spf1 include:i1.test -all"), chain(3), 4),
    ("five levels", apex("v=spf1 include:i1.test -all"), chain(5), 6),
    (
        "redirect inside the zone",
        apex("v=spf1 redirect=_s.jobmatch.zip") + '    _s TXT "v=spf1 -all"',
        "",
        3,
    ),
    (
        "a foreign report host",
        ZONE.replace("mailto:dmarc@jobmatch.zip", "mailto:d@rep.test"),
        'rep.test. MX 10 mx.rep.test.\njobmatch.zip._report._dmarc.rep.test. TXT "v=DMARC1"',
        3,
    ),
    ("a DKIM name is missing: the hints are asked", without_line(ZONE, "t1."), "", 3),
    ("no DMARC record: the hints are asked", without_line(ZONE, "_dmarc"), "", 3),
]


async def checked(servers: World) -> tuple[Report, int, int]:
    async with Resolver((RECURSIVE,), servers.port) as lookup:
        report = await check_domain(JOBMATCH, lookup)
        return report, lookup.waves, lookup.queries


@needs_loopback_net
@pytest.mark.parametrize(("title", "zone", "other", "rounds"), ROWS, ids=[row[0] for row in ROWS])
def test_rounds_and_questions(title: str, zone: str, other: str, rounds: int) -> None:
    with world(zone, other=KEY + other) as servers:
        report, waves, queries = asyncio.run(checked(servers))
        # A set: under load a question may be sent again before its answer comes.
        received = {(q.server, q.name, q.rdtype, q.transport) for q in servers.queries}

    assert rounds == waves
    assert queries == len(received) == report.queries
