"""What can go wrong at a server, by name and type."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

import dns.name
import dns.rdatatype
from dns.rdatatype import RdataType

from rehearsal.nameserver.master import relative

FaultKind = Literal[
    "servfail",  # SERVFAIL, with ``ede`` where one is given
    "refused",
    "formerr",
    "nxdomain",
    "timeout",  # no answer, UDP and TCP
    "truncate",  # TC=1 and no data over UDP; TCP closes without an answer
    "notcp",  # TCP is refused (name ".", under) or closed
    "noaa",  # the answer without the AA flag
    "bogus",  # SERVFAIL with EDE 9; the normal answer with CD=1
    "blocked",  # NXDOMAIN with EDE 15
    "lame",  # a referral to the root servers
    "noedns",  # FORMERR to a question with EDNS, the normal answer without
    "malformed",  # octets that are no DNS message
    "delay",  # the normal answer, ``seconds`` late
]

# These change a normal answer instead of replacing it, and go together with others.
_MODIFIERS = frozenset({"notcp", "noaa", "delay"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One fault of one server.

    ``name`` is absolute with a trailing dot, or relative to the ``origin`` given to ``Faults``;
    ``under`` extends it to every name below. ``rdtype`` is a mnemonic or ``*``. ``ede`` is a code
    and text of RFC 8914 for servfail. ``seconds`` belongs to delay.
    """

    name: str
    kind: FaultKind
    rdtype: str = "*"
    under: bool = False
    ede: tuple[int, str] | None = None
    seconds: float = 0.0


class Faults:
    """The faults of one server, looked up by question."""

    def __init__(self, faults: Iterable[Fault], origin: str = ".") -> None:
        apex = dns.name.from_text(origin)
        self._faults = [(_owner(fault, apex), fault) for fault in faults]

    def at(self, name: dns.name.Name, rdtype: RdataType) -> Sequence[Fault]:
        """Return the faults that hit a question, in the order given."""
        wanted = dns.rdatatype.to_text(rdtype)
        return [
            fault
            for owner, fault in self._faults
            if fault.rdtype.upper() in {"*", wanted}
            and (name.is_subdomain(owner) if fault.under else name == owner)
        ]

    @property
    def tcp_refused(self) -> bool:
        """Return whether nothing listens on TCP at all."""
        return any(
            owner == dns.name.root and fault.kind == "notcp" and fault.under
            for owner, fault in self._faults
        )


def replacing(faults: Sequence[Fault]) -> Fault | None:
    """Return the first fault that takes the place of the answer."""
    return next((f for f in faults if f.kind not in _MODIFIERS), None)


def _owner(fault: Fault, origin: dns.name.Name) -> dns.name.Name:
    return dns.name.root if fault.name == "." else relative(fault.name, origin)
