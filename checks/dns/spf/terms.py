"""What an SPF record is made of: frozen terms (RFC 7208 §4.6.1)."""

from __future__ import annotations

import enum
import ipaddress
from dataclasses import dataclass, field
from functools import lru_cache

from checks.dns.names import NameSyntaxError, from_labels

IPNetwork = ipaddress.IPv4Network | ipaddress.IPv6Network

PASS, FAIL, SOFTFAIL, NEUTRAL = "+", "-", "~", "?"
QUALIFIERS = PASS + FAIL + SOFTFAIL + NEUTRAL
MAX_TEXT = 253  # characters of a target-name, RFC 7208 §7.3
MECHANISMS = frozenset({"all", "include", "a", "mx", "ptr", "ip4", "ip6", "exists"})
ONCE = ("redirect", "exp")  # modifiers that must not repeat, RFC 7208 §6
LOOKUP_MECHANISMS = frozenset({"include", "a", "mx", "ptr", "exists"})  # RFC 7208 §4.6.4


@dataclass(frozen=True, slots=True)
class Macro:
    """One ``%{…}`` (RFC 7208 §7.1).

    ``letter`` is lower-case, ``keep`` the number of right-hand parts (0: all), ``escape`` true for
    an upper-case letter.
    """

    letter: str
    keep: int = 0
    reverse: bool = False
    delimiters: str = "."
    escape: bool = False


MacroString = tuple[str | Macro, ...]


@dataclass(frozen=True, slots=True)
class Mechanism:
    """A directive: qualifier and mechanism.

    ``text`` is the term as written, ``position`` its octet offset in the joined record. ``domain``
    is None where the current domain is meant; ``prefix4`` and ``prefix6`` are the lengths that `a`
    and `mx` compare with.
    """

    text: str
    position: int
    qualifier: str
    name: str
    domain: MacroString | None = None
    network: IPNetwork | None = None
    prefix4: int = 32
    prefix6: int = 128

    @property
    def passes(self) -> bool:
        """True where a match gives pass."""
        return self.qualifier == PASS


@dataclass(frozen=True, slots=True)
class Modifier:
    """``name=value``; ``name`` is lower-case."""

    text: str
    position: int
    name: str
    value: MacroString


Term = Mechanism | Modifier


class Problem(enum.StrEnum):
    """Why a record is a permerror, by the rule that looks at it."""

    VERSION = "version"  # not a record at all: RFC 7208 §4.5
    TEXT = "text"  # an octet outside 0x20-0x7E
    MECHANISM = "mechanism"  # neither a known mechanism nor a modifier
    QUALIFIED = "qualified"  # a qualifier before a modifier
    ADDRESS = "address"  # ip4, ip6, or an address as the target of a, mx
    PREFIX = "prefix"  # the prefix length of a, mx, or one where none may stand
    ARGUMENT = "argument"  # an argument that is missing, or that may not stand there
    DOMAIN = "domain"  # no domain-spec
    MACRO = "macro"
    TERM = "term"  # anything else, such as a trailing semicolon
    REPEATED = "repeated"  # redirect or exp twice: RFC 7208 §6, not a matter of the ABNF


class SpfSyntaxError(ValueError):
    """A record, or one term of it, that is no SPF.

    ``position`` is the 0-based octet offset of the term in the joined record, ``term`` its text
    (Latin-1), ``problem`` the kind.
    """

    def __init__(self, problem: Problem, term: str, position: int, detail: str) -> None:
        self.problem = problem
        self.term = term
        self.position = position
        self.detail = detail
        super().__init__(f"`{term}` at octet {position}: {detail}")

    def __eq__(self, other: object) -> bool:
        return isinstance(other, SpfSyntaxError) and self._key() == other._key()

    def __hash__(self) -> int:
        return hash(self._key())

    def _key(self) -> tuple[object, ...]:
        return self.problem, self.term, self.position, self.detail


@dataclass(frozen=True, slots=True)
class SpfRecord:
    """One selected record: the terms that parse, and every problem of those that do not.

    ``text`` is the joined record, decoded as Latin-1, so that offsets are octets.
    """

    text: str
    terms: tuple[Term, ...] = ()
    problems: tuple[SpfSyntaxError, ...] = field(default=())

    @property
    def mechanisms(self) -> tuple[Mechanism, ...]:
        """Return the mechanisms in order."""
        return tuple(t for t in self.terms if isinstance(t, Mechanism))

    @property
    def modifiers(self) -> tuple[Modifier, ...]:
        """Return the modifiers in order."""
        return tuple(t for t in self.terms if isinstance(t, Modifier))

    @property
    def all(self) -> Mechanism | None:
        """Return the first ``all``, which ends the evaluation (RFC 7208 §5.1)."""
        return next((m for m in self.mechanisms if m.name == "all"), None)

    @property
    def reachable(self) -> tuple[Mechanism, ...]:
        """Return the mechanisms that can be evaluated: up to the first ``all``, without it."""
        end = self.all
        return tuple(m for m in self.mechanisms if end is None or m.position < end.position)

    def modifier(self, name: str) -> Modifier | None:
        """Return the first modifier called ``name``."""
        return next((m for m in self.modifiers if m.name == name), None)

    @property
    def redirect(self) -> Modifier | None:
        """Return the redirect where it takes effect: no ``all`` in the record (RFC 7208 §6.1)."""
        return None if self.all else self.modifier("redirect")


def has_macros(spec: MacroString) -> bool:
    """Return whether ``spec`` needs a message to be expanded."""
    return any(isinstance(part, Macro) for part in spec)


def static_text(spec: MacroString) -> str:
    """Return the text of a macro string without macros."""
    return "".join(part for part in spec if isinstance(part, str))


def target_text(expanded: str) -> str:
    """Return expanded domain text as it is used: no dot at the end, at most 253 characters.

    What is longer is cut from the left, label by label (RFC 7208 §7.3).
    """
    text = expanded.removesuffix(".")
    if len(text) <= MAX_TEXT:
        return text
    dot = text.find(".", len(text) - MAX_TEXT - 1)
    return text[dot + 1 :] if dot >= 0 else text.rpartition(".")[2]


def target_name(text: str) -> str | None:
    """Return domain text as a canonical name, None where it is no name (RFC 7208 §4.3)."""
    return _canonical(target_text(text))


@lru_cache(maxsize=1024)
def _canonical(text: str) -> str | None:
    try:
        return from_labels(label.encode("utf-8", "surrogateescape") for label in text.split("."))
    except NameSyntaxError:
        return None


def static_target(spec: MacroString) -> str | None:
    """Return the canonical name of a domain-spec without macros, None where it is no name."""
    return target_name(static_text(spec))
