"""SQS: queues, their policies, where their dead letters go."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Collection
from typing import ClassVar

from botocore.exceptions import ClientError

from rehearsal.provider.aws import Aws, retagged
from rehearsal.provider.facts import Property, ResourceFacts, filled, flag, given, whole
from rehearsal.provider.handler import Driver
from rehearsal.provider.values import Properties

_NOT_FOUND = frozenset(
    {"AWS.SimpleQueueService.NonExistentQueue", "QueueDoesNotExist", "NonExistentQueue"}
)

# Property → attribute of a queue.
_NUMBERS = {
    "delaySeconds": "DelaySeconds",
    "maxMessageSize": "MaximumMessageSize",
    "messageRetentionSeconds": "MessageRetentionPeriod",
    "receiveWaitTimeSeconds": "ReceiveMessageWaitTimeSeconds",
    "visibilityTimeoutSeconds": "VisibilityTimeout",
}
_FLAGS = {"sqsManagedSseEnabled": "SqsManagedSseEnabled"}
_TEXTS = {"kmsMasterKeyId": "KmsMasterKeyId"}
_ATTRIBUTES = {**_NUMBERS, **_FLAGS, **_TEXTS}


class Queue(Driver):
    """A standard queue. One of the same name and attributes is silently taken over."""

    kind = "aws:sqs/queue:Queue"
    missing = _NOT_FOUND
    facts = ResourceFacts(
        auto_name=80,
        tagged=True,
        properties={
            "name": Property(computed=True, replaces=True, pattern="[0-9A-Za-z_-]{1,80}"),
            "fifoQueue": flag(default=False, replaces=True),
            "contentBasedDeduplication": flag(default=False),
            "delaySeconds": whole(0, 900, default=0),
            "maxMessageSize": whole(1024, 1048576, default=262144),
            "messageRetentionSeconds": whole(60, 1209600, default=345600),
            "receiveWaitTimeSeconds": whole(0, 20, default=0),
            "visibilityTimeoutSeconds": whole(0, 43200, default=30),
            "sqsManagedSseEnabled": flag(computed=True, conflicts=("kmsMasterKeyId",)),
            "kmsMasterKeyId": Property(conflicts=("sqsManagedSseEnabled",)),
            "arn": filled(),
            "url": filled(),
        },
    )

    def create(self, aws: Aws, inputs: Properties) -> str:
        """Make the queue with its attributes; the id is its URL."""
        attributes = {
            attribute: _written(inputs[name])
            for name, attribute in _ATTRIBUTES.items()
            if inputs.get(name) is not None
        }
        made = aws.client("sqs").create_queue(
            QueueName=inputs["name"], Attributes=attributes, tags=inputs["tagsAll"]
        )
        return str(made["QueueUrl"])

    def read(self, aws: Aws, identifier: str) -> Properties:
        """Read the attributes and the tags."""
        client = aws.client("sqs")
        answer = client.get_queue_attributes(QueueUrl=identifier, AttributeNames=["All"])
        found = answer.get("Attributes", {})
        return {
            "name": identifier.rpartition("/")[2],
            "fifoQueue": found.get("FifoQueue") == "true",
            "contentBasedDeduplication": found.get("ContentBasedDeduplication") == "true",
            **{name: int(found[each]) for name, each in _NUMBERS.items() if each in found},
            **{name: found[each] == "true" for name, each in _FLAGS.items() if each in found},
            **{name: found[each] for name, each in _TEXTS.items() if found.get(each)},
            "arn": found["QueueArn"],
            "url": identifier,
            "tagsAll": client.list_queue_tags(QueueUrl=identifier).get("Tags", {}),
        }

    def update(
        self, aws: Aws, identifier: str, inputs: Properties, changed: Collection[str]
    ) -> None:
        """Put the changed attributes in one call."""
        attributes = {
            attribute: _written(inputs.get(name, ""))
            for name, attribute in _ATTRIBUTES.items()
            if name in changed
        }
        if attributes:
            aws.client("sqs").set_queue_attributes(QueueUrl=identifier, Attributes=attributes)

    def delete(self, aws: Aws, identifier: str, inputs: Properties) -> None:
        """Delete the queue with its messages."""
        aws.client("sqs").delete_queue(QueueUrl=identifier)

    def retag(self, aws: Aws, identifier: str, before: Properties, after: Properties) -> None:
        """Change the tags."""
        put, gone = retagged(before, after)
        if put:
            aws.client("sqs").tag_queue(QueueUrl=identifier, Tags=put)
        if gone:
            aws.client("sqs").untag_queue(QueueUrl=identifier, TagKeys=gone)


def _written(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


class _Attribute(Driver):
    """One attribute of a queue as a resource of its own: put, read, and put empty."""

    missing = _NOT_FOUND
    attribute: ClassVar[str]

    @property
    @abstractmethod
    def prop(self) -> str:
        """Return the name of the property that holds the attribute."""

    def create(self, aws: Aws, inputs: Properties) -> str:
        """Put the attribute, whatever was there."""
        self._put(aws, inputs["queueUrl"], inputs[self.prop])
        return str(inputs["queueUrl"])

    def read(self, aws: Aws, identifier: str) -> Properties | None:
        """Read the attribute; an empty one is none."""
        answer = aws.client("sqs").get_queue_attributes(
            QueueUrl=identifier, AttributeNames=[self.attribute]
        )
        found = answer.get("Attributes", {}).get(self.attribute)
        return {"queueUrl": identifier, self.prop: found} if found else None

    def update(
        self, aws: Aws, identifier: str, inputs: Properties, changed: Collection[str]
    ) -> None:
        """Put the attribute."""
        self._put(aws, identifier, inputs[self.prop])

    def delete(self, aws: Aws, identifier: str, inputs: Properties) -> None:
        """Put the attribute empty."""
        try:
            self._put(aws, identifier, "")
        except ClientError as error:
            if error.response["Error"]["Code"] not in _NOT_FOUND:
                raise

    def _put(self, aws: Aws, url: str, text: str) -> None:
        aws.client("sqs").set_queue_attributes(QueueUrl=url, Attributes={self.attribute: text})


class QueuePolicy(_Attribute):
    """Who may send to a queue."""

    kind = "aws:sqs/queuePolicy:QueuePolicy"
    attribute = "Policy"
    prop = "policy"
    facts = ResourceFacts(
        properties={"queueUrl": given(replaces=True), "policy": given(document="policy")}
    )


class RedrivePolicy(_Attribute):
    """Where a queue's dead letters go."""

    kind = "aws:sqs/redrivePolicy:RedrivePolicy"
    attribute = "RedrivePolicy"
    prop = "redrivePolicy"
    facts = ResourceFacts(
        properties={"queueUrl": given(replaces=True), "redrivePolicy": given(document="json")}
    )
