"""SNS where moto is too willing: mail subscriptions wait for a click, publishing obeys policies."""

from __future__ import annotations

import uuid
from typing import Any

from moto.sns.models import Subscription, sns_backends

from rehearsal.aws.errors import AwsError, Reply
from rehearsal.aws.operations import Answer, Call, operation
from rehearsal.aws.topics import deliver, find_topic, pending
from rehearsal.aws.world import Letter, World

PENDING_ARN = "PendingConfirmation"
_MAIL = {"email", "email-json"}
_LONGEST = 262_144  # bytes of a message
_PAGE = 100
_NOT_IMITATED = AwsError("NotImitated", "Only plain messages are imitated by the rehearsal.", 501)


@operation("sns", "Subscribe")
def subscribe(call: Call) -> Answer:
    """Subscribe; an address gets a letter with a token and waits until it is confirmed."""
    known = set(_subscriptions(call))
    reply = call.forward()
    if reply.status != 200 or call.params["Protocol"] not in _MAIL:
        return reply
    mine = [s for s in _subscriptions(call).values() if _is_wanted(s, call)]
    for subscription in mine:
        if subscription.arn not in known:
            subscription.attributes["PendingConfirmation"] = True
            subscription.attributes["ConfirmationWasAuthenticated"] = False
    subscription = mine[0]
    if not pending(subscription):
        return reply
    call.world.letters.append(_letter(subscription))
    shown = subscription.arn if call.params.get("ReturnSubscriptionArn") else "pending confirmation"
    return {"SubscriptionArn": shown}


def _subscriptions(call: Call) -> dict[str, Subscription]:
    subscriptions: dict[str, Subscription] = sns_backends[call.account][call.region].subscriptions
    return subscriptions


def _is_wanted(subscription: Subscription, call: Call) -> bool:
    wanted = (call.params["TopicArn"], call.params["Protocol"], call.params.get("Endpoint"))
    return (subscription.topic_arn, subscription.protocol, subscription.endpoint) == wanted


def _letter(subscription: Subscription) -> Letter:
    token = uuid.uuid5(uuid.NAMESPACE_URL, subscription.arn).hex * 4
    topic = subscription.topic_arn
    url = f"https://sns.amazonaws.com/?Action=ConfirmSubscription&TopicArn={topic}&Token={token}"
    return Letter(
        to=subscription.endpoint,
        subject="AWS Notification - Subscription Confirmation",
        text=f"You have chosen to subscribe to the topic: {topic}\nTo confirm, visit {url}",
        token=token,
    )


@operation("sns", "ConfirmSubscription")
def confirm_subscription(call: Call) -> dict[str, Any]:
    """Confirm by the token of the letter. Raises NotFound, InvalidParameter."""
    if find_topic(call.params["TopicArn"]) is None:
        raise AwsError("NotFound", "Topic does not exist", 404)
    for subscription in _subscriptions(call).values():
        if subscription.topic_arn != call.params["TopicArn"]:
            continue
        if _letter(subscription).token == call.params["Token"]:
            confirm(subscription)
            return {"SubscriptionArn": subscription.arn}
    raise AwsError("InvalidParameter", "Invalid parameter: Token")


def confirm(subscription: Subscription) -> None:
    """Mark a subscription as confirmed by a click, which is not an authenticated one."""
    subscription.attributes["PendingConfirmation"] = False


def confirm_address(world: World, address: str) -> int:
    """Click every open letter to an address; return how many subscriptions that confirmed."""
    accounts = {account for account, _ in world.regions} | {world.settings.account}
    waiting = [
        subscription
        for account in accounts
        for backend in sns_backends[account].values()
        for subscription in backend.subscriptions.values()
        if subscription.endpoint == address and pending(subscription)
    ]
    for subscription in waiting:
        confirm(subscription)
    return len(waiting)


@operation("sns", "Unsubscribe")
def unsubscribe(call: Call) -> Reply:
    """Unsubscribe, unless nobody has confirmed it. Raises InvalidParameter."""
    subscription = _subscriptions(call).get(call.params["SubscriptionArn"])
    if subscription is not None and pending(subscription):
        text = "Cannot unsubscribe a subscription that is pending confirmation"
        raise AwsError("InvalidParameter", f"Invalid parameter: SubscriptionArn Reason: {text}")
    return call.forward()


@operation("sns", "ListSubscriptionsByTopic")
def list_subscriptions_by_topic(call: Call) -> dict[str, Any]:
    """List a topic's subscriptions; a pending one has no ARN yet. Raises NotFound."""
    topic_arn = call.params["TopicArn"]
    if find_topic(topic_arn) is None:
        raise AwsError("NotFound", "Topic does not exist", 404)
    return _listed([s for s in _subscriptions(call).values() if s.topic_arn == topic_arn], call)


@operation("sns", "ListSubscriptions")
def list_subscriptions(call: Call) -> dict[str, Any]:
    """List the Region's subscriptions."""
    return _listed(list(_subscriptions(call).values()), call)


def _listed(subscriptions: list[Subscription], call: Call) -> dict[str, Any]:
    token = call.params.get("NextToken") or "0"
    if not token.isdecimal():
        raise AwsError("InvalidParameter", "Invalid parameter: NextToken")
    start = int(token)
    rows = [
        {
            "SubscriptionArn": PENDING_ARN if pending(s) else s.arn,
            "Owner": s.account_id,
            "Protocol": s.protocol,
            "Endpoint": s.endpoint,
            "TopicArn": s.topic_arn,
        }
        for s in subscriptions[start : start + _PAGE]
    ]
    more = start + _PAGE < len(subscriptions)
    return {"Subscriptions": rows} | ({"NextToken": str(start + _PAGE)} if more else {})


@operation("sns", "PublishBatch")
def publish_batch(_: Call) -> Answer:
    """Refuse: moto would deliver past every policy."""
    raise _NOT_IMITATED


@operation("sns", "Publish")
def publish(call: Call) -> Answer:
    """Publish for the topic's own account; the queues' policies hold for it too."""
    arn = call.params.get("TopicArn") or call.params.get("TargetArn") or ""
    topic = find_topic(arn)
    if topic is None:
        return call.forward()
    if topic.fifo_topic or call.params.get("MessageStructure"):
        raise _NOT_IMITATED
    message = call.params["Message"]
    if len(message.encode()) > _LONGEST:
        raise AwsError("InvalidParameter", "Invalid parameter: Message too long")
    attributes = {
        name: {"Type": value["DataType"], "Value": value.get("StringValue")}
        for name, value in (call.params.get("MessageAttributes") or {}).items()
    }
    subject = call.params.get("Subject")
    return {
        "MessageId": deliver(
            call.world, topic, message, subject=subject, attributes=attributes or None
        )
    }
