"""Errors as AWS sends them: code, HTTP status, and the body of each protocol."""

from __future__ import annotations

import json
from dataclasses import dataclass
from xml.sax.saxutils import escape

Headers = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Reply:
    """A finished HTTP answer."""

    status: int
    headers: Headers
    body: bytes


class AwsError(Exception):
    """An error answer of a service."""

    def __init__(self, code: str, message: str, status: int = 400) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.status = status


def bad_request(message: str) -> AwsError:
    """Return sesv2's BadRequestException."""
    return AwsError("BadRequestException", message)


def not_found(message: str) -> AwsError:
    """Return sesv2's NotFoundException."""
    return AwsError("NotFoundException", message, 404)


def already_exists(message: str) -> AwsError:
    """Return sesv2's AlreadyExistsException."""
    return AwsError("AlreadyExistsException", message)


def render(error: AwsError, protocol: str, service: str) -> Reply:
    """Return an error in a service's protocol: rest-json, json, query, rest-xml or rpc-v2-cbor."""
    writer = {
        "rest-json": _rest_json,
        "json": _json,
        "smithy-rpc-v2-cbor": _cbor,
    }.get(protocol, _xml)
    content_type, body = writer(error)
    headers = [("Content-Type", content_type)]
    if protocol == "rest-json":
        headers.append(("x-amzn-ErrorType", error.code))
    if protocol == "smithy-rpc-v2-cbor":
        headers.append(("smithy-protocol", "rpc-v2-cbor"))
    if service in {"sqs", "cloudwatch"}:  # the awsQueryCompatible trait of their models
        headers.append(("x-amzn-query-error", f"{error.code};Sender"))
    return Reply(error.status, headers, body)


def _rest_json(error: AwsError) -> tuple[str, bytes]:
    return "application/json", json.dumps({"message": error.message}).encode()


def _json(error: AwsError) -> tuple[str, bytes]:
    body = {"__type": error.code, "message": error.message}
    return "application/x-amz-json-1.1", json.dumps(body).encode()


def _xml(error: AwsError) -> tuple[str, bytes]:
    body = (
        "<ErrorResponse><Error><Type>Sender</Type>"
        f"<Code>{escape(error.code)}</Code><Message>{escape(error.message)}</Message>"
        "</Error><RequestId>rehearsal</RequestId></ErrorResponse>"
    )
    return "text/xml", body.encode()


def _cbor(error: AwsError) -> tuple[str, bytes]:
    pairs = (("__type", error.code), ("message", error.message))
    body = b"\xa2" + b"".join(_cbor_text(key) + _cbor_text(value) for key, value in pairs)
    return "application/cbor", body


def _cbor_text(text: str) -> bytes:
    """Encode a text string with a two-byte length (RFC 8949 section 3.1, major type 3)."""
    data = text.encode()
    return b"\x79" + len(data).to_bytes(2, "big") + data
