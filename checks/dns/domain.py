"""What a person types as a domain or a host, as a canonical name (rule dns-name-valid)."""

from __future__ import annotations

import ipaddress
import re

from contract.hostname import host_problem

# Pasted from web pages and chat: U+200B to U+200D, U+2060, U+FEFF.
_ZERO_WIDTH = dict.fromkeys((0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF))
_SCHEME = re.compile(r"(?:[A-Za-z][A-Za-z0-9+.-]*:)?//", re.ASCII)
_PORT = re.compile(r":[0-9]{1,5}\Z", re.ASCII)
_MAX_TYPED = 1000  # characters; no name is longer, whatever is stripped
_SHOWN = 80
EXAMPLE = "jobmatch.zip"


class DomainError(ValueError):
    """Typed text that is no domain or host; the message says what to type instead."""


def normalise_domain(text: str) -> str:
    """Return DOMAIN as typed by a person as a canonical absolute name.

    White space, zero-width characters, a scheme, a path, a port and the trailing dot are taken off,
    U-labels become A-labels (RFC 5891 §4 with the mapping of UTS 46). Raises DomainError for what
    remains invalid (RFC 1035 §2.3.4).
    """
    return _normalise(text, "DOMAIN", underscores=False)


def normalise_host(text: str, what: str) -> str:
    """Return the host given to the option ``what`` as a canonical absolute name.

    As normalise_domain, but labels may hold underscores. Raises DomainError.
    """
    return _normalise(text, what, underscores=True)


def _normalise(text: str, what: str, *, underscores: bool) -> str:
    bare = _bare(text)
    host, problem = _a_labels(bare)
    problem = problem or host_problem(host, underscores=underscores)
    if problem:
        raise DomainError(
            f"{what} {_shown(text)} {problem} (rule dns-name-valid); "
            f"type {_instead(host, underscores=underscores)}"
        )
    return host + "."


def _bare(text: str) -> str:
    bare = text.translate(_ZERO_WIDTH).strip()
    bare = _SCHEME.sub("", bare, count=1) if _SCHEME.match(bare) else bare
    bare = re.split(r"[/?#]", bare, maxsplit=1)[0]
    return bare if _is_address(bare) else _PORT.sub("", bare)


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def _a_labels(bare: str) -> tuple[str, str]:
    """Return the name in A-labels without trailing dot, and why it cannot be had."""
    if len(bare) > _MAX_TYPED:
        return "", f"has {len(bare)} characters; a name has at most 253"
    if bare.isascii() or "@" in bare or "*" in bare:
        return bare.lower().removesuffix("."), ""
    import idna  # only for a name that needs it

    try:
        encoded = idna.encode(bare, uts46=True).decode("ascii")
    except (idna.IDNAError, UnicodeError) as error:
        return "", f"is no internationalised name (RFC 5891 §4): {_plain(error)}"
    return encoded.lower().removesuffix("."), ""


def _shown(text: str) -> str:
    return ascii(text if len(text) <= _SHOWN else f"{text[:_SHOWN]}...")


def _plain(error: Exception) -> str:
    return str(error)[:_SHOWN].encode("ascii", "backslashreplace").decode("ascii")


def _instead(host: str, *, underscores: bool) -> str:
    """Return what to type: the part that is a domain, where there is one."""
    for part in (host.rpartition("@")[2], host.removeprefix("*.")):
        if part != host and not host_problem(part, underscores=underscores):
            return f"the bare domain: {part}"
    return f"a bare domain, for example {EXAMPLE}"
