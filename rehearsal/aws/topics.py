"""Messages through SNS: who may publish, under which key, and which subscribers get them."""

from __future__ import annotations

import datetime as dt
import json
import uuid
from collections.abc import Mapping
from typing import Any

from moto.sns.models import Subscription, Topic, sns_backends
from moto.sns.utils import FilterPolicyMatcher
from moto.sqs.exceptions import QueueDoesNotExist
from moto.sqs.models import Queue, sqs_backends

from rehearsal.aws.filters import body_matches
from rehearsal.aws.managed_keys import find_key
from rehearsal.aws.policies import Access, admits
from rehearsal.aws.state import SesRegion
from rehearsal.aws.world import Letter, World

SES = "ses.amazonaws.com"
SNS = "sns.amazonaws.com"


class RefusedError(Exception):
    """A message that a policy keeps from a topic; the message says which."""


def find_topic(arn: str) -> Topic | None:
    """Return moto's topic, None where there is none."""
    parts = arn.split(":")
    if len(parts) != 6 or parts[2] != "sns":
        return None
    topic: Topic | None = sns_backends[parts[4]][parts[3]].topics.get(arn)
    return topic


def publish_for_ses(
    world: World, topic_arn: str, ses: SesRegion, source_arn: str, message: str
) -> None:
    """Publish as SES does, with no message attributes, if topic and key admit it.

    Raises RefusedError.
    """
    topic = find_topic(topic_arn)
    if topic is None or topic_arn.split(":")[3] != ses.region:
        raise RefusedError(f"{topic_arn} does not exist in {ses.region}")
    access = Access(
        action="SNS:Publish",
        resource=topic_arn,
        service=SES,
        context={"aws:SourceAccount": [ses.account_id], "aws:SourceArn": [source_arn]},
    )
    if not admits(topic.policy, access):
        raise RefusedError(f"the policy of {topic_arn} does not admit {SES} for {source_arn}")
    # SES is not known to tell KMS its source: a key policy that asks for it loses every event.
    if not _key_admits(topic.kms_master_key_id, topic_arn, SES, {}):
        raise RefusedError(f"the key of {topic_arn} does not admit {SES}")
    deliver(world, topic, message, subject="Amazon SES Email Event Notification")


def _key_admits(
    key_id: str | None, arn: str, service: str, context: Mapping[str, list[str]]
) -> bool:
    """Say whether a resource's key (none: yes) may be used by a service."""
    if not key_id:
        return True
    region, account = arn.split(":")[3:5]
    key = find_key(account, region, key_id)
    if key is None or key.key_state != "Enabled":
        return False
    wanted = ("kms:GenerateDataKey", "kms:Decrypt")
    return all(
        admits(key.policy, Access(action=a, resource=key.arn, service=service, context=context))
        for a in wanted
    )


def deliver(
    world: World,
    topic: Topic,
    message: str,
    *,
    subject: str | None = None,
    attributes: dict[str, Any] | None = None,
) -> str:
    """Hand a message to every confirmed subscriber that it passes to; return its id."""
    message_id = str(uuid.uuid4())
    for subscription in list(topic.sns_backend.subscriptions.values()):
        if subscription.topic_arn != topic.arn or pending(subscription):
            continue
        if not _passes_filter(subscription, message, attributes):
            continue
        if subscription.protocol == "sqs":
            _to_queue(subscription, message, message_id, subject, attributes)
        elif subscription.protocol in {"email", "email-json"}:
            letter = Letter(to=subscription.endpoint, subject=subject or topic.name, text=message)
            world.letters.append(letter)
    return message_id


def _passes_filter(
    subscription: Subscription, message: str, attributes: dict[str, Any] | None
) -> bool:
    policy = json.loads(subscription.attributes.get("FilterPolicy") or "{}")
    if not policy:
        return True
    if subscription.attributes.get("FilterPolicyScope") == "MessageBody":
        return body_matches(policy, message)
    return bool(FilterPolicyMatcher(policy, "MessageAttributes").matches(attributes, message))


def pending(subscription: Subscription) -> bool:
    """Say whether nobody has confirmed a subscription yet."""
    return bool(subscription.attributes.get("PendingConfirmation"))


def _to_queue(
    subscription: Subscription,
    message: str,
    message_id: str,
    subject: str | None,
    attributes: dict[str, Any] | None,
) -> None:
    """Send to the queue, or where it refuses to the subscription's dead-letter queue."""
    raw = str(subscription.attributes.get("RawMessageDelivery")).lower() == "true"
    body = message if raw else _envelope(subscription, message, message_id, subject, attributes)
    redrive = json.loads(subscription.attributes.get("RedrivePolicy") or "{}")
    for queue_arn in (subscription.endpoint, redrive.get("deadLetterTargetArn")):
        queue = find_queue(queue_arn) if queue_arn else None
        if queue is not None and _queue_admits(queue, subscription.topic_arn):
            sqs = sqs_backends[queue.account_id][queue.region]
            sqs.send_message(queue.name, body, validate_group_id=False)
            return


def find_queue(arn: str) -> Queue | None:
    """Return moto's queue, None where there is none."""
    parts = arn.split(":")
    if len(parts) != 6 or parts[2] != "sqs":
        return None
    try:
        queue: Queue = sqs_backends[parts[4]][parts[3]].get_queue(parts[5])
    except QueueDoesNotExist:
        return None
    return queue


def _queue_admits(queue: Queue, topic_arn: str) -> bool:
    context = {"aws:SourceArn": [topic_arn], "aws:SourceAccount": [topic_arn.split(":")[4]]}
    access = Access(
        action="SQS:SendMessage", resource=queue.queue_arn, service=SNS, context=context
    )
    key_id = getattr(queue, "kms_master_key_id", None)
    return admits(queue.policy, access) and _key_admits(key_id, queue.queue_arn, SNS, context)


def _envelope(
    subscription: Subscription,
    message: str,
    message_id: str,
    subject: str | None,
    attributes: dict[str, Any] | None,
) -> str:
    """Return SNS's notification; its signature is not one."""
    region = subscription.topic_arn.split(":")[3]
    host = f"https://sns.{region}.amazonaws.com"
    now = dt.datetime.now(dt.UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    envelope: dict[str, Any] = {
        "Type": "Notification",
        "MessageId": message_id,
        "TopicArn": subscription.topic_arn,
        **({"Subject": subject} if subject else {}),
        "Message": message,
        "Timestamp": now,
        "SignatureVersion": "1",
        "Signature": "cmVoZWFyc2Fs",
        "SigningCertURL": f"{host}/SimpleNotificationService-rehearsal.pem",
        "UnsubscribeURL": f"{host}/?Action=Unsubscribe&SubscriptionArn={subscription.arn}",
    }
    if attributes:
        envelope["MessageAttributes"] = attributes
    return json.dumps(envelope, indent=2)
