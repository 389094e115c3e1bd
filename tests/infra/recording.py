# ruff: noqa: N802 - the names of the methods are those of the protocol
"""Runs the real program under Pulumi's mocks and records what it registers."""

from __future__ import annotations

import asyncio
import logging
import runpy
import threading
import uuid
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, NoReturn

import pulumi
from google.protobuf import json_format  # type: ignore[import-untyped]  # has no stubs
from pulumi.runtime import mocks, rpc, settings, stack
from pulumi.runtime.config import set_all_config
from pulumi.runtime.proto import engine_pb2

from tests.infra.cloud import ACCOUNT, REGION, made, planned
from tests.infra.recorded import Recorded, Registered

PROGRAM = Path(__file__).parents[2] / "__main__.py"
PROJECT = "jobmatch-mail"
_PATIENCE = 5  # seconds

CONFIG: Mapping[str, str] = {
    f"{PROJECT}:domain": "jobmatch.zip",
    f"{PROJECT}:awsAccountId": ACCOUNT,
    f"{PROJECT}:alarmEmail": "ops@jobmatch.zip",
    f"{PROJECT}:dkimSigningHostedZone": "dkim.test.amazonses.com",
    "aws:region": REGION,
}


class _Mocks(mocks.Mocks):
    """Answers as an account where everything can be created, but for what ``fails`` names."""

    def __init__(
        self,
        *,
        preview: bool,
        bare: bool,
        fails: str,
        after: frozenset[str],
        tokens: tuple[str, ...],
    ) -> None:
        self.preview = preview
        self.bare = bare
        self.fails = fails
        self.tokens = tokens
        self.missing = set(after)
        self.all_there = threading.Event()

    def seen(self, name: str) -> None:
        """Note a custom resource; a creation that is to fail waits for those it must not stop."""
        self.missing.discard(name)
        if not self.missing:
            self.all_there.set()

    def new_resource(self, args: mocks.MockResourceArgs) -> tuple[str | None, dict[Any, Any]]:
        if args.name == self.fails and args.custom:
            # A program ends with its first error: the others come first, or time is up.
            self.all_there.wait(timeout=_PATIENCE)
            raise ValueError(f"{args.name} cannot be created")
        if not args.custom or args.typ.startswith("pulumi:"):
            return str(uuid.uuid4()), dict(args.inputs)
        inputs = {"name": args.name, **args.inputs}
        if self.preview:
            return None, dict(args.inputs) if self.bare else planned(args.typ, inputs)
        found = made(args.typ, inputs)
        if self.tokens and "dkimSigningAttributes" in found:
            found["dkimSigningAttributes"]["tokens"] = list(self.tokens)
        return f"{args.name}-id", found

    def call(self, args: mocks.MockCallArgs) -> NoReturn:
        raise AssertionError(f"the program asks the provider: {args.token}")


class _Monitor(mocks.MockMonitor):
    def __init__(self, answers: _Mocks, recorded: Recorded) -> None:
        super().__init__(answers)
        self.answers = answers
        self.recorded = recorded

    def RegisterResource(self, request: Any) -> Any:
        response = super().RegisterResource(request)  # type: ignore[no-untyped-call]  # the SDK's
        if request.type != "pulumi:pulumi:Stack":
            self.recorded.resources.append(_registered(request, response.urn))
            if request.custom:
                self.answers.seen(request.name)
        return response

    def RegisterResourceOutputs(self, request: Any) -> Any:
        if request.urn.split("::")[2] == "pulumi:pulumi:Stack":
            self.recorded.outputs = _plain(request.outputs)
        else:
            self.recorded.finished.append(request.urn)
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
    bare: bool = False,
    secrets: tuple[str, ...] = ("byodkimPrivateKey",),
    fails: str = "",
    after: frozenset[str] = frozenset(),
    tokens: tuple[str, ...] = (),
) -> Recorded:
    """Run __main__.py once. ``config`` overlays CONFIG (None takes a key away).

    ``fails`` names a resource whose creation fails, once those in ``after`` are registered;
    ``tokens`` replace those that SES gives; a ``bare`` preview tells nothing but the inputs. An
    error ends up in Recorded.error.
    """
    recorded = Recorded()
    merged = {**CONFIG, **{_full(key): value for key, value in (config or {}).items()}}
    chosen = {key: value for key, value in merged.items() if value is not None}
    previous = logging.root.manager.disable
    logging.disable(logging.ERROR)  # the SDK logs what the mock refuses
    try:
        answers = _Mocks(preview=preview, bare=bare, fails=fails, after=after, tokens=tokens)
        asyncio.run(_run(recorded, answers, chosen, [_full(key) for key in secrets]))
    finally:
        logging.disable(previous)
    return recorded


def _full(key: str) -> str:
    return key if ":" in key else f"{PROJECT}:{key}"


async def _run(
    recorded: Recorded, answers: _Mocks, config: dict[str, str], secrets: list[str]
) -> None:
    loops: list[asyncio.AbstractEventLoop] = []
    pool = ThreadPoolExecutor(initializer=_own_loop, initargs=(loops,))
    asyncio.get_running_loop().set_default_executor(pool)
    monitor = _Monitor(answers, recorded)
    mocks.set_mocks(answers, project=PROJECT, stack="dev", preview=answers.preview, monitor=monitor)
    settings.SETTINGS.engine = _Engine(recorded)
    # What a run that failed has left behind lives in a loop that is closed.
    settings.SETTINGS.callbacks = None
    settings.SETTINGS.outputs.clear()
    settings.set_root_resource(None)  # type: ignore[arg-type]  # set_mocks made one of its own
    set_all_config(config, secrets)
    try:
        await stack.run_in_stack(_program)
    except pulumi.RunError as error:
        recorded.error = str(error)
    except Exception as error:  # noqa: BLE001 - whatever the SDK wraps a refused creation in
        recorded.error = recorded.error or f"{type(error).__name__}: {error}"
    finally:
        pool.shutdown()
        for loop in loops:
            loop.close()


def _own_loop(loops: list[asyncio.AbstractEventLoop]) -> None:
    # The SDK wants a loop in each of its threads, and closes none that it makes.
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    loops.append(loop)


def _program() -> None:
    runpy.run_path(str(PROGRAM), run_name="__main__")


def _registered(request: Any, urn: str) -> Registered:
    return Registered(
        kind=request.type,
        name=request.name,
        urn=urn,
        custom=request.custom,
        parent=request.parent,
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
