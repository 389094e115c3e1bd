# ruff: noqa: N802 - the names of the methods are those of the protocol
"""Runs the real program under Pulumi's mocks and records what it registers."""

from __future__ import annotations

import asyncio
import json
import logging
import runpy
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NoReturn

import pulumi
from google.protobuf import json_format  # type: ignore[import-untyped]  # has no stubs
from pulumi.runtime import mocks, rpc, settings, stack
from pulumi.runtime.config import set_all_config
from pulumi.runtime.proto import engine_pb2

from tests.infra.cloud import ACCOUNT, REGION, made, planned

PROGRAM = Path(__file__).parents[2] / "__main__.py"
PROJECT = "jobmatch-mail"
SECRET = {rpc._special_sig_key: rpc._special_secret_sig}

CONFIG: Mapping[str, str] = {
    f"{PROJECT}:domain": "jobmatch.zip",
    f"{PROJECT}:awsAccountId": ACCOUNT,
    f"{PROJECT}:alarmEmail": "ops@jobmatch.zip",
    f"{PROJECT}:dkimSigningHostedZone": "dkim.test.amazonses.com",
    "aws:region": REGION,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Registered:
    """One registration, with the options that mocks do not show."""

    kind: str
    name: str
    urn: str
    custom: bool
    parent: str
    provider: str
    inputs: dict[str, Any]
    protect: bool
    retain: bool
    import_id: str
    dependencies: tuple[str, ...]
    raw: dict[str, Any]


@dataclass
class Recorded:
    """One run of the program. ``logs`` are the lines that the engine would show."""

    resources: list[Registered] = field(default_factory=list)
    outputs: dict[str, Any] = field(default_factory=dict)
    logs: list[str] = field(default_factory=list)
    error: str = ""

    def of_kind(self, suffix: str) -> list[Registered]:
        """Return the resources whose type ends so, by name."""
        found = [each for each in self.resources if each.kind.endswith(suffix)]
        return sorted(found, key=lambda each: each.name)

    def named(self, name: str, suffix: str = "") -> Registered:
        """Return the one custom resource of that name (and type, where names are shared)."""
        (found,) = [
            r for r in self.resources if r.name == name and r.custom and r.kind.endswith(suffix)
        ]
        return found

    def needs(self, resource: Registered) -> set[str]:
        """Return the names of everything that the resource waits for, near and far."""
        by_urn = {each.urn: each for each in self.resources}
        found: set[str] = set()
        waiting = list(resource.dependencies)
        while waiting:
            urn = waiting.pop()
            if urn in by_urn and by_urn[urn].name not in found:
                found.add(by_urn[urn].name)
                waiting += by_urn[urn].dependencies
        return found


class _Mocks(mocks.Mocks):
    """Answers as an account where everything can be created, but for what ``fails`` names."""

    def __init__(self, *, preview: bool, fails: str) -> None:
        self.preview = preview
        self.fails = fails

    def new_resource(self, args: mocks.MockResourceArgs) -> tuple[str | None, dict[Any, Any]]:
        if args.name == self.fails and args.custom:
            raise ValueError(f"{args.name} cannot be created")
        if not args.custom or args.typ.startswith("pulumi:"):
            return str(uuid.uuid4()), dict(args.inputs)
        inputs = {"name": args.name, **args.inputs}
        if self.preview:
            return None, planned(args.typ, inputs)
        return f"{args.name}-id", made(args.typ, inputs)

    def call(self, args: mocks.MockCallArgs) -> NoReturn:
        raise AssertionError(f"the program asks the provider: {args.token}")


class _Monitor(mocks.MockMonitor):
    def __init__(self, answers: _Mocks, recorded: Recorded) -> None:
        super().__init__(answers)
        self.recorded = recorded

    def RegisterResource(self, request: Any) -> Any:
        response = super().RegisterResource(request)  # type: ignore[no-untyped-call]  # the SDK's
        if request.type != "pulumi:pulumi:Stack":
            self.recorded.resources.append(_registered(request, response.urn))
        return response

    def RegisterResourceOutputs(self, request: Any) -> Any:
        if "pulumi:pulumi:Stack" in request.urn:
            self.recorded.outputs = _plain(request.outputs)
        return super().RegisterResourceOutputs(request)  # type: ignore[no-untyped-call]  # the SDK's


class _Engine(mocks.MockEngine):
    def __init__(self, recorded: Recorded) -> None:
        super().__init__(logging.getLogger("tests.infra"))
        self.recorded = recorded

    def Log(self, request: Any) -> None:
        if request.severity != engine_pb2.DEBUG:
            self.recorded.logs.append(request.message)


def run(
    config: Mapping[str, str | None] | None = None,
    *,
    preview: bool = False,
    secrets: tuple[str, ...] = ("byodkimPrivateKey",),
    fails: str = "",
) -> Recorded:
    """Run __main__.py once. ``config`` overlays CONFIG (None takes a key away).

    ``fails`` names a resource that cannot be created. An error ends up in Recorded.error.
    """
    recorded = Recorded()
    merged = {**CONFIG, **{_full(key): value for key, value in (config or {}).items()}}
    chosen = {key: value for key, value in merged.items() if value is not None}
    previous = logging.root.manager.disable
    logging.disable(logging.ERROR)  # the SDK logs what the mock refuses
    try:
        asyncio.run(_run(recorded, chosen, preview, [_full(key) for key in secrets], fails))
    finally:
        logging.disable(previous)
    return recorded


def _full(key: str) -> str:
    return key if ":" in key else f"{PROJECT}:{key}"


async def _run(
    recorded: Recorded, config: dict[str, str], preview: bool, secrets: list[str], fails: str
) -> None:
    answers = _Mocks(preview=preview, fails=fails)
    monitor = _Monitor(answers, recorded)
    mocks.set_mocks(answers, project=PROJECT, stack="dev", preview=preview, monitor=monitor)
    settings.SETTINGS.engine = _Engine(recorded)
    settings.SETTINGS.callbacks = None  # those of the run before live in a loop that is closed
    settings.set_root_resource(None)  # type: ignore[arg-type]  # set_mocks made one of its own
    set_all_config(config, secrets)
    try:
        await stack.run_in_stack(_program)
    except pulumi.RunError as error:
        recorded.error = str(error)
    except Exception as error:  # noqa: BLE001 - whatever the SDK wraps a refused creation in
        recorded.error = recorded.error or f"{type(error).__name__}: {error}"


def _program() -> None:
    runpy.run_path(str(PROGRAM), run_name="__main__")


def _registered(request: Any, urn: str) -> Registered:
    return Registered(
        kind=request.type,
        name=request.name,
        urn=urn,
        custom=request.custom,
        parent=request.parent.rpartition("::")[2],
        provider=request.provider or request.providers.get("aws", ""),
        inputs=_plain(request.object),
        protect=request.protect,
        retain=request.retainOnDelete,
        import_id=request.importId,
        dependencies=tuple(request.dependencies),
        raw=json_format.MessageToDict(request.object),
    )


def _plain(struct: Any) -> dict[str, Any]:
    """Return properties without the wrapping of secrets."""
    plain = _unwrapped(json_format.MessageToDict(struct))
    return plain if isinstance(plain, dict) else {}


def _unwrapped(value: Any) -> Any:
    if isinstance(value, dict):
        if value.get(rpc._special_sig_key) == rpc._special_secret_sig:
            return _unwrapped(value["value"])
        return {key: _unwrapped(each) for key, each in value.items()}
    return [_unwrapped(each) for each in value] if isinstance(value, list) else value


def documents(resource: Registered) -> Iterator[dict[str, Any]]:
    """Yield the policy documents among the inputs of a resource."""
    if text := resource.inputs.get("policy"):
        yield json.loads(text)


Judge = Callable[[Recorded], list[str]]
