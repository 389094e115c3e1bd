"""What the fixes of the DKIM rules say: placeholders and the complete records to publish."""

from __future__ import annotations

from checks.dns.dkim.facts import DkimKey, DkimName
from checks.dns.dkim.keys import PublicKey, decode_key
from checks.dns.dkim.record import meant_key
from checks.dns.names import display
from checks.model import Record


def at_owner(name: DkimName) -> dict[str, str]:
    """Return the placeholders for a fix at the DKIM name itself."""
    return {"token": name.token, "selector": name.token, "name": display(name.owner)}


def at_key(name: DkimName) -> dict[str, str]:
    """Return the placeholders for a fix where the key record stands."""
    return {**at_owner(name), "name": display(name.key_at)}


def cname_record(name: DkimName) -> tuple[Record, ...]:
    """Return the CNAME to publish, nothing where its target is not known."""
    if name.target is None:
        return ()
    return (Record(name=name.owner, type="CNAME", values=(name.target,)),)


def key_record(name: DkimName, text: str) -> tuple[Record, ...]:
    """Return the key record to publish, nothing where it is SES that publishes it."""
    if name.key_at != name.owner:
        return ()
    return (Record(name=name.owner, type="TXT", values=(text,)),)


def meant_record(name: DkimName, key: DkimKey) -> tuple[Record, ...]:
    """Return a broken key record as it was meant, nothing where no whole RSA key is in it."""
    found = meant_key(key.text)
    decoded = decode_key(found, "rsa") if found else None
    if not isinstance(decoded, PublicKey) or not decoded.is_rsa:
        return ()
    return key_record(name, f"v=DKIM1; k=rsa; p={found}")
