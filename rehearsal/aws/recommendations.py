"""ListRecommendations, which needs the Virtual Deliverability Manager."""

from __future__ import annotations

from typing import Any

from rehearsal.aws.errors import bad_request
from rehearsal.aws.identities import page
from rehearsal.aws.operations import Call, operation

_FILTERS = {"TYPE": "Type", "IMPACT": "Impact", "STATUS": "Status", "RESOURCE_ARN": "ResourceArn"}


@operation("sesv2", "ListRecommendations")
def list_recommendations(call: Call) -> dict[str, Any]:
    """List what a script put there. Raises BadRequestException where VDM is off."""
    vdm = call.ses.account.vdm
    if vdm is None or vdm["VdmEnabled"] != "ENABLED":
        raise bad_request("Virtual Deliverability Manager is not enabled for this account.")
    wanted = {_FILTERS[key]: value for key, value in call.params.get("Filter", {}).items()}
    rows = [
        row
        for row in call.ses.recommendations
        if all(row.get(member) == value for member, value in wanted.items())
    ]
    shown, token = page(rows, call.params, largest=100)
    return {"Recommendations": shown} | token
