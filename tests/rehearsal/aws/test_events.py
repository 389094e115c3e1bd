"""Events of the mailbox simulator, through topic and queue."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from rehearsal.aws import EmulatedAws
from tests.rehearsal.aws.emulator import (
    ACCOUNT,
    ALL_EVENTS,
    DOMAIN,
    REGION,
    SET,
    client,
    lay_pipe,
    received,
    send,
    verify_domain,
)

AT = "simulator.amazonses.com"


def events_of(aws: EmulatedAws, mailbox: str, **pipe: Any) -> list[dict[str, Any]]:
    verify_domain(aws)
    laid = lay_pipe(aws, **pipe)
    message_id = send(aws, f"{mailbox}@{AT}")
    events = received(aws, laid.queue_url)
    assert {event["mail"]["messageId"] for event in events} == {message_id}
    return events


@pytest.mark.parametrize(
    ("mailbox", "expected"),
    [
        ("success", ["Send", "Delivery"]),
        ("success+4711", ["Send", "Delivery"]),
        ("bounce+4711", ["Send", "Bounce Permanent General"]),
        ("complaint", ["Send", "Delivery", "Complaint abuse"]),
        ("ooto", ["Send", "Delivery", "Bounce Transient General"]),
        ("suppressionlist", ["Send", "Bounce Permanent Suppressed"]),
    ],
)
def test_each_mailbox_has_its_events(aws: EmulatedAws, mailbox: str, expected: list[str]) -> None:
    shown = []
    for event in events_of(aws, mailbox):
        kind = event["eventType"]
        body = event[kind.lower()]
        details = {
            "Bounce": ("bounceType", "bounceSubType"),
            "Complaint": ("complaintFeedbackType",),
        }
        shown.append(" ".join([kind, *(body[name] for name in details.get(kind, ()))]))
    assert shown == expected


def test_a_bounce_has_the_real_shape(aws: EmulatedAws) -> None:
    (event,) = events_of(aws, "bounce+nonce", events=["BOUNCE"])
    assert set(event) == {"eventType", "mail", "bounce"}
    mail, bounce = event["mail"], event["bounce"]
    assert bounce["bouncedRecipients"] == [
        {
            "emailAddress": f"bounce+nonce@{AT}",
            "action": "failed",
            "status": "5.1.1",
            "diagnosticCode": "smtp; 550 5.1.1 user unknown",
        }
    ]
    assert bounce["reportingMTA"].startswith("dns; ")
    assert mail["source"] == f"no-reply@{DOMAIN}"
    assert mail["sourceArn"] == f"arn:aws:ses:{REGION}:{ACCOUNT}:identity/{DOMAIN}"
    assert mail["sendingAccountId"] == ACCOUNT
    assert mail["destination"] == [f"bounce+nonce@{AT}"]
    assert mail["headersTruncated"] is False
    assert {"name": "Subject", "value": "Your code"} in mail["headers"]
    assert mail["commonHeaders"]["messageId"] == mail["messageId"]
    assert mail["tags"]["ses:configuration-set"] == [SET]
    assert mail["tags"]["ses:from-domain"] == [DOMAIN]
    for stamp in (mail["timestamp"], bounce["timestamp"]):
        assert stamp.endswith("Z")
        assert dt.datetime.fromisoformat(stamp).tzinfo is dt.UTC
    assert bounce["feedbackId"].endswith("-000000")


def test_the_envelope_holds_the_event_as_text(aws: EmulatedAws) -> None:
    verify_domain(aws)
    pipe = lay_pipe(aws, events=["COMPLAINT"], raw=False)
    message_id = send(aws, f"complaint@{AT}", EmailTags=[{"Name": "stream", "Value": "code"}])
    (envelope,) = received(aws, pipe.queue_url)
    assert envelope["Type"] == "Notification"
    assert envelope["TopicArn"] == pipe.topic_arn
    assert envelope["Subject"] == "Amazon SES Email Event Notification"
    assert "MessageAttributes" not in envelope
    assert isinstance(envelope["Message"], str)
    assert f'"messageId": "{message_id}"' in envelope["Message"]
    assert '"stream": ["code"]' in envelope["Message"]


@pytest.mark.parametrize(
    "policy",
    [
        '{"eventType": ["Bounce"]}',
        '{"mail": {"destination": [{"suffix": ".amazonses.com"}]}, "eventType": ["Bounce"]}',
        '{"eventType": [{"prefix": "Boun"}]}',
    ],
)
def test_a_filter_on_the_body_is_obeyed(aws: EmulatedAws, policy: str) -> None:
    scope = {"FilterPolicyScope": "MessageBody", "FilterPolicy": policy}
    events = events_of(aws, "bounce", attributes=scope)
    assert [event["eventType"] for event in events] == ["Bounce"]


def test_a_filter_on_attributes_lets_no_event_through(aws: EmulatedAws) -> None:
    verify_domain(aws)
    pipe = lay_pipe(aws, attributes={"FilterPolicy": '{"eventType": ["Bounce"]}'})
    send(aws, f"bounce@{AT}")
    assert received(aws, pipe.queue_url) == []


def test_only_enabled_destinations_and_their_types_publish(aws: EmulatedAws) -> None:
    verify_domain(aws)
    pipe = lay_pipe(aws, events=["COMPLAINT"])
    send(aws, f"bounce@{AT}")
    assert received(aws, pipe.queue_url) == []
    client(aws, "sesv2").update_configuration_set_event_destination(
        ConfigurationSetName=SET,
        EventDestinationName="feedback",
        EventDestination={
            "Enabled": False,
            "MatchingEventTypes": ALL_EVENTS,
            "SnsDestination": {"TopicArn": pipe.topic_arn},
        },
    )
    aws.clock.advance(dt.timedelta(seconds=1))
    send(aws, f"bounce@{AT}")
    sqs = client(aws, "sqs")
    bodies = [m["Body"] for m in sqs.receive_message(QueueUrl=pipe.queue_url).get("Messages", [])]
    assert bodies == ["Successfully validated SNS topic for Amazon SES event publishing."]


def test_the_default_set_of_the_identity_publishes_too(aws: EmulatedAws) -> None:
    verify_domain(aws)
    pipe = lay_pipe(aws, events=["DELIVERY"])
    aws.ses.identities[DOMAIN].configuration_set = SET
    send(aws, f"success@{AT}", ConfigurationSetName=None)
    assert [event["eventType"] for event in received(aws, pipe.queue_url)] == ["Delivery"]


def test_a_bounce_of_a_real_mailbox_is_suppressed_from_then_on(aws: EmulatedAws) -> None:
    verify_domain(aws)
    aws.play("production")
    pipe = lay_pipe(aws, events=["DELIVERY", "BOUNCE"])
    aws.world.recipients["gone@example.net"] = "bounce"
    send(aws, "gone@example.net")
    del aws.world.recipients["gone@example.net"]
    send(aws, "gone@example.net")
    kinds = [event["bounce"]["bounceSubType"] for event in received(aws, pipe.queue_url)]
    assert kinds == ["General", "OnAccountSuppressionList"]
    ses = client(aws, "sesv2")
    ses.put_configuration_set_suppression_options(ConfigurationSetName=SET, SuppressedReasons=[])
    send(aws, "gone@example.net")
    assert [event["eventType"] for event in received(aws, pipe.queue_url)] == ["Delivery"]
