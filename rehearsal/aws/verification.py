"""SES verifies DKIM and MAIL FROM by asking the DNS, now and then, for 72 hours."""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import re
from collections.abc import Callable

import dns.exception
import dns.message
import dns.name
import dns.query
import dns.rcode
import dns.rdatatype

from rehearsal.aws.dkim import EASY, rotate
from rehearsal.aws.state import Dkim, Identity, SesRegion
from rehearsal.aws.world import World

GIVES_UP_AFTER = dt.timedelta(hours=72)
TIMEOUT = 2.0  # seconds for one question to the loopback server

Problem = str | None  # VerificationInfo.ErrorType, None where the records are right
Ask = Callable[[str, str], "list[str] | str"]


def verify(world: World, ses: SesRegion, identity: Identity) -> None:
    """Look at an identity's records, if the time of its next look has come.

    Looks are made when somebody reads the identity or sends from it: an observer cannot tell
    that from a job that runs by itself.
    """
    now = world.clock.now()
    if now < identity.next_check or world.nameserver is None:
        return
    identity.next_check = now + world.settings.verification_interval
    ask = _asker(*world.nameserver)
    if identity.kind == "DOMAIN":
        _verify_dkim(identity, ask, world.settings.signing_hosted_zone, now)
    if identity.mail_from is not None and identity.mail_from.status != "FAILED":
        problem = mail_from_problem(identity.mail_from.domain, ses.region, ask)
        mail_from = identity.mail_from
        status = _next_status(mail_from.status, mail_from.since, problem, now)
        if world.mail_from_fails:
            world.mail_from_fails, status = False, "FAILED"
        if status != mail_from.status:
            mail_from.status, mail_from.since = status, now


def _verify_dkim(identity: Identity, ask: Ask, zone: str, now: dt.datetime) -> None:
    dkim = identity.dkim
    if dkim.status == "FAILED":
        return
    problem = dkim_problem(identity.name, dkim, zone, ask)
    identity.checked_at, identity.problem = now, problem
    if problem is None:
        identity.succeeded_at = now
        rotate(dkim, now)
    status = _next_status(dkim.status, dkim.since or now, problem, now)
    if status != dkim.status:
        dkim.status, dkim.since = status, now


def _next_status(status: str, since: dt.datetime, problem: Problem, now: dt.datetime) -> str:
    """Return the status after a look: 72 hours of bad looks are the end of it."""
    if problem is None:
        return "SUCCESS"
    if status in {"PENDING", "TEMPORARY_FAILURE"}:
        return "FAILED" if now - since >= GIVES_UP_AFTER else status
    return "TEMPORARY_FAILURE"


def dkim_problem(domain: str, dkim: Dkim, zone: str, ask: Ask) -> Problem:
    """Return what is wrong with an identity's DKIM records, None if nothing is."""
    if dkim.origin == EASY:
        wanted = [(f"{t}._domainkey.{domain}", f"{t}.{zone}.") for t in dkim.tokens]
        looks = (_cname_problem(ask(name, "CNAME"), target) for name, target in wanted)
    else:
        names = [f"{selector}._domainkey.{domain}" for selector in dkim.tokens]
        looks = (_key_problem(ask(name, "TXT"), dkim.public_key) for name in names)
    return next((problem for problem in looks if problem), None)


def mail_from_problem(domain: str, region: str, ask: Ask) -> Problem:
    """Return what is wrong with a MAIL FROM domain: exactly one MX, to SES in this Region."""
    answer = ask(domain, "MX")
    if isinstance(answer, str):
        return answer
    hosts = [record.split()[1].lower() for record in answer]
    right = hosts == [f"feedback-smtp.{region}.amazonses.com."]
    return None if right else "INVALID_VALUE"


def _cname_problem(answer: list[str] | str, target: str) -> Problem:
    if isinstance(answer, str):
        return answer
    return None if [text.lower() for text in answer] == [target.lower()] else "INVALID_VALUE"


def _key_problem(answer: list[str] | str, public_key: str) -> Problem:
    if isinstance(answer, str):
        return answer
    keys = [_der(found.group(1)) for text in answer if (found := re.search(r"p=([^;]*)", text))]
    return None if keys == [_der(public_key)] else "INVALID_VALUE"


def _der(text: str) -> bytes:
    """Decode p= of a key record, white space ignored (RFC 6376 section 3.6.1)."""
    try:
        return base64.b64decode("".join(text.split()))
    except binascii.Error:
        return b""


def _asker(address: str, port: int) -> Ask:
    """Return a function that asks one name server: record texts, or SES's name of the error."""

    def ask(name: str, kind: str) -> list[str] | str:
        wanted = dns.rdatatype.from_text(kind)
        query = dns.message.make_query(dns.name.from_text(name), wanted)
        try:
            reply, _ = dns.query.udp_with_fallback(query, address, timeout=TIMEOUT, port=port)
        except (dns.exception.DNSException, OSError):
            return "DNS_SERVER_ERROR"
        if reply.rcode() == dns.rcode.NXDOMAIN:
            return "HOST_NOT_FOUND"
        if reply.rcode() != dns.rcode.NOERROR:
            return "DNS_SERVER_ERROR"
        records = [rdata for rrset in reply.answer if rrset.rdtype == wanted for rdata in rrset]
        if not records:
            return "TYPE_NOT_FOUND"
        if wanted == dns.rdatatype.TXT:
            return [b"".join(rdata.strings).decode("latin-1") for rdata in records]
        return [rdata.to_text() for rdata in records]

    return ask
