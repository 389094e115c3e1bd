"""What the command line gives, and the same as canonical values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from checks.dns.domain import DomainError, normalise_domain, normalise_host
from checks.dns.expectation import View
from checks.dns.identity import token_problem, tokens_problem
from contract.ses import region_problem

STDIN = "-"


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceOptions:
    """The options that say what is expected, as typed. ``-`` as a file is stdin.

    ``aws`` None: read live where credentials are found and no file is given.
    """

    identity: str | None = None
    stack: str | None = None
    aws: bool | None = None
    dkim_tokens: tuple[str, ...] = ()
    dkim_zone: str | None = None
    dkim_selector: str | None = None
    from_host: str | None = None
    mail_from: str | None = None
    region: str | None = None
    view: View = "authority"
    dkim_only: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ByHand:
    """The options as canonical values; None where an option is not given."""

    domains: tuple[str, ...]
    from_host: str | None
    mail_from: str | None
    zone: str | None
    tokens: tuple[str, ...]
    selector: str | None
    region: str | None


def read_by_hand(domains: Sequence[str], options: SourceOptions, problems: list[str]) -> ByHand:
    """Return the domains and options as canonical values; adds what is wrong to ``problems``."""
    named = tuple(_domain(text, problems) for text in domains)
    if not domains:
        problems.append("no DOMAIN is given")
    problems += _conflicts(options, len(set(domains)))
    tokens = tuple(token.strip().lower() for token in options.dkim_tokens)
    problem = tokens_problem(tokens)
    if problem:
        problems.append(f"--dkim-token: {problem}")
    return ByHand(
        domains=tuple(dict.fromkeys(name for name in named if name)),
        from_host=_host(options.from_host, "--from", problems),
        mail_from=_host(options.mail_from, "--mail-from", problems),
        zone=_host(options.dkim_zone, "--dkim-zone", problems),
        tokens=tokens,
        selector=_selector(options.dkim_selector, problems),
        region=_region(options.region, problems),
    )


def _domain(text: str, problems: list[str]) -> str:
    try:
        return normalise_domain(text)
    except DomainError as error:
        problems.append(str(error))
        return ""


def _host(text: str | None, what: str, problems: list[str]) -> str | None:
    if text is None:
        return None
    try:
        return normalise_host(text, what)
    except DomainError as error:
        problems.append(str(error))
        return None


def _selector(text: str | None, problems: list[str]) -> str | None:
    if text is None:
        return None
    selector = text.strip().lower()
    problem = token_problem(selector)
    if problem:
        problems.append(f"--dkim-selector: {problem.replace('DKIM token', 'DKIM selector')}")
    return selector


def _region(text: str | None, problems: list[str]) -> str | None:
    if text is None:
        return None
    problem = region_problem(text)
    if problem:
        problems.append(f"--region: {problem}")
    return text


def _conflicts(options: SourceOptions, domains: int) -> list[str]:
    """Return the options that exclude each other."""
    found = []
    if options.identity == STDIN and options.stack == STDIN:
        found.append(
            "--identity - and --stack - cannot both be read from stdin: give one as a file"
        )
    if domains > 1 and options.identity is not None:
        found.append(f"--identity is of one domain, and {domains} are given: run once for each")
    if domains > 1 and options.dkim_tokens:
        found.append(f"--dkim-token is of one domain, and {domains} are given: run once for each")
    if options.dkim_selector is not None and options.dkim_tokens:
        found.append("--dkim-selector is for BYODKIM, --dkim-token for Easy DKIM: give one of them")
    if options.dkim_selector is not None and options.dkim_zone is not None:
        found.append("--dkim-selector is for BYODKIM, which has no --dkim-zone: give one of them")
    return found
