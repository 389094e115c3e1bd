"""The server: one port on 127.0.0.1, from ``with`` to its end."""

from __future__ import annotations

import datetime as dt
import os
import socket
import threading
from functools import lru_cache
from types import TracebackType
from typing import Any, Self

import boto3
from botocore.config import Config
from moto.core.base_backend import BackendDict
from moto.core.model_instances import reset_model_data
from moto.moto_server.werkzeug_app import (
    DomainDispatcherApplication,
    MotoRequestHandler,
    create_backend_app,
)
from werkzeug.serving import BaseWSGIServer, make_server

from rehearsal.aws import caller, control, scenarios
from rehearsal.aws.clock import Clock
from rehearsal.aws.gateway import Gateway
from rehearsal.aws.state import SesRegion
from rehearsal.aws.world import ACCOUNT, OTHER_ACCOUNT, REGION, Settings, World

Client = Any  # boto3 makes its clients' classes at run time
ConfigValue = Any  # of botocore.config.Config

HOST = "127.0.0.1"
_POLL = 0.01  # seconds that a stop may take
ACCESS_KEY = "ASIAREHEARSAL0000001"

_only_one = threading.Lock()  # moto keeps its state in module globals
_making_clients = threading.Lock()  # a boto3 session is not for several threads


@lru_cache(maxsize=1)
def _session() -> boto3.Session:
    """Return the session of all clients made here: it has read the service models."""
    return boto3.Session(ACCESS_KEY, "rehearsal", "rehearsal")


class _QuietHandler(MotoRequestHandler):
    """Tells of errors, not of every request."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing of a request that was answered."""


def _listen(port: int, app: Gateway) -> BaseWSGIServer:
    """Listen on a port that is bound here: werkzeug would leave the process for a taken one."""
    with socket.create_server((HOST, port)) as bound:
        return make_server(
            HOST,
            bound.getsockname()[1],
            app,
            threaded=True,
            request_handler=_QuietHandler,
            fd=bound.fileno(),
        )


class EmulatedAws:
    """Emulated AWS: ``with EmulatedAws(nameserver=("127.0.0.1", 5353)) as aws: …``.

    ``port`` 0 picks one. ``world.nameserver`` can be set later, when the DNS server stands.
    One at a time in a process. Raises RuntimeError for a second one, OSError for a taken port.
    """

    def __init__(
        self,
        *,
        port: int = 0,
        scenario: str | None = None,
        account: str = ACCOUNT,
        region: str = REGION,
        nameserver: tuple[str, int] | None = None,
        signing_hosted_zone: str = "dkim.amazonses.com",
        verification_interval: dt.timedelta = dt.timedelta(seconds=60),
        review_delay: dt.timedelta = dt.timedelta(hours=24),
    ) -> None:
        settings = Settings(
            account=account,
            region=region,
            signing_hosted_zone=signing_hosted_zone,
            verification_interval=verification_interval,
            review_delay=review_delay,
        )
        self.world = World(settings=settings, nameserver=nameserver)
        self.world.access_keys[ACCESS_KEY] = self.world.settings.account
        self._clients: dict[tuple[str, str], Client] = {}
        self._wanted_port = port
        self._scenario = scenario
        self._server: BaseWSGIServer | None = None
        self._thread: threading.Thread | None = None

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def start(self) -> Self:
        """Start with an empty world and the scenario, if one was given."""
        if not _only_one.acquire(blocking=False):
            raise RuntimeError("an emulated AWS runs in this process already")
        try:
            BackendDict.reset()
            reset_model_data()
            for account in {self.world.settings.account, OTHER_ACCOUNT}:
                caller.create_role(account)
            if self._scenario is not None:
                self.play(self._scenario)
            app = Gateway(self.world, DomainDispatcherApplication(create_backend_app))
            self._server = _listen(self._wanted_port, app)
        except BaseException:
            _only_one.release()
            raise
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(_POLL,), name="emulated-aws", daemon=True
        )
        self._thread.start()
        return self

    def stop(self) -> None:
        """Stop; a second time does nothing."""
        if self._server is None or self._thread is None:
            return
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
        self._clients.clear()
        self._server = self._thread = None
        _only_one.release()

    @property
    def endpoint(self) -> str:
        """The URL for AWS_ENDPOINT_URL."""
        if self._server is None:
            raise RuntimeError("emulated AWS does not run")
        return f"http://{HOST}:{self._server.port}"

    def environment(self, region: str | None = None) -> dict[str, str]:
        """Return what a process needs to be set to talk to this server and to nothing else."""
        where = region or self.world.settings.region
        return {
            "AWS_ENDPOINT_URL": self.endpoint,
            "AWS_ACCESS_KEY_ID": ACCESS_KEY,
            "AWS_SECRET_ACCESS_KEY": "rehearsal",
            "AWS_SESSION_TOKEN": "rehearsal",
            "AWS_REGION": where,
            "AWS_DEFAULT_REGION": where,
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
            "AWS_EC2_METADATA_DISABLED": "true",
            "NO_PROXY": HOST,
            "no_proxy": HOST,
        }

    def client(self, service: str, region: str | None = None, **config: ConfigValue) -> Client:
        """Return a boto3 client for a service, whatever the process's environment says.

        It tries once; ``config`` is of botocore.config.Config, and makes a client of its own.
        """
        where = region or self.world.settings.region
        known = self._clients.get((service, where))
        if known is not None and not config:
            return known
        wanted = {"retries": {"total_max_attempts": 1}, "proxies": {}} | config
        with _making_clients:
            made = _session().client(
                service, region_name=where, endpoint_url=self.endpoint, config=Config(**wanted)
            )
        if not config:
            self._clients[service, where] = made
        return made

    @property
    def clock(self) -> Clock:
        """The clock to turn."""
        return self.world.clock

    @property
    def ses(self) -> SesRegion:
        """SES of the main account in the configured Region, to script."""
        return self.world.ses(self.world.settings.account, self.world.settings.region)

    def play(self, scenario: str) -> None:
        """Play a scenario. Raises scenarios.ScenarioError."""
        scenarios.play(self.world, scenario)

    def confirm(self, address: str) -> int:
        """Click the links in the mails to an address; return how many things that confirmed."""
        return control.confirm(self.world, address)
