# ruff: noqa: N802 - the names of the methods are those of the protocol
"""The small engine: registers what the program declares with the handlers. No state, no diff."""

from __future__ import annotations

import hashlib
import logging
import threading
import uuid
from collections.abc import Callable
from typing import Any, NoReturn

from pulumi.runtime import mocks
from pulumi.runtime.proto import engine_pb2, resource_pb2

from rehearsal.provider.aws import Aws, Clients
from rehearsal.provider.configuration import configured, judge_config
from rehearsal.provider.handler import Handler, Made, ProviderError
from rehearsal.provider.judge import Failure
from rehearsal.provider.registry import handler_of
from rehearsal.provider.values import Properties, read_struct, write_struct

Message = Any  # of the protocol, whose stubs are not typed
Tell = Callable[[str], None]

_PROVIDER = "pulumi:providers:aws"
_STACK = "pulumi:pulumi:Stack"


class _NoAnswers(mocks.Mocks):
    """What the SDK asks its mocks for; the monitor answers itself.

    A program that reads a resource or calls a function reaches these: it is told that the small
    engine cannot do it, and must never get an empty answer.
    """

    def new_resource(self, args: mocks.MockResourceArgs) -> NoReturn:
        raise NotImplementedError(f"{args.typ} is read, which the small engine does not do")

    def call(self, args: mocks.MockCallArgs) -> NoReturn:
        raise NotImplementedError(f"{args.token} is called, which the small engine does not do")


class Monitor(mocks.MockMonitor):
    """Answers the program's SDK: each resource is checked and created at once.

    ``tell`` gets a line a resource. ``error`` is the first thing that was refused; ``outputs`` are
    what the stack has exported.
    """

    def __init__(self, clients: Clients, tell: Tell) -> None:
        super().__init__(_NoAnswers())
        self._clients = clients
        self._tell = tell
        self._aws: Aws | None = None
        self._lock = threading.Lock()
        self.error = ""
        self.outputs: Properties = {}

    def RegisterResource(self, request: Message) -> Message:
        """Make a resource. Raises ProviderError where the provider or AWS refuses."""
        urn = self.make_urn(request.parent, request.type, request.name)
        inputs, secrets = read_struct(request.object)
        if not request.custom:
            return resource_pb2.RegisterResourceResponse(urn=urn, object=request.object)
        try:
            if request.type == _PROVIDER:
                self._configure(inputs)
                made = Made(str(uuid.uuid4()), inputs, inputs)
            else:
                made = self._make(request, inputs)
        except ProviderError as error:
            with self._lock:
                self.error = self.error or str(error)
            raise
        properties = write_struct(made.properties, secrets)
        return resource_pb2.RegisterResourceResponse(urn=urn, id=made.id, object=properties)

    def RegisterResourceOutputs(self, request: Message) -> Message:
        """Keep what the stack exports."""
        if request.urn.split("::")[2] == _STACK:
            self.outputs, _ = read_struct(request.outputs)
        return super().RegisterResourceOutputs(request)  # type: ignore[no-untyped-call]  # the SDK's

    def _configure(self, inputs: Properties) -> None:
        _stop_at(_PROVIDER, judge_config(inputs))
        self._aws = configured(self._clients, inputs)

    def _make(self, request: Message, inputs: Properties) -> Made:
        if self._aws is None:
            raise ProviderError(f"{request.name} has no aws provider")
        handler, aws = handler_of(request.type), self._aws
        # The same name at every run: there is no state to remember another one.
        seed = hashlib.sha256(request.name.encode()).digest()
        checked = handler.check(aws, request.name, inputs, {}, seed)
        _stop_at(f"{request.type} ({request.name})", checked.failures)
        if request.importId:
            made = _taken_over(handler, aws, request.importId, checked.inputs)
            self._tell(f" =  {request.type} {request.name} imported")
            return made
        made = handler.create(aws, checked.inputs)
        self._tell(f" +  {request.type} {request.name} created")
        return made


def _taken_over(handler: Handler, aws: Aws, identifier: str, inputs: Properties) -> Made:
    """Return what exists already, changed to what is declared."""
    found = handler.read(aws, identifier, {})
    if found is None:
        raise ProviderError(f"there is no {handler.kind} {identifier} to import")
    if handler.diff(found.inputs, inputs).replaced:
        raise ProviderError(f"{handler.kind} {identifier} differs in what cannot be changed")
    return handler.update(aws, identifier, found.inputs, inputs)


def _stop_at(what: str, failures: list[Failure]) -> None:
    if failures:
        raise ProviderError(
            "\n".join(f"{what}: property {each.path}: {each.reason}" for each in failures)
        )


class Engine(mocks.MockEngine):
    """Passes on what the program logs."""

    def __init__(self, tell: Tell) -> None:
        super().__init__(logging.getLogger("rehearsal.engine"))
        self._tell = tell

    def Log(self, request: Message) -> None:
        """Tell warnings and errors, and what the program says."""
        if request.severity != engine_pb2.DEBUG:
            self._tell(request.message)
