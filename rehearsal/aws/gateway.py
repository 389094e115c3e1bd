"""The WSGI application: faults first, then our own operations, then moto."""

from __future__ import annotations

import io
import socket
import uuid
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from werkzeug.test import run_wsgi_app

from rehearsal.aws import control, shapes
from rehearsal.aws.caller import caller_arn
from rehearsal.aws.errors import AwsError, Reply, render
from rehearsal.aws.faults import resource_of
from rehearsal.aws.operations import Call
from rehearsal.aws.services import handler_of
from rehearsal.aws.wire import Environ, Signature, Wire, match, signature_of
from rehearsal.aws.world import World

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

# Services whose every operation is answered here or refused: moto keeps another state for them.
OWN_SERVICES = frozenset({"ses", "sesv2"})
SERVICES = OWN_SERVICES | {"sns", "sqs", "kms", "iam", "sts", "cloudwatch", "route53"}

# Requests that wait for others, and so must not keep them out.
_WAITING = frozenset({("sqs", "ReceiveMessage")})

# What each service calls a value that its model forbids, where it is not ValidationError.
_INVALID = {
    "kms": "ValidationException",
    "route53": "InvalidInput",
    "sesv2": "BadRequestException",
    "sns": "InvalidParameter",
}


class Gateway:
    """One request at a time, over one world and one moto."""

    def __init__(self, world: World, moto: WSGIApplication) -> None:
        self._world = world
        self._moto = moto

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer a request (PEP 3333)."""
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        reply = self._reply(environ, body)
        if reply is None:
            _hang_up(environ)
            reply = Reply(503, [], b"")
        skipped = {"content-length", "x-amzn-requestid"}
        headers = [(k, v) for k, v in reply.headers if k.lower() not in skipped]
        headers.append(("Content-Length", str(len(reply.body))))
        headers.append(("x-amzn-RequestId", str(uuid.uuid4())))
        start_response(f"{reply.status} {_REASONS.get(reply.status, 'Answer')}", headers)
        return [reply.body]

    def _reply(self, environ: Environ, body: bytes) -> Reply | None:
        """Return the answer, None where it gets lost on its way."""
        signature = signature_of(environ)
        known = signature is not None and signature.service in SERVICES
        wire = match(environ, body, signature.service) if signature and known else None
        if signature and wire and (signature.service, wire.name) in _WAITING:
            return self._operate(environ, body, signature, wire)
        with self._world.lock:
            if environ["PATH_INFO"].startswith(control.PATH):
                return control.answer(self._world, environ["REQUEST_METHOD"], body)
            if signature is None or wire is None:
                return self._forward(environ, body)
            return self._operate(environ, body, signature, wire)

    def _operate(
        self, environ: Environ, body: bytes, signature: Signature, wire: Wire
    ) -> Reply | None:
        service = signature.service
        self._world.calls.append((service, wire.name))
        account = self._world.account_of(signature.access_key)
        environ["HTTP_X_MOTO_ACCOUNT_ID"] = account
        caller = caller_arn(account)
        try:
            params = wire.params()
            resource = resource_of(params, account, signature.region)
            fault = self._world.faults.before(service, wire.name, caller, resource)
            if fault is not None:
                raise fault
            call = Call(
                world=self._world,
                service=service,
                operation=wire.name,
                account=account,
                region=signature.region,
                caller=caller,
                params=params,
                forward=lambda: self._forward(environ, body),
            )
            reply = _perform(call, wire)
        except AwsError as error:
            reply = render(error, wire.protocol, service)
        return None if self._world.faults.loses(service, wire.name) else reply

    def _forward(self, environ: Environ, body: bytes) -> Reply:
        """Have moto answer."""
        inner = {**environ, "wsgi.input": io.BytesIO(body)}
        chunks, status, headers = run_wsgi_app(self._moto, inner)
        return Reply(int(status.split()[0]), list(headers), b"".join(chunks))


def _perform(call: Call, wire: Wire) -> Reply:
    if call.service != "sqs":  # whose model has only names, and which has errors for these
        problem = shapes.check_input(call.service, call.operation, call.params)
        if problem is not None:
            raise AwsError(_INVALID.get(call.service, "ValidationError"), problem)
    handler = handler_of(call.service, call.operation)
    if handler is None:
        if call.service in OWN_SERVICES:
            text = f"{call.operation} is not imitated by the rehearsal (docs/emulation.md)"
            raise AwsError("NotImitated", text, 501)
        try:
            return call.forward()
        except NotImplementedError as error:
            raise AwsError("NotImitated", f"moto: {error}", 501) from error
    answer = handler(call)
    if isinstance(answer, Reply):
        return answer
    problems = shapes.output_problems(call.service, call.operation, answer)
    if problems:
        raise AssertionError(f"{call.operation} breaks botocore's model: {problems}")
    return wire.answer(answer)


def _hang_up(environ: Environ) -> None:
    """Close the connection, so that the client never sees an answer."""
    connection = environ.get("werkzeug.socket")
    if isinstance(connection, socket.socket):
        connection.shutdown(socket.SHUT_RDWR)


_REASONS = {200: "OK", 400: "Bad Request", 403: "Forbidden", 404: "Not Found", 409: "Conflict"}
_REASONS |= {429: "Too Many Requests", 501: "Not Implemented", 503: "Service Unavailable"}
