"""Ask for the DKIM names of an identity: one round, and one more where a record is missing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from checks.dns.answers import Reply
from checks.dns.dkim.facts import DkimFacts, DkimKey, DkimName, Hints, aliases_of, values
from checks.dns.dkim.keys import decode_key
from checks.dns.dkim.record import read_key_record
from checks.dns.dkim.tags import WHITE
from checks.dns.expectation import DkimExpectation, Expectation, IdentityUnknown
from checks.dns.names import display
from checks.dns.port import Lookup
from checks.dns.psl import registrable
from checks.dns.reading import is_absent
from checks.dns.wanted import Wanted, ask_each, joined

OPTIONS = "give --identity FILE, --stack FILE, or --dkim-token with --dkim-zone"
MAX_KEYS = 8  # TXT records of one name that are read as keys: two are an error already


@dataclass(frozen=True, slots=True)
class Place:
    """Where one token's records belong; names that would be too long are None."""

    token: str
    owner: str | None
    target: str | None


async def collect_dkim(expectation: Expectation, lookup: Lookup) -> DkimFacts:
    """Ask CNAME and TXT at each DKIM name, TXT at each target, and the hints where they are needed.

    Without tokens the facts say which option ends it.
    """
    expected = expectation.dkim
    places = _places(expected, expectation.domain) if expected else ()
    round1 = await ask_each(lookup, _first_round(places, expectation.domain))
    adsp, policy, *rest = round1
    byodkim = expected is not None and expected.is_byodkim
    names = tuple(
        _name(place, replies, byodkim) for place, replies in zip(places, _by(rest, 3), strict=True)
    )
    return DkimFacts(
        byodkim=byodkim,
        zone=expected.zone if expected else None,
        names=await _with_hints(names, expectation.domain, lookup, byodkim),
        unknown="" if places else _why_unknown(expectation),
        adsp=adsp,
        policy=policy,
    )


def _why_unknown(expectation: Expectation) -> str:
    identity = expectation.identity
    if isinstance(identity, IdentityUnknown):
        # A cause that names the option itself would say it twice.
        cause = "" if "--identity" in identity.cause else f" ({identity.cause})"
        return f"no source gives the DKIM tokens{cause}; {OPTIONS}"
    return f"the identity holds no DKIM tokens; {OPTIONS}"


def _places(expected: DkimExpectation, domain: str) -> tuple[Place, ...]:
    return tuple(
        Place(
            token.lower(),
            joined(token, "_domainkey", domain),
            joined(token, expected.zone) if expected.zone and not expected.is_byodkim else None,
        )
        for token in dict.fromkeys(expected.tokens)
    )


def _first_round(places: Sequence[Place], domain: str) -> list[Wanted]:
    questions: list[Wanted] = [
        (joined("_adsp._domainkey", domain), "TXT"),
        (joined("_domainkey", domain), "TXT"),
    ]
    for place in places:
        questions += [(place.owner, "CNAME"), (place.owner, "TXT"), (place.target, "TXT")]
    return questions


def _by(replies: Sequence[Reply], size: int) -> list[Sequence[Reply]]:
    return [replies[at : at + size] for at in range(0, len(replies), size)]


def _name(place: Place, replies: Sequence[Reply], byodkim: bool) -> DkimName:
    cname, txt, target_txt = replies
    return DkimName(
        token=place.token,
        owner=place.owner or f"{place.token}._domainkey",
        target=place.target,
        cname=cname,
        txt=txt,
        target_txt=target_txt if place.target else None,
        keys=tuple(_key(text) for text in _key_texts(txt, place, byodkim)),
    )


def _key_texts(txt: Reply, place: Place, byodkim: bool) -> list[str]:
    """Return the values that may be keys: not empty, and not the CNAME's target as text."""
    kept = [value for value in values(txt) if value.strip(WHITE)]
    if not byodkim:
        kept = [value for value in kept if not holds_target(value, place.token, place.target)]
    return kept[:MAX_KEYS]


def holds_target(value: str, token: str, target: str | None) -> bool:
    """Return whether a TXT value is the CNAME's target, pasted as text."""
    plain = value.lower()
    if target is not None:
        return display(target) in plain
    return f"{token}." in plain and "amazonses.com" in plain


def _key(text: str) -> DkimKey:
    record = read_key_record(text.encode("latin-1"))
    public_key = record.public_key
    key = decode_key(public_key, record.key_type) if public_key else None
    return DkimKey(text=text, record=record, key=key)


# --- hints: the second round, only where a record is missing or wrong ---


async def _with_hints(
    names: tuple[DkimName, ...], domain: str, lookup: Lookup, byodkim: bool
) -> tuple[DkimName, ...]:
    lacking = [name for name in names if (_lacks_key if byodkim else _lacks_alias)(name)]
    if not lacking:
        return names
    plans = [_plan(name, domain, byodkim) for name in lacking]
    replies = iter(await ask_each(lookup, [wanted for plan in plans for wanted in plan.wanted]))
    hints = {
        name.owner: Hints(
            doubled=tuple(next(replies) for _ in plan.doubled),
            misspelt=tuple(next(replies) for _ in plan.misspelt),
            addresses=tuple(next(replies) for _ in plan.addresses),
        )
        for name, plan in zip(lacking, plans, strict=True)
    }
    return tuple(replace(name, hints=hints.get(name.owner)) for name in names)


def _lacks_alias(name: DkimName) -> bool:
    if name.cname.failed:
        return False
    aliases = aliases_of(name.cname)
    return not aliases or (name.target is not None and aliases != (name.target,))


def _lacks_key(name: DkimName) -> bool:
    return is_absent(name.txt) or (not name.txt.failed and not name.keys)


@dataclass(frozen=True, slots=True)
class Plan:
    """The hint questions for one DKIM name."""

    doubled: tuple[Wanted, ...]
    misspelt: tuple[Wanted, ...]
    addresses: tuple[Wanted, ...]

    @property
    def wanted(self) -> tuple[Wanted, ...]:
        """Return all questions in the order of their replies."""
        return self.doubled + self.misspelt + self.addresses


def _plan(name: DkimName, domain: str, byodkim: bool) -> Plan:
    rdtype = "TXT" if byodkim else "CNAME"
    proxied = not byodkim and not aliases_of(name.cname)
    return Plan(
        doubled=_questions(doubled_owners(name.owner, domain), rdtype),
        misspelt=_questions(misspelt_owners(name.token, domain), rdtype),
        addresses=((name.owner, "A"), (name.owner, "AAAA")) if proxied else (),
    )


def _questions(names: Iterable[str | None], rdtype: str) -> tuple[Wanted, ...]:
    return tuple((name, rdtype) for name in names if name)


def doubled_owners(owner: str, domain: str) -> list[str | None]:
    """Return the owner with the domain, and with the registrable domain, appended once more."""
    appended = dict.fromkeys((domain, registrable(domain) or domain))
    return [joined(owner, name) for name in appended]


def misspelt_owners(token: str, domain: str) -> list[str | None]:
    """Return the owner names that web forms and hasty hands make of a DKIM name."""
    labels = ("", "_domainkey", ".domainkey", "domainkey", "._domainkeys")
    return [joined(f"{token}{label}", domain) for label in labels]
