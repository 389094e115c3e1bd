"""The live look-up behind ``--aws``, bounded as a whole."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from concurrent.futures import Future

from checks.account.errors import FAILURES, explain_error
from checks.account.identity import OR_FILE, LiveAnswer, Reader, Wanted
from checks.account.session import open_session
from checks.dns.expectation import Account, IdentityUnknown

PATIENCE = 8.0  # seconds for the first identity
PATIENCE_EACH = 2.0  # seconds more for each further one


def read_live(
    wanted: Sequence[Wanted], *, metadata: bool, patience: float = PATIENCE
) -> tuple[LiveAnswer, ...]:
    """Return what SES says of each identity, in order, within a bound of seconds.

    ``metadata`` allows instance metadata as a source of credentials. Never raises for what AWS,
    the network or the configuration of this machine does.
    """
    future: Future[tuple[LiveAnswer, ...]] = Future()

    def work() -> None:
        try:
            future.set_result(_read(wanted, metadata=metadata))
        except Exception as error:  # noqa: BLE001 - a bug: raised again by result()
            future.set_exception(error)

    # A thread, because a credential helper of the user may hang where no timeout reaches.
    threading.Thread(target=work, name="aws", daemon=True).start()
    seconds = patience + PATIENCE_EACH * (len(wanted) - 1)
    try:
        return future.result(seconds)
    except TimeoutError:
        return _none(wanted, f"AWS did not answer within {seconds:g} s")


def _read(wanted: Sequence[Wanted], *, metadata: bool) -> tuple[LiveAnswer, ...]:
    try:
        clients = open_session(metadata=metadata)
    except FAILURES as error:
        return _none(wanted, explain_error(error, "", ""))
    return Reader(clients).read(wanted)


def _none(wanted: Sequence[Wanted], cause: str) -> tuple[LiveAnswer, ...]:
    answer = LiveAnswer(
        identity=IdentityUnknown(cause=f"{cause}; {OR_FILE}"),
        account=Account(cause=cause, asked=True),
    )
    return (answer,) * len(wanted)
