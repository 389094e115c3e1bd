"""Policy discovery and Organizational Domains in both models."""

from __future__ import annotations

from typing import Any

import pytest

from checks.dns.answers import Question
from checks.dns.dmarc.collect import collect_dmarc
from checks.dns.dmarc.discovery import walk_names
from checks.dns.dmarc.facts import Discovery, DmarcFacts
from checks.dns.names import parse_name
from tests.checks.dns.dkim.judging import expecting
from tests.support.table import TableLookup, run


def _facts(records: dict[str, Any], host: str = "example.zip.", **more: Any) -> DmarcFacts:
    """Return the facts where ``_dmarc.<name>`` holds each record."""
    table: dict[str, Any] = {}
    for name, value in records.items():
        values = value if isinstance(value, list) else [value]
        table[f"_dmarc.{name}"] = {"TXT": values}
    existing = more.pop("existing", ("example.zip.", host))
    table |= {name: {"A": ["192.0.2.1"]} for name in existing}
    return run(collect_dmarc(expecting(from_host=host, **more), TableLookup(table)))


# --- the names of a walk ---


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        ("zip.", ["zip."]),
        ("a.zip.", ["a.zip.", "zip."]),
        ("1.2.3.4.5.6.zip.", [".".join("123456"[n:]) + ".zip." for n in range(6)] + ["zip."]),
    ],
)
def test_short_walks_drop_one_label_at_a_time(start: str, expected: list[str]) -> None:
    assert list(walk_names(start)) == expected


@pytest.mark.parametrize("labels", [8, 9, 10, 40])
def test_long_walks_go_on_with_seven_labels(labels: int) -> None:
    start = "".join(f"{n}." for n in range(labels))
    walked = walk_names(start)
    counts = [name.count(".") for name in walked]
    assert counts == [labels, 7, 6, 5, 4, 3, 2, 1]
    assert all(start.endswith(name) for name in walked)


# --- Organizational Domains ---

PLAIN, PSD_Y, PSD_N = "v=DMARC1; p=none", "v=DMARC1; p=none; psd=y", "v=DMARC1; p=none; psd=n"


@pytest.mark.parametrize(
    ("records", "orgs"),
    [
        (
            {"example.zip": PLAIN},
            {"bounce.example.zip.": "example.zip.", "example.zip.": "example.zip."},
        ),
        (
            {"example.zip": PSD_Y},
            {"bounce.example.zip.": "bounce.example.zip.", "example.zip.": "example.zip."},
        ),
        (
            {"news.example.zip": PLAIN},
            {"news.example.zip.": "news.example.zip.", "example.zip.": "example.zip."},
        ),
        ({}, {"bounce.example.zip.": "bounce.example.zip."}),
        (
            {"example.zip": PLAIN, "bounce.example.zip": PLAIN},
            {"bounce.example.zip.": "example.zip."},
        ),
        (
            {"example.zip": PLAIN, "bounce.example.zip": PSD_N},
            {"bounce.example.zip.": "bounce.example.zip."},
        ),
        # the suffix says so: one label below it
        ({"zip": PSD_Y}, {"bounce.example.zip.": "example.zip."}),
        ({"zip": PSD_Y, "example.zip": PLAIN}, {"bounce.example.zip.": "example.zip."}),
        # several records at a name are discarded
        ({"example.zip": [PLAIN, PLAIN]}, {"bounce.example.zip.": "bounce.example.zip."}),
        (
            {"example.zip": PLAIN, "bounce.example.zip": [PSD_N, PLAIN]},
            {"bounce.example.zip.": "example.zip."},
        ),
        # a failed query leaves it unknown
        ({"example.zip": "SERVFAIL", "bounce.example.zip": PLAIN}, {"bounce.example.zip.": None}),
        ({"example.zip": PSD_N, "zip": "SERVFAIL"}, {"bounce.example.zip.": "example.zip."}),
    ],
)
def test_organizations_by_the_tree_walk(
    records: dict[str, Any], orgs: dict[str, str | None]
) -> None:
    for name, expected in orgs.items():
        organization = _facts(records, host=name).tree_orgs[name]
        assert organization.domain == expected
        assert (organization.failed is not None) == (expected is None)


def test_eight_label_records_are_skipped_from_longer_names() -> None:
    top = "2.3.4.5.6.7.8.zip."  # 8 labels
    start = f"1.{top}"
    organization = _facts({top: PSD_N}, host=start).tree_orgs[start]
    assert top not in organization.visited
    assert organization.domain == start


def test_organizations_by_the_list() -> None:
    facts = _facts({"example.zip": PSD_Y}, host="a.b.example.zip.")
    assert facts.listed_orgs == {
        "a.b.example.zip.": "example.zip.",
        "example.zip.": "example.zip.",
        "bounce.example.zip.": "example.zip.",
    }


# --- policy discovery ---


def _found(discovery: Discovery) -> tuple[str, str] | None:
    applied = discovery.applied
    return (applied.name, applied.standing) if applied else None


SUB = "news.example.zip."


@pytest.mark.parametrize(
    ("records", "host", "tree", "listed"),
    [
        ({"example.zip": PLAIN}, "example.zip.", ("example.zip.", "own"), ("example.zip.", "own")),
        ({"example.zip": PLAIN}, SUB, ("example.zip.", "existing"), ("example.zip.", "existing")),
        ({SUB: PLAIN, "example.zip": PLAIN}, SUB, (SUB, "own"), (SUB, "own")),
        ({}, SUB, None, None),
        # the tree looks between and above, the list does not
        ({"b.example.zip": PLAIN}, "a.b.example.zip.", ("b.example.zip.", "existing"), None),
        ({"zip": PSD_Y}, SUB, ("zip.", "existing"), None),
        # a plain record of the suffix is the Organizational Domain's own
        ({"zip": PLAIN}, SUB, ("zip.", "existing"), None),
        (
            {"b.example.zip": PLAIN, "example.zip": PLAIN},
            "a.b.example.zip.",
            ("example.zip.", "existing"),
            ("example.zip.", "existing"),
        ),
        # psd=n ends the walk
        (
            {"b.example.zip": PSD_N, "example.zip": PLAIN},
            "a.b.example.zip.",
            ("b.example.zip.", "existing"),
            ("example.zip.", "existing"),
        ),
        # several records: the list stops, the tree walks on
        ({SUB: [PLAIN, PLAIN], "example.zip": PLAIN}, SUB, ("example.zip.", "existing"), None),
        ({"example.zip": [PLAIN, PLAIN]}, "example.zip.", None, None),
    ],
)
def test_policy_discovery(
    records: dict[str, Any],
    host: str,
    tree: tuple[str, str] | None,
    listed: tuple[str, str] | None,
) -> None:
    facts = _facts(records, host=host)
    assert (_found(facts.tree), _found(facts.listed)) == (tree, listed)
    assert facts.tree.failed is None


@pytest.mark.parametrize(
    ("records", "host", "fails"),
    [
        ({"example.zip": "SERVFAIL"}, "example.zip.", True),
        ({SUB: "TIMEOUT", "example.zip": PLAIN}, SUB, True),
        ({"b.example.zip": PLAIN, "example.zip": "TIMEOUT"}, "a.b.example.zip.", True),
        # a record at the host itself applies, whatever fails above
        ({SUB: PLAIN, "example.zip": "SERVFAIL"}, SUB, False),
        ({SUB: PLAIN, "zip": "SERVFAIL"}, SUB, False),
    ],
)
def test_a_failed_question_ends_the_walk(records: dict[str, Any], host: str, fails: bool) -> None:
    discovery = _facts(records, host=host).tree
    assert (discovery.failed is not None) == fails
    assert (discovery.applied is None) == fails


def test_existence_of_the_from_host() -> None:
    records = {"example.zip": "v=DMARC1; p=none; np=reject"}
    assert _found(_facts(records, host=SUB, existing=()).tree) == ("example.zip.", "nonexistent")
    # NODATA and an alias to nothing exist
    below = _facts(records, host=SUB, existing=(f"x.{SUB}",))
    assert _found(below.tree) == ("example.zip.", "existing")
    table = {
        "_dmarc.example.zip": {"TXT": [records["example.zip"]]},
        SUB: {"CNAME": ["gone.example"]},
    }
    alias = run(collect_dmarc(expecting(from_host=SUB), TableLookup(table)))
    assert _found(alias.tree) == ("example.zip.", "existing")
    table[SUB] = {"A": ["SERVFAIL"]}
    unsure = run(collect_dmarc(expecting(from_host=SUB), TableLookup(table)))
    assert _found(unsure.tree) == ("example.zip.", "unsure")


# --- questions ---


def test_every_walk_is_asked_in_one_round() -> None:
    table = {"_dmarc.example.zip": {"TXT": [PLAIN]}}
    lookup = TableLookup(table)
    run(collect_dmarc(expecting(from_host="news.example.zip."), lookup))
    names = ("news.example.zip", "example.zip", "zip", "bounce.example.zip")
    assert set(lookup.asked) == {
        Question("news.example.zip.", "A"),
        *(Question(parse_name(f"_dmarc.{name}"), "TXT") for name in names),
    }


def test_report_hosts_are_asked_in_the_second_round() -> None:
    record = "v=DMARC1; p=none; rua=mailto:a@rep.example,mailto:b@sub.example.zip; ruf=mailto:c@x"
    lookup = TableLookup({"_dmarc.example.zip": {"TXT": [record]}})
    run(collect_dmarc(expecting(), lookup))
    asked = {(q.name, q.rdtype) for q in lookup.asked}
    for host in ("rep.example.", "sub.example.zip.", "x."):
        assert {(host, rdtype) for rdtype in ("MX", "A", "AAAA")} <= asked
    reports = {name for name, _ in asked if "_report" in name}
    assert reports == {"example.zip._report._dmarc.rep.example.", "example.zip._report._dmarc.x."}


def test_hints_are_asked_only_without_a_record() -> None:
    lookup = TableLookup({})
    run(collect_dmarc(expecting(), lookup))
    hints = {
        "example.zip.",
        "_dmarc.example.zip.example.zip.",
        "dmarc.example.zip.",
        "_dmarc.www.example.zip.",
    }
    assert hints <= {q.name for q in lookup.asked if q.rdtype == "TXT"}
    lookup = TableLookup({"_dmarc.example.zip": {"TXT": ["SERVFAIL"]}})
    run(collect_dmarc(expecting(), lookup))
    assert not hints & {q.name for q in lookup.asked if q.rdtype == "TXT"}
