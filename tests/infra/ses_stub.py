"""GetEmailIdentity on loopback: what the program asks SES itself, and nothing more."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.infra.cloud import SIGNING_ZONE

_PATH = "/v2/email/identities/"


@dataclass
class SesStub:
    """``answers`` maps a domain to its DkimAttributes; ``asked`` are the domains, in order."""

    answers: dict[str, dict[str, Any]] = field(
        default_factory=lambda: {"jobmatch.zip": {"SigningHostedZone": SIGNING_ZONE}}
    )
    asked: list[str] = field(default_factory=list)


@contextmanager
def serving(stub: SesStub) -> Iterator[str]:
    """Serve the stub on loopback; give its URL, for AWS_ENDPOINT_URL."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            domain = self.path.removeprefix(_PATH)
            stub.asked.append(domain)
            found = stub.answers.get(domain)
            self._answer(200 if found is not None else 404, {"DkimAttributes": found or {}})

        def _answer(self, status: int, body: dict[str, Any]) -> None:
            content = json.dumps(body).encode()
            self.send_response(status)
            if status == 404:
                self.send_header("x-amzn-ErrorType", "NotFoundException")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - its name there
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
