"""The one AWS provider of the stack: one account, one Region."""

from __future__ import annotations

import pulumi
from pulumi_aws._inputs import ProviderDefaultTagsArgs
from pulumi_aws.provider import Provider

from contract.settings import Settings


def aws_provider(settings: Settings) -> Provider:
    """Return the provider that every resource is made with.

    It refuses every account but the stack's, before it does anything, and its Region comes from
    the stack alone. Its name must not change: it is in the state of every resource.
    """
    return Provider(
        "aws",
        region=settings.region,
        allowed_account_ids=[settings.aws_account_id],
        default_tags=ProviderDefaultTagsArgs(
            tags={
                "managed-by": "pulumi",
                "project": pulumi.get_project(),
                "stack": pulumi.get_stack(),
                "sending-domain": settings.domain,
            }
        ),
    )
