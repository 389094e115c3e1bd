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
    """Return an error in a service's protocol: rest-json, json, query or rest-xml."""
    writer = {"rest-json": _rest_json, "json": _json}.get(protocol, _xml)
    content_type, body = writer(error)
    headers = [("Content-Type", content_type)]
    if protocol == "rest-json":
        headers.append(("x-amzn-ErrorType", error.code))
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
