"""The account's suppression list, which the sandbox keeps shut."""

from __future__ import annotations

from typing import Any

from rehearsal.aws.account import advance_review
from rehearsal.aws.errors import bad_request, not_found
from rehearsal.aws.identities import page
from rehearsal.aws.operations import Call, operation


def _open(call: Call) -> dict[str, dict[str, Any]]:
    advance_review(call.world, call.ses)
    if not call.ses.account.production:
        raise bad_request("Suppression list management is not available in the sandbox.")
    return call.ses.suppressed


@operation("sesv2", "PutSuppressedDestination")
def put_suppressed_destination(call: Call) -> None:
    """Add an address. Raises BadRequestException in the sandbox."""
    address = call.params["EmailAddress"].lower()
    _open(call)[address] = {
        "EmailAddress": address,
        "Reason": call.params["Reason"],
        "LastUpdateTime": call.world.clock.now(),
    }


@operation("sesv2", "GetSuppressedDestination")
def get_suppressed_destination(call: Call) -> dict[str, Any]:
    """Show an address's entry. Raises NotFoundException."""
    return {"SuppressedDestination": _open(call)[_known(call)]}


@operation("sesv2", "DeleteSuppressedDestination")
def delete_suppressed_destination(call: Call) -> None:
    """Remove an address. Raises NotFoundException."""
    del _open(call)[_known(call)]


def _known(call: Call) -> str:
    address = str(call.params["EmailAddress"]).lower()
    if address not in _open(call):
        raise not_found(f"Email address {address} does not exist on your suppression list.")
    return address


@operation("sesv2", "ListSuppressedDestinations")
def list_suppressed_destinations(call: Call) -> dict[str, Any]:
    """List the entries, by reason and by date where these are given."""
    reasons = call.params.get("Reasons") or ["BOUNCE", "COMPLAINT"]
    start, end = call.params.get("StartDate"), call.params.get("EndDate")
    rows = [
        {key: entry[key] for key in ("EmailAddress", "Reason", "LastUpdateTime")}
        for _, entry in sorted(_open(call).items())
        if entry["Reason"] in reasons
        and (start is None or entry["LastUpdateTime"] >= start)
        and (end is None or entry["LastUpdateTime"] <= end)
    ]
    shown, token = page(rows, call.params, largest=1000)
    return {"SuppressedDestinationSummaries": shown} | token
