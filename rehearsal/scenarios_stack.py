"""Days on which what was deployed is no longer whole."""

from __future__ import annotations

from rehearsal.journey import CHECKED
from rehearsal.scenarios_day import Day
from rehearsal.steps import Aws, Say
from rehearsal.steps_world import Drift

STACK_DAYS = (
    Day(
        name="partial-stack",
        title="a destroy stopped half-way: event destinations and topics are gone",
        meaning="Mail goes out, and nobody hears of its bounces. The DNS check cannot see it: the "
        "records are right.",
        play="partial-stack",
        acts=(
            CHECKED,
            Aws(
                service="sesv2",
                operation="get-configuration-set-event-destinations",
                parameters={"ConfigurationSetName": "{configurationSetName}"},
                query="EventDestinations[].Name",
                told=("[]",),
            ),
            Drift(("jobmatch-zip-bounce",)),
        ),
        advice="Run `pulumi preview --refresh --expect-no-changes` before you ask AWS for "
        "anything; `pulumi up` mends. The gate (checks.readiness) will judge it; it is not built "
        "yet.",
    ),
    Day(
        name="queue-cut",
        title="the queue of bounces no longer admits its topic",
        meaning="Somebody removed the policy of the queue. SES publishes the bounce, SNS may not "
        "deliver it, and the application goes on mailing a dead address.",
        play="queue-cut",
        acts=(
            Aws(
                service="sqs",
                operation="get-queue-attributes",
                parameters={"QueueUrl": "{queueUrls[bounce]}", "AttributeNames": ["Policy"]},
                query="Attributes.Policy",
                told=("null",),
            ),
            Aws(
                service="sesv2",
                operation="send-email",
                parameters={
                    "FromEmailAddress": "{fromAddresses[0]}",
                    "Destination": {"ToAddresses": ["bounce@simulator.amazonses.com"]},
                    "Content": {
                        "Simple": {
                            "Subject": {"Data": "Your code"},
                            "Body": {"Text": {"Data": "123456"}},
                        }
                    },
                },
                query="MessageId != null",
                told=("true",),
            ),
            Aws(
                service="sqs",
                operation="receive-message",
                parameters={
                    "QueueUrl": "{queueUrls[bounce]}",
                    "MaxNumberOfMessages": 10,
                    "WaitTimeSeconds": 1,
                },
                query="Messages[].Body",
                untold=("Bounce",),
            ),
            Say("SES took the mail, it bounced, and the queue of bounces has no event of it."),
            Drift(("jobmatch-zip-bounce-queue-policy",)),
        ),
        advice="Run `pulumi preview --refresh --expect-no-changes`; `pulumi up` mends. The round "
        "trip (checks.probe) will prove each way back with a mail; it is not built yet.",
    ),
)
