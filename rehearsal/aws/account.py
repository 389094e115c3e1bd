"""The account: sandbox, the review of a request for production access, and the switches."""

from __future__ import annotations

from typing import Any

from rehearsal.aws.errors import AwsError
from rehearsal.aws.operations import Call, operation
from rehearsal.aws.state import Review, SesRegion
from rehearsal.aws.world import World

_DETAILS = (
    "MailType",
    "WebsiteURL",
    "ContactLanguage",
    "UseCaseDescription",
    "AdditionalContactEmailAddresses",
)


@operation("sesv2", "GetAccount")
def get_account(call: Call) -> dict[str, Any]:
    """Return the account; blocks that were never set are absent, as in AWS."""
    advance_review(call.world, call.ses)
    account = call.ses.account
    answer: dict[str, Any] = {
        "DedicatedIpAutoWarmupEnabled": True,
        "EnforcementStatus": account.enforcement,
        "ProductionAccessEnabled": account.production,
        "SendQuota": {
            "Max24HourSend": account.max_24_hour_send,
            "MaxSendRate": account.max_send_rate,
            "SentLast24Hours": float(sent_last_24_hours(call.world, call.ses)),
        },
        "SendingEnabled": account.sending_enabled,
        "SuppressionAttributes": account.suppression,
    }
    if account.details is not None:
        answer["Details"] = account.details | _review_details(account.review)
    if account.vdm is not None:
        answer["VdmAttributes"] = account.vdm
    _count_activation(call.ses)
    return answer


def _review_details(review: Review | None) -> dict[str, Any]:
    if review is None:
        return {}
    shown = {"Status": review.status}
    if review.case_id is not None:
        shown["CaseId"] = review.case_id
    return {"ReviewDetails": shown}


def advance_review(world: World, ses: SesRegion) -> None:
    """Decide a pending review whose time has come on the emulated clock."""
    review, account = ses.account.review, ses.account
    if review is None or review.due is None or review.outcome is None:
        return
    if world.clock.now() < review.due:
        return
    review.status, review.due, review.open_case = review.outcome, None, False
    if review.status == "GRANTED" and account.activation_reads == 0:
        account.production = True


def _count_activation(ses: SesRegion) -> None:
    """Count the reads that a grant takes to become active: GRANTED, the flag still false."""
    account = ses.account
    granted = account.review is not None and account.review.status == "GRANTED"
    if granted and not account.production and account.activation_reads:
        account.activation_reads -= 1
        account.production = account.activation_reads == 0


@operation("sesv2", "PutAccountDetails")
def put_account_details(call: Call) -> None:
    """Take a request for production access, unless one is under review or a case is open.

    Raises ConflictException with an empty message, as SES does.
    """
    advance_review(call.world, call.ses)
    account, review = call.ses.account, call.ses.account.review
    under_review = review is not None and (review.status == "PENDING" or review.open_case)
    if under_review or account.refuse_details:
        raise AwsError("ConflictException", "", 409)
    account.details = {key: call.params[key] for key in _DETAILS if key in call.params}
    wanted = call.params.get("ProductionAccessEnabled")
    if wanted is False:
        account.production = False
    elif wanted and not account.production:
        account.review = new_review(call.world, call.ses)


def new_review(world: World, ses: SesRegion) -> Review:
    """Open a review that ends as the account's ``next_outcome`` after the review's delay."""
    now = world.clock.now()
    return Review(
        status="PENDING",
        case_id=f"17{ses.next_serial():013d}",
        due=now + world.settings.review_delay,
        outcome=ses.account.next_outcome,
    )


@operation("sesv2", "PutAccountSendingAttributes")
def put_account_sending_attributes(call: Call) -> None:
    """Switch sending on or off; what AWS paused, the customer cannot resume."""
    enabled = bool(call.params.get("SendingEnabled", False))
    if enabled and call.ses.account.enforcement == "SHUTDOWN":
        raise AwsError("BadRequestException", "Sending is paused for this account by Amazon SES.")
    call.ses.account.sending_enabled = enabled


@operation("sesv2", "PutAccountSuppressionAttributes")
def put_account_suppression_attributes(call: Call) -> None:
    """Set the reasons; none means that nothing is suppressed."""
    attributes: dict[str, Any] = {"SuppressedReasons": call.params.get("SuppressedReasons") or []}
    if "ValidationAttributes" in call.params:
        attributes["ValidationAttributes"] = call.params["ValidationAttributes"]
    call.ses.account.suppression = attributes


@operation("sesv2", "PutAccountVdmAttributes")
def put_account_vdm_attributes(call: Call) -> None:
    """Set the Virtual Deliverability Manager."""
    call.ses.account.vdm = dict(call.params["VdmAttributes"])


def sent_last_24_hours(world: World, ses: SesRegion) -> int:
    """Count the recipients of the rolling 24 hours; the mailbox simulator is not counted."""
    now = world.clock.now()
    return sum(s.recipients for s in ses.sent if s.counted and (now - s.at).days < 1)
