"""Feedback: the topics that SES and the alarms publish to, and the queues behind them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pulumi
from pulumi_aws import kms, sns

from contract.outputs import TOPICS
from infra import policies
from infra.adoption import told_how_to_import
from infra.event_queue import EventQueue, EventQueueArgs
from infra.place import Place

EVENT_TOPICS = ("bounce", "complaint", "delivery")
PROBE_RETENTION = 3600  # seconds: an old event is never taken for that of the running probe

# SES sets no message attributes, so the body is filtered: `mail.destination` is a list of text.
SIMULATOR_ONLY = {"mail": {"destination": [{"suffix": "@simulator.amazonses.com"}]}}


@dataclass(frozen=True, slots=True)
class FeedbackArgs:
    """Where, for which configuration set, and who is mailed by alarms (None: nobody)."""

    place: Place
    configuration_set: str
    alarm_email: str | None


class Feedback(pulumi.ComponentResource):
    """Encrypted topics that only SES (or CloudWatch) may publish to, each with its queue."""

    key: kms.Key
    topics: dict[str, sns.Topic]
    topic_policies: dict[str, sns.TopicPolicy]
    queues: dict[str, EventQueue]

    def __init__(
        self, name: str, args: FeedbackArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("sesgate:mail:Feedback", name, None, opts)
        self._child = pulumi.ResourceOptions(parent=self)
        self._if_topic_exists = told_how_to_import(
            f"{name}-topic-exists", name, lambda topic: args.place.arn("sns", topic["name"])
        )
        self.key = self._key(f"{name}-topics", args.place)
        self.topics = {kind: self._topic(f"{name}-{kind}") for kind in TOPICS}
        self.topic_policies = {kind: self._policy(name, kind, args) for kind in TOPICS}
        self.queues = self._queues(name)
        if args.alarm_email:
            self._mail_alarms(f"{name}-alarm-mail", args.alarm_email)
        self.register_outputs(
            {
                "keyArn": self.key.arn,
                "topicArns": {kind: topic.arn for kind, topic in self.topics.items()},
            }
        )

    def _key(self, name: str, place: Place) -> kms.Key:
        # Customer-managed: the policy of alias/aws/sns cannot be changed to admit SES.
        return kms.Key(
            name,
            description=f"Topics of {name.removesuffix('-topics')}: bounces, complaints, alarms",
            policy=policies.key_policy(place),
            enable_key_rotation=True,
            deletion_window_in_days=30,  # the longest: what lies in topics is lost with the key
            opts=self._child,
        )

    def _topic(self, name: str) -> sns.Topic:
        # Named by hand, so that a topic that exists is refused and never doubled.
        return sns.Topic(
            name,
            name=name,
            kms_master_key_id=self.key.arn,
            opts=pulumi.ResourceOptions(parent=self, hooks=self._if_topic_exists),
        )

    def _policy(self, name: str, kind: str, args: FeedbackArgs) -> sns.TopicPolicy:
        def event_policy(arn: str) -> str:
            return policies.event_topic_policy(args.place, arn, args.configuration_set)

        def alarm_policy(arn: str) -> str:
            return policies.alarm_topic_policy(args.place, arn)

        policy_of: Callable[[str], str] = event_policy if kind in EVENT_TOPICS else alarm_policy
        topic = self.topics[kind]
        return sns.TopicPolicy(
            f"{name}-{kind}-policy",
            arn=topic.arn,
            policy=topic.arn.apply(policy_of),
            opts=self._child,
        )

    def _queues(self, name: str) -> dict[str, EventQueue]:
        events = {kind: self.topics[kind] for kind in EVENT_TOPICS}
        queues = {
            kind: EventQueue(
                f"{name}-{kind}-queue", EventQueueArgs(topics={kind: topic}), opts=self._child
            )
            for kind, topic in events.items()
        }
        # A queue of its own, so that a live probe never takes an event from the application.
        queues["probe"] = EventQueue(
            f"{name}-probe-queue",
            EventQueueArgs(topics=events, retention=PROBE_RETENTION, body_filter=SIMULATOR_ONLY),
            opts=self._child,
        )
        return queues

    def _mail_alarms(self, name: str, address: str) -> None:
        # Pending until somebody follows the link in the mail; the gate looks.
        sns.TopicSubscription(
            name,
            topic=self.topics["alarm"].arn,
            protocol="email",
            endpoint=address,
            opts=self._child,
        )
