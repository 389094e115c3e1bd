"""Keys by any of their names; AWS's own keys appear when they are first named."""

from __future__ import annotations

import json

from moto.kms.models import Key, kms_backends

_MANAGED = ("alias/aws/sns", "alias/aws/sqs")


def find_key(account: str, region: str, name: str) -> Key | None:
    """Return the key of an id, an ARN or an alias, None where there is none."""
    kms = kms_backends[account][region]
    alias = kms.get_alias_name(name)
    if alias in _MANAGED and not kms.alias_exists(alias):
        _make_managed(account, region, alias)
    try:
        raw_id = kms.any_id_to_key_id(name)
    except AttributeError:  # moto's answer to an alias that nobody made
        return None
    key: Key | None = kms.keys.get(raw_id)
    return key


def _make_managed(account: str, region: str, alias: str) -> None:
    """Make AWS's key of a service: its fixed policy admits the account's callers, no service."""
    kms = kms_backends[account][region]
    via = f"{alias.rpartition('/')[2]}.{region}.amazonaws.com"
    policy = {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"AWS": "*"},
                "Action": ["kms:Decrypt", "kms:GenerateDataKey*", "kms:CreateGrant"],
                "Resource": "*",
                "Condition": {
                    "StringEquals": {"kms:CallerAccount": account, "kms:ViaService": via}
                },
            }
        ],
    }
    text = f"Default key that protects the messages of {via}"
    key = kms.create_key(json.dumps(policy), "ENCRYPT_DECRYPT", "SYMMETRIC_DEFAULT", text, None)
    key.key_manager = "AWS"
    kms.create_alias(key.id, alias)
