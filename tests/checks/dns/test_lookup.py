"""The public resolver: what it accepts, what it imports, which servers it asks."""

from __future__ import annotations

import asyncio
import contextlib
import subprocess
import sys
from pathlib import Path

import pytest

from checks.dns.answers import Question, Unasked
from checks.dns.drivers import system
from checks.dns.drivers.system import nameservers_in, system_nameservers
from checks.dns.lookup import Resolver
from checks.dns.port import Network
from checks.dns.reading import explain
from rehearsal.zone import Host, World, parse_records

EXAMPLE = """
    example. SOA ns1.example. hostmaster.example. 1 1 1 1 1
    slow.example. A 192.0.2.1
"""

IMPORTS = """
import sys
from checks.dns.lookup import Resolver
Resolver(("127.0.0.1",), 53, 5.0)
print(sorted({"asyncio", "dns", "boto3", "ssl"} & set(sys.modules)))
import checks.dns.drivers.dnspython
heavy = {"dns.resolver", "dns.query", "dns.asyncquery", "httpx", "httpcore", "h2", "boto3"}
print(sorted(heavy & set(sys.modules)))
"""


def test_importing_the_resolver_is_cheap() -> None:
    """Neither asyncio nor dnspython before the first question; no HTTP client at all."""
    command = [sys.executable, "-c", IMPORTS]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.splitlines() == ["[]", "[]"]


def test_the_resolver_is_a_network() -> None:
    network: Network = Resolver(("127.0.0.1",), 53, 5.0)
    assert (network.queries, network.routable("127.0.0.1")) == (0, True)


@pytest.mark.parametrize("address", ["999.1.1.1", "", "example.com"])
def test_what_is_no_address_has_no_route(address: str) -> None:
    assert Resolver(("127.0.0.1",)).routable(address) is False


def test_an_address_family_without_a_route(monkeypatch: pytest.MonkeyPatch) -> None:
    def unreachable(*_: object) -> None:
        raise OSError(101, "Network is unreachable")

    monkeypatch.setattr("socket.socket.connect", unreachable)
    assert Resolver(("127.0.0.1",)).routable("2001:db8::1") is False


@pytest.mark.parametrize(
    ("nameservers", "port", "timeout"),
    [
        (("dns.example",), 53, 5.0),
        (("127.0.0.1", ""), 53, 5.0),
        (("127.0.0.1",), 0, 5.0),
        (("127.0.0.1",), 65536, 5.0),
        (("127.0.0.1",), 53, 0.0),
    ],
)
def test_what_cannot_be_asked_is_refused(
    nameservers: tuple[str, ...], port: int, timeout: float
) -> None:
    with pytest.raises(ValueError, match=r"address|port|positive"):
        Resolver(nameservers, port, timeout)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("nameserver 192.0.2.1\nnameserver 2001:db8::1\n", ("192.0.2.1", "2001:db8::1")),
        ("# nameserver 192.0.2.9\nsearch a\n nameserver\t192.0.2.1 # x\n", ("192.0.2.1",)),
        ("nameserver 192.0.2.1\nnameserver 192.0.2.1\n", ("192.0.2.1",)),
        (
            "".join(f"nameserver 192.0.2.{n}\n" for n in range(9)),
            ("192.0.2.0", "192.0.2.1", "192.0.2.2"),
        ),
        ("nameserver\n", ()),
        ("nameserver dns.example\n", ()),
        ("", ()),
    ],
)
def test_resolv_conf(text: str, found: tuple[str, ...]) -> None:
    assert nameservers_in(text) == found


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no resolv.conf")
def test_the_systems_resolvers(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    conf = tmp_path / "resolv.conf"
    monkeypatch.setattr(system, "RESOLV_CONF", conf)
    assert system_nameservers() == ()
    conf.write_text("nameserver 127.0.0.53\n")
    assert system_nameservers() == ("127.0.0.53",)
    assert Resolver().nameservers == ("127.0.0.53",)


def test_a_system_without_resolvers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(system, "system_nameservers", lambda: ())

    async def whole() -> str:
        async with Resolver() as resolver:
            (reply,) = await resolver.ask([Question("jobmatch.zip.", "TXT")])
            assert isinstance(reply, Unasked)
            return explain(reply)

    assert "--nameserver" in asyncio.run(whole())


def test_one_resolver_serves_several_event_loops() -> None:
    """A question that the end of a loop cut off is asked again in the next."""
    slow, quick = Question("slow.example.", "A"), Question("example.", "SOA")

    async def cut_off(lookup: Resolver) -> None:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(lookup.ask([slow]), 0.05)

    with World([Host("127.0.0.1", parse_records(EXAMPLE), recursive=True)], delay=0.3) as servers:
        lookup = Resolver(("127.0.0.1",), servers.port)
        asyncio.run(cut_off(lookup))
        replies = asyncio.run(lookup.ask([slow, quick]))

    assert ["Answer", "Answer"] == [type(reply).__name__ for reply in replies]
