"""Configuration sets and their options; a block that was never put is absent, as in AWS."""

from __future__ import annotations

import re
from typing import Any

from rehearsal.aws import tags
from rehearsal.aws.errors import already_exists, bad_request, not_found
from rehearsal.aws.identities import page, sender_of, set_exists
from rehearsal.aws.operations import Call, Handler, operation
from rehearsal.aws.state import ConfigurationSet

_NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")
_BLOCKS = (
    "TrackingOptions",
    "DeliveryOptions",
    "ReputationOptions",
    "SendingOptions",
    "SuppressionOptions",
    "VdmOptions",
    "ArchivingOptions",
)
# What SES fills in, for a block that was put and for one that never was.
_DEFAULTS: dict[str, dict[str, Any]] = {
    "TrackingOptions": {"HttpsPolicy": "OPTIONAL"},
    "DeliveryOptions": {"TlsPolicy": "OPTIONAL"},
    "ReputationOptions": {"ReputationMetricsEnabled": False},
    "SendingOptions": {"SendingEnabled": False},
}
_NEVER_PUT: dict[str, dict[str, Any]] = {
    "ReputationOptions": {"ReputationMetricsEnabled": False},
    "SendingOptions": {"SendingEnabled": True},
}


def find(call: Call) -> ConfigurationSet:
    """Return the set that a call names. Raises NotFoundException."""
    name = call.params["ConfigurationSetName"]
    set_exists(call.ses, name)
    return call.ses.sets[name]


@operation("sesv2", "CreateConfigurationSet")
def create_configuration_set(call: Call) -> None:
    """Make a set. Raises AlreadyExistsException, BadRequestException, NotFoundException."""
    name = call.params["ConfigurationSetName"]
    if not _NAME.fullmatch(name):
        raise bad_request(
            "Configuration set name must only contain ASCII letters (a-z, A-Z), numbers (0-9), "
            "underscores (_), or dashes (-), and be at most 64 characters long."
        )
    if name in call.ses.sets:
        raise already_exists(f"Configuration set <{name}> already exists.")
    blocks = {block: call.params[block] for block in _BLOCKS if block in call.params}
    for block, options in blocks.items():
        _check(call, block, options)
    call.ses.sets[name] = ConfigurationSet(
        name, {block: _DEFAULTS.get(block, {}) | options for block, options in blocks.items()}
    )
    tags.put(call.ses, call.ses.arn("configuration-set", name), call.params.get("Tags", []))


def _check(call: Call, block: str, options: dict[str, Any]) -> None:
    """Raise where a block names what does not exist or is not verified."""
    domain = options.get("CustomRedirectDomain")
    if block == "TrackingOptions" and domain:
        identity = sender_of(call.ses, f"postmaster@{domain}")
        if identity is None or not identity.verified:
            raise bad_request(f"Custom redirect domain <{domain}> is not verified.")
    pool = options.get("SendingPoolName")
    if block == "DeliveryOptions" and pool:
        raise not_found(f"Dedicated IP pool <{pool}> does not exist.")


@operation("sesv2", "GetConfigurationSet")
def get_configuration_set(call: Call) -> dict[str, Any]:
    """Show a set."""
    found = find(call)
    return {
        "ConfigurationSetName": found.name,
        "Tags": tags.shown(call.ses, call.ses.arn("configuration-set", found.name)),
        **_NEVER_PUT,
        **found.options,
    }


@operation("sesv2", "ListConfigurationSets")
def list_configuration_sets(call: Call) -> dict[str, Any]:
    """List the names, in pages of at most 1000."""
    shown, token = page(sorted(call.ses.sets), call.params, largest=1000)
    return {"ConfigurationSets": shown} | token


@operation("sesv2", "DeleteConfigurationSet")
def delete_configuration_set(call: Call) -> None:
    """Delete a set with its destinations; an identity may go on naming it."""
    name = find(call).name
    del call.ses.sets[name]
    call.ses.tags.pop(call.ses.arn("configuration-set", name), None)


def _put_block(block: str) -> Handler:
    def put(call: Call) -> None:
        found = find(call)
        options = {k: v for k, v in call.params.items() if k != "ConfigurationSetName"}
        _check(call, block, options)
        whole = block != "TrackingOptions" or "CustomRedirectDomain" in options
        if block in _NEVER_PUT or (options and whole):
            found.options[block] = _DEFAULTS.get(block, {}) | options
        else:
            found.options.pop(block, None)  # an empty put: the account's settings apply again

    return put


for _block in set(_BLOCKS) - {"VdmOptions"}:
    operation("sesv2", f"PutConfigurationSet{_block}")(_put_block(_block))


@operation("sesv2", "PutConfigurationSetVdmOptions")
def put_vdm_options(call: Call) -> None:
    """Set the VDM options: the request wraps the block once more than the others."""
    options = call.params.get("VdmOptions") or {}
    if options:
        find(call).options["VdmOptions"] = options
    else:
        find(call).options.pop("VdmOptions", None)
