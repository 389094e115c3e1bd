"""A topic's attributes: all that were set, and true counts of its subscriptions."""

from __future__ import annotations

from typing import Any

from moto.core.utils import camelcase_to_underscores
from moto.sns.models import sns_backends

from rehearsal.aws.errors import AwsError, Reply
from rehearsal.aws.operations import Answer, Call, operation
from rehearsal.aws.policies import MalformedPolicyError, parse
from rehearsal.aws.topics import find_topic, pending

# Attributes that are shown where they were set; moto keeps them and forgets to show most.
_SETTABLE = (
    "ArchivePolicy",
    "DeliveryPolicy",
    "DisplayName",
    "KmsMasterKeyId",
    "SignatureVersion",
    "TracingConfig",
)


@operation("sns", "GetTopicAttributes")
def get_topic_attributes(call: Call) -> Answer:
    """Show a topic; moto answers for one that does not exist, and for FIFO topics."""
    topic = find_topic(call.params["TopicArn"])
    if topic is None or topic.fifo_topic:
        return call.forward()
    everybody = sns_backends[call.account][call.region].subscriptions.values()
    mine = [s for s in everybody if s.topic_arn == topic.arn]
    waiting = sum(map(pending, mine))
    settable = {n: getattr(topic, camelcase_to_underscores(n), "") for n in _SETTABLE}
    attributes: dict[str, Any] = {
        "TopicArn": topic.arn,
        "Owner": topic.account_id,
        "Policy": topic.policy,
        "DisplayName": "",
        "EffectiveDeliveryPolicy": topic.effective_delivery_policy,
        "SubscriptionsPending": str(waiting),
        "SubscriptionsConfirmed": str(len(mine) - waiting),
        "SubscriptionsDeleted": str(topic.subscriptions_deleted),
        **{name: str(value) for name, value in settable.items() if value},
    }
    return {"Attributes": attributes}


@operation("sns", "SetTopicAttributes")
def set_topic_attributes(call: Call) -> Reply:
    """Set an attribute; a policy that is none is refused. Raises InvalidParameter."""
    if call.params["AttributeName"] == "Policy":
        try:
            parse(call.params.get("AttributeValue", ""))
        except MalformedPolicyError as error:
            text = f"Invalid parameter: Policy Error: {error}"
            raise AwsError("InvalidParameter", text) from error
    return call.forward()
