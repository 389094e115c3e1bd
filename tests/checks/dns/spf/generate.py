"""Seeded random SPF records and the zones around them, for the comparison with another library."""

from __future__ import annotations

import random
from dataclasses import dataclass

Table = dict[str, dict[str, list[str]]]

HOSTS = ("h1.test", "h2.test", "h3.test", "void.test", "dual.test", "slow.test")
TARGETS = ("s1.test", "s2.test", "s3.test", "s4.test", "none.test", "gone.test", "slow.test")
MACRO_HOSTS = (
    "%{i}.m.test", "%{ir}.%{v}.m.test", "%{l}.m.test", "%{d2}", "%{o}", "%{h}", "%{d1r}.m.test",
    "%{l1r-}.m.test", "%{s}", "%{L}.m.test", "x%-y.m.test", "%{p}.m.test", "%{dr}",
)  # fmt: skip
BROKEN = (
    "moo", "all:x", "~all;", "ip4:1.2.3", "ip4:1.2.3.4/33", "ip4:1.2.3.04", "ip6:1.2.3.4", "ip4:",
    "include", "include:", "exists", "a:", "a:localhost", "a:192.0.2.1", "a/033", "a//129", "mx/33",
    "exists:h1.test/24", "include:s1.test/8", "redirect=", "exp=", "-redirect=s1.test", "x=%{z}",
    "a:%x.test", "exists:%{d0}.test", "ptr:", "ip6:::1/129", "ip4=1.2.3.4", "all/8", "a:h1.test.",
    "u.-_9=any%%thing",
    "a:a..test", "a:%{l9r-}.%{o2}.test", "u=%{c}", "exists:%{zz}.test", "A:H1.TEST",
    "IP4:192.0.2.0/24", "-ALL", "Include:s1.test",
)  # fmt: skip
CLIENTS = ("192.0.2.7", "198.51.100.9", "203.0.113.250", "2001:db8::7", "::ffff:192.0.2.7")


@dataclass(frozen=True)
class Case:
    """One evaluation to compare."""

    number: int
    table: Table
    ip: str
    sender: str
    helo: str = "mail.helo.test"


def zone(rng: random.Random) -> Table:
    """Return hosts that hold addresses, or nothing, or fail, and records under their names."""
    table: Table = {
        "h1.test": {"A": ["192.0.2.7"], "MX": ["10 h1.test", "20 h2.test"]},
        "h2.test": {"A": ["198.51.100.1"], "AAAA": ["2001:db8::99"], "MX": ["10 void.test"]},
        "h3.test": {"A": ["203.0.113.1", "203.0.113.2"], "MX": ["0 ."]},
        "void.test": {"TXT": ["hello"]},
        "dual.test": {"A": ["192.0.2.200"], "AAAA": ["2001:db8::7"], "MX": ["5 dual.test"]},
        "slow.test": {"A": ["SERVFAIL"], "AAAA": ["SERVFAIL"], "MX": ["SERVFAIL"],
                      "TXT": ["SERVFAIL"]},
        "none.test": {"TXT": ["v=spf10 -all", "other"]},
        "m.test": {"A": ["192.0.2.1"]},
        "192.0.2.7.m.test": {"A": ["127.0.0.2"]},
        "7.2.0.192.in-addr.m.test": {"A": ["127.0.0.2"]},
        "user.m.test": {"A": ["127.0.0.2"]},
        "7.2.0.192.in-addr.arpa": {"PTR": ["h1.test", "gone.test"]},
        "9.100.51.198.in-addr.arpa": {"PTR": ["h2.test", "sub.s1.test"]},
        "sub.s1.test": {"A": ["198.51.100.9"]},
        "e.test": {"TXT": ["%{i} is not one of %{d}'s, says %{o}"]},
    }  # fmt: skip
    for target in ("s1.test", "s2.test", "s3.test", "s4.test"):
        table[target] = {"TXT": [record(rng, depth=1)], "A": ["192.0.2.55"]}
    table["s4.test"]["TXT"].append(rng.choice(["v=spf1 -all", "text", "v=spf10"]))
    return table


def record(rng: random.Random, depth: int = 0) -> str:
    """Return a record: mostly valid terms, now and then a broken one."""
    terms = [term(rng) for _ in range(rng.choice((0, 1, 1, 2, 2, 3, 4, 5, 8, 12)))]
    if rng.random() < 0.12:
        terms.insert(rng.randrange(len(terms) + 1), rng.choice(BROKEN))
    if rng.random() < 0.12:
        terms.append(f"redirect={rng.choice(TARGETS)}")
    if rng.random() < 0.05:
        terms += rng.choice((["x=1", "x=2"], ["Redirect=s1.test"], ["exp=e.test", "exp=e.test"]))
    if rng.random() < 0.12:
        terms.insert(0, rng.choice(("exp=e.test", "exp=e.test", "exp=void.test", "exp=slow.test")))
    if rng.random() < 0.7 - 0.2 * depth:
        terms.append(rng.choice(("-all", "~all", "?all", "all")))
    version = rng.choice(("v=spf1", "V=SPF1")) if rng.random() < 0.1 else "v=spf1"
    return rng.choice((" ", " ", " ", "  ")).join([version, *terms]) + rng.choice(("", "", " "))


def term(rng: random.Random) -> str:
    """Return one valid directive."""
    qualifier = rng.choice(("", "", "", "+", "-", "~", "?"))
    kind = rng.choice(("ip4", "ip6", "a", "mx", "include", "include", "exists", "ptr", "macro"))
    if kind == "ip4":
        return qualifier + "ip4:" + rng.choice(("192.0.2.0/24", "198.51.100.9", "10.0.0.0/8"))
    if kind == "ip6":
        return qualifier + "ip6:" + rng.choice(("2001:db8::/32", "2001:db8::8", "::1/128"))
    if kind == "include":
        return f"{qualifier}include:{rng.choice(TARGETS)}"
    if kind == "exists":
        return f"{qualifier}exists:{rng.choice(HOSTS)}"
    if kind == "macro":
        name = rng.choice(("exists", "a", "include", "mx"))
        return f"{qualifier}{name}:{rng.choice(MACRO_HOSTS)}"
    if kind == "ptr":
        return qualifier + rng.choice(("ptr", "ptr:h1.test", "ptr:s1.test"))
    target = rng.choice(("", *(f":{host}" for host in HOSTS)))
    return qualifier + kind + target + rng.choice(("", "", "/24", "//64", "/24//120", "/0"))


def cases(seed: int, count: int) -> list[Case]:
    """Return ``count`` evaluations, the same for the same seed."""
    rng = random.Random(seed)
    made = []
    for number in range(count):
        table = zone(rng)
        table["start.test"] = {"TXT": [record(rng)], "A": ["192.0.2.7"], "MX": ["10 h2.test"]}
        ip = rng.choice(CLIENTS)
        sender = rng.choice(("user@start.test", "strong-bad@start.test", "@start.test"))
        made.append(Case(number, table, ip, sender))
    return made
