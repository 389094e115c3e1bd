"""Numbers of sending: AWS/SES metrics in CloudWatch and SES v1's statistics.

Both are stamped with the wall clock, so that a reader finds them by its own clock even after
the emulated one was turned.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from moto.cloudwatch.models import cloudwatch_backends
from moto.core.utils import utcnow

from rehearsal.aws.errors import AwsError, Reply
from rehearsal.aws.operations import Call, operation
from rehearsal.aws.simulator import Fate
from rehearsal.aws.state import SesRegion

NAMESPACE = "AWS/SES"
_QUARTER = dt.timedelta(minutes=15)
_NOT_REPUTATION = {Fate.OUT_OF_OFFICE, Fate.ON_OWN_LIST}


def count(ses: SesRegion, fate: Fate, *, simulated: bool) -> None:
    """Count one recipient; the simulator's bounces and complaints leave the reputation alone."""
    bounced = "BOUNCE" in fate.events and fate not in _NOT_REPUTATION
    complained = "COMPLAINT" in fate.events
    counted = {"Send": True, "Delivery": "DELIVERY" in fate.events}
    counted |= {"Bounce": bounced, "Complaint": complained}
    for name, happened in counted.items():
        if happened:
            put(ses, name, 1.0)
    if not simulated:
        _count_statistics(ses, bounced=bounced, complained=complained)
        _put_reputation(ses)


def put(ses: SesRegion, name: str, value: float) -> None:
    """Put a point of AWS/SES for the whole account.

    moto would count points of a configuration set among the account's, so there are none.
    """
    datum = {
        "MetricName": name,
        "Value": value,
        "Timestamp": utcnow(),
        "Dimensions": [],
    }
    cloudwatch_backends[ses.account_id][ses.region].put_metric_data(NAMESPACE, [datum])


def _count_statistics(ses: SesRegion, *, bounced: bool, complained: bool) -> None:
    now = dt.datetime.now(dt.UTC)
    start = now - (now - now.replace(hour=0, minute=0, second=0, microsecond=0)) % _QUARTER
    point = ses.statistics.setdefault(
        start, {"DeliveryAttempts": 0, "Bounces": 0, "Complaints": 0, "Rejects": 0}
    )
    point["DeliveryAttempts"] += 1
    point["Bounces"] += bounced
    point["Complaints"] += complained


def _put_reputation(ses: SesRegion) -> None:
    total = {k: sum(p[k] for p in ses.statistics.values()) for k in ("Bounces", "Complaints")}
    sent = sum(point["DeliveryAttempts"] for point in ses.statistics.values())
    put(ses, "Reputation.BounceRate", total["Bounces"] / sent)
    put(ses, "Reputation.ComplaintRate", total["Complaints"] / sent)


@operation("cloudwatch", "PutMetricData")
def put_metric_data(call: Call) -> Reply:
    """Take anybody's metrics but AWS's own. Raises InvalidParameterValue."""
    if str(call.params["Namespace"]).startswith("AWS/"):
        raise AwsError(
            "InvalidParameterValue", "The value AWS/ for parameter Namespace is invalid."
        )
    return call.forward()


@operation("cloudwatch", "PutMetricAlarm")
def put_metric_alarm(call: Call) -> Reply:
    """Put an alarm; a new one has INSUFFICIENT_DATA, where moto says OK at once."""
    backend = cloudwatch_backends[call.account][call.region]
    name: Any = call.params["AlarmName"]
    known = name in backend.alarms
    reply = call.forward()
    if not known and name in backend.alarms:
        reason = "Unchecked: Initial alarm creation"
        backend.set_alarm_state(name, reason, "{}", "INSUFFICIENT_DATA")
    return reply
