"""What is to be published, merged with what stands: a row for each case."""

from __future__ import annotations

from dataclasses import replace

import dns.rdatatype
import dns.zonefile
import pytest

from checks.dns.answers import Link, NoData, Question, Reply
from checks.dns.collect.names import collect_names
from checks.dns.command.paste import left_out, missing_source, needed_records
from checks.dns.expectation import BYODKIM, DkimExpectation, Expectation
from checks.dns.records import Plan, State, plan, unread
from checks.dns.records_text import render_bind, render_table
from tests.support.table import TableLookup, Zone, run

EXPECTATION = Expectation(
    domain="jobmatch.zip.",
    from_host="jobmatch.zip.",
    mail_from="bounce.jobmatch.zip.",
    mail_from_known=True,
    dkim=DkimExpectation(origin="AWS_SES", tokens=("t1", "t2", "t3"), zone="dkim.amazonses.com."),
)
MX = "10 feedback-smtp.us-west-2.amazonses.com."
SPF = "v=spf1 include:amazonses.com ~all"
DMARC = "v=DMARC1; p=none; rua=mailto:dmarc@jobmatch.zip"
GOOD: Zone = {
    **{
        f"{t}._domainkey.jobmatch.zip": {"CNAME": [f"{t}.dkim.amazonses.com."]}
        for t in ("t1", "t2", "t3")
    },
    "bounce.jobmatch.zip": {"MX": [MX], "TXT": [SPF]},
    "_dmarc.jobmatch.zip": {"TXT": [DMARC]},
    "jobmatch.zip": {"A": ["192.0.2.1"]},
}


def planned(zone: Zone, expectation: Expectation = EXPECTATION) -> Plan:
    facts = run(collect_names(expectation, TableLookup(zone), "nowhere"))
    published = {(one.name, one.rdtype): one for one in facts.required}
    return plan(needed_records(expectation), published)


def rows(found: Plan, name: str, rdtype: str) -> list[tuple[str, str]]:
    """Return state and value of the rows at a name."""
    return [(r.state.value, r.value) for r in found.rows if (r.name, r.type) == (name, rdtype)]


def test_a_new_domain_is_given_everything() -> None:
    found = planned({})
    assert [(r.state.value, r.type, r.name, r.value) for r in found.rows] == [
        ("publish", "CNAME", "t1._domainkey.jobmatch.zip.", "t1.dkim.amazonses.com."),
        ("publish", "CNAME", "t2._domainkey.jobmatch.zip.", "t2.dkim.amazonses.com."),
        ("publish", "CNAME", "t3._domainkey.jobmatch.zip.", "t3.dkim.amazonses.com."),
        ("publish", "MX", "bounce.jobmatch.zip.", MX),
        ("publish", "TXT", "bounce.jobmatch.zip.", SPF),
        ("publish", "TXT", "_dmarc.jobmatch.zip.", DMARC),
    ]
    assert found.comments == ()


def test_a_good_domain_has_nothing_to_do() -> None:
    found = planned(GOOD)
    assert {row.state for row in found.rows} == {State.PUBLISHED}
    assert len(found.rows) == 6


MERGED = [
    # id, name, type, what stands, rows
    (
        "spf keeps the terms of its owner",
        "bounce",
        "TXT",
        ["v=spf1 mx ip4:192.0.2.1 -all"],
        [
            ("publish", "v=spf1 mx ip4:192.0.2.1 include:amazonses.com -all"),
            ("delete", "v=spf1 mx ip4:192.0.2.1 -all"),
        ],
    ),
    (
        "two spf records become one",
        "bounce",
        "TXT",
        [SPF, "v=spf1 mx ~all"],
        [
            ("publish", "v=spf1 include:amazonses.com mx ~all"),
            ("delete", SPF),
            ("delete", "v=spf1 mx ~all"),
        ],
    ),
    (
        "other values stay",
        "bounce",
        "TXT",
        ["verify=1", SPF],
        [("published", SPF), ("stays", "verify=1")],
    ),
    (
        "a record that differs in case alone is left alone",
        "bounce",
        "TXT",
        ["v=SPF1 include:amazonses.com ~all"],
        [("published", "v=SPF1 include:amazonses.com ~all")],
    ),
    (
        "every other mx goes",
        "bounce",
        "MX",
        ["20 mail.jobmatch.zip.", MX],
        [("published", MX), ("delete", "20 mail.jobmatch.zip.")],
    ),
    (
        "an mx of another region goes",
        "bounce",
        "MX",
        ["10 feedback-smtp.us-east-1.amazonses.com."],
        [("publish", MX), ("delete", "10 feedback-smtp.us-east-1.amazonses.com.")],
    ),
    (
        "another cname goes",
        "t1._domainkey",
        "CNAME",
        ["old.dkim.amazonses.com."],
        [("publish", "t1.dkim.amazonses.com."), ("delete", "old.dkim.amazonses.com.")],
    ),
    (
        "a dmarc record that works is its owner's",
        "_dmarc",
        "TXT",
        ["v=DMARC1; p=reject; rua=mailto:me@example.org"],
        [("published", "v=DMARC1; p=reject; rua=mailto:me@example.org")],
    ),
    (
        "what stands beside dmarc stays",
        "_dmarc",
        "TXT",
        ["v=DMARC1; p=reject", "verify=1"],
        [("published", "v=DMARC1; p=reject"), ("stays", "verify=1")],
    ),
    (
        "a misspelt dmarc record is put right",
        "_dmarc",
        "TXT",
        ["v=dmarc1; p=quarantine"],
        [("publish", "v=DMARC1; p=quarantine"), ("delete", "v=dmarc1; p=quarantine")],
    ),
    (
        "an invalid policy is put right, its owner's address stays",
        "_dmarc",
        "TXT",
        ["v=DMARC1; p=monitor; rua=mailto:me@example.org"],
        [
            ("publish", "v=DMARC1; p=none; rua=mailto:me@example.org"),
            ("delete", "v=DMARC1; p=monitor; rua=mailto:me@example.org"),
        ],
    ),
    (
        "of two dmarc records one stays that works",
        "_dmarc",
        "TXT",
        ["v=DMARC1; adkim=s", "v=DMARC1; p=none", "v=DMARC1; p=reject"],
        [
            ("published", "v=DMARC1; p=none"),
            ("delete", "v=DMARC1; adkim=s"),
            ("delete", "v=DMARC1; p=reject"),
        ],
    ),
    (
        "tags that keep SPF from aligning go",
        "_dmarc",
        "TXT",
        ["v=DMARC1; p=reject; aspf=S; psd=y; adkim=s"],
        [
            ("publish", "v=DMARC1; p=reject; adkim=s"),
            ("delete", "v=DMARC1; p=reject; aspf=S; psd=y; adkim=s"),
        ],
    ),
    (
        "a dmarc record that does nothing is replaced",
        "_dmarc",
        "TXT",
        ["v=DMARC1; adkim=s"],
        [("publish", DMARC), ("delete", "v=DMARC1; adkim=s")],
    ),
]


@pytest.mark.parametrize(
    ("label", "rdtype", "standing", "expected"),
    [row[1:] for row in MERGED],
    ids=[row[0] for row in MERGED],
)
def test_what_stands_is_merged(
    label: str, rdtype: str, standing: list[str], expected: list[tuple[str, str]]
) -> None:
    name = f"{label}.jobmatch.zip"
    found = planned({**GOOD, name: {**GOOD[name], rdtype: standing}})
    assert rows(found, f"{name}.", rdtype) == expected


def test_what_a_wildcard_answers_does_not_stand_at_the_name() -> None:
    class Wildcard(TableLookup):
        """Answers TXT everywhere below the domain."""

        def _once(self, question: Question) -> Reply:
            if question.rdtype == "TXT" and not question.name.startswith("_dmarc"):
                return self._data(question, "TXT", [SPF, "verify=1"], ())
            return super()._once(question)

    facts = run(collect_names(EXPECTATION, Wildcard({}), "nowhere"))
    published = {(one.name, one.rdtype): one for one in facts.required}
    found = plan(needed_records(EXPECTATION), published)
    assert rows(found, "bounce.jobmatch.zip.", "TXT") == [("publish", SPF)]


def test_the_alias_of_a_wildcard_is_none_at_the_name() -> None:
    class Wildcard(TableLookup):
        """Answers CNAME everywhere below the domain."""

        def _once(self, question: Question) -> Reply:
            link = Link(owner=question.name, target="host.example.", ttl=60)
            return NoData(question=question, chain=(link,))

    facts = run(collect_names(EXPECTATION, Wildcard({}), "nowhere"))
    published = {(one.name, one.rdtype): one for one in facts.required}
    found = plan(needed_records(EXPECTATION), published)
    assert rows(found, "bounce.jobmatch.zip.", "TXT") == [("publish", SPF)]
    assert [c for c in found.comments if "bounce" in c] == []


def test_an_alias_at_mail_from_must_go_first() -> None:
    zone = {**GOOD, "bounce.jobmatch.zip": {"CNAME": ["other.example."]}}
    found = planned({**zone, "other.example": {"TXT": ["theirs"], "MX": ["5 mail.example."]}})
    assert rows(found, "bounce.jobmatch.zip.", "TXT") == [("publish", SPF)]
    assert rows(found, "bounce.jobmatch.zip.", "MX") == [("publish", MX)]
    assert "bounce.jobmatch.zip is an alias: delete its CNAME before TXT is published there" in (
        found.comments
    )


def test_an_alias_that_leads_to_dmarc_is_left_alone() -> None:
    zone = {**GOOD, "_dmarc.jobmatch.zip": {"CNAME": ["policy.example."]}}
    found = planned({**zone, "policy.example": {"TXT": ["v=DMARC1; p=reject"]}})
    assert rows(found, "_dmarc.jobmatch.zip.", "TXT") == []
    assert found.comments == (
        "_dmarc.jobmatch.zip is an alias that leads to a working DMARC record: nothing to do",
    )


def test_text_at_a_dkim_name_must_go() -> None:
    found = planned({**GOOD, "t2._domainkey.jobmatch.zip": {"TXT": ["t2.dkim.amazonses.com"]}})
    assert rows(found, "t2._domainkey.jobmatch.zip.", "CNAME") == [
        ("publish", "t2.dkim.amazonses.com.")
    ]
    (comment,) = found.comments
    assert comment.startswith("t2._domainkey.jobmatch.zip answers TXT: delete that, a CNAME stands")


def test_what_cannot_be_read_is_printed_plain_and_said() -> None:
    zone = {**GOOD, "bounce.jobmatch.zip": {"MX": ["TIMEOUT"], "TXT": ["SERVFAIL"]}}
    facts = run(collect_names(EXPECTATION, TableLookup(zone), "nowhere"))
    published = {(one.name, one.rdtype): one for one in facts.required}
    needed = needed_records(EXPECTATION)
    assert unread(needed, published) == (
        "bounce.jobmatch.zip MX: no answer from table within 5 s",
        "bounce.jobmatch.zip TXT: SERVFAIL from table",
    )
    found = plan(needed, published)
    assert rows(found, "bounce.jobmatch.zip.", "TXT") == [("publish", SPF)]
    assert len(found.comments) == 2


def test_without_any_answer_the_plain_records_are_left() -> None:
    needed = needed_records(EXPECTATION)
    assert [row.value for row in plan(needed, {}).rows] == [r.values[0] for r in needed]
    assert len(unread(needed, {})) == len(needed)


def test_the_dmarc_record_belongs_to_the_registrable_domain() -> None:
    below = Expectation(domain="news.jobmatch.zip.", from_host="news.jobmatch.zip.")
    (record,) = needed_records(below)
    assert (record.name, record.values) == ("_dmarc.jobmatch.zip.", (DMARC,))


# --- which option ends it ---


@pytest.mark.parametrize(
    ("dkim", "expected"),
    [
        (None, "the DKIM tokens of jobmatch.zip are not known: give --identity FILE"),
        (
            DkimExpectation(origin="AWS_SES", tokens=("t1",)),
            "the SigningHostedZone of jobmatch.zip is not known: give --identity FILE",
        ),
        (DkimExpectation(origin="AWS_SES", tokens=("t1",), zone="z."), ""),
        (DkimExpectation(origin=BYODKIM, tokens=("s1",)), ""),
    ],
)
def test_what_is_missing_is_said_with_its_option(
    dkim: DkimExpectation | None, expected: str
) -> None:
    found = missing_source(
        Expectation(domain="jobmatch.zip.", from_host="jobmatch.zip.", dkim=dkim)
    )
    assert found.startswith(expected)
    assert (found == "") is (expected == "")


def test_what_is_left_out_is_said() -> None:
    byodkim = DkimExpectation(origin=BYODKIM, tokens=("s1",))
    bare = Expectation(domain="jobmatch.zip.", from_host="jobmatch.zip.", dkim=byodkim)
    mail_from, key = left_out(bare)
    assert "give --mail-from bounce.jobmatch.zip" in mail_from
    assert key.endswith("s1._domainkey.jobmatch.zip")
    assert left_out(EXPECTATION) == ()


def test_a_mail_from_that_ses_refuses_replaces_no_mailbox() -> None:
    expectation = replace(EXPECTATION, mail_from="jobmatch.zip.")
    assert {record.type for record in needed_records(expectation)} == {"CNAME", "TXT"}
    (line,) = left_out(expectation)
    assert line == (
        "MAIL FROM jobmatch.zip is not below jobmatch.zip, so its MX and SPF are left out; "
        "give --mail-from bounce.jobmatch.zip"
    )


# --- forms ---

MIXED: Zone = {
    **GOOD,
    "bounce.jobmatch.zip": {
        "MX": ["5 mail.jobmatch.zip.", MX],
        "TXT": ["v=spf1 mx ~all", 'say "hi"; \\', "k" * 300, "\xa0\x1b[2J\n"],
    },
}


def test_the_master_file_can_be_read_and_holds_the_whole_record_sets() -> None:
    text = render_bind(planned(MIXED), zone="jobmatch.zip.")
    rrsets = dns.zonefile.read_rrsets(text, rdclass=None, default_ttl=None)
    found = {(r.name.to_text(), dns.rdatatype.to_text(r.rdtype)): r for r in rrsets}
    assert len(found) == 6
    assert [rd.to_text() for rd in found["bounce.jobmatch.zip.", "MX"]] == [MX]
    values = {b"".join(rd.strings) for rd in found["bounce.jobmatch.zip.", "TXT"]}
    assert values == {
        b"v=spf1 mx include:amazonses.com ~all",
        b'say "hi"; \\',
        b"k" * 300,
        b"\xa0\x1b[2J\n",
    }
    assert {rrset.ttl for rrset in rrsets} == {3600}


def test_the_master_file_comments_what_goes() -> None:
    lines = render_bind(planned(MIXED), zone="jobmatch.zip.").splitlines()
    assert "; delete: bounce.jobmatch.zip. 3600 IN MX 5 mail.jobmatch.zip." in lines
    assert all(line.isprintable() for line in lines)


def test_the_table_gives_the_host_relative_and_absolute_and_the_value_last() -> None:
    lines = render_table(planned(MIXED), zone="jobmatch.zip.").splitlines()
    assert lines[0].split() == ["STATE", "TYPE", "HOST", "NAME", "TTL", "VALUE"]
    assert lines[1].split() == [
        *("published", "CNAME", "t1._domainkey", "t1._domainkey.jobmatch.zip.", "3600"),
        "t1.dkim.amazonses.com.",
    ]
    (long,) = [line for line in lines if "kkk" in line]
    assert long.endswith(f'"{"k" * 255}" "{"k" * 45}"')
    assert long.startswith("stays")
    assert all(line.isprintable() for line in lines)


def test_the_legend_explains_only_the_states_that_occur() -> None:
    good = render_table(planned(GOOD), zone="jobmatch.zip.")
    assert "it stands as it must be" in good
    assert "add this record" not in good
