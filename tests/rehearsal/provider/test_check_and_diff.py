"""What Check fills in, and what Diff sees."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from rehearsal.provider.check import DEFAULTS, Surroundings, check
from rehearsal.provider.diff import Difference, as_given, difference
from rehearsal.provider.facts import ResourceFacts
from rehearsal.provider.registry import HANDLERS
from rehearsal.provider.values import UNKNOWN

AROUND = Surroundings(region="us-west-2", default_tags={"stack": "dev"}, seed=b"seed")
TOPIC = "arn:aws:sns:us-west-2:123456789012:bounce"


def _facts(name: str) -> ResourceFacts:
    (found,) = [each for kind, each in HANDLERS.items() if kind.endswith(f":{name}")]
    return found.facts


def _checked(kind: str, news: dict[str, Any], olds: dict[str, Any] | None = None) -> dict[str, Any]:
    checked = check(_facts(kind), "bounce", news, olds or {}, AROUND)
    assert [] == checked.failures
    return checked.inputs


def test_region_tags_defaults_and_a_name_are_filled_in() -> None:
    inputs = _checked("Topic", {"tags": {"stack": "own", "more": "x"}})

    assert inputs["region"] == "us-west-2"
    assert inputs["tagsAll"] == {"stack": "own", "more": "x"}
    assert re.fullmatch(r"bounce-[0-9a-f]{7}", inputs["name"])
    assert inputs["fifoTopic"] is False
    assert "name" in inputs[DEFAULTS]


def test_an_automatic_name_stays_and_a_given_one_is_none() -> None:
    first = _checked("Topic", {})
    other_seed = Surroundings(region="us-west-2", default_tags={}, seed=b"other")

    again = check(_facts("Topic"), "bounce", {}, first, other_seed).inputs
    given = check(_facts("Topic"), "bounce", {"name": "mine"}, first, other_seed).inputs

    assert first["name"] == again["name"]
    assert given["name"] == "mine"
    assert "name" not in given[DEFAULTS]


def test_an_automatic_name_that_is_too_long_is_refused() -> None:
    checked = check(_facts("Queue"), "q" * 73, {}, {}, AROUND)

    assert [("name", True)] == [(each.path, "72" in each.reason) for each in checked.failures]


def test_what_is_global_has_no_region_and_what_has_no_tags_gets_none() -> None:
    assert "region" not in _checked("Policy", {"policy": "{}"})
    assert "tagsAll" not in _checked("TopicPolicy", {"arn": TOPIC, "policy": "{}"})


def test_an_unknown_tag_makes_all_of_them_unknown() -> None:
    assert _checked("Topic", {"tags": {"a": UNKNOWN}})["tagsAll"] == UNKNOWN


def test_defaults_reach_into_a_block() -> None:
    inputs = _checked(
        "ConfigurationSetEventDestination",
        {
            "configurationSetName": "s",
            "eventDestinationName": "d",
            "eventDestination": {
                "matchingEventTypes": ["BOUNCE"],
                "snsDestination": {"topicArn": TOPIC},
            },
        },
    )

    # A destination that publishes nothing.
    assert inputs["eventDestination"]["enabled"] is False


def test_a_policy_may_be_an_object_and_becomes_text() -> None:
    inputs = _checked("TopicPolicy", {"arn": TOPIC, "policy": {"b": 1, "a": 2}})

    assert inputs["policy"] == '{"a":2,"b":1}'
    unknown = _checked("TopicPolicy", {"arn": TOPIC, "policy": {"a": UNKNOWN}})
    assert unknown["policy"] == UNKNOWN


STATEMENTS = [{"Effect": "Allow", "Action": "a"}, {"Effect": "Deny", "Action": "b"}]
POLICY = json.dumps({"Statement": STATEMENTS})
SAME_POLICY = json.dumps({"Statement": STATEMENTS[::-1]})


@pytest.mark.parametrize(
    ("kind", "old", "new", "expected"),
    [
        ("Topic", {"name": "a"}, {"name": "a"}, Difference()),
        ("Topic", {"name": "a"}, {"name": "b"},
         Difference(changed=("name",), replaced=("name",), delete_first=True)),
        ("Topic", {"name": "a", DEFAULTS: ["name"]}, {"name": "b", DEFAULTS: ["name"]},
         Difference(changed=("name",), replaced=("name",))),
        ("Topic", {"region": "us-west-2"}, {"region": "us-east-1"},
         Difference(changed=("region",), replaced=("region",), delete_first=True)),
        ("Topic", {"kmsMasterKeyId": "k"}, {"kmsMasterKeyId": UNKNOWN},
         Difference(changed=("kmsMasterKeyId",))),
        ("Topic", {"tagsAll": {"a": "1"}}, {"tagsAll": {"a": "2"}},
         Difference(changed=("tagsAll",))),
        ("Topic", {"policy": POLICY}, {}, Difference()),
        ("TopicPolicy", {"policy": POLICY}, {"policy": SAME_POLICY}, Difference()),
        ("TopicPolicy", {"policy": POLICY}, {"policy": "{}"}, Difference(changed=("policy",))),
        ("TopicPolicy", {"arn": "a"}, {"arn": "b"},
         Difference(changed=("arn",), replaced=("arn",), delete_first=True)),
        ("AccountSuppressionAttributes", {"suppressedReasons": ["COMPLAINT", "BOUNCE"]},
         {"suppressedReasons": ["BOUNCE", "COMPLAINT"]}, Difference()),
        ("AccountSuppressionAttributes", {"suppressedReasons": []},
         {"suppressedReasons": ["BOUNCE"]}, Difference(changed=("suppressedReasons",))),
        ("ConfigurationSet", {"suppressionOptions": {"suppressedReasons": ["COMPLAINT", "BOUNCE"]}},
         {"suppressionOptions": {"suppressedReasons": ["BOUNCE", "COMPLAINT"]}},
         Difference(changed=("suppressionOptions",))),
        ("ConfigurationSet", {"reputationOptions": {"reputationMetricsEnabled": True}}, {},
         Difference()),
        ("ConfigurationSet", {"deliveryOptions": {"tlsPolicy": "REQUIRE"}}, {},
         Difference(changed=("deliveryOptions",))),
        ("EmailIdentity", {"dkimSigningAttributes": {"nextSigningKeyLength": "RSA_2048_BIT"}}, {},
         Difference()),
        ("EmailIdentity", {"configurationSetName": "a"}, {},
         Difference(changed=("configurationSetName",))),
        ("MetricAlarm", {"treatMissingData": "notBreaching"}, {"treatMissingData": "NOTBREACHING"},
         Difference()),
        ("MetricAlarm", {"threshold": 1}, {"threshold": 1.0}, Difference()),
        ("Record", {"name": "A.jobmatch.zip."}, {"name": "a.jobmatch.zip"}, Difference()),
        ("Record", {"type": "A"}, {"type": "AAAA"}, Difference(changed=("type",))),
        ("Key", {"deletionWindowInDays": 7}, {"deletionWindowInDays": 30},
         Difference(changed=("deletionWindowInDays",))),
    ],
)  # fmt: skip
def test_what_differs(
    kind: str, old: dict[str, Any], new: dict[str, Any], expected: Difference
) -> None:
    assert expected == difference(_facts(kind), old, new)


def test_what_was_read_keeps_the_words_of_the_program_where_it_says_the_same() -> None:
    facts = _facts("EmailIdentity").every
    given = {
        "emailIdentity": "jobmatch.zip",
        "configurationSetName": "set",
        "dkimSigningAttributes": {
            "domainSigningSelector": "s",
            "domainSigningPrivateKey": "QQ==",
            "nextSigningKeyLength": "RSA_2048_BIT",
        },
    }
    found = {
        "emailIdentity": "jobmatch.zip",
        "dkimSigningAttributes": {"nextSigningKeyLength": "RSA_1024_BIT", "tokens": ["a"]},
    }

    read = as_given(facts, given, found)

    # What AWS never tells stays, what it tells is taken, what it has not is gone.
    assert read == {
        "emailIdentity": "jobmatch.zip",
        "dkimSigningAttributes": {
            "domainSigningSelector": "s",
            "domainSigningPrivateKey": "QQ==",
            "nextSigningKeyLength": "RSA_1024_BIT",
        },
    }
    policy = as_given(_facts("TopicPolicy").every, {"policy": POLICY}, {"policy": SAME_POLICY})
    assert policy == {"policy": POLICY}
