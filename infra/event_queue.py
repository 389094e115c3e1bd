"""EventQueue: a queue that takes the messages of some topics, and the dead-letter queue behind."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
from pulumi_aws import sns, sqs

from infra import policies

DAY = 86_400  # seconds
DEAD_LETTER_RETENTION = 14 * DAY  # the most that SQS allows
MAX_RECEIVES = 5  # a message that was handed out five times is broken
LONG_POLL = 20  # seconds, the most that SQS allows: fewer empty reads, and cheaper ones
VISIBILITY = 60  # seconds in which a consumer has to finish


@dataclass(frozen=True, slots=True, kw_only=True)
class EventQueueArgs:
    """The topics by name; ``body_filter`` lets through only messages whose JSON body matches.

    ``retention`` is in seconds.
    """

    topics: Mapping[str, sns.Topic]
    retention: int = DEAD_LETTER_RETENTION
    body_filter: Mapping[str, object] | None = None


class EventQueue(pulumi.ComponentResource):
    """One queue with its dead letters. Messages are raw: the body is the event of SES itself."""

    queue: sqs.Queue
    dead_letters: sqs.Queue
    subscriptions: list[sns.TopicSubscription]

    def __init__(
        self, name: str, args: EventQueueArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("sesgate:mail:EventQueue", name, None, opts)
        self._child = pulumi.ResourceOptions(parent=self)
        self.queue = self._queue(name, args.retention)
        self.dead_letters = self._queue(f"{name}-dead", DEAD_LETTER_RETENTION)
        arns = [topic.arn for topic in args.topics.values()]
        # A resource of its own, for its comparison knows JSON and the queue's property does not.
        sqs.RedrivePolicy(
            f"{name}-redrive",
            queue_url=self.queue.url,
            redrive_policy=self._redrive(maxReceiveCount=MAX_RECEIVES),
            opts=self._child,
        )
        admitted = [
            self._admit(f"{name}-policy", self.queue, arns),
            # Also the dead letters: what SNS cannot deliver goes there.
            self._admit(f"{name}-dead-policy", self.dead_letters, arns),
        ]
        self.subscriptions = [
            self._subscribe(f"{name}-from-{key}", topic, args.body_filter, admitted)
            for key, topic in args.topics.items()
        ]
        self.register_outputs({"url": self.queue.url, "deadLetterUrl": self.dead_letters.url})

    def _queue(self, name: str, retention: int) -> sqs.Queue:
        # Encrypted by SQS itself: with a key of ours SNS would need a statement in its policy.
        return sqs.Queue(
            name,
            message_retention_seconds=retention,
            receive_wait_time_seconds=LONG_POLL,
            visibility_timeout_seconds=VISIBILITY,
            sqs_managed_sse_enabled=True,
            opts=self._child,
        )

    def _redrive(self, **more: int) -> pulumi.Output[str]:
        return self.dead_letters.arn.apply(
            lambda arn: json.dumps({"deadLetterTargetArn": arn, **more}, sort_keys=True)
        )

    def _admit(
        self, name: str, queue: sqs.Queue, topics: list[pulumi.Output[str]]
    ) -> sqs.QueuePolicy:
        policy = pulumi.Output.all(queue.arn, *topics).apply(
            lambda arns: policies.queue_policy(arns[0], arns[1:])
        )
        return sqs.QueuePolicy(name, queue_url=queue.url, policy=policy, opts=self._child)

    def _subscribe(
        self,
        name: str,
        topic: sns.Topic,
        body_filter: Mapping[str, object] | None,
        admitted: list[sqs.QueuePolicy],
    ) -> sns.TopicSubscription:
        # After the policies: what comes earlier would be refused by the queue, and lost.
        options = pulumi.ResourceOptions(depends_on=admitted)
        return sns.TopicSubscription(
            name,
            topic=topic.arn,
            protocol="sqs",
            endpoint=self.queue.arn,
            raw_message_delivery=True,
            redrive_policy=self._redrive(),
            filter_policy=json.dumps(body_filter, sort_keys=True) if body_filter else None,
            filter_policy_scope="MessageBody" if body_filter else None,
            opts=pulumi.ResourceOptions.merge(self._child, options),
        )
