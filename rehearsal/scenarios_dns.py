"""Days of typical mistakes at the DNS host."""

from __future__ import annotations

from checks.verdict import EXIT_NOT_READY
from rehearsal import example
from rehearsal.journey import CHECKED, READ_IDENTITY
from rehearsal.journey_stage import Mistake
from rehearsal.scenarios_day import Day
from rehearsal.steps import Act, Check, Say, Step
from rehearsal.steps_world import Publish
from rehearsal.zone import Records

_PASTE = (
    "checks.dns judges it. Publish what stands above under `Publish:`, then run the same command "
    "again."
)


def _judged(*rules: str) -> tuple[Act, ...]:
    """Return what is typed: what SES says, and the check that names the rules."""
    arguments = ("--stack", "stack.json", "--aws")
    return (READ_IDENTITY, Check(arguments=arguments, code=EXIT_NOT_READY, told=rules, limit=90))


DNS_DAYS = (
    Day(
        name="two-spf",
        title="a second SPF record was published at MAIL FROM",
        meaning="Two SPF records at one name are worth less than none: receivers give up "
        "(RFC 7208 section 4.5). SES does not look at SPF, and is content.",
        mistake=Mistake(
            zone="""
                bounce TXT "v=spf1 include:amazonses.com ~all"
                bounce TXT "v=spf1 include:_spf.mail.example ~all"
            """
        ),
        acts=_judged("spf-record-single"),
        advice=_PASTE,
    ),
    Day(
        name="doubled-name",
        title="the DNS provider appended the zone to a DKIM name",
        meaning="The full name was pasted into a form that appends the zone to it. SES does not "
        "find the record and keeps looking for 72 hours.",
        mistake=Mistake(
            remove=("{token}._domainkey CNAME",),
            zone="{token}._domainkey.{domain} CNAME {token}.{signing_zone}.",
        ),
        acts=_judged("dkim-cname-present", "dkim-owner-undoubled"),
        advice=_PASTE,
    ),
    Day(
        name="strict-spf",
        title="a DMARC template brought aspf=s",
        meaning="Strict alignment wants the same name in From: and in MAIL FROM. With SES the "
        "latter is bounce.jobmatch.zip, so SPF never counts for DMARC.",
        mistake=Mistake(
            zone='_dmarc TXT "v=DMARC1; p=none; aspf=s; rua=mailto:dmarc@jobmatch.zip"'
        ),
        acts=_judged("align-aspf-relaxed"),
        advice=_PASTE,
    ),
)


def _seen(day: Day) -> tuple[Act, ...]:
    """Return the acts that make the mistake of a day and let the check find it."""
    return (Publish(day.mistake, day.title), *(act for act in day.acts if isinstance(act, Check)))


MISTAKES = Step(
    title="See three typical mistakes",
    why="Each is published in its turn: what the check says then is what you would paste from.",
    acts=(
        *(act for day in DNS_DAYS for act in _seen(day)),
        Say("Now the right records are published again."),
        Publish(),
        CHECKED,
    ),
)


def mistaken(name: str) -> Records:
    """Return the zone of the example with the mistake of a day in it."""
    day = next(day for day in DNS_DAYS if day.name == name)
    return day.mistake.of(example.zone(), example.TOKENS[0], example.SIGNING_ZONE)
