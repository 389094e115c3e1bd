"""Which DKIM names a rule is judged on, and why not on the others."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from checks.dns.answers import Reply
from checks.dns.dkim.facts import DkimName
from checks.dns.facts import Facts
from checks.dns.names import display
from checks.dns.reading import evidence_of, explain, texts
from checks.registry import Case, Scoped, Skip, Unknown

NameScope = Iterator[Scoped[DkimName]]

NO_CNAME = "BYODKIM publishes no CNAME"
NO_ZONE = "the signing zone is not known: give --dkim-zone or --identity FILE"


def _names(facts: Facts, judge: Callable[[DkimName], Scoped[DkimName]]) -> NameScope:
    if facts.dkim.unknown:
        yield Unknown(display(facts.expectation.domain), facts.dkim.unknown)
    for name in facts.dkim.names:
        yield judge(name)


def _failed(name: DkimName, reply: Reply) -> Unknown:
    subject = display(name.owner)
    question = f"{reply.question.rdtype} {display(reply.question.name)}"
    return Unknown(subject, f"{question}: {explain(reply)}", evidence_of(reply))


# --- the aliases of Easy DKIM ---


def aliases(facts: Facts) -> NameScope:
    """Every Easy DKIM name whose CNAME question was answered."""
    if facts.dkim.byodkim:
        yield Skip(display(facts.expectation.domain), NO_CNAME)
        return
    yield from _names(facts, _alias)


def _alias(name: DkimName) -> Scoped[DkimName]:
    if name.cname.failed:
        return _failed(name, name.cname)
    return Case(display(name.owner), name, evidence_of(name.cname))


def targets(facts: Facts) -> NameScope:
    """Every Easy DKIM name that has a CNAME."""
    yield from _only_aliased(aliases(facts))


def known_targets(facts: Facts) -> NameScope:
    """Every Easy DKIM name that has a CNAME, where the signing zone is known."""
    for scoped in targets(facts):
        if isinstance(scoped, Case) and scoped.value.target is None:
            yield Unknown(scoped.subject, NO_ZONE, scoped.evidence)
        else:
            yield scoped


def _only_aliased(scope: NameScope) -> NameScope:
    for scoped in scope:
        if isinstance(scoped, Case) and not scoped.value.aliases:
            yield Skip(scoped.subject, "there is no CNAME: dkim-cname-present")
        else:
            yield scoped


def texts_beside(facts: Facts) -> NameScope:
    """Every Easy DKIM name whose CNAME and TXT questions were answered."""
    for scoped in aliases(facts):
        if isinstance(scoped, Case) and not scoped.value.aliases and scoped.value.txt.failed:
            yield _failed(scoped.value, scoped.value.txt)
        elif isinstance(scoped, Case):
            name = scoped.value
            yield Case(scoped.subject, name, evidence_of(name.cname, name.txt))
        else:
            yield scoped


def owners(facts: Facts) -> NameScope:
    """Every DKIM name whose record question (CNAME, TXT for BYODKIM) was answered."""
    yield from _names(facts, _selector if facts.dkim.byodkim else _alias)


def _selector(name: DkimName) -> Scoped[DkimName]:
    if name.txt.failed:
        return _failed(name, name.txt)
    return Case(display(name.owner), name, evidence_of(name.txt))


# --- the keys behind them ---


def _at_key(facts: Facts, judge: Callable[[DkimName], Scoped[DkimName]]) -> NameScope:
    """Judge the names whose TXT was answered.

    The tokens of Easy DKIM are one rotation set: where another one holds a key record, a name that
    cannot be read is told by dkim-tokens-active, and leaves nothing open here.
    """
    readable = not facts.dkim.byodkim and any(name.keys for name in facts.dkim.names)
    for scoped in _names(facts, judge):
        if isinstance(scoped, Unknown) and readable:
            yield Skip(scoped.subject, f"{scoped.cause}; another token holds a key record")
        else:
            yield scoped


def records(facts: Facts) -> NameScope:
    """Every DKIM name that leads to a TXT record, an empty one included."""
    yield from _at_key(facts, _record)


def _record(name: DkimName) -> Scoped[DkimName]:
    scoped = _selector(name)
    if isinstance(scoped, Case) and not texts(name.txt):
        return Skip(scoped.subject, f"no TXT record: {explain(name.txt)}")
    return scoped


def keys(facts: Facts) -> NameScope:
    """Every DKIM name that leads to a key record that is not empty."""
    yield from _at_key(facts, _key)


def _key(name: DkimName) -> Scoped[DkimName]:
    scoped = _selector(name)
    if isinstance(scoped, Case) and not name.keys:
        return Skip(scoped.subject, f"no key record: {_idle(name.txt)}")
    return scoped


def _idle(txt: Reply) -> str:
    if not texts(txt):
        return explain(txt)
    return (
        "TXT holds something else" if any(t.joined.strip() for t in texts(txt)) else "TXT is empty"
    )


def filled_keys(facts: Facts) -> NameScope:
    """Every DKIM name with a record whose ``p=`` has a value."""
    yield from _where(
        keys(facts), lambda name: any(k.key for k in name.keys), "p= is missing or empty"
    )


def rsa_keys(facts: Facts) -> NameScope:
    """Every DKIM name with an RSA key that decodes."""
    yield from _where(
        filled_keys(facts), lambda name: bool(name.rsa_keys), "there is no RSA key that decodes"
    )


def ed25519_keys(facts: Facts) -> NameScope:
    """Every DKIM name with a record that says ``k=ed25519``."""
    yield from _where(
        filled_keys(facts),
        lambda name: any(k.record.key_type == "ed25519" for k in name.keys),
        "the key is not of type ed25519",
    )


def _where(scope: NameScope, wanted: Callable[[DkimName], bool], reason: str) -> NameScope:
    for scoped in scope:
        if isinstance(scoped, Case) and not wanted(scoped.value):
            yield Skip(scoped.subject, reason)
        else:
            yield scoped


def reply_case(reply: Reply) -> Scoped[Reply]:
    """Return the reply as the case of its own name, unknown where it failed."""
    subject = display(reply.question.name)
    if reply.failed:
        return Unknown(subject, explain(reply), evidence_of(reply))
    return Case(subject, reply, evidence_of(reply))


# --- the set ---


def whole_set(facts: Facts) -> Iterator[Scoped[tuple[DkimName, ...]]]:
    """The names of the identity as one set."""
    subject = display(facts.expectation.domain)
    if facts.dkim.unknown:
        yield Unknown(subject, facts.dkim.unknown)
    else:
        names = facts.dkim.names
        yield Case(subject, names, evidence_of(*(name.txt for name in names)))
