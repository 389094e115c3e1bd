"""Alarms: what must wake somebody before AWS acts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pulumi
from pulumi_aws import cloudwatch

from contract import ses
from infra.event_queue import DAY, EventQueue
from infra.feedback import Feedback
from infra.values import Comparison, MissingData, Statistic

HOUR = 3600  # seconds
QUOTA_SHARE = 0.8  # of the planned daily volume
OLDEST_MESSAGE = HOUR  # a bounce that nobody handled for an hour: the consumer is down
_CONSUMED = ("bounce", "complaint", "delivery")  # nobody reads the probe queue between probes


@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmSpec:
    """One alarm over one metric. ``period`` is in seconds, ``suffix`` ends the name."""

    suffix: str
    description: str
    namespace: str
    metric: str
    statistic: Statistic
    period: int
    comparison: Comparison
    threshold: float
    missing: MissingData
    dimensions: Mapping[str, pulumi.Input[str]] | None = None


def reputation_alarms() -> tuple[AlarmSpec, ...]:
    """Return the alarms on bounce and complaint rates of the account (shares from 0 to 1).

    Critical is where AWS reviews an account, warning is where its best practice ends. Without
    dimension and unit the metric is the account's, which AWS judges; a unit might match nothing.
    Missing data is ignored, as AWS advises: no sending is no recovery.
    """
    steps = (
        ("bounce-rate-warn", "Reputation.BounceRate", ses.BOUNCE_RATE_WARN),
        ("bounce-rate-critical", "Reputation.BounceRate", ses.BOUNCE_RATE_REVIEW),
        ("complaint-rate-warn", "Reputation.ComplaintRate", ses.COMPLAINT_RATE_WARN),
        ("complaint-rate-critical", "Reputation.ComplaintRate", ses.COMPLAINT_RATE_REVIEW),
    )
    return tuple(
        AlarmSpec(
            suffix=suffix,
            description=f"SES {metric.removeprefix('Reputation.')} of the account >= {limit:.2%}",
            namespace="AWS/SES",
            metric=metric,
            statistic=Statistic.AVERAGE,
            period=HOUR,
            comparison=Comparison.AT_LEAST,
            threshold=limit,
            missing=MissingData.IGNORE,
        )
        for suffix, metric, limit in steps
    )


def volume_alarm(daily_volume: int) -> AlarmSpec:
    """Return the alarm on sends a day above 80 % of what is planned. No data is no mail."""
    return AlarmSpec(
        suffix="daily-volume",
        description=f"SES sends a day > {QUOTA_SHARE:.0%} of the planned {daily_volume}",
        namespace="AWS/SES",
        metric="Send",
        statistic=Statistic.SUM,
        period=DAY,
        comparison=Comparison.ABOVE,
        threshold=daily_volume * QUOTA_SHARE,
        missing=MissingData.NOT_BREACHING,
    )


def queue_alarms(queues: Mapping[str, EventQueue]) -> Iterator[AlarmSpec]:
    """Yield the alarms on dead letters, and on the age of what waits for the application.

    SQS gives no data for an idle queue, which is no breach.
    """
    for kind, queue in queues.items():
        yield _queue_alarm(
            f"{kind}-dead-letters",
            f"Events of the {kind} queue that could not be handled",
            "ApproximateNumberOfMessagesVisible",
            1,
            queue.dead_letters.name,
        )
    for kind in _CONSUMED:
        yield _queue_alarm(
            f"{kind}-oldest-message",
            f"An event waits in the {kind} queue for {OLDEST_MESSAGE} s: its consumer is down",
            "ApproximateAgeOfOldestMessage",
            OLDEST_MESSAGE,
            queues[kind].queue.name,
        )


def _queue_alarm(
    suffix: str, description: str, metric: str, threshold: float, queue: pulumi.Output[str]
) -> AlarmSpec:
    return AlarmSpec(
        suffix=suffix,
        description=description,
        namespace="AWS/SQS",
        metric=metric,
        statistic=Statistic.MAXIMUM,
        period=300,  # SQS publishes every minute; five damp a single late read
        comparison=Comparison.AT_LEAST,
        threshold=threshold,
        missing=MissingData.NOT_BREACHING,
        dimensions={"QueueName": queue},
    )


@dataclass(frozen=True, slots=True)
class AlarmsArgs:
    """``daily_volume`` is in mails a day; ``feedback`` has the queues and the alarm topic."""

    daily_volume: int
    feedback: Feedback


class Alarms(pulumi.ComponentResource):
    """The alarms; each rings at the alarm topic, and again when all is well."""

    alarms: list[cloudwatch.MetricAlarm]

    def __init__(
        self, name: str, args: AlarmsArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("sesgate:mail:Alarms", name, None, opts)
        specs = [
            *reputation_alarms(),
            volume_alarm(args.daily_volume),
            *queue_alarms(args.feedback.queues),
        ]
        self.alarms = [self._alarm(f"{name}-{spec.suffix}", spec, args.feedback) for spec in specs]
        self.register_outputs({"names": [alarm.name for alarm in self.alarms]})

    def _alarm(self, name: str, spec: AlarmSpec, feedback: Feedback) -> cloudwatch.MetricAlarm:
        topic, policy = feedback.topics["alarm"], feedback.topic_policies["alarm"]
        # Named by the provider: a name given by hand would overwrite an alarm that has it.
        return cloudwatch.MetricAlarm(
            name,
            alarm_description=spec.description,
            namespace=spec.namespace,
            metric_name=spec.metric,
            dimensions=spec.dimensions,
            statistic=spec.statistic,
            period=spec.period,
            evaluation_periods=1,
            datapoints_to_alarm=1,
            comparison_operator=spec.comparison,
            threshold=spec.threshold,
            treat_missing_data=spec.missing,
            actions_enabled=True,
            alarm_actions=[topic.arn],
            ok_actions=[topic.arn],
            opts=pulumi.ResourceOptions(parent=self, depends_on=[policy]),
        )
