"""KMS: keys."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from rehearsal.provider.aws import Aws, retagged, tag_list, tags_of
from rehearsal.provider.facts import Property, ResourceFacts, filled, flag, whole
from rehearsal.provider.handler import Driver
from rehearsal.provider.values import Properties

_TAG = ("TagKey", "TagValue")
_GOING = frozenset({"PendingDeletion", "PendingReplicaDeletion"})


class Key(Driver):
    """A symmetric key. It is never deleted at once: a delete sets its day."""

    kind = "aws:kms/key:Key"
    missing = frozenset({"NotFoundException"})
    facts = ResourceFacts(
        tagged=True,
        properties={
            "policy": Property(computed=True, document="policy"),
            "description": Property(computed=True, length=(0, 8192)),
            "enableKeyRotation": flag(default=False),
            "rotationPeriodInDays": whole(90, 2560, computed=True, needs=("enableKeyRotation",)),
            "deletionWindowInDays": whole(7, 30, write_only=True),
            "isEnabled": flag(default=True),
            "keyUsage": Property(
                default="ENCRYPT_DECRYPT", replaces=True, shape="kms:KeyUsageType"
            ),
            "customerMasterKeySpec": Property(
                default="SYMMETRIC_DEFAULT", replaces=True, shape="kms:KeySpec"
            ),
            "multiRegion": flag(computed=True, replaces=True),
            "bypassPolicyLockoutSafetyCheck": flag(default=False, write_only=True),
            "arn": filled(),
            "keyId": filled(),
        },
    )

    def create(self, aws: Aws, inputs: Properties) -> str:
        """Make the key with its policy."""
        optional = {"Policy": inputs.get("policy"), "Description": inputs.get("description")}
        params: dict[str, Any] = {key: value for key, value in optional.items() if value}
        made = aws.client("kms").create_key(
            KeyUsage=inputs["keyUsage"],
            KeySpec=inputs["customerMasterKeySpec"],
            MultiRegion=inputs.get("multiRegion", False),
            BypassPolicyLockoutSafetyCheck=inputs["bypassPolicyLockoutSafetyCheck"],
            Tags=tag_list(inputs["tagsAll"], *_TAG),
            **params,
        )
        return str(made["KeyMetadata"]["KeyId"])

    def finish(self, aws: Aws, identifier: str, inputs: Properties) -> None:
        """Switch rotation on, and the key off, where that is asked for."""
        if inputs["enableKeyRotation"]:
            self._rotate(aws, identifier, inputs)
        if not inputs["isEnabled"]:
            aws.client("kms").disable_key(KeyId=identifier)

    def read(self, aws: Aws, identifier: str) -> Properties | None:
        """Read the key; one that waits for its deletion is gone."""
        client = aws.client("kms")
        found = client.describe_key(KeyId=identifier)["KeyMetadata"]
        if found["KeyState"] in _GOING:
            return None
        rotation = client.get_key_rotation_status(KeyId=identifier)
        tags = client.list_resource_tags(KeyId=identifier)["Tags"]
        return {
            "policy": client.get_key_policy(KeyId=identifier, PolicyName="default")["Policy"],
            "description": found.get("Description", ""),
            "enableKeyRotation": rotation["KeyRotationEnabled"],
            "rotationPeriodInDays": rotation.get("RotationPeriodInDays"),
            "isEnabled": found["Enabled"],
            "keyUsage": found["KeyUsage"],
            "customerMasterKeySpec": found.get("KeySpec", "SYMMETRIC_DEFAULT"),
            "multiRegion": found.get("MultiRegion", False),
            "arn": found["Arn"],
            "keyId": found["KeyId"],
            "tagsAll": tags_of(tags, *_TAG),
        }

    def update(
        self, aws: Aws, identifier: str, inputs: Properties, changed: Collection[str]
    ) -> None:
        """Put what changed: the key is switched on first, and off last."""
        client = aws.client("kms")
        if "isEnabled" in changed and inputs["isEnabled"]:
            client.enable_key(KeyId=identifier)
        if {"enableKeyRotation", "rotationPeriodInDays"} & set(changed):
            self._rotate(aws, identifier, inputs)
        if "description" in changed:
            client.update_key_description(
                KeyId=identifier, Description=inputs.get("description", "")
            )
        if "policy" in changed and inputs.get("policy"):
            client.put_key_policy(KeyId=identifier, PolicyName="default", Policy=inputs["policy"])
        if "isEnabled" in changed and not inputs["isEnabled"]:
            client.disable_key(KeyId=identifier)

    def delete(self, aws: Aws, identifier: str, inputs: Properties) -> None:
        """Set the day of the deletion: after the declared window, else as late as AWS allows."""
        aws.client("kms").schedule_key_deletion(
            KeyId=identifier, PendingWindowInDays=inputs.get("deletionWindowInDays", 30)
        )

    def retag(self, aws: Aws, identifier: str, before: Properties, after: Properties) -> None:
        """Change the tags."""
        put, gone = retagged(before, after)
        if put:
            aws.client("kms").tag_resource(KeyId=identifier, Tags=tag_list(put, *_TAG))
        if gone:
            aws.client("kms").untag_resource(KeyId=identifier, TagKeys=gone)

    def _rotate(self, aws: Aws, identifier: str, inputs: Properties) -> None:
        client = aws.client("kms")
        if not inputs["enableKeyRotation"]:
            client.disable_key_rotation(KeyId=identifier)
            return
        days = inputs.get("rotationPeriodInDays")
        client.enable_key_rotation(
            KeyId=identifier, **({"RotationPeriodInDays": days} if days else {})
        )
