"""The resolvers that this system is set up with."""

from __future__ import annotations

import ipaddress
import sys
from pathlib import Path

RESOLV_CONF = Path("/etc/resolv.conf")
MAX_NAMESERVERS = 3  # resolv.conf(5): MAXNS


def system_nameservers() -> tuple[str, ...]:
    """Return the addresses of the system's resolvers, in their order; empty where none is set.

    They are read by ourselves: dns.resolver would bring HTTP clients along (100 ms).
    """
    if sys.platform == "win32":
        import dns.win32util

        return tuple(dns.win32util.get_dns_info().nameservers)[:MAX_NAMESERVERS]
    try:
        text = RESOLV_CONF.read_text("utf-8", "replace")
    except OSError:
        return ()
    return nameservers_in(text)


def nameservers_in(text: str) -> tuple[str, ...]:
    """Return the addresses of the ``nameserver`` lines of a resolv.conf."""
    lines = (line.split() for line in text.splitlines())
    found = [words[1] for words in lines if len(words) > 1 and words[0] == "nameserver"]
    return tuple(dict.fromkeys(a for a in found if _is_address(a)))[:MAX_NAMESERVERS]


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True
