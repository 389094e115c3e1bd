"""The protocol of the engine, spoken to the provider over gRPC with no engine."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import grpc  # type: ignore[import-untyped]  # has no stubs
import pytest
from google.protobuf import (  # type: ignore[import-untyped]  # has no stubs
    empty_pb2,
    json_format,
    struct_pb2,
)
from google.rpc import status_pb2  # type: ignore[import-untyped]  # has no stubs
from pulumi.runtime.proto import provider_pb2, provider_pb2_grpc

from rehearsal.aws import EmulatedAws
from rehearsal.provider.aws import Clients, NotLoopbackError
from rehearsal.provider.serve import attached
from rehearsal.provider.servicer import Servicer
from rehearsal.provider.values import UNKNOWN

SECRET = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270"}
KIND = {
    "topic": "aws:sns/topic:Topic",
    "identity": "aws:sesv2/emailIdentity:EmailIdentity",
    "set": "aws:sesv2/configurationSet:ConfigurationSet",
    "bucket": "aws:s3/bucket:Bucket",
}
CONFIG = {
    "region": "us-west-2",
    "allowedAccountIds": '["123456789012"]',
    "defaultTags": '{"tags": {"stack": "dev"}}',
    "skipCredentialsValidation": "false",
}


class Engine:
    """The engine's half of the protocol, in plain dictionaries."""

    def __init__(self, port: str) -> None:
        self.channel = grpc.insecure_channel(f"127.0.0.1:{port}")
        self.stub = provider_pb2_grpc.ResourceProviderStub(self.channel)

    def configure(self, **config: str) -> Any:
        args = _struct({**CONFIG, **config})
        return self.stub.Configure(provider_pb2.ConfigureRequest(args=args, acceptSecrets=True))

    def check(self, kind: str, **news: Any) -> Any:
        request = provider_pb2.CheckRequest(urn=_urn(kind), news=_struct(news), randomSeed=b"s")
        return self.stub.Check(request)

    def create(self, kind: str, *, preview: bool = False, **news: Any) -> Any:
        checked = self.check(kind, **news)
        assert list(checked.failures) == []
        return self.stub.Create(
            provider_pb2.CreateRequest(urn=_urn(kind), properties=checked.inputs, preview=preview)
        )


def _urn(kind: str) -> str:
    return f"urn:pulumi:dev::jobmatch-mail::sesgate:mail:Feedback${KIND[kind]}::{kind}"


def _struct(value: dict[str, Any]) -> Any:
    return json_format.ParseDict(value, struct_pb2.Struct())


def _plain(struct: Any) -> dict[str, Any]:
    found: dict[str, Any] = json_format.MessageToDict(struct)
    return found


@pytest.fixture
def emulated() -> Iterator[EmulatedAws]:
    with EmulatedAws() as aws:
        yield aws


@pytest.fixture
def heard() -> list[str]:
    """Return what the provider says it is about to do."""
    return []


@pytest.fixture
def engine(emulated: EmulatedAws, heard: list[str]) -> Iterator[Engine]:
    servicer = Servicer(
        Clients(emulated.environment()), lambda verb, name: heard.append(f"{verb} {name}")
    )
    with attached(servicer) as value:
        name, _, port = value.partition(":")
        assert name == "aws"
        engine = Engine(port)
        try:
            yield engine
        finally:
            engine.channel.close()


def test_it_says_what_it_is_and_takes_secrets(engine: Engine) -> None:
    shaken = engine.stub.Handshake(provider_pb2.ProviderHandshakeRequest())
    schema = engine.stub.GetSchema(provider_pb2.GetSchemaRequest()).schema

    assert shaken.accept_secrets
    assert json.loads(schema)["description"] == "not pulumi-aws"
    assert engine.stub.GetPluginInfo(empty_pb2.Empty()).version == "7.51.1"


@pytest.mark.parametrize(
    ("config", "path"),
    [
        ({}, "region"),
        ({"region": "us-west-2", "assumeRole": "x"}, "assumeRole"),
        ({"region": "us-west-2", "allowedAccountIds": '["1"]', "forbiddenAccountIds": '["2"]'},
         "allowedAccountIds"),
    ],
)  # fmt: skip
def test_a_wrong_setting_of_the_provider_is_refused(
    engine: Engine, config: dict[str, str], path: str
) -> None:
    request = provider_pb2.CheckRequest(news=_struct(config))

    failures = engine.stub.CheckConfig(request).failures

    assert [path] == [each.property for each in failures]


def test_another_account_is_refused_before_anything_is_done(
    engine: Engine, emulated: EmulatedAws
) -> None:
    with pytest.raises(grpc.RpcError, match="AWS account ID not allowed: 123456789012"):
        engine.configure(allowedAccountIds='["210987654321"]')
    with pytest.raises(grpc.RpcError, match="AWS account ID not allowed: 123456789012"):
        engine.configure(allowedAccountIds="[]", forbiddenAccountIds='["123456789012"]')
    with pytest.raises(grpc.RpcError, match="not configured"):
        engine.check("topic")

    assert emulated.client("sns").list_topics()["Topics"] == []


def test_another_region_is_a_difference_of_the_provider(engine: Engine) -> None:
    old, new = _struct(CONFIG), _struct({**CONFIG, "region": "us-east-1"})

    found = engine.stub.DiffConfig(provider_pb2.DiffRequest(olds=old, news=new))
    none = engine.stub.DiffConfig(provider_pb2.DiffRequest(olds=old, news=old))

    assert ["region"] == list(found.diffs)
    assert provider_pb2.DiffResponse.DIFF_NONE == none.changes


def test_a_type_that_is_not_known_is_a_clear_error(engine: Engine) -> None:
    engine.configure()

    with pytest.raises(grpc.RpcError, match="does not know aws:s3/bucket:Bucket"):
        engine.check("bucket")


def test_a_refused_input_is_told_with_its_path(engine: Engine) -> None:
    engine.configure()

    checked = engine.check("set", configurationSetName="a", deliveryOptions={"tlsPolicy": "MAYBE"})

    assert ["deliveryOptions.tlsPolicy"] == [each.property for each in checked.failures]


def test_in_a_preview_what_aws_makes_is_unknown_and_nothing_is_made(
    engine: Engine, emulated: EmulatedAws, heard: list[str]
) -> None:
    engine.configure()
    signing = {"nextSigningKeyLength": "RSA_2048_BIT"}

    made = engine.create(
        "identity", preview=True, emailIdentity="jobmatch.zip", dkimSigningAttributes=signing
    )

    planned = _plain(made.properties)
    assert made.id == ""
    assert UNKNOWN == planned["arn"]
    assert UNKNOWN == planned["dkimSigningAttributes"]["tokens"]
    assert planned["emailIdentity"] == "jobmatch.zip"
    assert planned["tagsAll"] == {"stack": "dev"}
    assert emulated.client("sesv2").list_email_identities()["EmailIdentities"] == []
    assert heard == []


def test_a_resource_is_made_read_and_gone(engine: Engine, heard: list[str]) -> None:
    engine.configure()
    made = engine.create("topic", name="bounce")
    read = provider_pb2.ReadRequest(
        id=made.id, urn=_urn("topic"), properties=made.properties, inputs=made.properties
    )

    there = engine.stub.Read(read)
    engine.stub.Delete(provider_pb2.DeleteRequest(id=made.id, urn=_urn("topic")))
    gone = engine.stub.Read(read)

    assert (made.id, "") == (there.id, gone.id)
    assert _plain(there.properties)["owner"] == "123456789012"
    assert ["Create topic", "Read topic", "Delete topic", "Read topic"] == heard


def test_a_change_is_told_and_previewed_and_made(engine: Engine) -> None:
    engine.configure()
    made = engine.create("topic", name="bounce")
    old = engine.check("topic", name="bounce").inputs
    new = engine.check("topic", name="bounce", displayName="B").inputs
    ids = {"id": made.id, "urn": _urn("topic")}

    found = engine.stub.Diff(provider_pb2.DiffRequest(**ids, old_inputs=old, news=new))
    ignored = engine.stub.Diff(
        provider_pb2.DiffRequest(**ids, old_inputs=old, news=new, ignoreChanges=["displayName"])
    )
    update = {**ids, "olds": made.properties, "old_inputs": old, "news": new}
    planned = engine.stub.Update(provider_pb2.UpdateRequest(**update, preview=True))
    updated = engine.stub.Update(provider_pb2.UpdateRequest(**update))

    assert ["displayName"] == list(found.diffs)
    assert provider_pb2.DiffResponse.DIFF_NONE == ignored.changes
    # What exists keeps what AWS has given it.
    assert _plain(planned.properties)["arn"] == made.id
    assert _plain(updated.properties)["displayName"] == "B"


def test_another_name_makes_it_anew_and_the_old_one_goes_first(engine: Engine) -> None:
    engine.configure()
    old, new = engine.check("topic", name="a").inputs, engine.check("topic", name="b").inputs

    found = engine.stub.Diff(provider_pb2.DiffRequest(urn=_urn("topic"), old_inputs=old, news=new))

    assert ["name"] == list(found.replaces)
    assert found.deleteBeforeReplace


def test_a_key_stays_a_secret_on_every_way(engine: Engine) -> None:
    from tests.infra.keys import private_key

    engine.configure()
    key = private_key()
    signing = {"domainSigningSelector": "s1", "domainSigningPrivateKey": {**SECRET, "value": key}}
    given: dict[str, Any] = {"emailIdentity": "jobmatch.zip", "dkimSigningAttributes": signing}

    checked = engine.check("identity", **given)
    made = engine.create("identity", **given)
    read = engine.stub.Read(
        provider_pb2.ReadRequest(
            id=made.id, urn=_urn("identity"), properties=made.properties, inputs=checked.inputs
        )
    )

    for struct in (checked.inputs, made.properties, read.properties, read.inputs):
        found = _plain(struct)["dkimSigningAttributes"]["domainSigningPrivateKey"]
        assert {**SECRET, "value": key} == found


def test_what_was_made_in_part_is_told_with_its_id(engine: Engine, emulated: EmulatedAws) -> None:
    engine.configure()
    emulated.play("access-denied(sns:SetTopicAttributes)")

    with pytest.raises(grpc.RpcError) as caught:
        engine.create("topic", name="bounce", displayName="B")

    trailing = dict(caught.value.trailing_metadata())
    status = status_pb2.Status.FromString(trailing["grpc-status-details-bin"])
    failed = provider_pb2.ErrorResourceInitFailed()
    assert status.details[0].Unpack(failed)
    assert failed.id == "arn:aws:sns:us-west-2:123456789012:bounce"
    assert "displayName" not in _plain(failed.inputs)
    assert "AuthorizationError" in failed.reasons[0]


@pytest.mark.parametrize(
    ("action", "verb"),
    [
        ("sns:CreateTopic", "creating"),
        ("sns:ListTagsForResource", "reading"),
        ("sns:SetTopicAttributes", "updating"),
        ("sns:DeleteTopic", "deleting"),
    ],
)
def test_what_aws_refuses_is_told_with_what_was_being_done(
    engine: Engine, emulated: EmulatedAws, action: str, verb: str
) -> None:
    engine.configure()
    made = engine.create("topic", name="bounce")
    old = engine.check("topic", name="bounce").inputs
    new = engine.check("topic", name="bounce", displayName="B").inputs
    ids = {"id": made.id, "urn": _urn("topic")}
    calls = {
        "creating": lambda: engine.create("topic", name="other"),
        "reading": lambda: engine.stub.Read(provider_pb2.ReadRequest(**ids, inputs=old)),
        "updating": lambda: engine.stub.Update(
            provider_pb2.UpdateRequest(**ids, old_inputs=old, news=new)
        ),
        "deleting": lambda: engine.stub.Delete(provider_pb2.DeleteRequest(**ids)),
    }
    emulated.play(f"access-denied({action})")

    with pytest.raises(grpc.RpcError, match=f"{verb} aws:sns/topic:Topic .*: A[a-z]+Error") as told:
        calls[verb]()

    assert action.partition(":")[2] in told.value.details()


def test_two_functions_are_known(engine: Engine) -> None:
    engine.configure()
    caller = "aws:index/getCallerIdentity:getCallerIdentity"

    answer = engine.stub.Invoke(provider_pb2.InvokeRequest(tok=caller))

    assert _plain(getattr(answer, "return"))["accountId"] == "123456789012"
    with pytest.raises(grpc.RpcError, match="does not know the function aws:x/y:z"):
        engine.stub.Invoke(provider_pb2.InvokeRequest(tok="aws:x/y:z"))


@pytest.mark.parametrize("endpoint", ["", "https://sns.us-west-2.amazonaws.com", "http://10.0.0.1"])
def test_it_never_talks_to_aws_itself(endpoint: str) -> None:
    with pytest.raises(NotLoopbackError, match=r"at emulated AWS on 127\.0\.0\.1"):
        Clients({"AWS_ENDPOINT_URL": endpoint})
