"""Tag lists (RFC 6376 §3.2)."""

from __future__ import annotations

import pytest

from checks.dns.dkim.tags import Problem, split_tags

CASES: list[tuple[str, list[tuple[str, str]], list[str]]] = [
    ("v=DKIM1; p=abc", [("v", "DKIM1"), ("p", "abc")], []),
    (" v = DKIM1 ;\tp=a b ; ", [("v", "DKIM1"), ("p", "a b")], []),
    ("p=", [("p", "")], []),
    ("a=b=c", [("a", "b=c")], []),
    ("", [], ["empty tag at octet 1"]),
    ("p=a;;k=rsa", [("p", "a"), ("k", "rsa")], ["empty tag at octet 5"]),
    ("p=a;k", [("p", "a")], ["'k' has no '=' at octet 5"]),
    ("1a=b", [], ["'1a' is no tag name at octet 1"]),
    ("p =a; p=b", [("p", "a"), ("p", "b")], ["second p= tag at octet 7"]),
    ("p=a; P=b", [("p", "a"), ("P", "b")], []),
    ("p=a\xff", [("p", "a\xff")], ["octet 0xFF in p= is not printable ASCII at octet 4"]),
    ("p=a\0b", [("p", "a\0b")], ["octet 0x00 in p= is not printable ASCII at octet 4"]),
]


@pytest.mark.parametrize(("text", "tags", "problems"), CASES)
def test_tags_and_problems(text: str, tags: list[tuple[str, str]], problems: list[str]) -> None:
    read = split_tags(text)
    assert [(tag.name, tag.value) for tag in read.tags] == tags
    assert [str(problem) for problem in read.problems] == problems


def test_positions_point_at_the_octet() -> None:
    text = "v=DKIM1;  k = rsa"
    tag = split_tags(text).tags[1]
    assert text[tag.position :].startswith("k")
    assert text[tag.value_position :] == "rsa"


def test_the_first_of_two_tags_counts() -> None:
    assert split_tags("p=a; p=b").get("p") == "a"
    assert split_tags("p=a").get("P") is None


def test_a_long_text_is_cut_in_the_message() -> None:
    assert split_tags("x" * 5000).problems == (Problem(0, f"'{'x' * 60}…' has no '='"),)
