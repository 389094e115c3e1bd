"""Rules over the DKIM names as one set, and over leftovers of older protocols.

SES keeps one key of the set active and publishes the next when it rotates: an idle token is
normal.
"""

from __future__ import annotations

from collections.abc import Iterator

from checks.dns.answers import Reply
from checks.dns.dkim import scopes
from checks.dns.dkim.facts import DkimName, values
from checks.dns.dkim.fixes import at_key, meant_record
from checks.dns.dkim.record import read_key_record
from checks.dns.expectation import Identity
from checks.dns.facts import Facts
from checks.dns.names import display
from checks.dns.reading import evidence_of, explain
from checks.model import Severity
from checks.registry import Case, Failed, Found, Scoped, Skip, Unsure, rule

Names = tuple[DkimName, ...]

WAIT = "Wait for SES to publish the key"
PUBLISH = (
    "Publish the CNAMEs that dkim-cname-present asks for; then wait for SES to publish the key"
)


@rule(
    "dkim-key-resolves",
    title="A key record resolves",
    severity=Severity.ERROR,
    reference="RFC 6376 §6.1.2",
    fix=("Wait for SES to publish the key; BYODKIM: publish TXT `{selector}._domainkey.{domain}`"),
    scope=scopes.whole_set,
)
def dkim_key_resolves(facts: Facts, names: Names) -> Iterator[Found]:
    """At least one name of the set leads to a record that is not empty."""
    unresolved = _unresolved(facts, names)
    if unresolved:
        yield unresolved


def _unresolved(facts: Facts, names: Names) -> Failed | Unsure | None:
    """Return why no key record resolves, None where one does."""
    failed = [name.txt for name in names if name.txt.failed]
    if any(name.keys for name in names):
        return None
    if failed:
        return Unsure(f"TXT {display(failed[0].question.name)}: {explain(failed[0])}")
    if facts.dkim.byodkim:
        return _no_selector(names)
    if _status(facts) == "PENDING" and not any(_filled(_source(name)) for name in names):
        return Unsure("SES has not published the key yet")
    return Failed(
        message=f"none of the {len(names)} DKIM names leads to a key record",
        observed=tuple(f"{display(name.owner)}: {_state(name)}" for name in names),
        fix_text=WAIT if any(name.aliases for name in names) else PUBLISH,
    )


def _no_selector(names: Names) -> Failed:
    name = names[0]
    return Failed(
        message=f"no key record at {display(name.owner)} ({_state(name)})",
        fix_text=f"Publish TXT `{display(name.owner)}`: `v=DKIM1; k=rsa; p=<public key>`",
    )


def _status(facts: Facts) -> str:
    identity = facts.expectation.identity
    return identity.dkim_status if isinstance(identity, Identity) else ""


def _source(name: DkimName) -> Reply:
    """Return the reply that shows whether the token is active: TXT at its target."""
    return name.txt if name.target_txt is None else name.target_txt


def _filled(reply: Reply) -> list[str]:
    return [value for value in values(reply) if value.strip()]


def _state(name: DkimName) -> str:
    if values(name.txt):
        return "TXT, but no key" if _filled(name.txt) else "TXT is empty"
    return explain(name.txt)


def resolved_set(facts: Facts) -> Iterator[Scoped[Names]]:
    """The set, where dkim-key-resolves passes."""
    for scoped in scopes.whole_set(facts):
        if isinstance(scoped, Case) and _unresolved(facts, scoped.value):
            yield Skip(scoped.subject, "no key record resolves: dkim-key-resolves")
        else:
            yield scoped


@rule(
    "dkim-key-present",
    title="A record holds a key",
    severity=Severity.ERROR,
    reference="RFC 6376 §3.6.1",
    fix="Publish the public key in `p=` at {name}, or rotate the key",
    scope=resolved_set,
)
def dkim_key_present(_facts: Facts, names: Names) -> Iterator[Found]:
    """An empty ``p=`` is a revoked key; tag names are case-sensitive, so ``P=`` is none."""
    lacking = [(name, key) for name in names for key in name.keys if not key.record.public_key]
    if any(key.record.public_key for name in names for key in name.keys):
        return
    failed = [name.txt for name in names if name.txt.failed]
    if failed:
        yield Unsure(f"TXT {display(failed[0].question.name)}: {explain(failed[0])}")
        return
    for name, key in lacking:
        missing = key.record.public_key is None
        what = "holds no p= tag" if missing else "has an empty p=: the key is revoked"
        yield Failed(
            message=f"{display(name.key_at)} {what}",
            observed=(key.text,),
            fix=at_key(name),
            records=meant_record(name, key),
        )


def easy_set(facts: Facts) -> Iterator[Scoped[Names]]:
    """The three names of Easy DKIM."""
    if facts.dkim.byodkim:
        yield Skip(display(facts.expectation.domain), "BYODKIM has one key and no tokens")
    else:
        yield from scopes.whole_set(facts)


@rule(
    "dkim-tokens-active",
    title="All three tokens hold a key",
    severity=Severity.INFO,
    reference="AWS blog on DKIM status pending",
    fix="None needed; keep all three CNAMEs: SES rotates among them",
    scope=easy_set,
)
def dkim_tokens_active(_facts: Facts, names: Names) -> Iterator[Found]:
    """Name each idle token, and each whose key is revoked."""
    for name in names:
        reply = _source(name)
        if reply.failed:
            where = display(reply.question.name)
            yield Unsure(f"TXT {where}: {explain(reply)}", evidence=evidence_of(reply))
            continue
        filled = _filled(reply)
        if not filled:
            yield _inactive(name, "idle: SES holds a key there when it rotates")
        elif not any(read_key_record(value.encode("latin-1")).public_key for value in filled):
            yield _inactive(name, "revoked: its p= is empty or missing")


def _inactive(name: DkimName, state: str) -> Failed:
    return Failed(
        message=f"token {name.token} is {state}",
        observed=(name.token,),
        evidence=evidence_of(_source(name)),
    )


def no_record_list(facts: Facts) -> Iterator[Scoped[None]]:
    """Names cannot be listed in DNS, so nothing is judged here."""
    yield Skip(
        display(facts.expectation.domain),
        "names cannot be listed in DNS: judged only over a zone file",
    )


@rule(
    "dkim-tokens-current",
    title="No stale SES tokens are published",
    severity=Severity.WARNING,
    reference="SES dg easy-dkim",
    fix="Delete CNAME {name}: its token belongs to no identity",
    scope=no_record_list,
)
def dkim_tokens_current(_facts: Facts, _nothing: None) -> Iterator[Found]:
    """Nothing to judge: the scope only skips."""
    yield from ()


def legacy_names(facts: Facts) -> Iterator[Scoped[Reply]]:
    """The names of ADSP and DomainKeys policies."""
    for reply in (facts.dkim.adsp, facts.dkim.policy):
        yield scopes.reply_case(reply)


@rule(
    "dkim-legacy-absent",
    title="No ADSP or DomainKeys policy is left",
    severity=Severity.INFO,
    reference="RFC 5617 (historic)",
    fix="Delete TXT {name}",
    scope=legacy_names,
)
def dkim_legacy_absent(facts: Facts, reply: Reply) -> Iterator[Found]:
    """ADSP (RFC 5617 §4.2.1) and DomainKeys (RFC 4870 §3.6) are historic; receivers ignore them."""
    tags = ("dkim",) if reply is facts.dkim.adsp else ("o", "t", "n", "r")
    for value in values(reply):
        read = read_key_record(value.encode("latin-1")).tags
        if any(read.get(tag) is not None for tag in tags):
            name = display(reply.question.name)
            yield Failed(
                message=f"a historic policy stands at {name}", observed=(value,), fix={"name": name}
            )
