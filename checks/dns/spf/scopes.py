"""Which names an SPF rule is judged on, and why not on the others."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Protocol

from checks.dns.answers import Reply, Truncated
from checks.dns.expectation import Expectation
from checks.dns.names import display
from checks.dns.reading import evidence_of, explain, texts
from checks.dns.spf.facts import SpfFacts, SpfSubject
from checks.dns.spf.select import near_misses
from checks.registry import Case, Scoped, Skip, Unknown

NO_MAIL_FROM = "no custom MAIL FROM"
MAIL_FROM_UNKNOWN = (
    "no source says what the custom MAIL FROM is: give --identity FILE or --mail-from HOST"
)


class SpfView(Protocol):
    """The part of the facts that SPF rules look at."""

    @property
    def expectation(self) -> Expectation:
        """Return what SES expects."""
        ...

    @property
    def spf(self) -> SpfFacts:
        """Return the facts about SPF."""
        ...


Subjects = Iterator[Scoped[SpfSubject]]


def is_mail_from(view: SpfView, subject: SpfSubject) -> bool:
    """Return whether ``subject`` is the MAIL FROM domain."""
    return subject.name == view.expectation.mail_from


def _all(view: SpfView, judge: Callable[[SpfSubject], Scoped[SpfSubject]]) -> Subjects:
    """Yield both names; MAIL FROM is unknown where no source says whether there is one."""
    expected = view.expectation
    if expected.mail_from is None and not expected.mail_from_known:
        yield Unknown(f"MAIL FROM of {display(expected.domain)}", MAIL_FROM_UNKNOWN)
    for subject in view.spf.subjects:
        yield judge(subject)


def _answered(subject: SpfSubject, reply: Reply) -> Scoped[SpfSubject]:
    label = display(subject.name)
    if reply.failed:
        cause = f"{reply.question.rdtype} {label}: {explain(reply)}"
        return Unknown(label, cause, evidence_of(reply))
    return Case(label, subject, evidence_of(reply))


def _texts(subject: SpfSubject) -> Scoped[SpfSubject]:
    return _answered(subject, subject.txt)


def _recorded(subject: SpfSubject) -> Scoped[SpfSubject]:
    scoped = _texts(subject)
    if isinstance(scoped, Case) and not subject.selected:
        return Skip(scoped.subject, f"{scoped.subject} has no SPF record")
    return scoped


def _followed(subject: SpfSubject) -> Scoped[SpfSubject]:
    scoped = _recorded(subject)
    if isinstance(scoped, Case) and subject.tree is None:
        count = len(subject.selected)
        return Skip(scoped.subject, f"none of {count} SPF records is evaluated: publish one")
    return scoped


def text_names(view: SpfView) -> Subjects:
    """Both names, where the TXT question was answered."""
    return _all(view, _texts)


def type99_names(view: SpfView) -> Subjects:
    """Both names, where the question for type SPF was answered."""
    return _all(view, lambda subject: _answered(subject, subject.type99))


def record_names(view: SpfView) -> Subjects:
    """Both names, where an SPF record is selected."""
    return _all(view, _recorded)


def tree_names(view: SpfView) -> Subjects:
    """Both names, where exactly one SPF record is selected."""
    return _all(view, _followed)


def joined_names(view: SpfView) -> Subjects:
    """Both names, where an SPF record is selected or nearly so."""
    return _all(view, _candidates)


def _candidates(subject: SpfSubject) -> Scoped[SpfSubject]:
    scoped = _texts(subject)
    if isinstance(scoped, Case) and not near_misses(subject.texts):
        return _recorded(subject)
    return scoped


def fetched_names(view: SpfView) -> Subjects:
    """Both names, where TXT was answered or was truncated and could not be fetched."""
    return _all(view, _fetched)


def _fetched(subject: SpfSubject) -> Scoped[SpfSubject]:
    if isinstance(subject.txt, Truncated):
        return Case(display(subject.name), subject, evidence_of(subject.txt))
    return _texts(subject)


def mail_from_only(view: SpfView) -> Subjects:
    """MAIL FROM, where there is one and its TXT question was answered."""
    expected = view.expectation
    subject = view.spf.mail_from
    if subject is None and expected.mail_from_known:
        yield Skip(display(expected.domain), NO_MAIL_FROM)
    elif subject is None:
        yield Unknown(display(expected.domain), MAIL_FROM_UNKNOWN)
    else:
        yield _texts(subject)


def ses_senders(view: SpfView) -> Subjects:
    """MAIL FROM, where it is known which addresses SES sends from."""
    published = view.spf.published
    for scoped in mail_from_only(view):
        if not isinstance(scoped, Case):
            yield scoped
        elif published.failed or not texts(published):
            name = display(published.question.name)
            cause = f"TXT {name}: {explain(published)}; the addresses of SES are not known"
            yield Unknown(scoped.subject, cause, evidence_of(published))
        elif not view.spf.ses:
            name = display(published.question.name)
            cause = f"TXT {name} lists no range; the addresses of SES are not known"
            yield Unknown(scoped.subject, cause, evidence_of(published))
        else:
            yield Case(scoped.subject, scoped.value, scoped.evidence + evidence_of(published))


def domain_only(view: SpfView) -> Subjects:
    """The domain, where its TXT question was answered."""
    yield _texts(view.spf.domain)


def lean_domain(view: SpfView) -> Subjects:
    """The domain, where it has an SPF record and SES uses a custom MAIL FROM elsewhere."""
    expected = view.expectation
    label = display(expected.domain)
    if expected.mail_from is None:
        if expected.mail_from_known:
            yield Skip(label, NO_MAIL_FROM)
        else:
            yield Unknown(label, MAIL_FROM_UNKNOWN)
    elif expected.mail_from == expected.domain:
        yield Skip(label, "MAIL FROM is the domain itself")
    else:
        yield _recorded(view.spf.domain)
