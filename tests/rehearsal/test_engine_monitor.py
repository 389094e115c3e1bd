"""The small engine's monitor, asked as the SDK asks it, with no program."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from typing import Any

import pytest
from google.protobuf import json_format, struct_pb2  # type: ignore[import-untyped]  # no stubs
from pulumi.runtime import mocks
from pulumi.runtime.proto import engine_pb2, resource_pb2

from rehearsal.aws import EmulatedAws
from rehearsal.engine_monitor import Engine, Monitor
from rehearsal.provider.aws import Clients
from rehearsal.provider.handler import ProviderError
from rehearsal.provider.values import write_struct

STACK = "urn:pulumi:dev::jobmatch-mail::pulumi:pulumi:Stack::jobmatch-mail-dev"
TOPIC = "aws:sns/topic:Topic"


class Asked:
    """A monitor, and what it told."""

    def __init__(self, aws: EmulatedAws) -> None:
        self.told: list[str] = []
        self.monitor = Monitor(Clients(aws.environment()), self.told.append)
        mocks.set_mocks(
            self.monitor.mocks, project="jobmatch-mail", stack="dev", monitor=self.monitor
        )

    def register(self, kind: str, name: str, /, *, import_id: str = "", **inputs: Any) -> Any:
        return self.monitor.RegisterResource(
            resource_pb2.RegisterResourceRequest(
                type=kind,
                name=name,
                custom=not kind.startswith("sesgate:"),
                object=json_format.ParseDict(inputs, struct_pb2.Struct()),
                importId=import_id,
            )
        )

    def configure(self) -> None:
        self.register("pulumi:providers:aws", "aws", region="us-west-2")


@pytest.fixture
def aws() -> Iterator[EmulatedAws]:
    with EmulatedAws() as running:
        yield running


@pytest.fixture
def loop() -> Iterator[None]:
    """Give the SDK the event loop that it takes from the thread."""
    own = asyncio.new_event_loop()
    asyncio.set_event_loop(own)
    yield
    left = asyncio.all_tasks(own)  # of the SDK, which nobody waits for here
    for task in left:
        task.cancel()
    own.run_until_complete(asyncio.gather(*left, return_exceptions=True))
    asyncio.set_event_loop(None)
    own.close()


@pytest.fixture
def asked(aws: EmulatedAws, loop: None) -> Asked:
    return Asked(aws)


def test_a_resource_is_made_at_once_and_always_with_the_same_name(
    asked: Asked, aws: EmulatedAws
) -> None:
    asked.configure()

    made = asked.register(TOPIC, "bounce")

    (topic,) = aws.client("sns").list_topics()["Topics"]
    assert topic["TopicArn"] == made.id
    assert re.search(r":bounce-[0-9a-f]{7}$", made.id)
    assert json_format.MessageToDict(made.object)["arn"] == made.id
    assert asked.told == [f" +  {TOPIC} bounce created"]
    with pytest.raises(ProviderError, match="already exists"):
        asked.register(TOPIC, "bounce")
    assert "already exists" in asked.monitor.error


def test_a_component_is_only_named(asked: Asked) -> None:
    made = asked.register("sesgate:mail:Feedback", "jobmatch-zip")

    assert made.urn == "urn:pulumi:dev::jobmatch-mail::sesgate:mail:Feedback::jobmatch-zip"
    assert asked.told == []


def test_what_is_wrong_is_told_with_its_path_and_nothing_is_made(
    asked: Asked, aws: EmulatedAws
) -> None:
    asked.configure()

    with pytest.raises(ProviderError, match=r"\(bounce\): property name: 'a b' does not match"):
        asked.register(TOPIC, "bounce", name="a b")

    assert aws.client("sns").list_topics()["Topics"] == []


@pytest.mark.parametrize(
    ("kind", "told"),
    [("aws:s3/bucket:Bucket", "does not know aws:s3/bucket:Bucket"), (TOPIC, "no aws provider")],
)
def test_what_cannot_be_made_is_refused(asked: Asked, kind: str, told: str) -> None:
    if kind != TOPIC:
        asked.configure()

    with pytest.raises(ProviderError, match=told):
        asked.register(kind, "x")


def test_a_provider_without_region_is_refused(asked: Asked) -> None:
    with pytest.raises(ProviderError, match="property region: Missing"):
        asked.register("pulumi:providers:aws", "aws")


@pytest.mark.parametrize(
    ("identifier", "inputs", "told"),
    [
        ("arn:aws:sns:us-west-2:123456789012:none", {}, "no aws:sns/topic:Topic arn"),
        ("arn:aws:sns:us-west-2:123456789012:old", {"name": "new"}, "cannot be changed"),
    ],
)
def test_an_import_that_cannot_be_is_refused(
    asked: Asked, aws: EmulatedAws, identifier: str, inputs: dict[str, Any], told: str
) -> None:
    aws.client("sns").create_topic(Name="old")
    asked.configure()

    with pytest.raises(ProviderError, match=told):
        asked.register(TOPIC, "old", import_id=identifier, **inputs)


def test_an_import_changes_what_is_declared(asked: Asked, aws: EmulatedAws) -> None:
    arn = aws.client("sns").create_topic(Name="old")["TopicArn"]
    asked.configure()

    made = asked.register(TOPIC, "old", import_id=arn, name="old", displayName="B")

    assert made.id == arn
    found = aws.client("sns").get_topic_attributes(TopicArn=arn)["Attributes"]
    assert found["DisplayName"] == "B"


def test_exports_and_logs_are_kept(asked: Asked) -> None:
    outputs = write_struct({"domain": "jobmatch.zip", "count": 3})
    request = resource_pb2.RegisterResourceOutputsRequest(urn=STACK, outputs=outputs)
    engine = Engine(asked.told.append)

    asked.monitor.RegisterResourceOutputs(request)
    engine.Log(engine_pb2.LogRequest(severity=engine_pb2.WARNING, message="a warning"))
    engine.Log(engine_pb2.LogRequest(severity=engine_pb2.DEBUG, message="noise"))

    assert asked.monitor.outputs == {"domain": "jobmatch.zip", "count": 3}
    assert asked.told == ["a warning"]
