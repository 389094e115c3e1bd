"""What is a host name, and what is a mail address: pure rules on plain ASCII text."""

from __future__ import annotations

import ipaddress
import re

_LABEL = re.compile(r"[A-Za-z0-9_-]+", re.ASCII)
_LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}", re.ASCII)  # RFC 5321 §4.1.2, §4.5.3
MAX_LABEL = 63  # octets, RFC 1035 §2.3.4
MAX_HOST = 253  # octets of text without the trailing dot, RFC 1035 §2.3.4
MAX_ADDRESS = 254  # octets, RFC 5321 §4.5.3.1.3


def host_problem(host: str, *, underscores: bool = False, single_label: bool = False) -> str:
    """Return why ``host`` is no host name, empty where it is one (RFC 1035 §2.3.1, RFC 1123 §2.1).

    ``host`` has no trailing dot. ``underscores`` allows them, as owner names of DNS records do.
    """
    if not host:
        return "is empty"
    if "@" in host:
        return "is an e-mail address"
    if "*" in host:
        return "holds a wildcard (*)"
    if _is_address(host):
        return "is an IP address"
    labels = host.split(".")
    for label in labels:
        problem = label_problem(label, underscores=underscores)
        if problem:
            return problem
    return _whole_problem(host, labels, single_label=single_label)


def _whole_problem(host: str, labels: list[str], *, single_label: bool) -> str:
    if len(host) > MAX_HOST:
        return f"has {len(host)} octets; at most {MAX_HOST} are allowed (RFC 1035 §2.3.4)"
    if len(labels) == 1 and not single_label:
        return "is a single label"
    if labels[-1].isdigit():
        return "ends in a number, which no top-level domain is (RFC 3696 §2)"
    return ""


def label_problem(label: str, *, underscores: bool = False) -> str:
    """Return why ``label`` is no label of a host name, empty where it is one."""
    if not label:
        return "has an empty label (a dot too many)"
    octets = len(label.encode("utf-8", "surrogatepass"))
    if octets > MAX_LABEL:
        return f"has a label of {octets} octets; at most {MAX_LABEL} are allowed (RFC 1035 §2.3.4)"
    if not _LABEL.fullmatch(label):
        strange = next(c for c in label if not _LABEL.fullmatch(c))
        return f"holds {strange!r}; letters, digits and hyphens are allowed (RFC 1035 §2.3.1)"
    if "_" in label and not underscores:
        return "holds an underscore; a host name has letters, digits, hyphens (RFC 1035 §2.3.1)"
    if label.startswith("-") or label.endswith("-"):
        return f"has the label {label!r}: a hyphen may not stand at an end (RFC 1035 §2.3.1)"
    return ""


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return False
    return True


def address_problem(address: str) -> str:
    """Return why ``address`` is no plain mail address, empty where it is one (RFC 5321 §4.1.2)."""
    local, at, host = address.rpartition("@")
    if not at or not local:
        return "is no mail address (name@host)"
    if len(address) > MAX_ADDRESS:
        return f"has {len(address)} octets; at most {MAX_ADDRESS} are allowed (RFC 5321 §4.5.3.1)"
    dots = local.startswith(".") or local.endswith(".") or ".." in local
    if dots or not _LOCAL.fullmatch(local):
        return f"has a local part that is not plain: {local!r}"
    problem = host_problem(host.lower())
    return f"has a host that {problem}" if problem else ""


def absolute(host: str) -> str:
    """Return ``host`` lower-case, with a trailing dot."""
    return host.lower().removesuffix(".") + "."


def is_at_or_below(host: str, domain: str) -> bool:
    """Return whether ``host`` is ``domain`` or below it; letter case and end dots are ignored."""
    return ("." + absolute(host)).endswith("." + absolute(domain))
