"""The DNS records that a domain needs for Amazon SES, as data."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

from contract.hostname import absolute
from contract.ses import MAIL_FROM_SPF, mail_from_mx

DEFAULT_TTL = 3600  # seconds
TXT_STRING_MAX = 255  # octets, RFC 1035 §3.3


@dataclass(frozen=True, slots=True, kw_only=True)
class DnsRecord:
    """One RRset to publish, as the stack output ``dnsRecords`` has it.

    ``name`` is absolute with a trailing dot, ``ttl`` is in seconds. ``values``: plain unquoted text
    for TXT (split_txt cuts it), absolute names with a trailing dot for every other type.
    """

    name: str
    type: str
    ttl: int
    values: tuple[str, ...]

    def to_json(self) -> dict[str, object]:
        """Return the record as the JSON object of the stack output."""
        return {"name": self.name, "type": self.type, "ttl": self.ttl, "values": list(self.values)}


@dataclass(frozen=True, slots=True)
class EasyDkim:
    """Easy DKIM: the tokens and the SigningHostedZone of the identity (SESv2 GetEmailIdentity)."""

    tokens: tuple[str, ...]
    zone: str


@dataclass(frozen=True, slots=True)
class Byodkim:
    """BYODKIM: the selector, and the public key as base64 (SubjectPublicKeyInfo, RFC 6376 §3.6.1).

    ``public_key`` empty: it is not known, and no record can be given.
    """

    selector: str
    public_key: str = ""


def required_records(
    *,
    domain: str,
    region: str,
    dkim: EasyDkim | Byodkim | None = None,
    mail_from: str | None = None,
    dmarc: str | None = None,
    ttl: int = DEFAULT_TTL,
) -> tuple[DnsRecord, ...]:
    """Return the records that ``domain`` needs to send through SES in ``region``.

    ``mail_from`` is the custom MAIL FROM domain, ``dmarc`` the text of the DMARC record (see
    dmarc_value); what is None is left out. Names may have a trailing dot or not. ``ttl`` is in
    seconds. Source: SES developer guide, "Easy DKIM", "BYODKIM", "Using a custom MAIL FROM domain".
    """
    records = list(_dkim_records(domain, dkim, ttl))
    if mail_from:
        name = absolute(mail_from)
        records.append(DnsRecord(name=name, type="MX", ttl=ttl, values=(mail_from_mx(region),)))
        records.append(DnsRecord(name=name, type="TXT", ttl=ttl, values=(MAIL_FROM_SPF,)))
    if dmarc:
        name = absolute(f"_dmarc.{domain}")
        records.append(DnsRecord(name=name, type="TXT", ttl=ttl, values=(dmarc,)))
    return tuple(records)


def _dkim_records(domain: str, dkim: EasyDkim | Byodkim | None, ttl: int) -> tuple[DnsRecord, ...]:
    if isinstance(dkim, EasyDkim):
        return tuple(
            DnsRecord(
                name=absolute(f"{token}._domainkey.{domain}"),
                type="CNAME",
                ttl=ttl,
                values=(absolute(f"{token}.{dkim.zone}"),),
            )
            for token in dkim.tokens
        )
    if dkim is None or not dkim.public_key:
        return ()
    name = absolute(f"{dkim.selector}._domainkey.{domain}")
    return (DnsRecord(name=name, type="TXT", ttl=ttl, values=(f"p={dkim.public_key}",)),)


def dmarc_value(policy: str, report_address: str | None) -> str:
    """Return the text of a DMARC record (RFC 9989 §4.7); the policy is none|quarantine|reject."""
    # What separates in a DMARC record or in a URI is percent-encoded (RFC 6068 §2).
    rua = f"; rua=mailto:{quote(report_address, safe='@+')}" if report_address else ""
    return f"v=DMARC1; p={policy}{rua}"


def split_txt(text: str) -> tuple[str, ...]:
    """Return TXT text as character strings of at most 255 octets of UTF-8 (RFC 1035 §3.3.14).

    Their concatenation is ``text``; a character is never cut. Empty text gives one empty string.
    """
    strings: list[str] = []
    current: list[str] = []
    size = 0
    for char in text:
        octets = len(char.encode("utf-8", "surrogatepass"))
        if size + octets > TXT_STRING_MAX:
            strings.append("".join(current))
            current, size = [], 0
        current.append(char)
        size += octets
    strings.append("".join(current))
    return tuple(strings)
