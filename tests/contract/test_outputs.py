from __future__ import annotations

import contextlib
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contract.outputs import OUTPUTS, TOPICS, ContractError, parse_outputs
from tests.contract.stack import STACK

SHOW = "pulumi stack output --json --show-secrets"


def changed(**changes: Any) -> dict[str, Any]:
    return {**STACK, **changes}


def problems(mapping: object) -> list[str]:
    with pytest.raises(ContractError) as caught:
        parse_outputs(mapping)
    return list(caught.value.problems)


def test_the_outputs_come_back_as_they_were_exported() -> None:
    outputs = parse_outputs(STACK)
    assert json.loads(json.dumps(outputs.to_json())) == STACK
    assert set(OUTPUTS) == set(STACK)
    assert outputs.dns_records[0].values == ("10 feedback-smtp.us-west-2.amazonses.com.",)


def test_further_keys_are_ignored() -> None:
    assert parse_outputs(changed(somethingNew=1)) == parse_outputs(STACK)


def test_every_missing_key_is_named_at_once() -> None:
    found = problems({})
    assert [line.split(" ")[0] for line in found] == [
        key for key in OUTPUTS if key != "hostedZoneId"
    ]


def test_an_output_that_the_engine_leaves_out_as_null() -> None:
    assert parse_outputs({k: v for k, v in STACK.items() if k != "hostedZoneId"}) == parse_outputs(
        STACK
    )


def test_byodkim_has_no_zone() -> None:
    outputs = parse_outputs(changed(dkim="byodkim", dkimSigningHostedZone=None))
    assert outputs.dkim_signing_hosted_zone is None


def test_the_engines_doubles_are_whole_numbers() -> None:
    assert parse_outputs(changed(dailyVolume=300.0)).daily_volume == 300


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        ({"domain": 5}, "domain: text expected, found 5"),
        ({"domain": ""}, "domain: text expected, found ''"),
        ({"region": None}, "region: text expected, found null"),
        ({"dkim": "own"}, "dkim: easy or byodkim expected, found 'own'"),
        (
            {"dkimSigningHostedZone": None},
            "dkimSigningHostedZone: text (null with dkim: byodkim) expected, found null",
        ),
        ({"dkimTokens": "t1"}, "dkimTokens: a list of text expected, found 't1'"),
        ({"dkimTokens": []}, "dkimTokens: a list of text expected, found []"),
        (
            {"feedbackForwarding": "true"},
            "feedbackForwarding: true or false expected, found 'true'",
        ),
        ({"dailyVolume": 1.5}, "dailyVolume: a whole number above 0 expected, found 1.5"),
        ({"dailyVolume": True}, "dailyVolume: a whole number above 0 expected, found True"),
        ({"dnsRecords": {}}, "dnsRecords: a list of {name, type, ttl, values} expected, found {}"),
        ({"dnsRecords": [5]}, "dnsRecords[0]: an object expected, found 5"),
        (
            {"dnsRecords": [{"name": "a.", "type": "TXT", "ttl": 1e999, "values": [1]}]},
            "dnsRecords[0]: missing or wrong: ttl, values",
        ),
        (
            {"topicArns": {**STACK["topicArns"], "alarm": 1}},
            "topicArns.alarm: text expected, found 1",
        ),
        (
            {"topicArns": []},
            f"topicArns: an object with {', '.join(TOPICS)} expected, found []",
        ),
        (
            {"kmsKeyArn": "[secret]"},
            f"kmsKeyArn: text expected, found [secret]: run {SHOW}",
        ),
        (
            {"kmsKeyArn": "04da6b54-80e4-46f7-96ec-b56ff0331ba9"},
            "kmsKeyArn: text expected, found a value that is not known before `pulumi up`",
        ),
    ],
)
def test_a_wrong_value_is_named_with_what_was_found(changes: dict[str, Any], line: str) -> None:
    assert problems(changed(**changes)) == [line]


def test_several_wrong_keys_are_told_together() -> None:
    assert len(problems({k: v for k, v in changed(domain=1, dkim=2).items() if k != "region"})) == 3


def test_a_long_value_is_cut() -> None:
    assert len(problems(changed(domain=["x" * 10_000]))[0]) < 120


@pytest.mark.parametrize("mapping", [None, [], "text", 5])
def test_no_object_at_all(mapping: object) -> None:
    assert problems(mapping)[0].startswith("expected a JSON object of stack outputs")


anything = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=5,
)


@settings(max_examples=100)
@given(st.dictionaries(st.sampled_from(sorted(OUTPUTS)), anything, max_size=4))
def test_nothing_raises_but_a_contract_error(changes: dict[str, Any]) -> None:
    with contextlib.suppress(ContractError):
        parse_outputs({**STACK, **changes})
