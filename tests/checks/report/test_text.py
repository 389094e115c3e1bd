"""The text report: verdict first, then what blocks, then what to do; nothing that bites."""

from __future__ import annotations

import dataclasses
import io
from pathlib import Path

import pytest

from checks.model import Finding, Fix, Outcome, Record, Report, Severity, Verdict
from checks.report.style import Style, style_for
from checks.report.text import headline, render_text
from tests.support.reports import NOTE, PASSED, REPORT, SILENT, SKIPPED, TWO_SPF, WEAK_KEY

GOLDEN = Path(__file__).parent / "golden"


def of(verdict: Verdict, *findings: Finding, **changes: object) -> Report:
    """Return the fixed report with other findings."""
    changed = {"verdict": verdict, "findings": findings, **changes}
    return dataclasses.replace(REPORT, **changed)  # type: ignore[arg-type]  # any field


@pytest.mark.parametrize(("name", "verbose"), [("report.txt", False), ("verbose.txt", True)])
def test_text_equals_the_golden_file(name: str, verbose: bool) -> None:
    assert render_text(REPORT, verbose=verbose) == (GOLDEN / name).read_text(encoding="utf-8")


HEADLINES = [
    (of(Verdict.READY, PASSED), "ready: jobmatch.zip — nothing blocks"),
    (of(Verdict.READY, PASSED, WEAK_KEY), "ready: jobmatch.zip — nothing blocks, 1 warning"),
    (of(Verdict.NOT_READY, TWO_SPF), "not ready: jobmatch.zip — 1 error blocks"),
    (REPORT, "not ready: jobmatch.zip — 2 errors block, 1 could not be checked"),
    (
        of(Verdict.UNDETERMINED, SILENT, PASSED),
        "undetermined: jobmatch.zip — no error was found, but 1 check could not be made",
    ),
    (
        of(Verdict.UNDETERMINED, WEAK_KEY, NOTE),
        "undetermined: jobmatch.zip — only warnings and notes were judged, and they decide nothing",
    ),
    (
        of(Verdict.UNDETERMINED),
        "undetermined: jobmatch.zip — not every rule that the verdict needs was evaluated",
    ),
]


@pytest.mark.parametrize(("report", "expected"), HEADLINES)
def test_the_first_line_is_the_verdict(report: Report, expected: str) -> None:
    assert headline(report) == expected
    assert render_text(report).splitlines()[0] == expected


@pytest.mark.parametrize(
    ("sources", "options"),
    [
        ({}, ["--identity FILE", "--stack FILE", "--aws"]),
        ({"dkim": "stack"}, ["--identity FILE", "--aws"]),
    ],
)
def test_without_an_identity_the_second_line_says_which_option_ends_it(
    sources: dict[str, str], options: list[str]
) -> None:
    report = of(Verdict.UNDETERMINED, SILENT, sources=sources)
    second = render_text(report).splitlines()[1]
    offered = [o for o in ("--identity FILE", "--stack FILE", "--aws") if o in second]
    assert offered == options


def test_with_an_identity_no_option_is_offered() -> None:
    text = render_text(of(Verdict.UNDETERMINED, SILENT))
    assert "--identity" not in text


def test_one_cause_is_told_once_with_every_rule_that_waits_for_it() -> None:
    other = dataclasses.replace(SILENT, id="dmarc-policy-published")
    text = render_text(of(Verdict.UNDETERMINED, SILENT, other))
    assert text.count(SILENT.message) == 1
    assert "_dmarc.jobmatch.zip: dns-answers-received, dmarc-policy-published" in text
    assert "have the one who runs 192.0.2.12 repair it" in text


def test_a_cause_that_stops_nearly_everything_is_one_group_and_folded() -> None:
    causes = ("the resolver is not trusted: com NS", "TXT a: the resolver is not trusted (com NS)")
    many = [
        dataclasses.replace(SILENT, id=f"spf-rule-{number}", message=causes[number % 2])
        for number in range(20)
    ]
    text = render_text(of(Verdict.UNDETERMINED, *many))
    assert text.count("the resolver is not trusted") == 1
    assert "20 checks wait for this (-v lists them)" in text
    assert "spf-rule-7" not in text
    assert "spf-rule-7" in render_text(of(Verdict.UNDETERMINED, *many), verbose=True)


def test_a_silent_server_is_one_group_however_many_names_were_asked() -> None:
    names = [f"{label}.jobmatch.zip" for label in ("a", "b", "c", "d", "e")]
    many = [dataclasses.replace(SILENT, subject=n, message=f"no answer for {n}") for n in names]
    text = render_text(of(Verdict.UNDETERMINED, *many))
    told = text[text.index("What could not") :].splitlines()[2:6]
    assert [line.strip() for line in told] == [
        *(f"no answer for {name}" for name in names[:3]),
        "… and 2 more of this kind",
    ]
    assert text.count("have the one who runs 192.0.2.12 repair it") == 1
    assert render_text(of(Verdict.UNDETERMINED, *many), verbose=True).count("no answer for") == 5


def test_passes_skips_and_notes_are_counted_and_unfolded_by_verbose() -> None:
    report = of(Verdict.READY, PASSED, SKIPPED, NOTE)
    folded, unfolded = render_text(report), render_text(report, verbose=True)
    assert "1 passed, 1 skipped, 1 note. -v shows them." in folded
    for finding in (PASSED, SKIPPED, NOTE):
        assert finding.id not in folded
        assert finding.id in unfolded


def test_a_record_is_printed_in_full_and_split_for_the_web_form() -> None:
    text = render_text(of(Verdict.READY, WEAK_KEY))
    (value,) = [line for line in text.splitlines() if line.strip().startswith("value")]
    parts = value.split('"')[1::2]
    assert [len(part) for part in parts] == [255, 155]
    assert "host   s1._domainkey    (in full: s1._domainkey.jobmatch.zip.)" in text


def test_a_record_of_another_zone_has_its_whole_name() -> None:
    record = Record(name="jobmatch.zip._report._dmarc.example.org.", type="TXT", values=("v=x",))
    finding = dataclasses.replace(WEAK_KEY, fix=Fix(text="publish", records=(record,)))
    text = render_text(of(Verdict.READY, finding))
    assert "host   jobmatch.zip._report._dmarc.example.org.\n" in text


NASTY = "\x00\x07\x1b]0;owned\x07\x1b[2J\r\nready: everything\x7f\x85\x9b31m\u2028\u202e\ud800\xa0"


def test_nothing_from_the_network_reaches_the_terminal_raw() -> None:
    finding = Finding(
        id="spf-record-single",
        outcome=Outcome.FAIL,
        severity=Severity.ERROR,
        subject=NASTY,
        message=NASTY,
        reference="RFC 7208 §4.5",
        expected=NASTY,
        observed=(NASTY,),
        fix=Fix(text=NASTY, records=(Record(name="a.", type="TXT", values=(NASTY[:-2],)),)),
        evidence=(dataclasses.replace(SILENT.evidence[0], answer=(NASTY,), rcode=NASTY),),
    )
    report = of(
        Verdict.NOT_READY,
        finding,
        dataclasses.replace(finding, outcome=Outcome.UNKNOWN),
        dataclasses.replace(finding, outcome=Outcome.PASS),
        details=(NASTY,),
        notes=(NASTY,),
    )
    text = render_text(report, verbose=True)
    assert all(line.isprintable() for line in text.split("\n"))
    assert not [line for line in text.split("\n") if line.startswith("ready")]


def test_64_kib_are_told_and_not_printed() -> None:
    long = "x" * 65_536
    finding = dataclasses.replace(TWO_SPF, message=long, observed=(long,) * 50)
    text = render_text(of(Verdict.NOT_READY, finding))
    assert len(text) < 8_000
    assert "more characters" in text
    assert "and 40 more" in text


def test_colour_marks_the_verdict_and_nothing_is_lost_without_it() -> None:
    plain = render_text(REPORT)
    coloured = render_text(REPORT, style=Style(colour=True))
    assert coloured.startswith("\x1b[31mnot ready\x1b[0m")
    assert coloured.replace("\x1b[31m", "").replace("\x1b[1m", "").replace("\x1b[0m", "") == plain


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("stream", "environ", "colour"),
    [
        (Terminal(), {"WT_SESSION": "1"}, True),
        (Terminal(), {"WT_SESSION": "1", "NO_COLOR": "1"}, False),
        (Terminal(), {"WT_SESSION": "1", "TERM": "dumb"}, False),
        (io.StringIO(), {"WT_SESSION": "1"}, False),
    ],
)
def test_colour_only_on_a_terminal_that_wants_it(
    stream: io.StringIO, environ: dict[str, str], colour: bool
) -> None:
    assert style_for(stream, environ).colour is colour


@pytest.mark.parametrize(
    ("observed", "caret_under"),
    [
        (("t1.cell.example.",), " "),
        (("t1.ceil.example.zip.",), "i"),
        (("t1.ceXX",), "X"),
        (("other.",), None),
        (("t1.cell.example.zip.",), None),
        (("t1.cexl", "t1.cexm"), None),
    ],
)
def test_a_caret_stands_under_the_first_difference(
    observed: tuple[str, ...], caret_under: str | None
) -> None:
    finding = dataclasses.replace(TWO_SPF, expected="t1.cell.example.zip.", observed=observed)
    lines = render_text(of(Verdict.NOT_READY, finding)).splitlines()
    at = next(n for n, line in enumerate(lines) if line.startswith("    observed"))
    if caret_under is None:
        assert not any(line.strip() == "^" for line in lines)
    else:
        assert lines[at + 1].strip() == "^"
        assert lines[at].ljust(80)[lines[at + 1].index("^")] == caret_under
