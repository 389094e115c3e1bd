"""AccountDefaults: what the whole account has in this Region, whoever made it."""

from __future__ import annotations

import pulumi
from pulumi_aws import sesv2

from infra.values import SuppressedReason


class AccountDefaults(pulumi.ComponentResource):
    """Account suppression of bounces and complaints: mail that names no set is covered too."""

    def __init__(self, name: str, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("sesgate:mail:AccountDefaults", name, None, opts)
        sesv2.AccountSuppressionAttributes(
            f"{name}-suppression",
            suppressed_reasons=[SuppressedReason.BOUNCE, SuppressedReason.COMPLAINT],
            # The account outlives the stack: taking this out of the code must change nothing.
            opts=pulumi.ResourceOptions(parent=self, retain_on_delete=True),
        )
        self.register_outputs({})
