"""CloudWatch: alarms on one metric."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from rehearsal.provider.aws import Aws, Parameter, retagged, tag_list, tags_of
from rehearsal.provider.facts import Kind, Property, ResourceFacts, filled, flag, whole
from rehearsal.provider.handler import Driver
from rehearsal.provider.values import Properties

# Property → member of PutMetricAlarm and of an alarm as it is read.
_MEMBERS = {
    "name": "AlarmName",
    "alarmDescription": "AlarmDescription",
    "namespace": "Namespace",
    "metricName": "MetricName",
    "statistic": "Statistic",
    "extendedStatistic": "ExtendedStatistic",
    "period": "Period",
    "evaluationPeriods": "EvaluationPeriods",
    "datapointsToAlarm": "DatapointsToAlarm",
    "comparisonOperator": "ComparisonOperator",
    "threshold": "Threshold",
    "treatMissingData": "TreatMissingData",
    "unit": "Unit",
    "actionsEnabled": "ActionsEnabled",
    "alarmActions": "AlarmActions",
    "okActions": "OKActions",
    "insufficientDataActions": "InsufficientDataActions",
}


def _actions() -> Property:
    return Property(kind=Kind.SET, arn=True, shape="cloudwatch:ResourceList")


class MetricAlarm(Driver):
    """An alarm. Making it overwrites one of the same name without a word."""

    kind = "aws:cloudwatch/metricAlarm:MetricAlarm"
    missing = frozenset({"ResourceNotFound"})
    facts = ResourceFacts(
        auto_name=255,
        tagged=True,
        properties={
            "name": Property(computed=True, replaces=True, shape="cloudwatch:AlarmName"),
            "alarmDescription": Property(shape="cloudwatch:AlarmDescription"),
            "namespace": Property(shape="cloudwatch:Namespace"),
            "metricName": Property(required=True, shape="cloudwatch:MetricName"),
            "dimensions": Property(kind=Kind.MAP),
            "statistic": Property(shape="cloudwatch:Statistic", conflicts=("extendedStatistic",)),
            "extendedStatistic": Property(conflicts=("statistic",)),
            "period": whole(10, 604800, step=60, besides=(10, 20, 30)),
            "evaluationPeriods": whole(1, 100000, required=True),
            "datapointsToAlarm": whole(1, 100000),
            "comparisonOperator": Property(
                required=True,
                words=(
                    "GreaterThanOrEqualToThreshold", "GreaterThanThreshold", "LessThanThreshold",
                    "LessThanOrEqualToThreshold", "LessThanLowerOrGreaterThanUpperThreshold",
                    "LessThanLowerThreshold", "GreaterThanUpperThreshold",
                ),
            ),
            "threshold": Property(kind=Kind.NUMBER),
            "treatMissingData": Property(
                default="missing",
                same="any-case",
                words=("breaching", "notBreaching", "ignore", "missing"),
            ),
            "unit": Property(shape="cloudwatch:StandardUnit"),
            "actionsEnabled": flag(default=True),
            "alarmActions": _actions(),
            "okActions": _actions(),
            "insufficientDataActions": _actions(),
            "arn": filled(),
        },
        one_of=(("statistic", "extendedStatistic"),),
    )  # fmt: skip

    def create(self, aws: Aws, inputs: Properties) -> str:
        """Put the whole alarm, with its tags."""
        self._put(aws, inputs, Tags=tag_list(inputs["tagsAll"]))
        return str(inputs["name"])

    def read(self, aws: Aws, identifier: str) -> Properties | None:
        """Read the alarm and its tags."""
        client = aws.client("cloudwatch")
        alarms = client.describe_alarms(AlarmNames=[identifier])["MetricAlarms"]
        if not alarms:
            return None
        (found,) = alarms
        tags = client.list_tags_for_resource(ResourceARN=found["AlarmArn"])["Tags"]
        dimensions = {each["Name"]: each["Value"] for each in found.get("Dimensions", [])}
        read = {name: found.get(member) for name, member in _MEMBERS.items()}
        return {
            **{name: value for name, value in read.items() if value not in (None, [], "")},
            **({"dimensions": dimensions} if dimensions else {}),
            "arn": found["AlarmArn"],
            "tagsAll": tags_of(tags),
        }

    def update(
        self, aws: Aws, identifier: str, inputs: Properties, changed: Collection[str]
    ) -> None:
        """Put the whole alarm again."""
        if changed:
            self._put(aws, inputs)

    def delete(self, aws: Aws, identifier: str, inputs: Properties) -> None:
        """Delete the alarm."""
        aws.client("cloudwatch").delete_alarms(AlarmNames=[identifier])

    def retag(self, aws: Aws, identifier: str, before: Properties, after: Properties) -> None:
        """Change the tags."""
        client, arn = aws.client("cloudwatch"), aws.arn("cloudwatch", f"alarm:{identifier}")
        put, gone = retagged(before, after)
        if put:
            client.tag_resource(ResourceARN=arn, Tags=tag_list(put))
        if gone:
            client.untag_resource(ResourceARN=arn, TagKeys=gone)

    def _put(self, aws: Aws, inputs: Properties, **more: Parameter) -> None:
        params: dict[str, Any] = {
            member: inputs[name] for name, member in _MEMBERS.items() if name in inputs
        }
        params.setdefault("Threshold", 0.0)  # an absent one is sent as 0
        if inputs.get("dimensions"):
            params["Dimensions"] = tag_list(inputs["dimensions"], "Name", "Value")
        aws.client("cloudwatch").put_metric_alarm(**params, **more)
