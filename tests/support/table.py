"""A lookup over a table, and a loop-free way to run a coroutine over it."""

from __future__ import annotations

import ipaddress
from collections.abc import Awaitable, Coroutine, Generator, Mapping, Sequence
from typing import Any, Generic, TypeVar

from checks.dns.answers import Answer, Link, NoData, NxDomain, Question, Reply, ServFail, Timeout
from checks.dns.names import parse_name
from checks.dns.rdata import Address, Mx, Other, Rdata, Soa, Target, Txt

T = TypeVar("T")

Zone = Mapping[str, Mapping[str, Sequence[str]]]


class TableLookup:
    """Answers from ``{name: {type: [value, …]}}``; the special values SERVFAIL and TIMEOUT fail.

    A TXT value may be text or a tuple of strings; bytes are taken as they are. Names that hold
    nothing and have nothing below them do not exist; a CNAME is followed. ``asked`` records every
    question that was not in the cache.
    """

    def __init__(self, zone: Mapping[str, Mapping[str, Sequence[Any]]]) -> None:
        self.zone = {
            parse_name(name): {t.upper(): list(v) for t, v in types.items()}
            for name, types in zone.items()
        }
        self.asked: list[Question] = []
        self._cache: dict[Question, Reply] = {}

    async def ask(self, questions: Sequence[Question]) -> list[Reply]:
        return [self._once(q) for q in questions]

    def start(self, branch: Coroutine[Any, Any, T]) -> Awaitable[T]:
        return Started(branch)

    def _once(self, question: Question) -> Reply:
        if question not in self._cache:
            self.asked.append(question)
            self._cache[question] = self._answer(question)
        return self._cache[question]

    def _answer(self, question: Question) -> Reply:
        chain: list[Link] = []
        name = question.name
        while True:
            values = self.zone.get(name, {})
            rdtype = question.rdtype
            found = values.get(rdtype) or values.get("*")
            if found:
                return self._data(question, rdtype, found, tuple(chain))
            if "CNAME" in values and len(chain) < 10:
                target = parse_name(values["CNAME"][0])
                chain.append(Link(name, target, 300))
                name = target
                continue
            break
        exists = any(known == name or known.endswith("." + name) for known in self.zone)
        kind = NoData if exists else NxDomain
        rcode = "NOERROR" if exists else "NXDOMAIN"
        return kind(question=question, server="table", rcode=rcode, chain=tuple(chain))

    @staticmethod
    def _data(
        question: Question, rdtype: str, values: Sequence[Any], chain: tuple[Link, ...]
    ) -> Reply:
        if values[0] == "SERVFAIL":
            return ServFail(question=question, server="table", rcode="SERVFAIL", chain=chain)
        if values[0] == "TIMEOUT":
            return Timeout(question=question, server="table", tried=("table",), seconds=5.0)
        records = tuple(rdata(rdtype, value) for value in values)
        return Answer(
            question=question,
            server="table",
            rcode="NOERROR",
            records=records,
            ttl=300,
            chain=chain,
        )


def rdata(rdtype: str, value: Any) -> Rdata:
    """Return record data from short text: ``"10 mx.example"``, ``"192.0.2.1"``, text for TXT."""
    if rdtype in {"TXT", "SPF"}:
        strings = (value,) if isinstance(value, str | bytes) else tuple(value)
        return Txt(tuple(s.encode("latin-1") if isinstance(s, str) else s for s in strings))
    if rdtype == "MX":
        preference, exchange = value.split()
        return Mx(int(preference), parse_name(exchange))
    if rdtype in {"A", "AAAA"}:
        return Address(ipaddress.ip_address(value))
    if rdtype == "SOA":
        mname, rname, serial = value.split()
        return Soa(parse_name(mname), parse_name(rname), int(serial), 300)
    if rdtype in {"CNAME", "NS", "PTR"}:
        return Target(parse_name(value))
    return Other(value)


class Started(Generic[T]):
    """A branch that runs when it is awaited."""

    def __init__(self, branch: Coroutine[Any, Any, T]) -> None:
        self._branch = branch
        self._done = False
        self._result: T | None = None

    def __await__(self) -> Generator[Any, Any, T]:
        if not self._done:
            self._result = yield from self._branch.__await__()
            self._done = True
        return self._result  # type: ignore[return-value]  # set above


def run(coroutine: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine that never really waits."""
    try:
        coroutine.send(None)
    except StopIteration as stop:
        return stop.value  # type: ignore[no-any-return]  # the coroutine's own type
    raise AssertionError("the coroutine waited for something that a table cannot give")
