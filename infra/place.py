"""Where the stack lives: account, Region, and the names and ARNs that follow from them. Pure."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

_NAME_MAX = 48  # characters; a configuration set may have 64 (SESv2), and suffixes follow


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One account (12 digits) in one Region."""

    account_id: str
    region: str

    @property
    def partition(self) -> str:
        """Return the ARN partition of the Region (AWS General Reference, "ARNs")."""
        return "aws-us-gov" if self.region.startswith("us-gov-") else "aws"

    @property
    def root_arn(self) -> str:
        """Return the principal that stands for the account."""
        return f"arn:{self.partition}:iam::{self.account_id}:root"

    def arn(self, service: str, resource: str) -> str:
        """Return the ARN of a resource of this account and Region."""
        return f"arn:{self.partition}:{service}:{self.region}:{self.account_id}:{resource}"

    def configuration_set_arn(self, name: str) -> str:
        """Return the ARN of a configuration set (Service Authorization Reference, SES v2)."""
        return self.arn("ses", f"configuration-set/{name}")

    def identity_arn(self, domain: str) -> str:
        """Return the ARN of an e-mail identity."""
        return self.arn("ses", f"identity/{domain}")


def resource_name(domain: str) -> str:
    """Return the name that everything of a domain starts with: jobmatch.zip is jobmatch-zip.

    Long names are cut and told apart by a hash, as a configuration set has 64 characters at most.
    """
    name = domain.replace(".", "-")
    if len(name) <= _NAME_MAX:
        return name
    digest = hashlib.sha256(domain.encode("ascii")).hexdigest()[:7]
    return f"{name[: _NAME_MAX - 8].rstrip('-')}-{digest}"
