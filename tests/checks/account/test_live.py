"""The live look-up over HTTP on loopback, through AWS_ENDPOINT_URL."""

from __future__ import annotations

import json
import os
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar

import pytest

from checks.account.identity import Wanted
from checks.account.live import read_live
from checks.dns.expectation import Identity, IdentityUnknown

WANTED = [Wanted(domain="jobmatch.zip.", region="us-west-2")]
ANSWERS: dict[str, tuple[int, dict[str, Any]]] = {
    "/v2/email/identities/jobmatch.zip": (200, {"VerifiedForSendingStatus": True}),
    "/v2/email/account": (200, {"ProductionAccessEnabled": True}),
}


class Handler(BaseHTTPRequestHandler):
    """Answers from a table of paths, after a pause."""

    answers: ClassVar[dict[str, tuple[int, dict[str, Any]]]]
    asked: ClassVar[list[str]]
    pause: ClassVar[float] = 0.0

    def do_GET(self) -> None:
        time.sleep(self.pause)
        self.asked.append(self.path)
        status, body = self.answers.get(self.path, (404, {}))
        content = json.dumps(body).encode()
        self.send_response(status)
        if status == 404:
            self.send_header("x-amzn-ErrorType", "NotFoundException")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_arguments: object) -> None:
        """Stay silent."""


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[type[Handler]]:
    class Own(Handler):
        answers: ClassVar = dict(ANSWERS)
        asked: ClassVar[list[str]] = []

    httpd = ThreadingHTTPServer(("127.0.0.1", 0), Own)
    thread = threading.Thread(target=httpd.serve_forever, daemon=True)
    thread.start()
    for variable in ("AWS_PROFILE", "AWS_DEFAULT_PROFILE", "HTTP_PROXY", "http_proxy"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{httpd.server_address[1]}")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "x")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "y")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))
    yield Own
    httpd.shutdown()
    httpd.server_close()
    thread.join()


def test_the_endpoint_of_the_environment_is_asked(server: type[Handler]) -> None:
    (answer,) = read_live(WANTED, metadata=False)
    assert answer.identity == Identity(verified_for_sending=True)
    assert answer.account.production_access is True
    assert server.asked == ["/v2/email/identities/jobmatch.zip", "/v2/email/account"]


def test_not_found(server: type[Handler]) -> None:
    del server.answers["/v2/email/identities/jobmatch.zip"]
    owned = [Wanted(domain="jobmatch.zip.", region="us-west-2", owned=True)]
    (answer,) = read_live(owned, metadata=False)
    assert isinstance(answer.identity, IdentityUnknown)
    assert answer.identity.not_found
    assert "of this account" in answer.identity.cause  # there is no STS behind this endpoint


def test_a_server_that_is_slow_is_left_in_time(server: type[Handler]) -> None:
    server.pause = 5.0
    begun = time.monotonic()
    (answer,) = read_live(WANTED, metadata=False, patience=0.2)
    assert time.monotonic() - begun < server.pause
    assert answer.identity == IdentityUnknown(
        cause="AWS did not answer within 0.2 s; or give --identity FILE"
    )
    assert answer.account.asked


def test_a_profile_that_does_not_exist(
    server: type[Handler], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_PROFILE", "nowhere")
    (answer,) = read_live(WANTED, metadata=False)
    assert isinstance(answer.identity, IdentityUnknown)
    assert "nowhere" in answer.identity.cause
    assert server.asked == []


def test_without_credentials_instance_metadata_is_not_asked(
    server: type[Handler], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    metadata = os.environ["AWS_ENDPOINT_URL"]
    monkeypatch.setenv("AWS_EC2_METADATA_SERVICE_ENDPOINT", metadata)
    (answer,) = read_live(WANTED, metadata=False)
    assert isinstance(answer.identity, IdentityUnknown)
    assert answer.identity.cause.startswith("no AWS credentials were found")
    assert server.asked == []
