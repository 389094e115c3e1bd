"""Rules on the TXT answer as a whole: fetched, small, and no type 99 beside it."""

from __future__ import annotations

from collections.abc import Iterator

from checks.dns.answers import Reply, Truncated
from checks.dns.names import ROOT, display, split_labels
from checks.dns.rdata import Txt
from checks.dns.reading import texts
from checks.dns.spf.facts import SpfSubject
from checks.dns.spf.fixes import decoded, seen
from checks.dns.spf.scopes import SpfView, fetched_names, text_names, type99_names
from checks.model import Severity
from checks.registry import Failed, Found, Unsure, rule

HEADER = 12  # octets, RFC 1035 §4.1.1
FIXED = 10  # type, class, TTL and length of one RR, RFC 1035 §4.1.3
POINTER = 2  # a compressed owner name, RFC 1035 §4.1.4
SMALL = 512  # octets without EDNS, RFC 1035 §4.2.1
SAFE = 1232  # octets that are not fragmented, RFC 9715 §3


@rule(
    "spf-answer-size",
    title="The whole TXT answer fits one small packet",
    severity=Severity.WARNING,
    reference="RFC 7208 §3.4; RFC 9715 §3",
    fix="Move unrelated TXT values away from {name}",
    scope=text_names,
)
def spf_answer_size(_: SpfView, subject: SpfSubject) -> Iterator[Found]:
    """Fail above 512 octets; above 1232 the message says that TCP is needed."""
    size = answer_size(subject.txt)
    if size <= SMALL:
        return
    name = display(subject.name)
    message = f"the TXT answer at {name} has {size} octets, more than the {SMALL} of plain UDP"
    if size > SAFE:
        message += f"; above {SAFE} octets TCP is needed"
    count = len(subject.texts)
    yield Failed(
        message=f"{message} ({count} TXT records)",
        expected=f"at most {SMALL}",
        observed=(str(size),),
        fix={"name": name},
    )


def answer_size(reply: Reply) -> int:
    """Return the size in octets of the DNS message that carries all TXT records of ``reply``."""
    question = _wire(reply.question.name) + 4
    chain = sum(POINTER + FIXED + _wire(link.target) for link in reply.chain)
    return HEADER + question + chain + sum(_record_size(txt) for txt in texts(reply))


def _record_size(txt: Txt) -> int:
    return POINTER + FIXED + sum(1 + len(string) for string in txt.strings)


def _wire(name: str) -> int:
    labels = split_labels(name) if name != ROOT else []
    return sum(1 + len(label) for label in labels) + 1


@rule(
    "spf-answer-retrievable",
    title="The TXT answer can be fetched",
    severity=Severity.ERROR,
    reference="RFC 7766 §5; RFC 7208 §3.4",
    fix="Shrink the TXT answer at {name} below 1232 octets or open TCP port 53",
    scope=fetched_names,
)
def spf_answer_retrievable(_: SpfView, subject: SpfSubject) -> Iterator[Found]:
    """Fail where the answer is truncated and TCP is refused or closed."""
    reply = subject.txt
    if not isinstance(reply, Truncated):
        return
    name = display(subject.name)
    said = f"the TXT answer at {name} is truncated over UDP, and TCP"
    server = f" to {reply.server}" if reply.server else ""
    if reply.tcp == "timeout":
        yield Unsure(f"{said}{server} gives no answer")
    else:
        message = f"{said}{server} is {reply.tcp}"
        yield Failed(message=message, observed=(f"TC=1, TCP {reply.tcp}",), fix={"name": name})


@rule(
    "spf-type99-absent",
    title="No SPF record of type 99 exists",
    severity=Severity.INFO,
    reference="RFC 7208 §3.1",
    fix="Delete the type SPF record at {name}; publish it as TXT",
    scope=type99_names,
)
def spf_type99_absent(_: SpfView, subject: SpfSubject) -> Iterator[Found]:
    """Fail where type 99 is answered; receivers ignore it."""
    found = texts(subject.type99)
    if found:
        name = display(subject.name)
        observed = seen(decoded(found))
        message = f"{name} has a record of type SPF (99), which receivers ignore"
        yield Failed(message=message, observed=observed, fix={"name": name})
