"""One question to its end: EDNS or not, TCP after truncation, CD=1 after SERVFAIL.

None of these repetitions is a new question.
"""

from __future__ import annotations

import asyncio
import dataclasses
import os
from collections.abc import Sequence
from dataclasses import dataclass

import dns.message

from checks.dns.answers import Malformed, Question, Reply, ServFail, Timeout, Truncated
from checks.dns.drivers.codec import BrokenError, StrayError, is_truncated, read, reply_of
from checks.dns.drivers.query import Query, encode
from checks.dns.drivers.rtt import Peers
from checks.dns.drivers.transport import ask_stream
from checks.dns.drivers.udp import Exchange, Heard, Silence

WITHOUT_EDNS = frozenset({"FORMERR", "NOTIMP", "BADVERS"})  # RFC 6891 §6.2.2, §7


@dataclass(frozen=True, slots=True)
class Form:
    """How a question is put."""

    edns: bool = True
    checking_disabled: bool = False


class Asker:
    """Asks questions at addresses; ``port`` is used for all of them."""

    def __init__(self, port: int, peers: Peers) -> None:
        self._port = port
        self._peers = peers

    async def fetch(self, question: Question, addresses: Sequence[str], seconds: float) -> Reply:
        """Return the reply to ``question`` within ``seconds``, at the first address that gives one.

        SERVFAIL of a resolver is asked again with CD=1: an answer then means that validation
        failed (RFC 4035 §5.5).
        """
        until = asyncio.get_running_loop().time() + seconds
        attempt = Attempt(question, self._port, self._peers, seconds, until)
        reply = await attempt.put(addresses, Form())
        if reply.rcode in WITHOUT_EDNS:
            plain = await attempt.put([reply.server], Form(edns=False))
            reply = reply if isinstance(plain, Timeout) else plain
        if isinstance(reply, ServFail) and reply.rcode == "SERVFAIL" and question.server is None:
            unchecked = await attempt.put([reply.server], Form(checking_disabled=True))
            reply = dataclasses.replace(reply, bogus=not unchecked.failed)
        return reply


@dataclass(frozen=True, slots=True)
class Attempt:
    """A question with its time: ``seconds`` in all, over when the loop's clock is ``until``."""

    question: Question
    port: int
    peers: Peers
    seconds: float
    until: float

    async def put(self, addresses: Sequence[str], form: Form) -> Reply:
        """Ask once in ``form``, over UDP and then TCP if need be."""
        query = encode(
            self.question,
            query_id=int.from_bytes(os.urandom(2)),
            edns=form.edns,
            checking_disabled=form.checking_disabled,
        )
        if self.question.tcp:
            return await self._at_first_stream(query, addresses)
        exchange = Exchange(query, port=self.port, until=self.until, peers=self.peers)
        heard = await exchange.run(addresses)
        if isinstance(heard, Silence):
            return self._silence(heard, addresses)
        return await self._heard(query, heard)

    def _silence(self, silence: Silence, addresses: Sequence[str]) -> Reply:
        if silence.stray:
            return Malformed(question=self.question, server=addresses[0], detail=silence.stray)
        return Timeout(
            question=self.question,
            server=addresses[0],
            tried=tuple(addresses),
            seconds=round(self.seconds, 1),
            closed=silence.closed,
        )

    async def _heard(self, query: Query, heard: Heard) -> Reply:
        if heard.message is None:
            return self._malformed(heard.address, heard.detail)
        if is_truncated(heard.message):
            return await self._over_stream(query, heard.address, self.until)
        return self._typed(heard.message, heard.address)

    async def _at_first_stream(self, query: Query, addresses: Sequence[str]) -> Reply:
        """Ask over TCP at each address until one gives an answer; the time is shared out."""
        clock = asyncio.get_running_loop().time
        reply: Reply = self._silence(Silence(), addresses)
        for position, address in enumerate(addresses):
            share = (self.until - clock()) / (len(addresses) - position)
            reply = await self._over_stream(query, address, clock() + share)
            if not isinstance(reply, Truncated):
                return reply
        silent = isinstance(reply, Truncated) and reply.tcp == "timeout"
        return self._silence(Silence(), addresses) if silent else reply

    async def _over_stream(self, query: Query, address: str, until: float) -> Reply:
        octets = await ask_stream(address, self.port, query.wire, until)
        if isinstance(octets, str):
            return Truncated(question=self.question, server=address, tcp=octets)
        try:
            return self._typed(read(octets, query, stream=True), address)
        except (BrokenError, StrayError) as error:
            return self._malformed(address, str(error))

    def _typed(self, message: dns.message.Message, address: str) -> Reply:
        try:
            return reply_of(message, self.question, address)
        except BrokenError as error:
            return self._malformed(address, str(error))

    def _malformed(self, address: str, detail: str) -> Reply:
        return Malformed(question=self.question, server=address, detail=detail)
