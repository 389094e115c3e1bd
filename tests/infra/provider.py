# ruff: noqa: N802 - the names of the methods are those of the protocol
"""Stands in for the aws provider under the real engine: an account in memory behind gRPC.

It is not pulumi-aws. It follows tests/infra/facts.py in what it checks, fills in and replaces, and
records the calls that the engine makes.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent import futures
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import grpc  # type: ignore[import-untyped]  # has no stubs
from google.protobuf import (  # type: ignore[import-untyped]  # has no stubs
    empty_pb2,
    json_format,
    struct_pb2,
)
from pulumi.runtime.proto import plugin_pb2, provider_pb2, provider_pb2_grpc

from tests.infra.cloud import ACCOUNT, Cloud, Properties, identify, made, planned
from tests.infra.facts import TYPES
from tests.infra.judging import failures, fill_in, is_equal, read_inputs


@dataclass
class RecordingProvider(provider_pb2_grpc.ResourceProviderServicer):
    """``calls`` are "Create name" and the like, in order; ``fails`` names what cannot be created.

    ``account`` is the one whose credentials the operator has.
    """

    cloud: Cloud = field(default_factory=Cloud)
    calls: list[str] = field(default_factory=list)
    fails: tuple[str, ...] = ()
    account: str = ACCOUNT
    tags: dict[str, str] = field(default_factory=dict)

    # Without eq and hash of its own a dataclass could not be a servicer of grpc.
    __hash__ = object.__hash__

    def Handshake(self, request: Any, context: Any) -> Any:
        return provider_pb2.ProviderHandshakeResponse(accept_secrets=True, accept_resources=True)

    def Attach(self, request: Any, context: Any) -> Any:
        return empty_pb2.Empty()

    def GetPluginInfo(self, request: Any, context: Any) -> Any:
        return plugin_pb2.PluginInfo(version="7.51.1")

    def GetSchema(self, request: Any, context: Any) -> Any:
        return provider_pb2.GetSchemaResponse(schema='{"name": "aws", "version": "7.51.1"}')

    def CheckConfig(self, request: Any, context: Any) -> Any:
        return provider_pb2.CheckResponse(inputs=request.news)

    def DiffConfig(self, request: Any, context: Any) -> Any:
        changed = _plain(request.olds) != _plain(request.news)
        kinds = provider_pb2.DiffResponse
        return kinds(changes=kinds.DIFF_SOME if changed else kinds.DIFF_NONE)

    def Configure(self, request: Any, context: Any) -> Any:
        # On the wire every setting that is no text is JSON in text.
        settings = _plain(request.args)
        allowed = json.loads(settings.get("allowedAccountIds", "[]"))
        if allowed and self.account not in allowed:
            _refuse(context, f"AWS account ID not allowed: {self.account}")
        self.tags = json.loads(settings.get("defaultTags", "{}")).get("tags", {})
        return provider_pb2.ConfigureResponse(
            acceptSecrets=True, supportsPreview=True, acceptResources=True
        )

    def Check(self, request: Any, context: Any) -> Any:
        kind = _kind(request.urn)
        inputs = _plain(request.news)
        olds = _plain(request.olds)
        refused = list(failures(TYPES[kind], inputs))
        fill_in(TYPES[kind], inputs, olds, request, self.tags)
        return provider_pb2.CheckResponse(inputs=_struct(inputs), failures=refused)

    def Diff(self, request: Any, context: Any) -> Any:
        facts = TYPES[_kind(request.urn)]
        old, new = _plain(request.old_inputs), _plain(request.news)
        changed = [key for key in sorted({*old, *new}) if not is_equal(facts, key, old, new)]
        replaced = [key for key in changed if key in facts.replaces]
        kinds = provider_pb2.DiffResponse
        if changed:
            self.calls.append(f"Diff {_name(request.urn)} {changed}")
        return kinds(
            changes=kinds.DIFF_SOME if changed else kinds.DIFF_NONE,
            diffs=changed,
            replaces=replaced,
            deleteBeforeReplace=bool(replaced),
        )

    def Create(self, request: Any, context: Any) -> Any:
        kind, name = _kind(request.urn), _name(request.urn)
        inputs = _plain(request.properties)
        if request.preview:
            return provider_pb2.CreateResponse(id="", properties=_struct(planned(kind, inputs)))
        self.calls.append(f"Create {name}")
        if name in self.fails:
            _refuse(context, f"creating {kind} ({name}): BadRequestException: it is told to fail")
        self._refuse_existing(kind, inputs, context)
        identifier, found = self.cloud.put(kind, inputs)
        return provider_pb2.CreateResponse(id=identifier, properties=_struct(found))

    def _refuse_existing(self, kind: str, inputs: Properties, context: Any) -> None:
        identifier = identify(kind, made(kind, inputs))
        if TYPES[kind].refuses_existing and (kind, identifier) in self.cloud.resources:
            word = (
                f"SNS Topic ({inputs.get('name')}) already exists"
                if kind.endswith(":Topic")
                else f"AlreadyExistsException: {identifier} already exists"
            )
            _refuse(context, word)

    def Read(self, request: Any, context: Any) -> Any:
        kind = _kind(request.urn)
        self.calls.append(f"Read {_name(request.urn)}")
        found = self.cloud.resources.get((kind, request.id))
        if found is None:
            return provider_pb2.ReadResponse()
        inputs = _plain(request.inputs) if request.inputs.fields else None
        return provider_pb2.ReadResponse(
            id=request.id,
            properties=_struct(found),
            inputs=_struct(read_inputs(TYPES[kind], found, inputs)),
        )

    def Update(self, request: Any, context: Any) -> Any:
        kind = _kind(request.urn)
        news = _plain(request.news)
        if request.preview:
            return provider_pb2.UpdateResponse(properties=_struct({**_plain(request.olds), **news}))
        self.calls.append(f"Update {_name(request.urn)}")
        found = {**self.cloud.resources[kind, request.id], **made(kind, news)}
        self.cloud.resources[kind, request.id] = found
        return provider_pb2.UpdateResponse(properties=_struct(found))

    def Delete(self, request: Any, context: Any) -> Any:
        self.calls.append(f"Delete {_name(request.urn)}")
        self.cloud.resources.pop((_kind(request.urn), request.id), None)
        return empty_pb2.Empty()

    def Cancel(self, request: Any, context: Any) -> Any:
        return empty_pb2.Empty()

    def did(self, what: str) -> list[str]:
        """Return the names of the resources that a kind of call was made for."""
        return [call.partition(" ")[2] for call in self.calls if call.startswith(f"{what} ")]


@contextmanager
def attached(provider: RecordingProvider) -> Iterator[str]:
    """Serve the provider on loopback; give the value of PULUMI_DEBUG_PROVIDERS."""
    server = grpc.server(futures.ThreadPoolExecutor(8))
    provider_pb2_grpc.add_ResourceProviderServicer_to_server(provider, server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    try:
        yield f"aws:{port}"
    finally:
        server.stop(grace=None).wait()


def _refuse(context: Any, message: str) -> None:
    context.abort(grpc.StatusCode.UNKNOWN, message)


def _kind(urn: str) -> str:
    return urn.split("::")[2].rpartition("$")[2]


def _name(urn: str) -> str:
    return urn.rpartition("::")[2]


def _plain(struct: Any) -> Properties:
    """Return properties as JSON; secrets keep their wrapping, unknowns their word."""
    found = json_format.MessageToDict(struct)
    assert isinstance(found, dict)
    return found


def _struct(properties: Properties) -> struct_pb2.Struct:
    return json_format.ParseDict(properties, struct_pb2.Struct())
