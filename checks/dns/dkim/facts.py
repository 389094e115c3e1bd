"""Facts about the DKIM names and the keys behind them."""

from __future__ import annotations

from dataclasses import dataclass

from checks.dns.answers import Answer, Reply
from checks.dns.dkim.keys import KeyProblem, PublicKey
from checks.dns.dkim.record import KeyRecord
from checks.dns.reading import targets, texts


@dataclass(frozen=True, slots=True, kw_only=True)
class DkimKey:
    """One TXT record that is not empty, as a key record.

    ``text`` is the joined value, decoded as Latin-1. ``key`` is None where ``p=`` is missing or
    empty.
    """

    text: str
    record: KeyRecord
    key: PublicKey | KeyProblem | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Hints:
    """Where a record that is missing or wrong was looked for instead.

    ``doubled`` and ``misspelt`` are CNAME replies (TXT for BYODKIM) at the wrong owner names;
    ``addresses`` are the A and AAAA replies at the right one, asked where it has no CNAME.
    """

    doubled: tuple[Reply, ...] = ()
    misspelt: tuple[Reply, ...] = ()
    addresses: tuple[Reply, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DkimName:
    """One DKIM owner name: what was asked there, and the keys at the end of its alias.

    ``token`` is lower-case, ``target`` the name that its CNAME must hold (None for BYODKIM and
    where the signing zone is not known). ``txt`` is TXT at the owner with aliases followed,
    ``target_txt`` TXT at the target. ``hints`` None: nothing was looked for.
    """

    token: str
    owner: str
    target: str | None
    cname: Reply
    txt: Reply
    target_txt: Reply | None = None
    keys: tuple[DkimKey, ...] = ()
    hints: Hints | None = None

    @property
    def aliases(self) -> tuple[str, ...]:
        """Return the targets of the CNAMEs at the owner."""
        return aliases_of(self.cname)

    @property
    def key_at(self) -> str:
        """Return the name that holds the key record: the end of the alias."""
        return self.txt.end

    @property
    def rsa_keys(self) -> tuple[PublicKey, ...]:
        """Return the RSA keys that decode."""
        decoded = (record.key for record in self.keys)
        return tuple(key for key in decoded if isinstance(key, PublicKey) and key.is_rsa)

    @property
    def txt_beside_cname(self) -> bool:
        """True where TXT stands at the owner itself although it has a CNAME."""
        return bool(self.aliases) and isinstance(self.txt, Answer) and not self.txt.chain


@dataclass(frozen=True, slots=True, kw_only=True)
class DkimFacts:
    """The DKIM names of an identity.

    ``unknown`` says why there are no tokens and which option ends it, empty where there are.
    ``zone`` is the signing zone, None where it is not known. ``adsp`` and ``policy`` are the TXT
    replies at the names of two historic protocols.
    """

    byodkim: bool = False
    zone: str | None = None
    names: tuple[DkimName, ...] = ()
    unknown: str = ""
    adsp: Reply
    policy: Reply


def aliases_of(cname: Reply) -> tuple[str, ...]:
    """Return the CNAME targets of a reply to a CNAME question, each once."""
    followed = tuple(link.target for link in cname.chain if link.owner == cname.question.name)
    return tuple(dict.fromkeys((*targets(cname), *cname.aliases, *followed)))


def values(reply: Reply) -> tuple[str, ...]:
    """Return the TXT values of a reply, strings joined, decoded as Latin-1."""
    return tuple(txt.joined.decode("latin-1") for txt in texts(reply))
