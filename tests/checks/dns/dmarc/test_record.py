"""The policy record (RFC 9989 §4.7, §4.8)."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checks.dns.dmarc.facts import Applied, Standing, effective
from checks.dns.dmarc.record import DmarcSyntaxError, is_selected, parse_dmarc

SELECTED = [
    "v=DMARC1",
    "v=DMARC1;",
    "v = DMARC1 ; p = none",
    "v=DMARC1;p=none",
    "v=DMARC1\t;",
    "v=DMARC1 ",
]
NOT_SELECTED = [
    "",
    " v=DMARC1; p=none",
    "v=dmarc1; p=none",
    "V=DMARC1; p=none",
    "v=DMARC1x; p=none",
    "v=DMARC1\\; p=none",
    "v=DMARC1 p=none",
    "p=none; v=DMARC1",
    '"v=DMARC1; p=none"',
    "v=spf1 -all",
]


@pytest.mark.parametrize("text", SELECTED)
def test_selected(text: str) -> None:
    assert is_selected(text)
    assert parse_dmarc(text.encode()).text == text


@pytest.mark.parametrize("text", NOT_SELECTED)
def test_not_selected(text: str) -> None:
    assert not is_selected(text)
    with pytest.raises(DmarcSyntaxError, match="does not start with v=DMARC1"):
        parse_dmarc(text.encode())


def test_the_error_points_at_the_first_difference() -> None:
    with pytest.raises(DmarcSyntaxError) as caught:
        parse_dmarc(b"v=DMARX1; p=none")
    assert caught.value.position == 6


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        ("v=DMARC1; p=none; rua=mailto:a@x.example;", []),
        ("v=DMARC1; rua=mailto:a@x.example; p=none", []),
        ("v=DMARC1; p", ["'p' has no '=' at octet 11"]),
        ("v=DMARC1; p=", ["p= is empty at octet 11"]),
        ("v=DMARC1; p=none; p=reject", ["second p= tag at octet 19"]),
        ("v=DMARC1; p=none\\; rua=mailto:a@x.example", ["'\\' before ';' at octet 17"]),
        ("v=DMARC1; p=reject rua=mailto:a@x", ["';' is missing before rua= at octet 19"]),
        ("v=DMARC1; p=rejectrua=mailto:a@x", ["';' is missing before rua= at octet 19"]),
        ("v=DMARC1; p=none; rua=mailto:a@x?p=q", []),
        ("v=DMARC1; p=reject,sp=none", ["';' is missing before sp= at octet 19"]),
        ("v=DMARC1;; p=none", ["empty tag at octet 10"]),
        ("v=DMARC1; p=none\n", ["line end inside the record at octet 17"]),
        ("v=DMARC1; p=n\xf6ne", ["octet 0xF6 in p= is not printable ASCII at octet 14"]),
    ],
)
def test_problems(text: str, problems: list[str]) -> None:
    record = parse_dmarc(text.encode("latin-1"))
    assert [str(problem) for problem in record.problems] == problems


@pytest.mark.parametrize(
    ("tags", "own", "existing", "nonexistent"),
    [
        ("p=reject", "reject", "reject", "reject"),
        ("p=Reject", "reject", "reject", "reject"),
        ("p=reject; sp=quarantine", "reject", "quarantine", "quarantine"),
        ("p=none; np=reject", "none", "none", "reject"),
        ("p=reject; sp=none; np=quarantine", "reject", "none", "quarantine"),
        ("p=reject; t=y", "quarantine", "quarantine", "quarantine"),
        ("p=quarantine; sp=none; t=Y", "none", "none", "none"),
        ("p=reject; t=n", "reject", "reject", "reject"),
        ("p=reject; t=x", "reject", "reject", "reject"),
        # p missing or invalid, or sp or np invalid: none with a valid rua, else nothing
        ("rua=mailto:a@x.example", "none", "none", "none"),
        ("p=monitor; rua=mailto:a@x.example", "none", "none", "none"),
        ("p=reject; sp=x; rua=mailto:a@x.example", "none", "none", "none"),
        ("p=reject; np=x; rua=mailto:a@x.example", "none", "none", "none"),
        ("p=monitor", None, None, None),
        ("p=reject; sp=x", None, None, None),
        ("p=reject; np=x; rua=a@x.example", None, None, None),
        ("adkim=s", None, None, None),
    ],
)
def test_effective_policy(
    tags: str, own: str | None, existing: str | None, nonexistent: str | None
) -> None:
    record = parse_dmarc(f"v=DMARC1; {tags}".encode())
    cases: list[tuple[Standing, str | None]] = [
        ("own", own),
        ("existing", existing),
        ("nonexistent", nonexistent),
    ]
    for standing, expected in cases:
        applied = Applied(name="example.zip.", record=record, standing=standing)
        assert effective(applied) == expected


def test_existence_matters_only_where_sp_and_np_differ() -> None:
    same = parse_dmarc(b"v=DMARC1; p=reject; sp=none")
    assert effective(Applied(name="x.zip.", record=same, standing="unsure")) == "none"
    differing = parse_dmarc(b"v=DMARC1; p=reject; sp=none; np=reject")
    with pytest.raises(LookupError):
        effective(Applied(name="x.zip.", record=differing, standing="unsure"))


@pytest.mark.parametrize(
    ("value", "members"),
    [
        ("mailto:a@x.example", [("mailto:a@x.example", "x.example.", "", "")]),
        ("MAILTO:a@X.Example", [("MAILTO:a@X.Example", "x.example.", "", "")]),
        (
            "mailto:a@x.example , https://r.example/in",
            [
                ("mailto:a@x.example", "x.example.", "", ""),
                ("https://r.example/in", "r.example.", "", ""),
            ],
        ),
        ("mailto:a@x.example!10m", [("mailto:a@x.example!10m", "x.example.", "", "!10m")]),
        ("mailto:a@x.example?subject=b", [("mailto:a@x.example?subject=b", "x.example.", "", "")]),
        ("mailto:a%2Cb%21@x.example", [("mailto:a%2Cb%21@x.example", "x.example.", "", "")]),
        ("mailto:a!b@x.example", [("mailto:a!b@x.example", None, "is no URI", "")]),
        (
            "mailto:a@x.example mailto:b@x.example",
            [("mailto:a@x.example mailto:b@x.example", None, "holds white space", "")],
        ),
        ("a@x.example", [("a@x.example", None, "has no scheme", "")]),
        ("mailto:a", [("mailto:a", None, "holds no mail address", "")]),
        ("mailto:@x.example", [("mailto:@x.example", None, "holds no mail address", "")]),
        ("mailto:a@x..example", [("mailto:a@x..example", None, "holds no mail address", "")]),
        (
            "mailto:a@x.example,",
            [("mailto:a@x.example", "x.example.", "", ""), ("", None, "is empty", "")],
        ),
    ],
)
def test_report_addresses(value: str, members: list[tuple[str, str | None, str, str]]) -> None:
    record = parse_dmarc(f"v=DMARC1; rua={value}".encode())
    read = [
        (u.text, u.host, u.problem.partition(";")[0].partition(",")[0], u.size) for u in record.rua
    ]
    assert read == members


@settings(max_examples=150, deadline=None)
@given(
    st.one_of(
        st.binary(max_size=60), st.text('v=DMARC1; psnprua:,!@\\"\t', max_size=60).map(str.encode)
    )
)
def test_nothing_but_a_syntax_error_is_raised(tail: bytes) -> None:
    assert parse_dmarc(b"v=DMARC1;" + tail).acts in {"as-written", "monitoring", "not"}
    if not is_selected(tail.decode("latin-1")):
        with pytest.raises(DmarcSyntaxError):
            parse_dmarc(tail)
