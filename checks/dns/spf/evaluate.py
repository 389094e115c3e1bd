"""check_host(): the evaluation of RFC 7208 §4, over an injected lookup."""

from __future__ import annotations

import ipaddress
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from checks.dns.names import ROOT, label_count
from checks.dns.port import Lookup, ask
from checks.dns.rdata import IPAddress
from checks.dns.reading import texts
from checks.dns.spf.explain import explain_string
from checks.dns.spf.limits import PermError, TempError
from checks.dns.spf.macros import Message, expand
from checks.dns.spf.mechanisms import Check, expanded, matches, prepared, told
from checks.dns.spf.select import select
from checks.dns.spf.syntax import parse
from checks.dns.spf.terms import Mechanism, Modifier, SpfRecord, SpfSyntaxError, target_name

RESULTS = {"+": "pass", "-": "fail", "~": "softfail", "?": "neutral"}  # RFC 7208 §4.6.2


@dataclass(frozen=True, slots=True, kw_only=True)
class SpfResult:
    """The result of check_host() (RFC 7208 §2.6).

    ``result`` is none, neutral, pass, fail, softfail, temperror or permerror. ``explanation`` is
    the expanded text of exp, for fail alone. ``problem`` says why it is none, temperror or
    permerror and names the name. ``lookups`` are the terms counted, ``voids`` the void lookups.
    ``matched`` is the term that decided, as written in the record it stands in.
    """

    result: str
    explanation: str = ""
    problem: str = ""
    lookups: int = 0
    voids: int = 0
    matched: str = ""


@dataclass(frozen=True, slots=True)
class _Decision:
    """What one record says; ``domain`` and ``record`` are those whose exp counts."""

    result: str
    matched: str = ""
    domain: str = ""
    record: SpfRecord | None = None
    problem: str = ""


async def check_host(
    ip: str | IPAddress,
    domain: str,
    sender: str,
    *,
    helo: str,
    lookup: Lookup,
    receiver: str = "unknown",
    clock: Callable[[], float] = time.time,
) -> SpfResult:
    """Evaluate SPF for a client, a domain and a sender (RFC 7208 §4).

    ``domain`` is where the record is looked for, plain text with or without trailing dot;
    ``sender`` the MAIL FROM or HELO identity; ``clock`` gives seconds since 1970 for the macro
    ``t``. Raises ValueError where ``ip`` is no address; nothing else.
    """
    domain = domain.removesuffix(".")
    message = _message(ip, domain, sender, helo.removesuffix("."), receiver)
    check = Check(message=message, lookup=lookup, clock=clock)
    try:
        decision = await _evaluate(check, domain, is_first=True)
    except PermError as error:
        decision = _Decision("permerror", problem=str(error))
    except TempError as error:
        decision = _Decision("temperror", problem=str(error))
    return SpfResult(
        result=decision.result,
        explanation=await _explanation(check, decision),
        problem=decision.problem,
        lookups=check.budget.lookups,
        voids=check.budget.voids,
        matched=decision.matched,
    )


def _message(ip: str | IPAddress, domain: str, sender: str, helo: str, receiver: str) -> Message:
    client = ipaddress.ip_address(ip)
    if isinstance(client, ipaddress.IPv6Address):
        # An IPv4-mapped client is an IPv4 client; a zone index is no part of the address.
        client = client.ipv4_mapped or ipaddress.IPv6Address(int(client))
    local, _, origin = sender.rpartition("@")
    return Message(
        client=client,
        local=local or "postmaster",  # RFC 7208 §4.3
        origin=origin.removesuffix(".") or helo or domain,  # null reverse-path: RFC 7208 §2.4
        helo=helo,
        domain=domain,
        receiver=receiver,
    )


def _malformed(domain: str) -> str:
    """Return why ``domain`` is no multi-label domain name, else nothing (RFC 7208 §4.3)."""
    if not domain.isascii():
        return f"{domain} is not in A-label form"
    name = target_name(domain) if len(domain) <= 253 else None
    if name is None:
        return f"{domain or 'the empty name'} is no domain name"
    return f"{domain} has only one label" if label_count(name) < 2 else ""


async def _evaluate(check: Check, domain: str, *, is_first: bool = False) -> _Decision:
    """Return what the record at ``domain`` says (RFC 7208 §4.3 to §4.7)."""
    problem = _malformed(domain)
    if problem:
        return _Decision("none", problem=problem)
    reply = told(await ask(check.lookup, target_name(domain) or ROOT, "TXT"))
    if not is_first:
        check.budget.count_void(reply)
    selected = select(texts(reply))
    if not selected:
        return _Decision("none", problem=f"{domain} has no SPF record")
    if len(selected) > 1:
        raise PermError(f"{domain} has {len(selected)} SPF records")
    try:
        record = parse(selected[0].joined)
    except SpfSyntaxError as error:
        raise PermError(f"the record at {domain} does not parse: {error}") from None
    return await _apply(check.of(domain), domain, record)


async def _apply(check: Check, domain: str, record: SpfRecord) -> _Decision:
    for mechanism in record.mechanisms:
        if await _matches(check, mechanism):
            result = RESULTS[mechanism.qualifier]
            return _Decision(result, mechanism.text, domain, record)
    if record.redirect:
        return await _redirected(check, record.redirect)
    return _Decision("neutral")  # RFC 7208 §4.7


async def _matches(check: Check, term: Mechanism) -> bool:
    if term.name == "all":
        return True
    if term.network is not None:  # ip4, ip6: RFC 7208 §5.6
        return check.message.client in term.network
    check.budget.count_term(term.text)
    if term.name == "include" and term.domain:
        return await _included(check, term.text, await expanded(check, term.domain))
    return await matches(check, term)


async def _included(check: Check, text: str, target: str) -> bool:
    """Match where the target gives pass; the table of RFC 7208 §5.2."""
    decision = await _evaluate(check, target)
    if decision.result == "none":
        raise PermError(f"`{text}`: {decision.problem}")
    return decision.result == "pass"


async def _redirected(check: Check, redirect: Modifier) -> _Decision:
    """Return the result of the target; none becomes permerror (RFC 7208 §6.1)."""
    check.budget.count_term(redirect.text)
    decision = await _evaluate(check, await expanded(check, redirect.value))
    if decision.result == "none":
        raise PermError(f"`{redirect.text}`: {decision.problem}")
    return decision


async def _explanation(check: Check, decision: _Decision) -> str:
    """Return the text of exp, for fail alone; its lookup is not counted (RFC 7208 §6.2)."""
    exp = decision.record.modifier("exp") if decision.record else None
    if decision.result != "fail" or exp is None:
        return ""
    here = check.of(decision.domain)
    name = target_name(await expanded(here, exp.value))
    if name is None:
        return ""
    spec = explain_string(await ask(check.lookup, name, "TXT"))
    message = replace(await prepared(here, spec), time=int(check.clock()))
    text = expand(spec, message)
    return text if text.isascii() else ""
