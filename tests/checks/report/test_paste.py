"""Records in the forms that people paste."""

from __future__ import annotations

import dns.rdata
import dns.rdataclass
import dns.rdatatype
import pytest
from dns.rdtypes.ANY.TXT import TXT
from hypothesis import given
from hypothesis import strategies as st

from checks.model import Record
from checks.report.paste import form, master_lines, quoted, strings, typed


@pytest.mark.parametrize(
    ("value", "sizes"), [("", [0]), ("a" * 255, [255]), ("a" * 256, [255, 1]), ("€", [3])]
)
def test_txt_is_cut_at_255_octets(value: str, sizes: list[int]) -> None:
    assert [len(string) for string in strings(value)] == sizes


@pytest.mark.parametrize(
    ("rdtype", "value", "expected"),
    [
        ("TXT", "v=spf1 ~all", "v=spf1 ~all"),
        ("TXT", 'say "hi"; \\', 'say "hi"; \\'),
        ("TXT", "nbsp\xa0", '"nbsp\\160"'),
        ("TXT", "k" * 300, f'"{"k" * 255}" "{"k" * 45}"'),
        ("MX", "10 mx.example.", "10 mx.example."),
        ("CNAME", "a\x1b.", "a\\x1b."),
    ],
)
def test_a_value_as_it_is_typed(rdtype: str, value: str, expected: str) -> None:
    assert typed(rdtype, value) == expected


@given(st.binary(max_size=600))
def test_a_master_file_reader_gets_back_every_octet(octets: bytes) -> None:
    text = quoted(octets.decode("latin-1"))
    data = dns.rdata.from_text(dns.rdataclass.IN, dns.rdatatype.TXT, text)
    assert isinstance(data, TXT)
    assert b"".join(data.strings) == octets


def test_the_form_gives_the_host_relative_and_in_full() -> None:
    record = Record(name="jobmatch.zip.", type="TXT", values=("one", "two"), ttl=60)
    assert list(form(record, "jobmatch.zip.")) == [
        "type   TXT",
        "host   @    (in full: jobmatch.zip.)",
        "value  one",
        "value  two",
        "TTL    60",
    ]


def test_without_a_zone_the_host_is_absolute() -> None:
    record = Record(name="a.jobmatch.zip.", type="TXT", values=("one",))
    assert list(form(record, ""))[1] == "host   a.jobmatch.zip."


def test_master_lines_are_absolute() -> None:
    record = Record(name="b.jobmatch.zip.", type="MX", values=("10 f.example.", "20 g.example."))
    assert list(master_lines(record)) == [
        "b.jobmatch.zip. 3600 IN MX 10 f.example.",
        "b.jobmatch.zip. 3600 IN MX 20 g.example.",
    ]
