"""Mechanisms that ask the DNS: does the client match? (RFC 7208 §5)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from checks.dns.answers import Question, Reply
from checks.dns.names import ROOT, display, is_at_or_below
from checks.dns.port import Lookup, ask
from checks.dns.rdata import IPAddress
from checks.dns.reading import addresses, exchanges, explain, targets
from checks.dns.spf.limits import MAX_MX, MAX_PTR, Budget, PermError, TempError
from checks.dns.spf.macros import Message, expand, reverse_name, uses
from checks.dns.spf.terms import MacroString, Mechanism, target_name, target_text


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One evaluation. ``budget`` counts on behalf of all records that take part.

    ``clock`` gives seconds since 1970.
    """

    message: Message
    lookup: Lookup
    clock: Callable[[], float]
    budget: Budget = field(default_factory=Budget)

    @property
    def family(self) -> str:
        """Return the address type that is asked for this client (RFC 7208 §5)."""
        return "A" if self.message.client.version == 4 else "AAAA"

    def of(self, domain: str) -> Check:
        """Return the same evaluation with another current domain."""
        return replace(self, message=replace(self.message, domain=domain))


async def matches(check: Check, term: Mechanism) -> bool:
    """Return whether the client matches ``term``: a, mx, exists or ptr.

    Raises TempError and PermError, which end the evaluation.
    """
    target = await expanded(check, term.domain) if term.domain else check.message.domain
    if term.name == "ptr":
        return await _ptr(check, target)
    rdtype = {"a": check.family, "mx": "MX", "exists": "A"}[term.name]
    reply = await _answered(check, target, rdtype)
    if reply is None:
        return False
    if term.name == "mx":
        return await _mx(check, term, reply)
    if term.name == "exists":  # any A record, also for an IPv6 client: RFC 7208 §5.7
        return bool(addresses(reply))
    return _within(check, addresses(reply), term)


async def _answered(check: Check, target: str, rdtype: str) -> Reply | None:
    """Return the answer, None for a name that cannot exist (RFC 7208 §5: as if no record)."""
    name = target_name(target)
    if name is None or name == ROOT:
        return None
    reply = told(await ask(check.lookup, name, rdtype))
    check.budget.count_void(reply)
    return reply


def told(reply: Reply) -> Reply:
    """Return a reply that determined something. Raises TempError for any other."""
    if reply.failed:
        name = display(reply.question.name)
        raise TempError(f"{reply.question.rdtype} {name}: {explain(reply)}")
    return reply


async def _mx(check: Check, term: Mechanism, reply: Reply) -> bool:
    """Compare the addresses of the MX hosts (RFC 7208 §5.4).

    The hosts are asked together, and judged and counted one after the other.
    """
    hosts = exchanges(reply)
    if len(hosts) > MAX_MX:
        raise PermError(f"`{term.text}` yields {len(hosts)} MX records, at most {MAX_MX} may be")
    asked = [Question(mx.exchange, check.family) for mx in hosts if mx.exchange != ROOT]
    for answer in await check.lookup.ask(asked):
        check.budget.count_void(told(answer))
        if _within(check, addresses(answer), term):
            return True
    return False


def _within(check: Check, ips: Sequence[IPAddress], term: Mechanism) -> bool:
    """Return whether the client shares the prefix with one of ``ips`` (RFC 7208 §5.3)."""
    client = check.message.client
    shift = 32 - term.prefix4 if client.version == 4 else 128 - term.prefix6
    return any(
        ip.version == client.version and int(ip) >> shift == int(client) >> shift for ip in ips
    )


async def _ptr(check: Check, target: str) -> bool:
    reply, answers = await _reverse(check)
    for answer in (reply, *answers):
        check.budget.count_void(answer)
    name = target_name(target)
    if name is None:
        return False
    return any(is_at_or_below(valid, name) for valid in _validated(check, answers))


async def _reverse(check: Check) -> tuple[Reply, list[Reply]]:
    """Return the PTR reply of the client, and the addresses of at most 10 of its names.

    A lookup that fails leaves its name out, it is no temperror (RFC 7208 §5.5).
    """
    reply = await ask(check.lookup, reverse_name(check.message.client), "PTR")
    names = targets(reply)[:MAX_PTR]
    return reply, await check.lookup.ask([Question(name, check.family) for name in names])


def _validated(check: Check, answers: Sequence[Reply]) -> list[str]:
    client = check.message.client
    return [answer.question.name for answer in answers if client in addresses(answer)]


async def expanded(check: Check, spec: MacroString) -> str:
    """Return the target-name of a domain-spec as text (RFC 7208 §4.8)."""
    return target_text(expand(spec, await prepared(check, spec)))


async def prepared(check: Check, spec: MacroString) -> Message:
    """Return the message, with ``p`` looked up where ``spec`` needs it (RFC 7208 §7.3).

    Its lookups are not counted: the limits count terms, and a macro is none (RFC 7208 §4.6.4).
    """
    if not uses(spec, "p"):
        return check.message
    _, answers = await _reverse(check)
    names = _validated(check, answers)
    here = target_name(check.message.domain) or ROOT
    best = [n for n in names if n == here] or [n for n in names if is_at_or_below(n, here)]
    return replace(check.message, validated=display((best or names or ["unknown"])[0]))
