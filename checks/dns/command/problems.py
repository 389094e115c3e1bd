"""What is wrong with the options, all of it, before anything is asked."""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase

from checks.dns.command.options import Options
from checks.dns.command.output import output_problems

FORMATS = ("text", "json", "jsonl")
LATER_FORMATS = ("junit", "markdown")
RECORD_FORMS = ("table", "bind")
LATER_FORMS = ("route53", "octodns", "cloudflare")
VIEWS = ("authority", "resolver")


def option_problems(options: Options) -> tuple[str, ...]:
    """Return every problem of the options, a line each."""
    return (
        *_domain_problems(options),
        *_choice("--format", options.format, FORMATS, LATER_FORMATS),
        *_choice("--view", options.view, VIEWS, ()),
        *_network_problems(options),
        *_records_problems(options),
        *_listing_problems(options),
        *(_only_problems(options.only) if options.only is not None else ()),
        *(output_problems(options.output) if options.output is not None else ()),
    )


def _domain_problems(options: Options) -> Iterator[str]:
    if len(set(options.domains)) < 2:
        return
    if options.format == "json":
        yield "--format json holds one domain; use --format jsonl, an object a line, for several"
    if options.records is not None:
        yield "--records takes one domain"


def _choice(
    option: str, value: str, known: tuple[str, ...], later: tuple[str, ...]
) -> Iterator[str]:
    if value in later:
        yield f"{option} {value} is not built yet; use {_or(known)}"
    elif value not in known:
        yield f"{option} {value!r} is not known; use {_or(known)}"


def _or(words: tuple[str, ...]) -> str:
    return f"{', '.join(words[:-1])} or {words[-1]}"


def _network_problems(options: Options) -> Iterator[str]:
    import ipaddress

    for text in options.nameservers:
        try:
            ipaddress.ip_address(text)
        except ValueError:
            yield f"--nameserver {text!r} is no IP address, for example 192.0.2.53"
    port = options.dns_port
    if not (port.isascii() and port.isdigit() and len(port) <= 5 and 1 <= int(port) <= 65535):
        yield f"--dns-port {port!r} is no port, 1 to 65535"


def _records_problems(options: Options) -> Iterator[str]:
    if options.records is None:
        return
    yield from _choice("--records", options.records, RECORD_FORMS, LATER_FORMS)
    if options.format_given:
        yield "--records has its own form; leave out --format"
    if options.only is not None:
        yield "--records judges nothing; leave out --only"


def _listing_problems(options: Options) -> Iterator[str]:
    if not options.list_rules:
        return
    if options.domains:
        yield "--list-rules asks nothing; leave out DOMAIN"
    if options.records is not None:
        yield "--list-rules and --records exclude each other"
    if options.only is not None:
        yield "--list-rules lists all rules; leave out --only"
    if options.format == "jsonl":
        yield "--list-rules is printed as text or json"


def _only_problems(glob: str) -> Iterator[str]:
    from checks.dns.catalogue import load

    ids = tuple(load())
    if any(fnmatchcase(rule_id, glob) for rule_id in ids):
        return
    import difflib

    near = difflib.get_close_matches(glob.strip("*"), ids, n=3, cutoff=0.5)
    hint = f"; near: {', '.join(near)}" if near else "; --list-rules lists all"
    yield f"--only {glob!r} matches no rule{hint}"
