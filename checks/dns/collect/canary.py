"""Does the resolver answer truthfully? Asked in the first round, beside everything else."""

from __future__ import annotations

from checks.dns.answers import Answer, NxDomain, Question, Reply
from checks.dns.facts import ResolverFacts
from checks.dns.names import display, join
from checks.dns.port import Lookup
from checks.dns.rdata import present
from checks.dns.reading import explain, targets, texts

DELEGATED = "com."
SES_SPF = "amazonses.com."


async def collect_resolver(lookup: Lookup, label: str) -> ResolverFacts:
    """Ask what every truthful resolver knows; ``label`` is random and exists nowhere."""
    replies = await lookup.ask(
        [
            Question(DELEGATED, "NS"),
            Question(SES_SPF, "TXT"),
            Question(join(label, DELEGATED), "A"),
        ]
    )
    return ResolverFacts(distrust=_distrust(*replies), replies=tuple(replies))


def _distrust(delegated: Reply, spf: Reply, random: Reply) -> str:
    if not targets(delegated):
        return f"com NS: {_seen(delegated)}"
    if not any(text.joined.lower().startswith(b"v=spf1") for text in texts(spf)):
        return f"amazonses.com TXT: {_seen(spf)}"
    if not isinstance(random, NxDomain):
        # RFC 1034 §4.3.2: a name that does not exist is denied, never answered.
        return f"{display(random.question.name)}, which does not exist: {_seen(random)}"
    return ""


def _seen(reply: Reply) -> str:
    if isinstance(reply, Answer):
        return f"answered {', '.join(present(r) for r in reply.records[:3])}"
    return explain(reply)
