"""What is worth telling of the sources: differences, and what is not used."""

from __future__ import annotations

from collections.abc import Mapping

from checks.dns.names import display
from checks.dns.sources.choose import Given
from checks.dns.sources.credentials import preferred_region


def region_notes(environ: Mapping[str, str], region: str, source: str) -> list[str]:
    """Return a line where AWS tools would take another Region than the one that is used."""
    other, where = preferred_region(environ)
    if other in {"", region}:
        return []
    shown = ascii(other)[1:-1][:60]
    used = f"the Region is {region} ({source}); --region changes it"
    return [f"{where} says {shown}, which is not used: {used}"]


def difference_notes(given: Given) -> list[str]:
    """Return a line for each value that identity and stack disagree on; the identity wins."""
    identity, stack = given.identity, given.stack
    if identity is None or stack is None:
        return []
    pairs = (
        ("MAIL FROM", identity.mail_from_domain, stack.mail_from),
        ("the DKIM tokens", _tokens(identity.tokens), _tokens(stack.dkim.tokens)),
        ("the DKIM zone", identity.signing_hosted_zone, stack.dkim.zone),
    )
    return [
        f"{what}: the identity says {_shown(seen)}, the stack {_shown(declared)}; "
        "the identity is judged"
        for what, seen, declared in pairs
        if seen != declared
    ]


def _tokens(tokens: tuple[str, ...]) -> str:
    return ", ".join(sorted(token.lower() for token in tokens))


def _shown(value: str | None) -> str:
    return display(value) if value else "none"
