"""Days of the account: what AWS says of the request for production access, and of its sending.

What SES answers can be seen now. The commands that judge it come later, and the advice says which.
"""

from __future__ import annotations

from rehearsal.journey import ACCOUNT_STATE
from rehearsal.scenarios_day import Day
from rehearsal.steps import Act, Aws, Say

_STATUS = "`python -m checks.request` will judge it; it is not built yet."
_MONITOR = "`python -m checks.monitor` will judge it; it is not built yet."


def _account(*told: str) -> Aws:
    """Return the read of the account, and what must stand in it."""
    return Aws(service="sesv2", operation="get-account", query=ACCOUNT_STATE, told=told)


def _asked(*, fails: bool, told: tuple[str, ...]) -> Act:
    """Return the request for production access, as the aws command line has it."""
    return Aws(
        service="sesv2",
        operation="put-account-details",
        parameters={
            "MailType": "TRANSACTIONAL",
            "WebsiteURL": "https://{domain}/",
            "ProductionAccessEnabled": True,
        },
        fails=fails,
        told=told,
    )


_SANDBOX = '"ProductionAccess": false'

ACCOUNT_DAYS = (
    Day(
        name="sandbox",
        title="a fresh account: nothing was asked for yet",
        meaning="Mail goes to verified addresses and to the simulator alone, 200 a day.",
        play="sandbox",
        acts=(_account(_SANDBOX, '"Review": null'),),
        advice=f"Make everything ready first, then ask: there is one good request. {_STATUS}",
    ),
    Day(
        name="pending",
        title="the request is under review",
        meaning="AWS promises a first answer within 24 hours, not a decision.",
        play="pending",
        acts=(_account(_SANDBOX, '"Status": "PENDING"'),),
        advice=f"Wait, and answer the case if AWS asks; do not ask again. {_STATUS}",
    ),
    Day(
        name="denied-open-case",
        title="denied, and the case waits for your answer",
        meaning="DENIED with an open case is often a question; a new request is refused meanwhile.",
        play="denied-open-case",
        acts=(
            _account(_SANDBOX, '"Status": "DENIED"', "CaseId"),
            _asked(fails=True, told=("ConflictException",)),
        ),
        advice=f"Open the case and answer there; nothing else moves it. {_STATUS}",
    ),
    Day(
        name="denied-closed",
        title="denied, and the case is closed",
        meaning="The decision stands until something new is said.",
        play="denied-closed",
        acts=(_account(_SANDBOX, '"Status": "DENIED"'),),
        advice=f"Mend what was missing, then ask again with what has changed. {_STATUS}",
    ),
    Day(
        name="failed",
        title="AWS never got the request",
        meaning="FAILED is a fault on the way, not a refusal.",
        play="failed",
        acts=(_account(_SANDBOX, '"Status": "FAILED"'),),
        advice=f"The same request may be sent again. {_STATUS}",
    ),
    Day(
        name="granted-not-active",
        title="granted, and the account is still in the sandbox",
        meaning="The review says GRANTED and the flag is still false: the sandbox's rules hold.",
        play="granted-not-active",
        acts=(_account(_SANDBOX, '"Status": "GRANTED"'),),
        advice="Read again for up to a day and look at the Region; then tell AWS Support: granted, "
        f"but the flag is false. {_STATUS}",
    ),
    Day(
        name="production",
        title="production access",
        meaning="The account may send to everybody, up to its quota.",
        play="production",
        acts=(_account('"ProductionAccess": true', '"Status": "GRANTED"'),),
        advice=f"There is nothing to ask for. Watch bounces and complaints. {_MONITOR}",
    ),
    Day(
        name="probation",
        title="AWS reviews the sending of the account",
        meaning="Too many bounces or complaints. Mail still goes out.",
        play="probation",
        acts=(_account('"Enforcement": "PROBATION"', '"Sending": true'),),
        advice="Find the cause, stop it, and answer the case: cause, what was done, how it is kept "
        f"from coming back. {_MONITOR}",
    ),
    Day(
        name="shutdown",
        title="AWS has paused the sending of the account",
        meaning="Every message is refused until AWS lifts the pause.",
        play="shutdown",
        acts=(_account('"Enforcement": "SHUTDOWN"', '"Sending": false'),),
        advice="Only AWS can lift it: answer the case with cause, what was done, and how it is "
        f"kept from coming back. {_MONITOR}",
    ),
    Day(
        name="timeout-after-commit",
        title="the request was taken, and its answer got lost",
        meaning="Whoever sends it again without looking asks twice.",
        play="timeout-after-commit",
        acts=(
            _asked(fails=True, told=()),
            Say("No answer. Was it taken? The account says:"),
            _account(_SANDBOX, '"Status": "PENDING"'),
        ),
        advice=f"Read the account before anything is sent again. {_STATUS}",
    ),
    Day(
        name="conflict-empty",
        title="the request is refused with a conflict and no message",
        meaning="A case is open somewhere, or an old review hangs; SES does not say which.",
        play="conflict-empty",
        acts=(_asked(fails=True, told=("ConflictException",)), _account(_SANDBOX)),
        advice="Do not try again: look at the review above and at the cases in AWS Support. "
        f"{_STATUS}",
    ),
)
