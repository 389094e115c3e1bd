"""What is rehearsed: the example domain as it should be, and with typical mistakes."""

from __future__ import annotations

from dataclasses import dataclass

from checks.verdict import EXIT_NOT_READY, EXIT_READY
from rehearsal import example
from rehearsal.zone import Records, overlay, parse_records, without

_TOKENS = example.TOKENS


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """A change of the example zone and how the check must end on it.

    ``zone`` are master-file lines relative to the domain that replace RRsets or add them, after
    those named in ``remove`` are gone. ``blockers`` are the rules that must be told.
    """

    name: str
    title: str
    exit_code: int
    blockers: tuple[str, ...] = ()
    zone: str = ""
    remove: tuple[str, ...] = ()

    def records(self) -> Records:
        """Return the zone of the domain in this scenario."""
        origin = f"{example.DOMAIN}."
        kept = without(example.zone(), self.remove, origin)
        return overlay(kept, parse_records(self.zone, origin))


SCENARIOS = (
    Scenario(name="good", title="every record is right", exit_code=EXIT_READY),
    Scenario(
        name="two-spf",
        title="a second SPF record was published at MAIL FROM",
        exit_code=EXIT_NOT_READY,
        blockers=("spf-record-single",),
        zone="""
            bounce TXT "v=spf1 include:amazonses.com ~all"
            bounce TXT "v=spf1 include:_spf.mail.example ~all"
        """,
    ),
    Scenario(
        name="doubled-name",
        title="the DNS provider appended the zone to a DKIM name",
        exit_code=EXIT_NOT_READY,
        blockers=("dkim-cname-present", "dkim-owner-undoubled"),
        remove=(f"{_TOKENS[0]}._domainkey CNAME",),
        zone=f"""
            {_TOKENS[0]}._domainkey.{example.DOMAIN} CNAME {_TOKENS[0]}.{example.SIGNING_ZONE}.
        """,
    ),
    Scenario(
        name="strict-spf",
        title="a DMARC template brought aspf=s",
        exit_code=EXIT_NOT_READY,
        blockers=("align-aspf-relaxed",),
        zone='_dmarc TXT "v=DMARC1; p=none; aspf=s; rua=mailto:dmarc@jobmatch.zip"',
    ),
)
