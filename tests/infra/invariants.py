"""What must hold of every graph of the program, as plain functions: each returns what is wrong."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

from tests.infra.cloud import REGION
from tests.infra.recorded import Recorded, Registered, statements

SECRET_SIGNATURE = "1b47061264138c4ac30d75fd1eb44270"
_ARN = re.compile(r"arn:aws[a-z-]*:([a-z0-9-]+):([a-z0-9*-]*):")

Invariant = Callable[[Recorded], list[str]]


def identity_and_set_are_protected(graph: Recorded) -> list[str]:
    kinds = (":EmailIdentity", ":ConfigurationSet")
    found = [each for kind in kinds for each in graph.of_kind(kind) if each.custom]
    missing = [] if len(found) == 2 else [f"{len(found)} of identity and set"]
    return missing + [each.name for each in found if not each.protect]


def topics_admit_one_source(graph: Recorded) -> list[str]:
    """Each topic has a policy, and each of its statements SourceAccount and SourceArn."""
    policies = {each.inputs.get("arn"): each for each in graph.of_kind(":TopicPolicy")}
    problems = []
    for topic in graph.of_kind(":Topic"):
        policy = policies.get(_arn_of(topic))
        stated = statements(policy) if policy else []
        if not stated or not all(_has_source(each) for each in stated):
            problems.append(topic.name)
    return problems


def _arn_of(topic: Registered) -> str:
    return f"arn:aws:sns:{REGION}:123456789012:{topic.inputs['name']}"


def _has_source(statement: dict[str, Any]) -> bool:
    keys = {key for block in statement.get("Condition", {}).values() for key in block}
    return {"aws:SourceAccount", "aws:SourceArn"} <= keys


def destinations_publish(graph: Recorded) -> list[str]:
    """Each event destination is enabled, and waits for the policy of its topic."""
    topics = {_arn_of(each): each for each in graph.of_kind(":Topic")}
    problems = []
    for each in graph.of_kind(":ConfigurationSetEventDestination"):
        block = each.inputs["eventDestination"]
        topic = topics[block["snsDestination"]["topicArn"]]
        if not block.get("enabled") or f"{topic.name}-policy" not in graph.needs(each):
            problems.append(each.name)
    return problems


def feedback_is_published(graph: Recorded) -> list[str]:
    """Bounces, complaints and all failures go somewhere; opens and clicks nowhere."""
    wanted = {
        "BOUNCE", "COMPLAINT", "DELIVERY", "REJECT", "RENDERING_FAILURE", "DELIVERY_DELAY",
    }  # fmt: skip
    found = {
        event
        for each in graph.of_kind(":ConfigurationSetEventDestination")
        for event in each.inputs["eventDestination"]["matchingEventTypes"]
    }
    return sorted(wanted ^ found)


def everything_is_in_the_region(graph: Recorded) -> list[str]:
    """One explicit provider; no resource and no ARN of another Region."""
    (provider,) = graph.of_kind("providers:aws")
    problems = [] if provider.inputs["region"] == REGION else [provider.name]
    for each in graph.resources:
        if each.custom and each.kind.startswith("aws:") and provider.urn not in each.provider:
            problems.append(f"{each.name}: another provider")
        if each.inputs.get("region", REGION) != REGION:
            problems.append(f"{each.name}: region")
        problems += [f"{each.name}: {arn}" for arn in _foreign_arns(each)]
    return problems


def _foreign_arns(resource: Registered) -> Iterator[str]:
    text = json.dumps(resource.inputs)
    for match in _ARN.finditer(text):
        service, region = match.groups()
        # The gate looks for an identity that is not here in the other Regions.
        if region not in {"", REGION} and (service, region) != ("ses", "*"):
            yield match.group(0)


def no_wildcards(graph: Recorded) -> list[str]:
    """No wildcard principal or action, but the root's of the key and kms:GenerateDataKey*."""
    problems = []
    for resource in graph.resources:
        for each in statements(resource):
            root = each["Sid"] == "AccountAdministersKey" and resource.kind.endswith(":Key")
            actions = [action for action in _list(each["Action"]) if "*" in action]
            allowed = {"kms:GenerateDataKey*"} | ({"kms:*"} if root else set())
            principals = json.dumps(each.get("Principal", ""))
            if set(actions) - allowed or "*" in principals:
                problems.append(f"{resource.name}: {each['Sid']}")
    return problems


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def queues_have_dead_letters(graph: Recorded) -> list[str]:
    """Each queue but the dead-letter queues themselves sends what fails to one."""
    urls = {each.inputs["queueUrl"] for each in graph.of_kind(":RedrivePolicy")}
    targets = " ".join(each.inputs["redrivePolicy"] for each in graph.of_kind(":RedrivePolicy"))
    problems = []
    for queue in graph.of_kind(":Queue"):
        named = queue.name
        own = any(url.endswith(f"/{named}") for url in urls)
        if not own and f':{named}"' not in targets:
            problems.append(named)
    return problems


def queues_admit_topics_alone(graph: Recorded) -> list[str]:
    policies = {each.inputs["queueUrl"]: each for each in graph.of_kind(":QueuePolicy")}
    problems = []
    for queue in graph.of_kind(":Queue"):
        url = f"https://sqs.{REGION}.amazonaws.com/123456789012/{queue.name}"
        stated = statements(policies[url]) if url in policies else []
        if not stated or not all("aws:SourceArn" in json.dumps(each) for each in stated):
            problems.append(queue.name)
    return problems


def secrets_are_secret(graph: Recorded) -> list[str]:
    """A private key crosses the wire as a secret, and no output holds it."""
    problems = []
    for each in graph.of_kind(":EmailIdentity"):
        signing = each.raw["dkimSigningAttributes"]
        key = signing.get("domainSigningPrivateKey")
        if key is not None and SECRET_SIGNATURE not in json.dumps(key):
            problems.append(each.name)
        plain = each.inputs["dkimSigningAttributes"].get("domainSigningPrivateKey")
        if plain and plain in json.dumps(graph.outputs):
            problems.append("outputs")
    return problems


def nothing_is_overwritten(graph: Recorded) -> list[str]:
    """No DNS record is overwritten, and the account's setting outlives the stack."""
    records = [each.name for each in graph.of_kind(":Record") if each.inputs["allowOverwrite"]]
    kept = graph.of_kind(":AccountSuppressionAttributes")
    return records + [each.name for each in kept if not each.retain]


INVARIANTS: tuple[Invariant, ...] = (
    identity_and_set_are_protected,
    topics_admit_one_source,
    destinations_publish,
    feedback_is_published,
    everything_is_in_the_region,
    no_wildcards,
    queues_have_dead_letters,
    queues_admit_topics_alone,
    secrets_are_secret,
    nothing_is_overwritten,
)
