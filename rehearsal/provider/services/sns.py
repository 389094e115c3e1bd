"""SNS: topics and their policies."""

from __future__ import annotations

import json
from collections.abc import Collection

from botocore.exceptions import ClientError

from rehearsal.provider.aws import Aws, retagged, tag_list, tags_of
from rehearsal.provider.facts import Property, ResourceFacts, filled, flag, given, whole
from rehearsal.provider.handler import Driver, ProviderError
from rehearsal.provider.values import Properties

_NOT_FOUND = frozenset({"NotFound", "NotFoundException"})

# Property → attribute of a topic.
_TOPIC = {
    "displayName": "DisplayName",
    "kmsMasterKeyId": "KmsMasterKeyId",
    "policy": "Policy",
    "signatureVersion": "SignatureVersion",
    "tracingConfig": "TracingConfig",
}


class Topic(Driver):
    """A topic. Pulumi refuses one that exists, where plain SNS would hand it out."""

    kind = "aws:sns/topic:Topic"
    missing = _NOT_FOUND
    facts = ResourceFacts(
        auto_name=80,
        tagged=True,
        properties={
            "name": Property(computed=True, replaces=True, pattern="[0-9A-Za-z_-]{1,256}"),
            "fifoTopic": flag(default=False, replaces=True),
            "contentBasedDeduplication": flag(default=False),
            "displayName": Property(length=(0, 100)),
            "kmsMasterKeyId": Property(),
            "policy": Property(computed=True, document="policy"),
            "signatureVersion": whole(1, 2, computed=True),
            "tracingConfig": Property(computed=True, words=("PassThrough", "Active")),
            "arn": filled(),
            "owner": filled(),
        },
    )

    def create(self, aws: Aws, inputs: Properties) -> str:
        """Make the topic. Raises ProviderError where one of that name exists."""
        client, arn = aws.client("sns"), aws.arn("sns", inputs["name"])
        try:
            client.get_topic_attributes(TopicArn=arn)
        except ClientError as error:
            if error.response["Error"]["Code"] not in _NOT_FOUND:
                raise
        else:
            raise ProviderError(f"creating SNS Topic: SNS Topic ({inputs['name']}) already exists")
        made = client.create_topic(Name=inputs["name"], Tags=tag_list(inputs["tagsAll"]))
        return str(made["TopicArn"])

    def finish(self, aws: Aws, identifier: str, inputs: Properties) -> None:
        """Put the attributes, one call each."""
        self.update(aws, identifier, inputs, set(inputs))

    def read(self, aws: Aws, identifier: str) -> Properties:
        """Read the attributes and the tags."""
        client = aws.client("sns")
        found = client.get_topic_attributes(TopicArn=identifier)["Attributes"]
        read: Properties = {name: found.get(attribute) for name, attribute in _TOPIC.items()}
        return {
            **{name: value for name, value in read.items() if value not in {None, ""}},
            **({"signatureVersion": int(v)} if (v := found.get("SignatureVersion")) else {}),
            "name": identifier.rpartition(":")[2],
            "fifoTopic": found.get("FifoTopic") == "true",
            "contentBasedDeduplication": found.get("ContentBasedDeduplication") == "true",
            "arn": identifier,
            "owner": found.get("Owner"),
            "tagsAll": tags_of(client.list_tags_for_resource(ResourceArn=identifier).get("Tags")),
        }

    def update(
        self, aws: Aws, identifier: str, inputs: Properties, changed: Collection[str]
    ) -> None:
        """Put each changed attribute; one that is taken away is put empty."""
        for name, attribute in _TOPIC.items():
            if name in changed:
                aws.client("sns").set_topic_attributes(
                    TopicArn=identifier,
                    AttributeName=attribute,
                    AttributeValue=str(inputs.get(name, "")),
                )

    def delete(self, aws: Aws, identifier: str, inputs: Properties) -> None:
        """Delete the topic; SNS drops its subscriptions."""
        aws.client("sns").delete_topic(TopicArn=identifier)

    def retag(self, aws: Aws, identifier: str, before: Properties, after: Properties) -> None:
        """Change the tags."""
        put, gone = retagged(before, after)
        if put:
            aws.client("sns").tag_resource(ResourceArn=identifier, Tags=tag_list(put))
        if gone:
            aws.client("sns").untag_resource(ResourceArn=identifier, TagKeys=gone)


class TopicPolicy(Driver):
    """The policy of a topic. Making it replaces what is there."""

    kind = "aws:sns/topicPolicy:TopicPolicy"
    missing = _NOT_FOUND
    facts = ResourceFacts(
        properties={
            "arn": given(replaces=True, arn=True),
            "policy": given(document="policy"),
            "owner": filled(),
        }
    )

    def create(self, aws: Aws, inputs: Properties) -> str:
        """Put the policy."""
        self.update(aws, inputs["arn"], inputs, ())
        return str(inputs["arn"])

    def read(self, aws: Aws, identifier: str) -> Properties | None:
        """Read the policy; an empty one is none."""
        found = aws.client("sns").get_topic_attributes(TopicArn=identifier)["Attributes"]
        if not found.get("Policy"):
            return None
        return {"arn": identifier, "policy": found["Policy"], "owner": found.get("Owner")}

    def update(
        self, aws: Aws, identifier: str, inputs: Properties, changed: Collection[str]
    ) -> None:
        """Put the policy."""
        _put_policy(aws, identifier, inputs["policy"])

    def delete(self, aws: Aws, identifier: str, inputs: Properties) -> None:
        """Put SNS's own policy back: only the owner may publish, and SES no more."""
        own = {
            "Version": "2008-10-17",
            "Id": "__default_policy_ID",
            "Statement": [
                {
                    "Sid": "__default_statement_ID",
                    "Effect": "Allow",
                    "Principal": {"AWS": "*"},
                    "Action": [
                        "SNS:GetTopicAttributes", "SNS:SetTopicAttributes", "SNS:AddPermission",
                        "SNS:RemovePermission", "SNS:DeleteTopic", "SNS:Subscribe",
                        "SNS:ListSubscriptionsByTopic", "SNS:Publish",
                    ],
                    "Resource": identifier,
                    "Condition": {"StringEquals": {"AWS:SourceOwner": aws.account}},
                }
            ],
        }  # fmt: skip
        _put_policy(aws, identifier, json.dumps(own))


def _put_policy(aws: Aws, topic: str, text: str) -> None:
    aws.client("sns").set_topic_attributes(
        TopicArn=topic, AttributeName="Policy", AttributeValue=text
    )
