"""IAM: customer-managed policies."""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Any

from rehearsal.provider.aws import Aws, pages, retagged, tag_list, tags_of
from rehearsal.provider.facts import Property, ResourceFacts, filled, given
from rehearsal.provider.handler import Driver
from rehearsal.provider.values import Properties

_MOST_VERSIONS = 5  # IAM keeps no more (IAM user guide, "Quotas")


class Policy(Driver):
    """A policy. A change makes a new version of it the default one."""

    kind = "aws:iam/policy:Policy"
    missing = frozenset({"NoSuchEntity"})
    facts = ResourceFacts(
        auto_name=128,
        regional=False,
        tagged=True,
        properties={
            "policy": given(document="policy", shape="iam:policyDocumentType"),
            "name": Property(computed=True, replaces=True, shape="iam:policyNameType"),
            "path": Property(default="/", replaces=True, shape="iam:policyPathType"),
            "description": Property(replaces=True, shape="iam:policyDescriptionType"),
            "arn": filled(),
            "policyId": filled(),
        },
    )

    def create(self, aws: Aws, inputs: Properties) -> str:
        """Make the policy; one that exists is refused. The id is its ARN."""
        optional = {"Description": inputs["description"]} if inputs.get("description") else {}
        made = aws.client("iam").create_policy(
            PolicyName=inputs["name"],
            Path=inputs["path"],
            PolicyDocument=inputs["policy"],
            Tags=tag_list(inputs["tagsAll"]),
            **optional,
        )
        return str(made["Policy"]["Arn"])

    def read(self, aws: Aws, identifier: str) -> Properties:
        """Read the policy and its default version."""
        client = aws.client("iam")
        found = client.get_policy(PolicyArn=identifier)["Policy"]
        version = client.get_policy_version(
            PolicyArn=identifier, VersionId=found["DefaultVersionId"]
        )["PolicyVersion"]
        return {
            "policy": json.dumps(version["Document"], sort_keys=True, separators=(",", ":")),
            "name": found["PolicyName"],
            "path": found["Path"],
            "description": found.get("Description") or None,
            "arn": found["Arn"],
            "policyId": found["PolicyId"],
            "tagsAll": tags_of(found.get("Tags")),
        }

    def update(
        self, aws: Aws, identifier: str, inputs: Properties, changed: Collection[str]
    ) -> None:
        """Make a new default version; where there are five the oldest other one goes."""
        if "policy" not in changed:
            return
        client, old = aws.client("iam"), self._other_versions(aws, identifier)
        if len(old) >= _MOST_VERSIONS - 1:
            client.delete_policy_version(PolicyArn=identifier, VersionId=old[0])
        client.create_policy_version(
            PolicyArn=identifier, PolicyDocument=inputs["policy"], SetAsDefault=True
        )

    def delete(self, aws: Aws, identifier: str, inputs: Properties) -> None:
        """Delete the policy with all its versions; one that is attached is refused."""
        client = aws.client("iam")
        for version in self._other_versions(aws, identifier):
            client.delete_policy_version(PolicyArn=identifier, VersionId=version)
        client.delete_policy(PolicyArn=identifier)

    def retag(self, aws: Aws, identifier: str, before: Properties, after: Properties) -> None:
        """Change the tags."""
        put, gone = retagged(before, after)
        if put:
            aws.client("iam").tag_policy(PolicyArn=identifier, Tags=tag_list(put))
        if gone:
            aws.client("iam").untag_policy(PolicyArn=identifier, TagKeys=gone)

    def _other_versions(self, aws: Aws, identifier: str) -> list[str]:
        """Return the ids of the versions that are not the default one, oldest first."""
        listed = pages(
            aws.client("iam").list_policy_versions, "Versions", "Marker", PolicyArn=identifier
        )
        others: list[dict[str, Any]] = [each for each in listed if not each["IsDefaultVersion"]]
        return [each["VersionId"] for each in sorted(others, key=lambda each: each["CreateDate"])]
