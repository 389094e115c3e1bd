"""The operations of SES v1 that have no successor: quota, statistics, notification attributes."""

from __future__ import annotations

from typing import Any

from rehearsal.aws.account import advance_review, sent_last_24_hours
from rehearsal.aws.operations import Call, operation


@operation("ses", "GetSendQuota")
def get_send_quota(call: Call) -> dict[str, Any]:
    """Return the quota that GetAccount shows too."""
    advance_review(call.world, call.ses)
    account = call.ses.account
    return {
        "Max24HourSend": account.max_24_hour_send,
        "MaxSendRate": account.max_send_rate,
        "SentLast24Hours": float(sent_last_24_hours(call.world, call.ses)),
    }


@operation("ses", "GetSendStatistics")
def get_send_statistics(call: Call) -> dict[str, Any]:
    """Return a point for each quarter of an hour in which mail was sent."""
    points = [{"Timestamp": at, **point} for at, point in sorted(call.ses.statistics.items())]
    return {"SendDataPoints": points}


@operation("ses", "GetIdentityNotificationAttributes")
def get_identity_notification_attributes(call: Call) -> dict[str, Any]:
    """Return forwarding and topics of the identities that exist; others are left out."""
    known = {name: call.ses.identities.get(name) for name in call.params["Identities"]}
    return {
        "NotificationAttributes": {
            name: {
                "BounceTopic": identity.notification_topics.get("Bounce", ""),
                "ComplaintTopic": identity.notification_topics.get("Complaint", ""),
                "DeliveryTopic": identity.notification_topics.get("Delivery", ""),
                "ForwardingEnabled": identity.forwarding,
                "HeadersInBounceNotificationsEnabled": False,
                "HeadersInComplaintNotificationsEnabled": False,
                "HeadersInDeliveryNotificationsEnabled": False,
            }
            for name, identity in known.items()
            if identity is not None
        }
    }
