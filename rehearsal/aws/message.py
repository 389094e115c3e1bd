"""A SendEmail request as one mail: who sends it to whom, under which set."""

from __future__ import annotations

import email
import email.policy
import email.utils
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from typing import Any

from rehearsal.aws.errors import bad_request

MOST_RECIPIENTS = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What SES reads from a request before it judges it."""

    source: str
    recipients: Sequence[str]
    subject: str
    configuration_set: str | None
    tags: Sequence[tuple[str, str]]

    @property
    def sender(self) -> str:
        """The bare address of From."""
        return email.utils.parseaddr(self.source)[1]


def read(params: Mapping[str, Any]) -> Draft:
    """Read a Simple or Raw request. Raises BadRequestException."""
    content = params["Content"]
    if "Raw" in content:
        draft = _raw(params, content["Raw"]["Data"])
    elif "Simple" in content:
        draft = _simple(params, content["Simple"])
    else:
        raise bad_request("Template content is not imitated by the rehearsal.")
    if "@" not in draft.sender:
        raise bad_request("Missing From address.")
    if not draft.recipients:
        raise bad_request("Missing recipients.")
    if len(draft.recipients) > MOST_RECIPIENTS:
        raise bad_request(f"Recipient count exceeds {MOST_RECIPIENTS}.")
    for recipient in draft.recipients:
        if not all(recipient.rpartition("@")) or any(map(str.isspace, recipient)):
            raise bad_request(f"Illegal address {recipient}.")
    return draft


def _simple(params: Mapping[str, Any], simple: Mapping[str, Any]) -> Draft:
    if not {"Text", "Html"} & simple["Body"].keys():
        raise bad_request("Body must have Text or Html.")
    return Draft(
        source=params.get("FromEmailAddress", ""),
        recipients=_destination(params),
        subject=simple["Subject"]["Data"],
        configuration_set=params.get("ConfigurationSetName"),
        tags=_tags(params),
    )


def _raw(params: Mapping[str, Any], data: bytes) -> Draft:
    message = email.message_from_bytes(bytes(data), policy=email.policy.default)
    if not isinstance(message, EmailMessage):
        raise bad_request("The raw message cannot be read.")
    headers = [str(value) for name in ("to", "cc", "bcc") for value in message.get_all(name, [])]
    listed = [address for _, address in email.utils.getaddresses(headers)]
    in_header = message.get("x-ses-configuration-set")
    return Draft(
        source=params.get("FromEmailAddress") or str(message.get("from", "")),
        recipients=_destination(params) or listed,
        subject=str(message.get("subject", "")),
        configuration_set=params.get("ConfigurationSetName") or (in_header and str(in_header)),
        tags=_tags(params),
    )


def _destination(params: Mapping[str, Any]) -> list[str]:
    destination = params.get("Destination", {})
    fields = ("ToAddresses", "CcAddresses", "BccAddresses")
    written = [address for name in fields for address in destination.get(name, [])]
    return [email.utils.parseaddr(address)[1] for address in written]


def _tags(params: Mapping[str, Any]) -> list[tuple[str, str]]:
    return [(tag["Name"], tag["Value"]) for tag in params.get("EmailTags", [])]
