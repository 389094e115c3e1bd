"""Ask for DMARC: all names of all walks in one round, report hosts and hints in a second one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from checks.dns.answers import Reply
from checks.dns.dmarc.discovery import (
    discover_by_list,
    discover_by_tree,
    listed_organization,
    tree_organization,
    walk_names,
)
from checks.dns.dmarc.facts import Applied, Discovery, DmarcFacts, DmarcName, Misplaced, ReportHost
from checks.dns.dmarc.record import is_selected, parse_dmarc
from checks.dns.dmarc.uris import ReportUri
from checks.dns.expectation import Expectation
from checks.dns.port import Lookup
from checks.dns.reading import texts
from checks.dns.wanted import Wanted, ask_each, joined

MAX_REPORT_HOSTS = 8  # asked for; more than 2 addresses are reported as too many already


async def collect_dmarc(expectation: Expectation, lookup: Lookup) -> DmarcFacts:
    """Ask TXT at every name of the walks of From host, DOMAIN and MAIL FROM, and what follows."""
    host = expectation.from_host
    identifiers = [host, expectation.domain]
    if expectation.mail_from is not None:
        identifiers.append(expectation.mail_from)
    walked = list(dict.fromkeys(_round1(host, identifiers)))
    wanted: list[Wanted] = [(joined("_dmarc", name), "TXT") for name in walked]
    existence, *replies = await ask_each(lookup, [(host, "A"), *wanted])
    names = {n: _read(n, reply) for n, reply in zip(walked, replies, strict=True)}
    tree = discover_by_tree(host, names, existence)
    reports, misplaced = await _second_round(host, tree, lookup)
    return DmarcFacts(
        names=names,
        existence=existence,
        tree=tree,
        listed=discover_by_list(host, names),
        tree_orgs={name: tree_organization(name, names) for name in identifiers},
        listed_orgs={name: listed_organization(name) for name in identifiers},
        reports=reports,
        misplaced=misplaced,
    )


def _round1(host: str, identifiers: Sequence[str]) -> list[str]:
    names = [name for start in identifiers for name in walk_names(start)]
    return [*names, listed_organization(host)]


def _read(name: str, reply: Reply) -> DmarcName:
    """Split the TXT records into selected ones and others (RFC 9989 §4.10)."""
    values = [txt.joined for txt in texts(reply)]
    selected = [value for value in values if is_selected(value.decode("latin-1"))]
    return DmarcName(
        name=name,
        reply=reply,
        records=tuple(parse_dmarc(value) for value in selected),
        others=tuple(value for value in values if value not in selected),
    )


# --- round 2 ---

Plan = dict[tuple[str, str], Wanted]


async def _second_round(
    host: str, tree: Discovery, lookup: Lookup
) -> tuple[tuple[ReportHost, ...], tuple[Misplaced, ...] | None]:
    applied = tree.applied
    hosts = report_hosts(applied) if applied else ()
    places = _places(host) if applied is None and tree.failed is None else []
    wanted: list[Wanted] = [q for h in hosts for q in _report_questions(applied, h)]
    wanted += [(name, "TXT") for _, name in places]
    replies = await ask_each(lookup, wanted) if wanted else []
    reports = tuple(
        _report_host(applied, h, replies[4 * at : 4 * at + 4]) for at, h in enumerate(hosts)
    )
    found = zip(places, replies[4 * len(hosts) :], strict=True)
    misplaced = tuple(Misplaced(base=base, reply=reply) for (base, _), reply in found)
    return reports, misplaced if places else None


def report_hosts(applied: Applied) -> tuple[str, ...]:
    """Return the hosts of the valid URIs in ``rua`` and ``ruf``, each once."""
    hosts = dict.fromkeys(uri.host for uri in _valid_uris(applied) if uri.host is not None)
    return tuple(hosts)[:MAX_REPORT_HOSTS]


def _valid_uris(applied: Applied) -> list[ReportUri]:
    return [uri for uri in (*applied.record.rua, *applied.record.ruf) if uri.is_valid]


def _report_questions(applied: Applied | None, host: str) -> list[Wanted]:
    name = _authorisation(applied, host)
    return [(host, "MX"), (host, "A"), (host, "AAAA"), (name, "TXT")]


def _authorisation(applied: Applied | None, host: str) -> str | None:
    """Return the name that authorises reports, None where none is needed or it cannot exist."""
    if applied is None or not is_foreign(host, applied.name):
        return None
    return joined(applied.name, "_report._dmarc", host)


def is_foreign(host: str, policy_domain: str) -> bool:
    """Return whether a report host belongs to another organization (RFC 9990 §4)."""
    return listed_organization(host) != listed_organization(policy_domain)


def _report_host(applied: Applied | None, host: str, replies: Sequence[Reply]) -> ReportHost:
    mx, a, aaaa, authorisation = replies
    foreign = applied is not None and is_foreign(host, applied.name)
    return ReportHost(
        host=host,
        mx=mx,
        a=a,
        aaaa=aaaa,
        gets_mail=applied is not None
        and any(uri.is_mail for uri in _valid_uris(applied) if uri.host == host),
        authorisation=authorisation if foreign else None,
        authorisation_name=_authorisation(applied, host),
    )


def _places(host: str) -> list[tuple[str, str]]:
    """Return where a record of the From host, or of its organization, ends up by mistake."""
    top = listed_organization(host)
    places: Mapping[str, str] = {
        name: base
        for base in reversed(list(dict.fromkeys((host, top))))
        for name in (
            base,
            joined("_dmarc", base, base),
            joined("_dmarc", base, top),
            joined("dmarc", base),
            joined("_dmarc.www", base),
        )
        if name is not None
    }
    return [(base, name) for name, base in places.items()]
