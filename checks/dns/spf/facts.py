"""Facts about SPF at the names that are judged."""

from __future__ import annotations

from dataclasses import dataclass

from checks.dns.answers import Reply
from checks.dns.rdata import IPAddress, Txt
from checks.dns.spf.evaluate import SpfResult
from checks.dns.spf.terms import SpfRecord
from checks.dns.spf.tree import SpfTree


@dataclass(frozen=True, slots=True, kw_only=True)
class SpfTrial:
    """One evaluation: the client, and the result of check_host()."""

    client: IPAddress
    result: SpfResult


@dataclass(frozen=True, slots=True, kw_only=True)
class SpfSubject:
    """SPF at one name.

    ``txt`` and ``type99`` are the replies to TXT and to type SPF; ``texts`` all TXT records,
    ``selected`` those that are SPF (RFC 7208 §4.5), ``records`` the first of them, parsed as far
    as they parse. ``tree`` is None where not exactly one is selected. ``strangers`` are
    evaluations with addresses that nobody lists, ``ptr`` the PTR replies of the clients where
    `ptr` is used.
    """

    name: str
    txt: Reply
    type99: Reply
    texts: tuple[Txt, ...] = ()
    selected: tuple[Txt, ...] = ()
    records: tuple[SpfRecord, ...] = ()
    tree: SpfTree | None = None
    strangers: tuple[SpfTrial, ...] = ()
    ptr: tuple[Reply, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SpfFacts:
    """SPF at MAIL FROM and at the domain itself.

    ``mail_from`` is None without a custom MAIL FROM, and where no source says. ``domain`` is the
    same subject where MAIL FROM is the domain. ``published`` is the TXT reply of the name that SES
    tells to include; ``ses`` are evaluations of MAIL FROM, one for each range in it.
    """

    domain: SpfSubject
    mail_from: SpfSubject | None = None
    published: Reply
    ses: tuple[SpfTrial, ...] = ()

    @property
    def subjects(self) -> tuple[SpfSubject, ...]:
        """Return MAIL FROM and the domain; one of them where they are the same name."""
        if self.mail_from is None or self.mail_from.name == self.domain.name:
            return (self.domain,)
        return (self.mail_from, self.domain)
