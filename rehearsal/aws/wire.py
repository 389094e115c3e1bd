"""Requests read and answers written by botocore's model, in every protocol, with moto's codecs."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from moto.core.model import OperationModel
from moto.core.parse import PROTOCOL_PARSERS
from moto.core.request import Request, determine_request_protocol
from moto.core.routing import get_service_router
from moto.core.serialize import get_serializer_class
from moto.core.utils import get_service_model
from werkzeug.exceptions import NotFound

from rehearsal.aws.errors import Reply

Environ = dict[str, Any]

_CREDENTIAL = re.compile(r"Credential=([^/,\s]+)/\d{8}/([^/]+)/([^/]+)/aws4_request")
_SIGNED_AS = {"monitoring": "cloudwatch"}


@dataclass(frozen=True, slots=True)
class Signature:
    """What the credential scope of a signed request says."""

    access_key: str
    region: str
    service: str


class ServerRequest(Request):
    """moto's request, told that a real server read it."""

    from_wsgi_server = True


@dataclass(frozen=True, slots=True)
class Wire:
    """A request matched to its operation."""

    request: Request
    model: OperationModel
    protocol: str
    uri_params: dict[str, Any]

    @property
    def name(self) -> str:
        """The operation's name, such as GetAccount."""
        return str(self.model.name)

    def params(self) -> dict[str, Any]:
        """Return the parameters, typed as the model says."""
        request = self.request
        parser = PROTOCOL_PARSERS[self.protocol](self.model, map_type=dict)
        parsed = parser.parse(
            {
                "method": request.method,
                "values": request.values,
                "headers": request.headers,
                "body": request.data,
                "url_path": request.path,
                "url_params": self.uri_params,
            }
        )
        return dict(parsed)

    def answer(self, result: Mapping[str, Any] | None) -> Reply:
        """Return the answer that the model's output shape gives."""
        service = self.model.service_model.service_name
        serializer = get_serializer_class(service, self.protocol)(operation_model=self.model)
        serialized = serializer.serialize(dict(result or {}))
        body = serialized["body"]
        return Reply(
            serialized["status_code"],
            list(serialized["headers"].items()),
            body.encode() if isinstance(body, str) else body,
        )


def signature_of(environ: Environ) -> Signature | None:
    """Return who signed a request and for what, None for an unsigned one."""
    found = _CREDENTIAL.search(environ.get("HTTP_AUTHORIZATION", ""))
    if found is None:
        return None
    access_key, region, signed_as = found.groups()
    service = _SIGNED_AS.get(signed_as, signed_as)
    if service == "ses" and environ.get("PATH_INFO", "").startswith("/v2/"):
        service = "sesv2"
    return Signature(access_key, region, service)


def match(environ: Environ, body: bytes, service: str) -> Wire | None:
    """Match a request to an operation of a service, None where there is none."""
    request = ServerRequest({**environ, "wsgi.input": io.BytesIO(body)})
    try:
        model, uri_params = get_service_router(service).match(request)
    except NotFound:
        return None
    protocol = determine_request_protocol(get_service_model(service), request.content_type)
    return Wire(request, model, protocol, uri_params)
