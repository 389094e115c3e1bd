"""Record data: what stands in an answer. Names are canonical text (checks.dns.names)."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address


@dataclass(frozen=True, slots=True)
class Txt:
    """TXT or SPF (type 99) data: the character strings as octets (RFC 1035 §3.3.14)."""

    strings: tuple[bytes, ...]

    @property
    def joined(self) -> bytes:
        """Return the strings joined with nothing between (RFC 7208 §3.3)."""
        return b"".join(self.strings)


@dataclass(frozen=True, slots=True, order=True)
class Mx:
    """MX data (RFC 1035 §3.3.9)."""

    preference: int
    exchange: str


@dataclass(frozen=True, slots=True)
class Address:
    """A or AAAA data."""

    ip: IPAddress


@dataclass(frozen=True, slots=True)
class Target:
    """CNAME, NS or PTR data: one name."""

    name: str


@dataclass(frozen=True, slots=True)
class Soa:
    """SOA data (RFC 1035 §3.3.13); times in seconds."""

    mname: str
    rname: str
    serial: int
    minimum: int


@dataclass(frozen=True, slots=True)
class Other:
    """Data of any other type, in presentation form."""

    text: str


Rdata = Txt | Mx | Address | Target | Soa | Other


def present(data: Rdata) -> str:
    """Return record data in presentation form (TXT joined, unquoted, decoded as Latin-1)."""
    match data:
        case Txt():
            return data.joined.decode("latin-1")
        case Mx():
            return f"{data.preference} {data.exchange}"
        case Address():
            return str(data.ip)
        case Target():
            return data.name
        case Soa():
            return f"{data.mname} {data.rname} {data.serial}"
        case Other():
            return data.text
