"""Rules over report addresses: are they valid, may and can they receive reports?"""

from __future__ import annotations

import re
from collections.abc import Iterator

from checks.dns.answers import Reply
from checks.dns.dkim.tags import shortened, split_tags
from checks.dns.dmarc import scopes
from checks.dns.dmarc.facts import Applied, ReportHost
from checks.dns.dmarc.repair import completed, with_tags
from checks.dns.dmarc.uris import ReportUri, parse_uris
from checks.dns.facts import Facts
from checks.dns.names import ROOT, display
from checks.dns.reading import addresses, evidence_of, exchanges, texts
from checks.model import Record, Severity
from checks.registry import Case, Failed, Found, Scoped, Skip, Unknown, rule

MAX_URIS = 2  # receivers must send to two, and may cut the rest (RFC 9989 §4.6)
_AUTHORISES = re.compile(rb"v[ \t]*=[ \t]*DMARC1")


@rule(
    "dmarc-rua-present",
    title="`rua` is present",
    severity=Severity.WARNING,
    reference="RFC 9989 §4.7, §8",
    fix="Add `rua=mailto:dmarc@{domain}` at {name}",
    scope=scopes.applied_record,
)
def dmarc_rua_present(_facts: Facts, applied: Applied) -> Iterator[Found]:
    """Without it no aggregate reports are sent."""
    if applied.record.tags.get("rua") is None:
        value = _repaired(applied, "rua")  # a missing ';' may have hidden one
        yield Failed(
            message=f"the record at {display(applied.owner)} has no rua: nobody sends reports",
            observed=(applied.record.text,),
            fix_text=f"Add `rua={value}` at {display(applied.owner)}",
            records=scopes.txt(applied.owner, with_tags(applied.record.text, put={"rua": value})),
        )


@rule(
    "dmarc-rua-valid",
    title="`rua` and `ruf` hold valid URIs",
    severity=Severity.WARNING,
    reference="RFC 9989 §4.6–4.8",
    fix="Write `rua=mailto:{value}` at {name}, members separated by commas",
    scope=scopes.where(
        lambda applied: bool(applied.record.rua or applied.record.ruf),
        "the record has neither rua nor ruf",
    ),
)
def dmarc_rua_valid(_facts: Facts, applied: Applied) -> Iterator[Found]:
    """An invalid member gets no reports; the obsolete size leaves it valid."""
    for tag, uris in (("rua", applied.record.rua), ("ruf", applied.record.ruf)):
        problems = [_problem(uri) for uri in uris if uri.problem or uri.size]
        if len(uris) > MAX_URIS:
            problems.append(f"{len(uris)} addresses, receivers may use {MAX_URIS}")
        if problems:
            value = _repaired(applied, tag)
            yield Failed(
                message=f"{tag} at {display(applied.owner)}: {'; '.join(problems[:3])}",
                observed=(f"{tag}={applied.record.tags.get(tag) or ''}",),
                fix_text=_write(applied, tag, value, len(uris)),
                records=_rewritten(applied, tag, value),
            )


def _write(applied: Applied, tag: str, value: str, count: int) -> str:
    cut = f"; keep at most {MAX_URIS}" if count > MAX_URIS else ""
    where = f"at {display(applied.owner)}, members separated by commas"
    return f"Write `{tag}={value}` {where}{cut}"


def _rewritten(applied: Applied, tag: str, value: str) -> tuple[Record, ...]:
    """Return the record, nothing where its owner has to choose which addresses to keep."""
    record = applied.record
    if max(len(record.rua), len(record.ruf)) > MAX_URIS:
        return ()
    return scopes.txt(applied.owner, with_tags(record.text, put={tag: value}))


def _problem(uri: ReportUri) -> str:
    what = uri.problem or f"ends in the obsolete size {uri.size}"
    return f"'{shortened(uri.text)}' {what}"


def _repaired(applied: Applied, tag: str) -> str:
    """Return the members that are valid once repaired, else an address of the domain."""
    uris = parse_uris(split_tags(completed(applied.record.text)).get(tag))
    valid = ",".join(uri.text for uri in uris if uri.is_valid)
    return valid or f"mailto:dmarc@{display(applied.name)}"


# --- hosts ---


def _hosts(facts: Facts) -> Iterator[Scoped[ReportHost]]:
    """Every host of a report address."""
    for scoped in scopes.applied_record(facts):
        if not isinstance(scoped, Case):
            yield scoped
        elif not facts.dmarc.reports:
            yield Skip(scoped.subject, "the record names no host that gets reports")
        else:
            yield from (Case(display(host.host), host) for host in facts.dmarc.reports)


def foreign_hosts(facts: Facts) -> Iterator[Scoped[ReportHost]]:
    """Every report host of another organization, whose authorisation was answered."""
    for scoped in _hosts(facts):
        yield _foreign(scoped.value) if isinstance(scoped, Case) else scoped


def _foreign(host: ReportHost) -> Scoped[ReportHost]:
    subject, reply = display(host.host), host.authorisation
    if reply is None:
        return Skip(subject, "the host belongs to the same Organizational Domain")
    if reply.failed and host.authorisation_name is not None:
        return Unknown(subject, scopes.failure(reply), evidence_of(reply))
    return Case(subject, host, evidence_of(reply))


@rule(
    "dmarc-rua-authorised",
    title="Foreign report hosts accept the reports",
    severity=Severity.WARNING,
    reference="RFC 9990 §4",
    fix="In the zone of {host} publish TXT `{domain}._report._dmarc.{host}`: `v=DMARC1`",
    scope=foreign_hosts,
)
def dmarc_rua_authorised(facts: Facts, host: ReportHost) -> Iterator[Found]:
    """A record that starts v=DMARC1 at the exact name authorises, a wildcard's answer too."""
    applied = facts.dmarc.tree.applied
    if applied is None or host.authorisation is None:
        return
    fix = {"host": display(host.host), "domain": display(applied.name)}
    if host.authorisation_name is None:
        yield Failed(
            message=f"{fix['domain']}._report._dmarc.{fix['host']} would exceed 253 characters, so "
            f"{fix['host']} cannot accept the reports",
            fix_text=f"Use a report address below {fix['domain']}, or at a host with a short name",
        )
        return
    values = [t.joined for t in texts(host.authorisation) if _AUTHORISES.match(t.joined)]
    problem = "" if values else f"{display(host.host)} does not accept reports for {fix['domain']}"
    moved = [uri for value in values for uri in _moved(value, host.host)]
    if moved:
        problem = f"the record overrides rua with {moved[0].text}, on another host"
    if problem:
        yield Failed(
            message=f"{problem}: no such TXT at {display(host.authorisation_name)}"
            if not moved
            else problem,
            expected="v=DMARC1",
            observed=tuple(t.joined.decode("latin-1") for t in texts(host.authorisation)),
            fix=fix,
            records=scopes.txt(host.authorisation_name, "v=DMARC1"),
        )


def _moved(value: bytes, host: str) -> list[ReportUri]:
    """Return the overriding addresses that leave the host (RFC 9990 §4)."""
    uris = parse_uris(split_tags(value.decode("latin-1")).get("rua"))
    return [uri for uri in uris if uri.is_valid and uri.host is not None and uri.host != host]


def mail_hosts(facts: Facts) -> Iterator[Scoped[ReportHost]]:
    """Every report host whose mail servers could be looked up."""
    for scoped in _hosts(facts):
        yield _mail_host(scoped.value) if isinstance(scoped, Case) else scoped


def _mail_host(host: ReportHost) -> Scoped[ReportHost]:
    subject = display(host.host)
    if not host.gets_mail:
        return Skip(subject, "no report address there is a mailto URI")
    hidden = _hidden(host)
    if hidden is not None:
        return Unknown(subject, scopes.failure(hidden), evidence_of(hidden))
    return Case(subject, host, evidence_of(host.mx, host.a, host.aaaa))


def _hidden(host: ReportHost) -> Reply | None:
    """Return the reply that leaves it open whether the host receives mail."""
    if host.mx.failed or exchanges(host.mx):
        return host.mx if host.mx.failed else None
    if addresses(host.a) or addresses(host.aaaa):
        return None
    return next((reply for reply in (host.a, host.aaaa) if reply.failed), None)


@rule(
    "dmarc-rua-host-receives",
    title="Report hosts can receive mail",
    severity=Severity.WARNING,
    reference="RFC 5321 §5.1; RFC 7505 §3",
    fix="Add an MX at {host} or use another address",
    scope=mail_hosts,
)
def dmarc_rua_host_receives(_facts: Facts, host: ReportHost) -> Iterator[Found]:
    """MX, or else an address (implicit MX); a null MX receives nothing."""
    mx = exchanges(host.mx)
    name = display(host.host)
    if mx and all(one.exchange == ROOT for one in mx):
        problem = f"{name} has a null MX: it receives no mail"
    elif not mx and not addresses(host.a) and not addresses(host.aaaa):
        problem = f"{name} has neither MX nor address"
    else:
        return
    observed = tuple(f"{one.preference} {one.exchange}" for one in mx)
    yield Failed(message=problem, observed=observed, fix={"host": name})
