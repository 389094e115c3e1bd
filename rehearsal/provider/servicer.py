# ruff: noqa: N802 - the names of the methods are those of the protocol
"""The protocol of the engine (pulumirpc.ResourceProvider) over the handlers."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, NoReturn

import grpc  # type: ignore[import-untyped]  # has no stubs
from google.protobuf import any_pb2, empty_pb2  # type: ignore[import-untyped]  # has no stubs
from google.rpc import status_pb2  # type: ignore[import-untyped]  # has no stubs
from pulumi.runtime.proto import plugin_pb2, provider_pb2, provider_pb2_grpc

from rehearsal.provider.aws import Aws, Clients
from rehearsal.provider.configuration import configured, judge_config
from rehearsal.provider.handler import Handler, Made, PartlyMadeError, ProviderError
from rehearsal.provider.judge import Failure
from rehearsal.provider.registry import handler_of
from rehearsal.provider.values import Path, Properties, read_struct, write_struct

Message = Any  # of the protocol, whose stubs are not typed
Observe = Callable[[str, str], None]

IMITATES = "7.51.1"  # the version of pulumi-aws whose facts these are
_CALLER = "aws:index/getCallerIdentity:getCallerIdentity"
_REGION = "aws:index/getRegion:getRegion"


def nobody(_verb: str, _name: str) -> None:
    """Take no notice."""


class Servicer(provider_pb2_grpc.ResourceProviderServicer):
    """Answers the engine. ``observe`` hears "Create", NAME and so on before AWS is asked."""

    def __init__(self, clients: Clients, observe: Observe = nobody) -> None:
        self._clients = clients
        self._observe = observe
        self._aws: Aws | None = None

    def Handshake(self, request: Message, context: Message) -> Message:
        """Take secrets as such."""
        return provider_pb2.ProviderHandshakeResponse(accept_secrets=True, accept_resources=True)

    def Attach(self, request: Message, context: Message) -> Message:
        """Go on as before: there is nothing to attach to."""
        return empty_pb2.Empty()

    def Cancel(self, request: Message, context: Message) -> Message:
        """Let what runs end: no call takes long here."""
        return empty_pb2.Empty()

    def GetPluginInfo(self, request: Message, context: Message) -> Message:
        """Tell the version that is imitated."""
        return plugin_pb2.PluginInfo(version=IMITATES)

    def GetSchema(self, request: Message, context: Message) -> Message:
        """Tell the name, and that it is a stand-in."""
        text = f'{{"name": "aws", "version": "{IMITATES}", "description": "not pulumi-aws"}}'
        return provider_pb2.GetSchemaResponse(schema=text)

    def CheckConfig(self, request: Message, context: Message) -> Message:
        """Judge the provider's own settings."""
        news, _ = read_struct(request.news)
        return _checked(request.news, judge_config(news))

    def DiffConfig(self, request: Message, context: Message) -> Message:
        """Compare the provider's settings; its resources see a new Region themselves."""
        olds, _ = read_struct(request.olds)
        news, _ = read_struct(request.news)
        return _difference(key for key in {*olds, *news} if olds.get(key) != news.get(key))

    def Configure(self, request: Message, context: Message) -> Message:
        """Find the account; a wrong one is refused before anything is done."""
        config, _ = read_struct(request.args)
        try:
            self._aws = configured(self._clients, config)
        except ProviderError as error:
            _refuse(context, str(error))
        return provider_pb2.ConfigureResponse(
            acceptSecrets=True, supportsPreview=True, acceptResources=True
        )

    def Check(self, request: Message, context: Message) -> Message:
        """Judge the inputs of a resource and fill in what is missing."""
        handler, aws = self._handler(request, context), self._configured(context)
        news, secrets = read_struct(request.news)
        olds, _ = read_struct(request.olds)
        checked = handler.check(aws, _name(request), news, olds, request.randomSeed)
        return _checked(write_struct(checked.inputs, secrets), checked.failures)

    def Diff(self, request: Message, context: Message) -> Message:
        """Compare old inputs with new ones."""
        olds, _ = read_struct(request.old_inputs)
        news, _ = read_struct(request.news)
        found = self._handler(request, context).diff(olds, news)
        kept = set(found.changed) - set(request.ignoreChanges)
        return _difference(
            kept,
            replaces=[name for name in found.replaced if name in kept],
            delete_first=found.delete_first,
        )

    def Create(self, request: Message, context: Message) -> Message:
        """Make a resource; in a preview only tell what is known of it."""
        handler, aws = self._handler(request, context), self._configured(context)
        inputs, secrets = read_struct(request.properties)
        if request.preview:
            planned = handler.planned(inputs)
            return provider_pb2.CreateResponse(properties=write_struct(planned, secrets))
        self._observe("Create", _name(request))
        try:
            made = handler.create(aws, inputs)
        except PartlyMadeError as error:
            _refuse_partly(context, error, _written(handler, error.made, secrets))
        except ProviderError as error:
            _refuse(context, str(error))
        written, _ = _written(handler, made, secrets)
        return provider_pb2.CreateResponse(id=made.id, properties=written)

    def Read(self, request: Message, context: Message) -> Message:
        """Read a resource, for a refresh or an import. No id: there is none."""
        handler, aws = self._handler(request, context), self._configured(context)
        inputs, secrets = read_struct(request.inputs)
        _, known = read_struct(request.properties)
        self._observe("Read", _name(request))
        try:
            found = handler.read(aws, request.id, inputs)
        except ProviderError as error:
            _refuse(context, str(error))
        if found is None:
            return provider_pb2.ReadResponse()
        properties, read = _written(handler, found, secrets | known)
        return provider_pb2.ReadResponse(id=found.id, properties=properties, inputs=read)

    def Update(self, request: Message, context: Message) -> Message:
        """Change a resource; in a preview only tell what is known of it."""
        handler, aws = self._handler(request, context), self._configured(context)
        news, secrets = read_struct(request.news)
        if request.preview:
            before, known = read_struct(request.olds)
            planned = handler.planned(news, before)
            return provider_pb2.UpdateResponse(properties=write_struct(planned, secrets | known))
        olds, _ = read_struct(request.old_inputs)
        self._observe("Update", _name(request))
        try:
            made = handler.update(aws, request.id, olds, news)
        except ProviderError as error:
            _refuse(context, str(error))
        return provider_pb2.UpdateResponse(properties=_written(handler, made, secrets)[0])

    def Delete(self, request: Message, context: Message) -> Message:
        """Take a resource away."""
        handler, aws = self._handler(request, context), self._configured(context)
        inputs, _ = read_struct(request.old_inputs)
        self._observe("Delete", _name(request))
        try:
            handler.delete(aws, request.id, inputs)
        except ProviderError as error:
            _refuse(context, str(error))
        return empty_pb2.Empty()

    def Invoke(self, request: Message, context: Message) -> Message:
        """Answer the two functions that need no more than the configuration."""
        aws = self._configured(context)
        answers: dict[str, Properties] = {
            _CALLER: {"accountId": aws.account, "id": aws.account},
            _REGION: {"id": aws.region, "name": aws.region, "region": aws.region},
        }
        if request.tok not in answers:
            _refuse(context, f"the rehearsal's provider does not know the function {request.tok}")
        return provider_pb2.InvokeResponse(**{"return": write_struct(answers[request.tok])})

    def _configured(self, context: Message) -> Aws:
        if self._aws is None:
            _refuse(context, "the provider is not configured")
        return self._aws

    def _handler(self, request: Message, context: Message) -> Handler:
        try:
            return handler_of(request.urn.split("::")[2].rpartition("$")[2])
        except ProviderError as error:
            _refuse(context, str(error))


def _name(request: Message) -> str:
    return str(request.urn).rpartition("::")[2]


def _written(handler: Handler, made: Made, secrets: frozenset[Path]) -> tuple[Message, Message]:
    """Return the properties and the inputs of a resource, with their secrets marked."""
    properties = write_struct(made.properties, secrets | handler.secrets(made.properties))
    return properties, write_struct(made.inputs, secrets | handler.secrets(made.inputs))


def _checked(inputs: Message, failures: Iterable[Failure]) -> Message:
    told = [provider_pb2.CheckFailure(property=each.path, reason=each.reason) for each in failures]
    return provider_pb2.CheckResponse(inputs=inputs, failures=told)


def _difference(
    changed: Iterable[str], *, replaces: Iterable[str] = (), delete_first: bool = False
) -> Message:
    kinds = provider_pb2.DiffResponse
    names, anew = sorted(changed), sorted(replaces)
    return kinds(
        changes=kinds.DIFF_SOME if names else kinds.DIFF_NONE,
        diffs=names,
        replaces=anew,
        deleteBeforeReplace=delete_first and bool(anew),
    )


def _refuse(context: Message, message: str) -> NoReturn:
    context.abort(grpc.StatusCode.UNKNOWN, message)
    raise AssertionError("abort has raised")


def _refuse_partly(
    context: Message, error: PartlyMadeError, written: tuple[Message, Message]
) -> NoReturn:
    """Tell that a resource exists and is not complete, so that the state remembers it."""
    properties, inputs = written
    detail = any_pb2.Any()
    detail.Pack(
        provider_pb2.ErrorResourceInitFailed(
            id=error.made.id, properties=properties, reasons=[str(error)], inputs=inputs
        )
    )
    status = status_pb2.Status(
        code=grpc.StatusCode.UNKNOWN.value[0], message=str(error), details=[detail]
    )
    context.set_trailing_metadata((("grpc-status-details-bin", status.SerializeToString()),))
    _refuse(context, str(error))
