"""Rules on the presence, the number and the text of SPF records."""

from __future__ import annotations

from collections.abc import Iterator

from checks.dns.names import display
from checks.dns.rdata import Txt
from checks.dns.reading import explain
from checks.dns.spf.facts import SpfSubject
from checks.dns.spf.fixes import (
    MANY,
    SES_INCLUDE,
    decoded,
    listed,
    quoted,
    seen,
    shown,
    with_record,
)
from checks.dns.spf.joints import broken_joints, with_spaces
from checks.dns.spf.merge import include_target, without
from checks.dns.spf.scopes import (
    SpfView,
    domain_only,
    joined_names,
    lean_domain,
    mail_from_only,
    record_names,
    text_names,
)
from checks.dns.spf.select import near_misses
from checks.dns.spf.terms import Problem, SpfRecord, target_name
from checks.model import Severity
from checks.registry import Failed, Found, rule

MAX_RECORD = 450  # octets: RFC 7208 §3.4

_PRESENT = "Publish TXT at {mail_from}: `v=spf1 include:amazonses.com ~all`"
_PRESENT_MERGED = "Publish TXT at {mail_from}: `{record}`"
_SINGLE = (
    "Delete the SPF records at {name} and publish one: `{record}` (all terms merged, includes "
    "before `all`)"
)
_SYNTAX = "Replace the TXT at {name} with `{record}`"
_NEAR = "Delete it, or publish it as `{record}`"
_ASCII = "Retype the record at {name}: `{record}`"
_JOINED = "Publish one string, or end the first string with a space: `{record}`"
_APEX = "Publish TXT at {domain}: `v=spf1 -all`, or the terms of the other senders"
_LEAN = "Remove `include:amazonses.com` from {domain}"


@rule(
    "spf-record-present",
    title="MAIL FROM has an SPF record of its own",
    severity=Severity.ERROR,
    reference="RFC 7208 §4.5; SES dg mail-from",
    fix=_PRESENT,
    scope=mail_from_only,
)
def spf_record_present(view: SpfView, subject: SpfSubject) -> Iterator[Found]:
    """Fail without a selected TXT record; SPF is not inherited, and type 99 does not count."""
    if subject.selected:
        return
    name = display(subject.name)
    near = near_misses(subject.texts)
    held = f"{len(subject.texts)} TXT, none of them SPF" if subject.texts else ""
    why = f"{name} has no SPF record ({held or explain(subject.txt)}); SPF is not inherited"
    failed = Failed(message=why, expected="v=spf1 …", observed=_values(subject.texts))
    template = _PRESENT_MERGED if near else _PRESENT
    yield with_record(view, subject, failed, template, sources=decoded(near))


def _values(records: tuple[Txt, ...]) -> tuple[str, ...]:
    return seen(decoded(records))


@rule(
    "spf-record-single",
    title="There is exactly one SPF record",
    severity=Severity.ERROR,
    reference="RFC 7208 §4.5",
    fix="Delete the SPF records at {name} and publish one: `{record}` (all terms merged, includes "
    "before `all`; for MAIL FROM it holds `include:amazonses.com`)",
    scope=record_names,
)
def spf_record_single(view: SpfView, subject: SpfSubject) -> Iterator[Found]:
    """Fail where more than one TXT record is selected: receivers give permerror."""
    if len(subject.selected) > 1:
        message = f"{len(subject.selected)} records at {display(subject.name)} start with v=spf1"
        failed = Failed(message=message, expected="1", observed=_values(subject.selected))
        yield with_record(view, subject, failed, _SINGLE)


@rule(
    "spf-syntax-valid",
    title="The record matches the SPF grammar",
    severity=Severity.ERROR,
    reference="RFC 7208 §4.6, §12",
    fix=_SYNTAX,
    scope=record_names,
)
def spf_syntax_valid(view: SpfView, subject: SpfSubject) -> Iterator[Found]:
    """Fail for any violation of the ABNF, also after `all`."""
    for record in subject.records:
        problems = [p for p in record.problems if p.problem is not Problem.REPEATED]
        if problems:
            message = f"the record at {display(subject.name)} does not parse: "
            message += listed(str(problem) for problem in problems)
            failed = Failed(message=message, observed=(shown(record.text),))
            yield with_record(view, subject, failed, _SYNTAX)


@rule(
    "spf-near-miss-absent",
    title="No TXT record is nearly an SPF record",
    severity=Severity.WARNING,
    reference="RFC 7208 §4.5",
    fix=_NEAR,
    scope=text_names,
)
def spf_near_miss_absent(view: SpfView, subject: SpfSubject) -> Iterator[Found]:
    """Fail for a TXT record that looks like SPF and is not selected, or ends in a semicolon."""
    near = near_misses(subject.texts)
    sources = decoded(subject.selected) or decoded(near)
    for txt in near[:MANY]:
        message = f"{display(subject.name)} has a TXT record that is nearly SPF and is ignored"
        failed = Failed(message=message, observed=_values((txt,)))
        yield with_record(view, subject, failed, _NEAR, sources=sources)
    for record in subject.records:
        if record.text.rstrip(" ").endswith(";"):
            message = f"the record at {display(subject.name)} ends with `;`, which SPF has not"
            failed = Failed(message=message, observed=(shown(record.text),))
            yield with_record(view, subject, failed, _NEAR)


@rule(
    "spf-text-ascii",
    title="The record is printable ASCII",
    severity=Severity.ERROR,
    reference="RFC 7208 §3.1, §12",
    fix=_ASCII,
    scope=record_names,
)
def spf_text_ascii(view: SpfView, subject: SpfSubject) -> Iterator[Found]:
    """Fail for any octet outside 0x20-0x7E in a selected record."""
    for record in subject.records:
        odd = [(at, char) for at, char in enumerate(record.text) if not " " <= char <= "~"]
        if odd:
            where = listed(f"0x{ord(char):02X} at octet {at}" for at, char in odd)
            message = f"the record at {display(subject.name)} is not printable ASCII: {where}"
            failed = Failed(message=message, observed=(shown(record.text),))
            yield with_record(view, subject, failed, _ASCII)


@rule(
    "spf-strings-joined",
    title="The strings of the record join cleanly",
    severity=Severity.ERROR,
    reference="RFC 7208 §3.3",
    fix=_JOINED,
    scope=joined_names,
)
def spf_strings_joined(view: SpfView, subject: SpfSubject) -> Iterator[Found]:
    """Fail where a term made of two strings does not parse, but both parts would."""
    for txt in subject.selected or near_misses(subject.texts):
        broken = broken_joints(txt)
        if broken:
            message = f"the strings at {display(subject.name)} join without a space into "
            message += quoted(broken)
            observed = seen(s.decode("latin-1") for s in txt.strings)
            failed = Failed(message=message, observed=observed)
            spaced = with_spaces(txt)
            sources = [spaced if t is txt else t.joined.decode("latin-1") for t in subject.selected]
            yield with_record(view, subject, failed, _JOINED, sources=sources or [spaced])


@rule(
    "spf-record-size",
    title="The record is at most 450 octets",
    severity=Severity.WARNING,
    reference="RFC 7208 §3.4",
    fix="Shorten the record at {name}",
    scope=record_names,
)
def spf_record_size(_: SpfView, subject: SpfSubject) -> Iterator[Found]:
    """Fail where a joined record is longer than 450 octets."""
    for record in subject.records:
        if len(record.text) > MAX_RECORD:
            name = display(subject.name)
            yield Failed(
                message=f"the record at {name} has {len(record.text)} octets",
                expected=f"at most {MAX_RECORD}",
                observed=(str(len(record.text)),),
                fix={"name": name},
            )


@rule(
    "spf-apex-present",
    title="The apex has an SPF record",
    severity=Severity.WARNING,
    reference="RFC 7208 §10.1",
    fix=_APEX,
    scope=domain_only,
)
def spf_apex_present(view: SpfView, subject: SpfSubject) -> Iterator[Found]:
    """Fail without an SPF record at the domain; SES does not need one there."""
    if subject.selected:
        return
    name = display(subject.name)
    near = near_misses(subject.texts)
    failed = Failed(
        message=f"{name} has no SPF record, so that anyone may use it as MAIL FROM",
        observed=_values(subject.texts),
    )
    if near:
        yield with_record(view, subject, failed, _PRESENT_MERGED, sources=decoded(near))
    else:
        yield with_record(view, subject, failed, _APEX, sources=["v=spf1 -all"])


@rule(
    "spf-apex-lean",
    title="The apex does not include SES needlessly",
    severity=Severity.INFO,
    reference="SES dg mail-from",
    fix=_LEAN,
    scope=lean_domain,
)
def spf_apex_lean(view: SpfView, subject: SpfSubject) -> Iterator[Found]:
    """Fail where the domain includes SES although MAIL FROM is another name."""
    for record in subject.records:
        found = [m.text for m in record.reachable if include_target(m) == target_name(SES_INCLUDE)]
        if found:
            yield _lean(view, subject, record, found)


def _lean(view: SpfView, subject: SpfSubject, record: SpfRecord, found: list[str]) -> Failed:
    mail_from = display(view.expectation.mail_from or "")
    message = (
        f"{display(subject.name)} authorises all customers of SES (`{found[0]}`); mail from SES "
        f"uses {mail_from} and does not need it"
    )
    failed = Failed(message=message, observed=(shown(record.text),))
    sources = [without(record.text, found)]
    fixed = with_record(view, subject, failed, _LEAN, sources=sources)
    return fixed if len(subject.records) == 1 else failed
