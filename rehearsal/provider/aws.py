"""The account that the provider works in: clients of a loopback endpoint, and who it is."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

import boto3
import botocore.session
from botocore.config import Config
from botocore.loaders import Loader, create_loader

Client = Any  # boto3 makes its clients' classes at run time
Answer = dict[str, Any]
Parameter = Any  # of an operation

_ATTEMPTS = 8  # pulumi-aws tries 25 times; a rehearsal has less patience
_TIMEOUT = 20  # seconds, to connect and to read


@lru_cache(maxsize=1)
def models() -> Loader:
    """Return what reads botocore's service models; each is read once in a process."""
    return create_loader()


class NotLoopbackError(ValueError):
    """There is no endpoint on loopback: this provider never talks to AWS itself."""


class Clients:
    """Clients of the services by name, each made once; safe for several threads.

    ``environment`` has AWS_ENDPOINT_URL and the credentials, as EmulatedAws.environment() gives
    them. Raises NotLoopbackError where the endpoint is not on this machine.
    """

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._endpoint = environment.get("AWS_ENDPOINT_URL", "")
        if urlsplit(self._endpoint).hostname not in {"127.0.0.1", "localhost", "::1"}:
            raise NotLoopbackError(
                "the rehearsal's provider needs AWS_ENDPOINT_URL at emulated AWS on 127.0.0.1 "
                f"(python -m rehearsal.aws prints it); it is {self._endpoint or 'not set'}"
            )
        session = botocore.session.get_session()
        session.register_component("data_loader", models())
        self._session = boto3.Session(
            environment.get("AWS_ACCESS_KEY_ID"),
            environment.get("AWS_SECRET_ACCESS_KEY"),
            environment.get("AWS_SESSION_TOKEN"),
            botocore_session=session,
        )
        self._made: dict[tuple[str, str], Client] = {}
        self._lock = threading.Lock()  # a boto3 session is not for several threads

    def client(self, service: str, region: str) -> Client:
        """Return the client of a service in a Region."""
        with self._lock:
            if (service, region) not in self._made:
                self._made[service, region] = self._session.client(
                    service,
                    region_name=region,
                    endpoint_url=self._endpoint,
                    config=Config(
                        retries={"mode": "standard", "total_max_attempts": _ATTEMPTS},
                        connect_timeout=_TIMEOUT,
                        read_timeout=_TIMEOUT,
                        proxies={},
                    ),
                )
            return self._made[service, region]


@dataclass(frozen=True, slots=True, kw_only=True)
class Aws:
    """One account in one Region. ``default_tags`` are those of the provider's configuration."""

    clients: Clients
    account: str
    region: str
    default_tags: Mapping[str, str]

    def client(self, service: str) -> Client:
        """Return the client of a service."""
        return self.clients.client(service, self.region)

    def arn(self, service: str, resource: str) -> str:
        """Return an ARN of this account and Region."""
        return f"arn:aws:{service}:{self.region}:{self.account}:{resource}"


def tag_list(tags: Mapping[str, str], key: str = "Key", value: str = "Value") -> list[Answer]:
    """Return tags as most services take them."""
    return [{key: name, value: text} for name, text in sorted(tags.items())]


def tags_of(listed: list[Answer] | None, key: str = "Key", value: str = "Value") -> dict[str, str]:
    """Return tags as properties, without those that AWS itself has put."""
    return {each[key]: each[value] for each in listed or [] if not each[key].startswith("aws:")}


def retagged(
    before: Mapping[str, str], after: Mapping[str, str]
) -> tuple[dict[str, str], list[str]]:
    """Return the tags to put, and the keys to take away."""
    put = {key: value for key, value in after.items() if before.get(key) != value}
    return put, sorted(set(before) - set(after))


def pages(
    operation: Callable[..., Answer], items: str, token: str, **params: Parameter
) -> Iterator[Any]:
    """Yield the items of every page; ``token`` names the member that asks for the next one."""
    more: dict[str, Any] = {}
    while True:
        answer = operation(**params, **more)
        yield from answer.get(items, [])
        if not answer.get(token):
            return
        more = {token: answer[token]}
