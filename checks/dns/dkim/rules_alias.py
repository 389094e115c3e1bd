"""Rules over the three CNAMEs of Easy DKIM."""

from __future__ import annotations

import re
from collections.abc import Iterator

from checks.dns.answers import NoData
from checks.dns.dkim import scopes
from checks.dns.dkim.collect import doubled_owners, holds_target
from checks.dns.dkim.facts import DkimName, values
from checks.dns.dkim.fixes import at_owner, cname_record
from checks.dns.dkim.tags import common_start
from checks.dns.facts import Facts
from checks.dns.names import display, is_below, split_labels
from checks.dns.reading import explain
from checks.model import Severity
from checks.registry import Failed, Found, NotApplicable, Unsure, rule

SES = "amazonses.com."


@rule(
    "dkim-cname-present",
    title="All three DKIM names have a CNAME",
    severity=Severity.ERROR,
    reference="SES dg easy-dkim",
    fix="Publish CNAME `{token}._domainkey.{domain}` → `{token}.{zone}`",
    scope=scopes.aliases,
)
def dkim_cname_present(_facts: Facts, name: DkimName) -> Iterator[Found]:
    """A wildcard's CNAME counts here and is caught by dns-names-explicit."""
    if not name.aliases:
        yield Failed(
            message=f"{display(name.owner)} has no CNAME ({explain(name.cname)})",
            expected=name.target or "",
            fix=at_owner(name),
            records=cname_record(name),
        )


@rule(
    "dkim-cname-target",
    title="Each CNAME points to its own token in the signing zone",
    severity=Severity.ERROR,
    reference="SESv2 GetEmailIdentity, DkimAttributes",
    fix="Change CNAME `{token}._domainkey.{domain}` to `{token}.{zone}`",
    scope=scopes.known_targets,
)
def dkim_cname_target(_facts: Facts, name: DkimName) -> Iterator[Found]:
    """Compare the whole name: other regions and cells look like SES too."""
    wrong = [alias for alias in name.aliases if alias != name.target]
    if wrong and name.target is not None:
        yield Failed(
            message="; ".join(_compared(name.owner, alias, name.target) for alias in wrong),
            expected=name.target,
            observed=name.aliases,
            fix=at_owner(name),
            records=cname_record(name),
        )


def _compared(owner: str, seen: str, wanted: str) -> str:
    """Return both values and where they part; the text report puts a caret under that place."""
    differing = common_start(seen, wanted) + 1
    return (
        f"{display(owner)} points to {seen}, not to {wanted}: "
        f"they differ from character {differing} on"
    )


@rule(
    "dkim-tokens-unswapped",
    title="Tokens are not swapped",
    severity=Severity.ERROR,
    reference="SESv2 GetEmailIdentity",
    fix=(
        "Give each CNAME the token of its own name: `{token}._domainkey.{domain}` → "
        "`{token}.{zone}`"
    ),
    scope=scopes.targets,
)
def dkim_tokens_unswapped(facts: Facts, name: DkimName) -> Iterator[Found]:
    """The target holds another token: of a sister name, or of no name of this identity."""
    ours = [alias for alias in name.aliases if is_below(alias, SES)]
    if not ours:
        yield NotApplicable("the target is not below amazonses.com")
    others = {other.token for other in facts.dkim.names}
    for alias in ours:
        token = split_labels(alias)[0].decode("latin-1")
        if re.sub(r"[^a-z0-9]", "", token) == name.token:
            continue  # the same, or the same with a stray character: dkim-cname-target
        whose = (
            "the token of another DKIM name of this identity"
            if token in others
            else "of another identity, region or account, or from before the identity was created "
            "again"
        )
        yield Failed(
            message=f"{display(name.owner)} holds token {token}, {whose}; new: {name.token}",
            expected=name.token,
            observed=(alias,),
            fix=at_owner(name),
            records=cname_record(name),
        )


@rule(
    "dkim-target-unsuffixed",
    title="The domain is not appended to the target",
    severity=Severity.ERROR,
    reference="SES dg troubleshoot-verification",
    fix="End the CNAME value with a dot: `{token}.{zone}.`",
    scope=scopes.known_targets,
)
def dkim_target_unsuffixed(facts: Facts, name: DkimName) -> Iterator[Found]:
    """Provider forms take a value without trailing dot as relative to the zone."""
    suffixed = doubled_owners(name.target or "", facts.expectation.domain)
    for alias in name.aliases:
        if alias in suffixed:
            yield Failed(
                message=f"the domain was appended to the value of {display(name.owner)}: {alias}",
                expected=name.target or "",
                observed=(alias,),
                fix=at_owner(name),
                records=cname_record(name),
            )


@rule(
    "dkim-cname-unflattened",
    title="DKIM CNAMEs are not flattened",
    severity=Severity.ERROR,
    reference="SES dg easy-dkim",
    fix="Switch off CNAME flattening for {name}",
    scope=scopes.texts_beside,
)
def dkim_cname_unflattened(_facts: Facts, name: DkimName) -> Iterator[Found]:
    """Mail verifies, but SES looks for the CNAME, and key rotation breaks."""
    if name.aliases or not isinstance(name.cname, NoData) or not name.keys:
        return
    if name.target_txt is None:
        yield Unsure(scopes.NO_ZONE)
    elif name.target_txt.failed:
        yield Unsure(f"TXT {display(name.target or '')}: {explain(name.target_txt)}")
    elif set(values(name.txt)) == set(values(name.target_txt)):  # strings may be cut elsewhere
        yield Failed(
            message=f"{display(name.owner)} has no CNAME, but answers with the key of "
            f"{display(name.target or '')}: the alias is flattened",
            expected=name.target or "",
            fix=at_owner(name),
            records=cname_record(name),
        )


@rule(
    "dkim-cname-not-text",
    title="The CNAME value is not stored as TXT",
    severity=Severity.ERROR,
    reference="SES dg easy-dkim",
    fix="Delete the TXT at {name}; publish CNAME {name} → `{token}.{zone}`",
    scope=scopes.texts_beside,
)
def dkim_cname_not_text(_facts: Facts, name: DkimName) -> Iterator[Found]:
    """The record type chosen in the web form was TXT, now or before."""
    if name.txt_beside_cname:
        message = f"a TXT stands beside the CNAME at {display(name.owner)}"
        seen = values(name.txt)
    else:
        message = f"the target stands as TXT at {display(name.owner)}; the type must be CNAME"
        seen = tuple(v for v in values(name.txt) if holds_target(v, name.token, name.target))
        seen = () if name.aliases else seen
    if seen:
        yield Failed(message=message, observed=seen, fix=at_owner(name), records=cname_record(name))
