"""What sending leaves behind: metrics, statistics, notification attributes; alarms."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from rehearsal.aws import EmulatedAws, metrics
from tests.rehearsal.aws.emulator import DOMAIN, client, lay_pipe, refusal, send, verify_domain

NOW = dt.datetime.now(dt.UTC)
WINDOW = {"StartTime": NOW - dt.timedelta(hours=1), "EndTime": NOW + dt.timedelta(hours=1)}


def total(aws: EmulatedAws, name: str, **more: Any) -> float | None:
    """Return the sum of a metric, None where it has no points."""
    answer = client(aws, "cloudwatch").get_metric_statistics(
        Namespace="AWS/SES", MetricName=name, Period=7200, Statistics=["Sum"], **WINDOW, **more
    )
    return sum(p["Sum"] for p in answer["Datapoints"]) if answer["Datapoints"] else None


@pytest.fixture
def sending(aws: EmulatedAws) -> EmulatedAws:
    verify_domain(aws)
    lay_pipe(aws)
    aws.play("production")
    return aws


def test_nothing_sent_leaves_no_points(aws: EmulatedAws) -> None:
    assert total(aws, "Send") is None
    assert client(aws, "ses").get_send_statistics()["SendDataPoints"] == []


def test_the_simulator_leaves_the_reputation_alone(sending: EmulatedAws) -> None:
    send(sending, "bounce@simulator.amazonses.com", "success@simulator.amazonses.com")
    assert total(sending, "Send") == 2.0
    assert total(sending, "Bounce") == 1.0
    assert total(sending, "Reputation.BounceRate") is None
    assert client(sending, "ses").get_send_statistics()["SendDataPoints"] == []


def test_real_mail_makes_statistics_and_reputation(sending: EmulatedAws) -> None:
    sending.world.recipients |= {"gone@example.net": "bounce", "angry@example.net": "complaint"}
    send(sending, "gone@example.net", "angry@example.net", "a@example.net", "b@example.net")
    (point,) = client(sending, "ses").get_send_statistics()["SendDataPoints"]
    at = point.pop("Timestamp")
    assert (at.minute % 15, at.second, at.microsecond) == (0, 0, 0)
    assert point == {"DeliveryAttempts": 4, "Bounces": 1, "Complaints": 1, "Rejects": 0}
    newest = client(sending, "cloudwatch").get_metric_statistics(
        Namespace="AWS/SES",
        MetricName="Reputation.BounceRate",
        Period=7200,
        Statistics=["Minimum"],
        **WINDOW,
    )["Datapoints"]
    assert [round(p["Minimum"], 2) for p in newest] == [0.25]


def test_a_script_may_put_a_reputation(aws: EmulatedAws) -> None:
    metrics.put(aws.ses, "Reputation.ComplaintRate", 0.004)
    assert total(aws, "Reputation.ComplaintRate") == pytest.approx(0.004)


def test_the_namespaces_of_aws_are_closed(aws: EmulatedAws) -> None:
    call = client(aws, "cloudwatch").put_metric_data
    data = [{"MetricName": "Send", "Value": 1.0}]
    refused = refusal(call, Namespace="AWS/SES", MetricData=data)
    assert refused[:2] == ("InvalidParameterValue", 400)
    call(Namespace="Jobmatch", MetricData=data)


def test_a_new_alarm_has_insufficient_data(aws: EmulatedAws) -> None:
    cloudwatch = client(aws, "cloudwatch")
    alarm: dict[str, Any] = {
        "AlarmName": "bounces",
        "Namespace": "AWS/SES",
        "MetricName": "Reputation.BounceRate",
        "Statistic": "Maximum",
        "Period": 300,
        "EvaluationPeriods": 1,
        "Threshold": 0.05,
        "ComparisonOperator": "GreaterThanOrEqualToThreshold",
    }
    cloudwatch.put_metric_alarm(**alarm)
    (seen,) = cloudwatch.describe_alarms(AlarmNames=["bounces"])["MetricAlarms"]
    assert seen["StateValue"] == "INSUFFICIENT_DATA"
    cloudwatch.set_alarm_state(AlarmName="bounces", StateValue="OK", StateReason="test")
    cloudwatch.put_metric_alarm(**alarm | {"Threshold": 0.02})
    (seen,) = cloudwatch.describe_alarms(AlarmNames=["bounces"])["MetricAlarms"]
    assert seen["Threshold"] == 0.02


def test_notification_attributes_of_known_identities(aws: EmulatedAws) -> None:
    verify_domain(aws)
    client(aws, "sesv2").put_email_identity_feedback_attributes(
        EmailIdentity=DOMAIN, EmailForwardingEnabled=False
    )
    aws.ses.identities[DOMAIN].notification_topics["Bounce"] = "arn:aws:sns:topic"
    answer = client(aws, "ses").get_identity_notification_attributes(
        Identities=[DOMAIN, "example.net"]
    )
    assert answer["NotificationAttributes"] == {
        DOMAIN: {
            "BounceTopic": "arn:aws:sns:topic",
            "ComplaintTopic": "",
            "DeliveryTopic": "",
            "ForwardingEnabled": False,
            "HeadersInBounceNotificationsEnabled": False,
            "HeadersInComplaintNotificationsEnabled": False,
            "HeadersInDeliveryNotificationsEnabled": False,
        }
    }


def test_what_is_not_imitated_says_so(aws: EmulatedAws) -> None:
    for service, call in (("ses", "list_identities"), ("sesv2", "list_tenants")):
        code, status, message = refusal(getattr(client(aws, service), call))
        assert (code, status) == ("NotImitated", 501)
        assert "docs/emulation.md" in message
    code, status, _ = refusal(client(aws, "cloudwatch").list_managed_insight_rules, ResourceARN="x")
    assert (code, status) == ("NotImitated", 501)
