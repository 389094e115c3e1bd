"""Report addresses: the URI lists in ``rua`` and ``ruf`` (RFC 9989 §4.6–4.8, RFC 3986)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from checks.dns.names import NameSyntaxError, parse_name

MAX_URIS = 64  # read of one tag; more than 2 are reported already
# RFC 3986 §2 and appendix A, without ',' and '!', which must be percent-encoded here.
_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:(?:[A-Za-z0-9._~:/?#\[\]@$&'()*+;=-]|%[0-9A-Fa-f]{2})+")
_SIZE = re.compile(r"![0-9]+[kmgt]?\Z", re.IGNORECASE)  # RFC 7489 §6.2, obsolete
_HOST = re.compile(r"[A-Za-z0-9_.-]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportUri:
    """One member of a URI list. ``problem`` is empty for a valid one.

    ``host`` is the canonical name of the host that gets the reports, None where the URI names none.
    ``size`` is the obsolete limit after ``!``, which leaves the URI valid.
    """

    text: str
    problem: str = ""
    host: str | None = None
    size: str = ""

    @property
    def is_valid(self) -> bool:
        """True where a report can be sent there."""
        return not self.problem

    @property
    def is_mail(self) -> bool:
        """True for a mailto URI; the scheme is case-insensitive (RFC 3986 §3.1)."""
        return self.text.lower().startswith("mailto:")


def parse_uris(value: str | None) -> tuple[ReportUri, ...]:
    """Return the members of a comma-separated list; never raises."""
    if value is None:
        return ()
    return tuple(_member(text.strip(" \t")) for text in value.split(",", MAX_URIS)[:MAX_URIS])


def _member(text: str) -> ReportUri:
    size = _SIZE.search(text)
    uri = text[: size.start()] if size else text
    problem, host = _judged(uri)
    return ReportUri(text=text, problem=problem, host=host, size=size.group() if size else "")


def _judged(uri: str) -> tuple[str, str | None]:
    """Return the problem, empty where there is none, and the host of a valid URI."""
    if not uri:
        return "is empty", None
    if re.search(r"\s", uri):
        return "holds white space; members are separated by commas", None
    if not re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", uri):
        return "has no scheme, such as mailto:", None
    if not _URI.fullmatch(uri):
        return "is no URI; ',' and '!' must be percent-encoded", None
    if not uri.lower().startswith("mailto:"):
        return "", _authority_host(uri)
    host = _mail_host(uri)
    return ("", host) if host else ("holds no mail address", None)


def _mail_host(uri: str) -> str | None:
    """Return the host of a mailto URI (RFC 6068 §2), None where there is no address."""
    address = unquote(uri[len("mailto:") :].partition("?")[0], "latin-1")
    local, _, host = address.rpartition("@")
    return _name(host) if local else None


def _authority_host(uri: str) -> str | None:
    """Return the host of the authority component (RFC 9990 §4), None where there is none."""
    try:
        return _name(urlsplit(uri).hostname or "")
    except ValueError:  # half an IPv6 address
        return None


def _name(host: str) -> str | None:
    if not _HOST.fullmatch(host):
        return None
    try:
        return parse_name(host)
    except NameSyntaxError:
        return None
