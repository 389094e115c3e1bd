"""How the provider is configured, and in which account it then works."""

from __future__ import annotations

import json
from collections.abc import Mapping

from botocore.exceptions import BotoCoreError, ClientError

from rehearsal.provider.aws import Aws, Clients
from rehearsal.provider.handler import ProviderError
from rehearsal.provider.judge import Failure
from rehearsal.provider.values import Properties, Value

# What is used, and what may be given and changes nothing here.
_USED = frozenset({"region", "allowedAccountIds", "forbiddenAccountIds", "defaultTags"})
_IGNORED = frozenset(
    {
        "skipCredentialsValidation", "skipRegionValidation", "skipMetadataApiCheck",
        "skipRequestingAccountId", "maxRetries", "profile", "version", "pluginDownloadURL",
    }
)  # fmt: skip


def judge_config(news: Properties) -> list[Failure]:
    """Return what is wrong with a configuration."""
    failures = [
        Failure(key, "is no configuration that the rehearsal's provider knows")
        for key in sorted(set(news) - _USED - _IGNORED)
    ]
    if not news.get("region"):
        failures.append(Failure("region", "Missing region configuration"))
    if news.get("allowedAccountIds") and news.get("forbiddenAccountIds"):
        failures.append(Failure("allowedAccountIds", "conflicts with forbiddenAccountIds"))
    return failures


def configured(clients: Clients, config: Properties) -> Aws:
    """Return the account that the credentials belong to.

    Raises ProviderError where it is none of the allowed ones, or cannot be asked for.
    """
    region = str(config.get("region", ""))
    try:
        answer = clients.client("sts", region).get_caller_identity()
    except (ClientError, BotoCoreError) as error:
        raise ProviderError(f"unable to validate AWS credentials: {error}") from error
    account = str(answer["Account"])
    allowed = _read(config, "allowedAccountIds", [])
    if (allowed and account not in allowed) or account in _read(config, "forbiddenAccountIds", []):
        raise ProviderError(f"AWS account ID not allowed: {account}")
    tags: Mapping[str, str] = _read(config, "defaultTags", {}).get("tags", {})
    return Aws(clients=clients, account=account, region=region, default_tags=tags)


def _read(config: Properties, key: str, default: Value) -> Value:
    """Return a setting: on the wire all that is no text is JSON in a text."""
    value = config.get(key)
    if value in (None, ""):
        return default
    return json.loads(value) if isinstance(value, str) else value
