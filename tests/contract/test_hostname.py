from __future__ import annotations

import pytest

from contract.hostname import absolute, address_problem, host_problem, is_at_or_below


@pytest.mark.parametrize(
    ("host", "words"),
    [
        ("jobmatch.zip", ""),
        ("xn--bcher-kva.example", ""),
        ("a1.b-2.example", ""),
        ("x" * 63 + ".zip", ""),
        (".".join(["x" * 62] * 4) + ".z", ""),
        ("", "is empty"),
        ("a@b.example", "is an e-mail address"),
        ("*.example.zip", "wildcard"),
        ("192.0.2.1", "is an IP address"),
        ("2001:db8::1", "is an IP address"),
        ("zip", "is a single label"),
        ("a..zip", "empty label"),
        (".zip", "empty label"),
        ("x" * 64 + ".zip", "label of 64 octets"),
        (".".join(["x" * 62] * 4) + ".zi", "has 254 octets"),
        ("-a.zip", "hyphen"),
        ("a-.zip", "hyphen"),
        ("_a.zip", "underscore"),
        ("a b.zip", "holds ' '"),
        ("a.zip\n", r"holds '\n'"),
        ("1.2.3", "ends in a number"),
    ],
)
def test_host_problem(host: str, words: str) -> None:
    problem = host_problem(host)
    assert words in problem
    assert bool(words) == bool(problem)


def test_underscores_are_allowed_where_asked_for() -> None:
    assert host_problem("_dmarc.jobmatch.zip", underscores=True) == ""


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("a@jobmatch.zip", ""),
        ("first.last+tag@mail.jobmatch.zip", ""),
        ("jobmatch.zip", "no mail address"),
        ("@jobmatch.zip", "no mail address"),
        ("a@zip", "single label"),
        ("a b@jobmatch.zip", "not plain"),
        (".a@jobmatch.zip", "not plain"),
        ('"a"@jobmatch.zip', "not plain"),
        ("a" * 65 + "@jobmatch.zip", "not plain"),
        ("a@" + "x." * 130 + "zip", "at most 254"),
    ],
)
def test_address_problem(address: str, words: str) -> None:
    problem = address_problem(address)
    assert words in problem
    assert bool(words) == bool(problem)


def test_below() -> None:
    assert absolute("JobMatch.zip.") == "jobmatch.zip."
    assert is_at_or_below("Mail.JobMatch.zip", "jobmatch.zip.")
    assert is_at_or_below("jobmatch.zip", "jobmatch.zip")
    assert not is_at_or_below("notjobmatch.zip", "jobmatch.zip")
