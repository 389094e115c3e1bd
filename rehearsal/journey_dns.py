"""The loopback internet of the rehearsal: before and after the records of a stack are published."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import dns.name
import dns.rdatatype

from contract.records import DnsRecord, split_txt
from rehearsal import example
from rehearsal.zone import Host, Records, Rr, overlay, parse_records

RESOLVER, NS1, NS2, PARENT = "127.0.0.1", "127.0.0.11", "127.0.0.12", "127.0.0.13"
ORIGIN = f"{example.DOMAIN}."

# Where the system has only 127.0.0.1, every name server of the example has this address.
ONE_ADDRESS = """
    ns1.dnshost.example. A 127.0.0.1
    ns2.dnshost.example. A 127.0.0.1
    ns1.nic.zip. A 127.0.0.1
"""


def hosts(zone: Records, *, several: bool, internet: Records | None = None) -> list[Host]:
    """Return the servers of the example with ``zone`` for the domain, on four addresses or one.

    ``internet`` is what the resolver sees besides, the example's where it is None.
    """
    everything = overlay(example.internet() if internet is None else internet, zone)
    if several:
        return [
            Host(RESOLVER, everything, recursive=True),
            Host(NS1, zone),
            Host(NS2, zone),
            Host(PARENT, example.parent()),
        ]
    return [
        Host(
            RESOLVER,
            overlay(everything, parse_records(ONE_ADDRESS)),
            recursive=True,
            authoritative=(ORIGIN, "zip."),
        )
    ]


def unpublished() -> Records:
    """Return the zone of the domain as it was before anybody thought of SES."""
    apex = dns.name.from_text(ORIGIN)
    of_ses = [dns.name.from_text(name, apex) for name in ("bounce", "_domainkey", "_dmarc")]
    return tuple(
        rr for rr in example.zone() if not any(rr.name.is_subdomain(name) for name in of_ses)
    )


def published(records: Iterable[DnsRecord]) -> Records:
    """Return the zone of the domain with the records of a stack in it."""
    return overlay(unpublished(), parse_records(zone_text(records)))


def zone_text(records: Iterable[DnsRecord]) -> str:
    """Return records as master-file lines (RFC 1035 §5.1)."""
    return "\n".join(
        f"{record.name} {record.ttl} {record.type} {_rdata(record.type, value)}"
        for record in records
        for value in record.values
    )


def master_text(zone: Records) -> str:
    """Return a zone as master-file text."""
    return "".join(
        f"{rr.name} {rr.ttl} {dns.rdatatype.to_text(rr.rdata.rdtype)} {rr.rdata.to_text()}\n"
        for rr in zone
    )


def _rdata(kind: str, value: str) -> str:
    if kind != "TXT":
        return value
    escaped = (part.replace("\\", "\\\\").replace('"', '\\"') for part in split_txt(value))
    return " ".join(f'"{part}"' for part in escaped)


def with_keys(tokens: Sequence[str], signing_zone: str) -> Records:
    """Return the internet where SES has published its public keys for these tokens."""
    old = dns.name.from_text(example.SIGNING_ZONE)
    known = example.internet()
    keys = [
        rr for rr in known if rr.name.is_subdomain(old) and rr.rdata.rdtype == dns.rdatatype.TXT
    ]
    rest = tuple(rr for rr in known if not rr.name.is_subdomain(old))
    names = [dns.name.from_text(f"{token}.{signing_zone}") for token in tokens]
    # As many keys as there are tokens, the example's in turn: what they hold is not of interest.
    new = [
        Rr(name, keys[number % len(keys)].ttl, keys[number % len(keys)].rdata)
        for number, name in enumerate(names)
    ]
    return (*rest, *new)
