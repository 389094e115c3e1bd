"""One term by the ABNF of RFC 7208 §12."""

from __future__ import annotations

import ipaddress
import re

from checks.dns.rdata import IPAddress
from checks.dns.spf.macros import (
    DomainSpecError,
    MacroError,
    parse_domain_spec,
    parse_macro_string,
)
from checks.dns.spf.terms import (
    MECHANISMS,
    ONCE,
    PASS,
    QUALIFIERS,
    IPNetwork,
    MacroString,
    Mechanism,
    Modifier,
    Problem,
    SpfSyntaxError,
    Term,
)

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9._\-]*\Z", re.ASCII)  # name, RFC 7208 §6
_LENGTH = re.compile(r"(?:0|[1-9][0-9]{0,2})\Z", re.ASCII)  # no leading zero: RFC 7208 §5.6
_DUAL = re.compile(r"(/[0-9]*)?(//[0-9]*)?\Z", re.ASCII)  # dual-cidr-length, RFC 7208 §5.6
_PUNCTUATION = ";,."


class _BadTermError(Exception):
    """A term that does not parse, before its place is known."""

    def __init__(self, problem: Problem, detail: str) -> None:
        self.problem = problem
        self.detail = detail
        super().__init__(detail)


def parse_term(token: str, position: int = 0) -> Term:
    """Return one directive or modifier. Raises SpfSyntaxError."""
    try:
        return _term(token, position)
    except _BadTermError as bad:
        raise SpfSyntaxError(bad.problem, token, position, bad.detail) from None


def parses(token: str) -> bool:
    """Return whether ``token`` is a directive or a modifier."""
    try:
        parse_term(token)
    except SpfSyntaxError:
        return False
    return True


def _term(token: str, position: int) -> Term:
    odd = next((c for c in token if not 0x21 <= ord(c) <= 0x7E), "")
    if odd:
        raise _BadTermError(Problem.TEXT, f"octet 0x{ord(odd):02X} is not printable ASCII")
    modifier = _modifier(token, position)
    if modifier:
        return modifier
    qualifier = token[: len(token) - len(token.lstrip(QUALIFIERS))][:1]
    body = token[len(qualifier) :]
    if qualifier and _modifier_name(body):
        raise _BadTermError(Problem.QUALIFIED, f"a modifier takes no qualifier ({qualifier})")
    name, argument = _split(body)
    if name not in MECHANISMS:
        raise _unknown(name)
    return _mechanism(token, position, qualifier or PASS, name, argument)


def _unknown(name: str) -> _BadTermError:
    if name.rstrip(_PUNCTUATION) in MECHANISMS:
        return _BadTermError(
            Problem.TERM, f"`{name[-1]}` may not stand after {name.rstrip(_PUNCTUATION)}"
        )
    return _BadTermError(Problem.MECHANISM, f"there is no mechanism `{name}`")


def _split(body: str) -> tuple[str, str]:
    """Return the lower-case mechanism name, and what follows with its ``:`` or ``/``."""
    ends = [at for at in (body.find(":"), body.find("/")) if at >= 0]
    end = min(ends, default=len(body))
    return body[:end].lower(), body[end:]


def _modifier_name(token: str) -> str:
    """Return the name where ``=`` stands before any ``:`` and ``/``, else nothing."""
    name, equals, _ = token.partition("=")
    return name.lower() if equals and _NAME.match(name) else ""


def _modifier(token: str, position: int) -> Modifier | None:
    name = _modifier_name(token)
    if not name:
        return None
    value = token.partition("=")[2]
    spec = _domain_spec(value) if name in ONCE else _macro_string(value)
    return Modifier(token, position, name, spec)


def _mechanism(token: str, position: int, qualifier: str, name: str, argument: str) -> Mechanism:
    if name == "all":
        if argument:
            raise _BadTermError(Problem.ARGUMENT, "all takes no argument")
        return Mechanism(token, position, qualifier, name)
    if name in {"ip4", "ip6"}:
        network = _network(name, argument)
        return Mechanism(token, position, qualifier, name, network=network)
    if name in {"a", "mx"}:
        return _host(token, position, qualifier, name, argument)
    if name == "ptr" and not argument:
        return Mechanism(token, position, qualifier, name)
    if argument.startswith("/"):
        raise _BadTermError(Problem.PREFIX, f"{name} takes no prefix length")
    if not argument.removeprefix(":"):
        raise _BadTermError(Problem.ARGUMENT, f"{name} needs a domain name")
    return Mechanism(token, position, qualifier, name, _domain_spec(argument[1:]))


def _host(token: str, position: int, qualifier: str, name: str, argument: str) -> Mechanism:
    """Parse `a` and `mx`: ``[ ":" domain-spec ] [ dual-cidr-length ]`` (RFC 7208 §5.3, §5.4)."""
    address = as_address(argument.removeprefix(":").partition("/")[0].strip("[]"))
    if address is not None:
        raise _BadTermError(Problem.ADDRESS, f"{name} takes a host name, {address} is an address")
    target, prefix4, prefix6 = _dual_cidr(argument)
    spec = None
    if target:
        if not target.startswith(":") or target == ":":
            raise _BadTermError(Problem.ARGUMENT, f"{target} is no target of {name}")
        spec = _domain_spec(target[1:])
    return Mechanism(token, position, qualifier, name, spec, prefix4=prefix4, prefix6=prefix6)


def _dual_cidr(argument: str) -> tuple[str, int, int]:
    """Return what stands before the prefix lengths, and these."""
    match = _DUAL.search(argument)
    if match is None:  # it matches the empty end of any text
        return argument, 32, 128
    four, six = match.groups()
    prefix4 = _length(four[1:], 32) if four else 32
    prefix6 = _length(six[2:], 128) if six else 128
    return argument[: match.start()], prefix4, prefix6


def _network(name: str, argument: str) -> IPNetwork:
    """Parse ``":" ip-network [ cidr-length ]`` (RFC 7208 §5.6)."""
    if not argument.startswith(":"):
        raise _BadTermError(Problem.ADDRESS, f"{name} needs an address")
    address, slash, length = argument[1:].partition("/")
    widest = 32 if name == "ip4" else 128
    ip = _address(name, address)
    prefix = _length(length, widest, Problem.ADDRESS) if slash else widest
    return ipaddress.ip_network((ip, prefix), strict=False)


def _address(name: str, text: str) -> IPAddress:
    address = as_address(text)
    wanted = 4 if name == "ip4" else 6
    if address is None:
        raise _BadTermError(Problem.ADDRESS, f"{text or 'nothing'} is no {name} address")
    if address.version != wanted:
        raise _BadTermError(Problem.ADDRESS, f"{text} is an ip{address.version} address")
    return address


def as_address(text: str) -> IPAddress | None:
    """Return the address that ``text`` is (RFC 4291 §2.2: no zone index), else None."""
    try:
        return None if "%" in text else ipaddress.ip_address(text)
    except ValueError:
        return None


def _length(text: str, widest: int, problem: Problem = Problem.PREFIX) -> int:
    if not _LENGTH.match(text) or int(text) > widest:
        raise _BadTermError(problem, f"/{text} is no prefix length from 0 to {widest}")
    return int(text)


def _domain_spec(text: str) -> MacroString:
    try:
        return parse_domain_spec(text)
    except MacroError as error:
        raise _BadTermError(Problem.MACRO, str(error)) from None
    except DomainSpecError as error:
        raise _BadTermError(Problem.DOMAIN, str(error)) from None


def _macro_string(text: str) -> MacroString:
    try:
        return parse_macro_string(text)
    except MacroError as error:
        raise _BadTermError(Problem.MACRO, str(error)) from None
