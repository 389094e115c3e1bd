"""The benchmark of one domain: what is run, counted and printed; never how fast it was."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Sequence
from typing import Any

import pytest

from bench import one
from bench.__main__ import main
from bench.one import OURS, PEER, START, NotMeasuredError, Series, compare, measure, ratio, table
from bench.ordinary import servers
from checks.dns.answers import Question
from checks.dns.lookup import Resolver
from rehearsal.zone import Host, World, parse_records

ZONE = parse_records("@ 3600 SOA ns1 host 1 3600 600 86400 60\n@ TXT x", "zip.")
ASK = """
import socket, sys
from dns.message import make_query
with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
    udp.sendto(make_query("zip.", "TXT").to_wire(), ("127.0.0.1", int(sys.argv[1])))
    udp.recv(512)
"""


def python(code: str, *arguments: str) -> list[str]:
    return [sys.executable, "-c", code, *arguments]


def test_rounds_are_interleaved_and_questions_counted() -> None:
    order: list[str] = []

    class Recorded(dict[str, Sequence[str]]):
        def __getitem__(self, name: str) -> Sequence[str]:
            order.append(name)
            return super().__getitem__(name)

    with World([Host("127.0.0.1", ZONE, recursive=True)]) as world:
        tools = Recorded({"asks": python(ASK, str(world.port)), "idles": python("pass")})
        series = measure(world, tools, rounds=2)
    assert order == ["asks", "idles", "idles", "asks", "asks", "idles"]
    assert [s.questions for s in series.values()] == [[1, 1], [0, 0]]
    assert [len(s.seconds) for s in series.values()] == [2, 2]


def test_a_tool_that_fails_is_not_measured() -> None:
    tools = {"broken": python("import sys; sys.exit('no such thing')")}
    with (
        World([Host("127.0.0.1", ZONE)]) as world,
        pytest.raises(NotMeasuredError, match=r"broken ended with exit code 1: no such thing"),
    ):
        measure(world, tools, rounds=1)


def test_the_ratio_is_taken_inside_each_round() -> None:
    assert ratio(Series([4.0, 30.0, 6.0]), Series([2.0, 3.0, 2.0])) == 3.0


def test_the_table() -> None:
    series = {
        START: Series([0.01, 0.01, 0.01], [0, 0, 0]),
        OURS: Series([0.2, 0.25, 0.3], [40, 40, 41]),
        PEER: Series([0.9, 1.0, 1.2], [24, 24, 24]),
    }
    lines = table(series, rounds=3, delay=0.02)
    assert lines[0].startswith("jobmatch.zip: mail at a provider")
    assert lines[1:8] == [
        "each DNS answer 20 ms late",
        "whole processes, medians of 3 interleaved rounds",
        "",
        "                  seconds  x sesgate  questions",
        "python -c pass      0.010       0.04          0",
        "sesgate             0.250       1.00         40",
        "checkdmarc          1.000       4.00         24",
    ]
    assert lines[9] == "sesgate is 4.0 times as fast as checkdmarc."


def test_without_checkdmarc_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    assert compare(1, 0.0, said.append) == 2
    assert said == [
        'checkdmarc is not installed: python -m pip install -c constraints.txt -e ".[bench]"'
    ]


def commands_that(code: str) -> Any:
    return lambda port: {START: python("pass"), OURS: python(code, str(port)), PEER: python("pass")}


@pytest.mark.parametrize(
    ("code", "exit_code", "last"),
    [
        ("pass", 0, "DKIM and MAIL FROM."),
        ("raise SystemExit(3)", 1, "sesgate ended with exit code 3: "),
    ],
)
def test_slow_or_fast_it_ends_well_unless_a_tool_failed(
    code: str, exit_code: int, last: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    monkeypatch.setattr("importlib.util.find_spec", lambda _: True)
    monkeypatch.setattr(one, "commands", commands_that(code))
    assert compare(1, 0.0, said.append) == exit_code
    assert said[-1] == last


@pytest.mark.parametrize(
    "arguments",
    [[], ["two"], ["one", "--rounds", "0"], ["one", "--rounds", "x"], ["one", "--delay", "-1"]],
)
def test_usage(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(arguments)
    assert left.value.code == 2
    assert "usage: python -m bench" in capsys.readouterr().err


def test_the_domain_that_is_measured_is_served() -> None:
    with World(servers()) as world:
        resolver = Resolver(["127.0.0.1"], world.port)

        async def spf() -> str:
            async with resolver:
                result = await resolver.ask(
                    [
                        Question("jobmatch.zip.", "TXT"),
                        Question("_n2.mailhost.example.", "TXT"),
                        Question("mx2.mailhost.example.", "AAAA"),
                    ]
                )
                return " ".join(type(reply).__name__ for reply in result)

        assert asyncio.run(spf()) == "Answer Answer Answer"


def test_the_command_line_of_each_tool() -> None:
    tools = one.commands(5353)
    assert tools[START][1:] == ["-c", "pass"]
    assert tools[OURS][1:4] == ["-m", "checks.dns", "jobmatch.zip"]
    assert "--no-aws" in tools[OURS]
    assert tools[PEER][1:] == ["-m", "bench.checkdmarc_once", "127.0.0.1", "5353", "jobmatch.zip"]
