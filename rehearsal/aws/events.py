"""Event records as SES publishes them: JSON text, one record for an event and a recipient."""

from __future__ import annotations

import datetime as dt
import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from rehearsal.aws.simulator import Fate

_NAMES = {"SEND": "Send", "DELIVERY": "Delivery", "BOUNCE": "Bounce", "COMPLAINT": "Complaint"}
_BOUNCES = {
    Fate.BOUNCED: ("Permanent", "General", "failed", "5.1.1", "smtp; 550 5.1.1 user unknown"),
    Fate.OUT_OF_OFFICE: ("Transient", "General", "", "", ""),
    Fate.SUPPRESSED: (
        "Permanent",
        "Suppressed",
        "failed",
        "5.1.1",
        (
            "Amazon SES has suppressed sending to this address because it has a recent history "
            "of bouncing as an invalid address."
        ),
    ),
    Fate.ON_OWN_LIST: (
        "Permanent",
        "OnAccountSuppressionList",
        "failed",
        "5.1.1",
        (
            "Amazon SES did not send the message to this address because it is on the "
            "suppression list for your account."
        ),
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """An accepted mail, as its events describe it."""

    message_id: str
    sent_at: dt.datetime
    source: str
    source_arn: str
    account_id: str
    region: str
    destination: Sequence[str]
    subject: str
    configuration_set: str
    tags: Sequence[tuple[str, str]] = ()

    @property
    def from_domain(self) -> str:
        """The domain of the From address."""
        return self.source.rpartition("@")[2].rstrip(">")


def record(mail: Mail, event: str, recipient: str, fate: Fate, at: dt.datetime) -> str:
    """Return the record of a SEND, DELIVERY, BOUNCE or COMPLAINT event."""
    bodies = {"DELIVERY": _delivery, "BOUNCE": _bounce, "COMPLAINT": _complaint}
    body = bodies[event](mail, recipient, fate, at) if event in bodies else {}
    name = _NAMES[event]
    return json.dumps({"eventType": name, "mail": _mail(mail), name.lower(): body})


def _mail(mail: Mail) -> dict[str, Any]:
    to = ", ".join(mail.destination)
    headers = [("From", mail.source), ("To", to), ("Subject", mail.subject)]
    tags: dict[str, list[str]] = {
        "ses:configuration-set": [mail.configuration_set],
        "ses:source-ip": ["127.0.0.1"],
        "ses:from-domain": [mail.from_domain],
        "ses:caller-identity": ["rehearsal"],
    }
    tags |= {name: [value] for name, value in mail.tags}
    return {
        "timestamp": _stamp(mail.sent_at),
        "source": mail.source,
        "sourceArn": mail.source_arn,
        "sendingAccountId": mail.account_id,
        "messageId": mail.message_id,
        "destination": list(mail.destination),
        "headersTruncated": False,
        "headers": [{"name": name, "value": value} for name, value in headers],
        "commonHeaders": {
            "from": [mail.source],
            "to": list(mail.destination),
            "messageId": mail.message_id,
            "subject": mail.subject,
        },
        "tags": tags,
    }


def _delivery(mail: Mail, recipient: str, _: Fate, at: dt.datetime) -> dict[str, Any]:
    return {
        "timestamp": _stamp(at),
        "processingTimeMillis": max(0, round((at - mail.sent_at).total_seconds() * 1000)),
        "recipients": [recipient],
        "smtpResponse": "250 2.6.0 Message received",
        "remoteMtaIp": "127.0.0.1",
        "reportingMTA": _reporting_mta(mail),
    }


def _bounce(mail: Mail, recipient: str, fate: Fate, at: dt.datetime) -> dict[str, Any]:
    kind, sub_type, action, status, diagnostic = _BOUNCES[fate]
    details = {"action": action, "status": status, "diagnosticCode": diagnostic}
    bounced = {"emailAddress": recipient} | {k: v for k, v in details.items() if v}
    return {
        "feedbackId": _feedback_id(mail, recipient),
        "bounceType": kind,
        "bounceSubType": sub_type,
        "bouncedRecipients": [bounced],
        "timestamp": _stamp(at),
        "reportingMTA": f"dns; {_reporting_mta(mail)}",
    }


def _complaint(mail: Mail, recipient: str, _: Fate, at: dt.datetime) -> dict[str, Any]:
    return {
        "feedbackId": _feedback_id(mail, recipient),
        "complaintSubType": None,
        "complainedRecipients": [{"emailAddress": recipient}],
        "timestamp": _stamp(at),
        "userAgent": "Amazon SES Mailbox Simulator",
        "complaintFeedbackType": "abuse",
        "arrivalDate": _stamp(mail.sent_at),
    }


def _feedback_id(mail: Mail, recipient: str) -> str:
    unique = uuid.uuid5(uuid.NAMESPACE_URL, f"{mail.message_id}/{recipient}")
    return f"{mail.message_id[:16]}-{unique}-000000"


def _reporting_mta(mail: Mail) -> str:
    return f"a27-42.smtp-out.{mail.region}.amazonses.com"


def _stamp(at: dt.datetime) -> str:
    return at.astimezone(dt.UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
