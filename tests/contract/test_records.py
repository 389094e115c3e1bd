from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contract.records import (
    Byodkim,
    DnsRecord,
    EasyDkim,
    dmarc_value,
    required_records,
    split_txt,
)


def test_easy_dkim_and_mail_from() -> None:
    records = required_records(
        domain="JobMatch.zip",
        region="us-west-2",
        dkim=EasyDkim(("t1", "t2"), "a31d.dkim.us-west-2.amazonses.com"),
        mail_from="bounce.jobmatch.zip",
        dmarc=dmarc_value("none", "dmarc@jobmatch.zip"),
    )
    assert [(r.name, r.type, r.values) for r in records] == [
        (
            "t1._domainkey.jobmatch.zip.",
            "CNAME",
            ("t1.a31d.dkim.us-west-2.amazonses.com.",),
        ),
        (
            "t2._domainkey.jobmatch.zip.",
            "CNAME",
            ("t2.a31d.dkim.us-west-2.amazonses.com.",),
        ),
        ("bounce.jobmatch.zip.", "MX", ("10 feedback-smtp.us-west-2.amazonses.com.",)),
        ("bounce.jobmatch.zip.", "TXT", ("v=spf1 include:amazonses.com ~all",)),
        ("_dmarc.jobmatch.zip.", "TXT", ("v=DMARC1; p=none; rua=mailto:dmarc@jobmatch.zip",)),
    ]
    assert {r.ttl for r in records} == {3600}


def test_byodkim_publishes_the_key_where_it_is_known() -> None:
    known = required_records(domain="a.zip", region="us-west-2", dkim=Byodkim("sel", "MIIB"))
    assert known == (
        DnsRecord(name="sel._domainkey.a.zip.", type="TXT", ttl=3600, values=("p=MIIB",)),
    )
    assert required_records(domain="a.zip", region="us-west-2", dkim=Byodkim("sel")) == ()


def test_what_is_not_wanted_is_left_out() -> None:
    assert required_records(domain="a.zip", region="us-west-2") == ()
    assert dmarc_value("reject", None) == "v=DMARC1; p=reject"


def test_a_report_address_is_written_as_a_uri() -> None:
    assert dmarc_value("none", "a+b@x.zip") == "v=DMARC1; p=none; rua=mailto:a+b@x.zip"
    assert dmarc_value("none", "a!b#c@x.zip") == "v=DMARC1; p=none; rua=mailto:a%21b%23c@x.zip"


def test_the_exported_shape() -> None:
    record = DnsRecord(name="a.zip.", type="TXT", ttl=60, values=("x",))
    assert record.to_json() == {"name": "a.zip.", "type": "TXT", "ttl": 60, "values": ["x"]}


@pytest.mark.parametrize(
    ("text", "sizes"),
    [("", [0]), ("x" * 255, [255]), ("x" * 256, [255, 1]), ("ü" * 128, [254, 2])],
)
def test_long_txt_is_cut_at_255_octets(text: str, sizes: list[int]) -> None:
    assert [len(s.encode()) for s in split_txt(text)] == sizes


@settings(max_examples=50)
@given(st.text(max_size=900))
def test_the_strings_join_to_the_text(text: str) -> None:
    strings = split_txt(text)
    assert "".join(strings) == text
    assert all(len(s.encode("utf-8", "surrogatepass")) <= 255 for s in strings)
