"""Reads what SES says of an identity and of the account: GetEmailIdentity, GetAccount.

IAM actions: ses:GetEmailIdentity, ses:GetAccount.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from checks.account.errors import FAILURES, NOT_FOUND, code_of, explain_error, is_final
from checks.account.session import Clients
from checks.dns.expectation import Account, Identity, IdentityUnknown
from checks.dns.identity import identity_from_json
from checks.dns.names import display
from checks.errors import UsageError

GET_IDENTITY = "ses:GetEmailIdentity"
GET_ACCOUNT = "ses:GetAccount"
OR_FILE = "or give --identity FILE"
PACE = 1.0  # seconds between two calls of one operation (SES: one call a second)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """One identity to read. ``domain`` is canonical.

    ``owned``: a stack or ``--aws`` says that it belongs to this account. ``account_only``: the
    identity itself came from a file.
    """

    domain: str
    region: str
    owned: bool = False
    account_only: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveAnswer:
    """What SES said of one identity, or why it could not be read."""

    identity: Identity | IdentityUnknown
    account: Account


@dataclass(slots=True)
class Reader:
    """Reads one after the other, paced; what fails for a whole Region is not tried again."""

    clients: Clients
    sleep: Callable[[float], None] = time.sleep
    clock: Callable[[], float] = time.monotonic
    _last: dict[tuple[str, str], float] = field(default_factory=dict)
    _barred: dict[str, str] = field(default_factory=dict)
    _accounts: dict[str, Account] = field(default_factory=dict)

    def read(self, wanted: Sequence[Wanted]) -> tuple[LiveAnswer, ...]:
        """Return an answer for each, in order; never raises for what AWS or the network does."""
        return tuple(
            LiveAnswer(identity=self._identity(one), account=self._account(one.region))
            for one in wanted
        )

    def _identity(self, wanted: Wanted) -> Identity | IdentityUnknown:
        if wanted.account_only:
            return IdentityUnknown(cause="the identity is read from a file")
        region = wanted.region
        try:
            answer = self._call(
                region, "get_email_identity", GET_IDENTITY, EmailIdentity=display(wanted.domain)
            )
        except CallError as error:
            if error.code == NOT_FOUND:
                return self._absent(wanted)
            return IdentityUnknown(cause=f"{error}; {OR_FILE}")
        try:
            return identity_from_json(answer)
        except UsageError as error:
            problems = "; ".join(error.problems)
            return IdentityUnknown(cause=f"SES answered in an unknown shape: {problems}")

    def _absent(self, wanted: Wanted) -> IdentityUnknown:
        account = self._account_id(wanted.region)
        cause = (
            f"SES in {wanted.region} of {account} has no identity {display(wanted.domain)}: "
            f"another Region or account may hold it (--region, AWS_PROFILE); {OR_FILE}"
        )
        return IdentityUnknown(cause=cause, not_found=wanted.owned)

    def _account_id(self, region: str) -> str:
        try:
            answer = self.clients("sts", region).get_caller_identity()
        except FAILURES:
            return "this account"
        return f"account {answer.get('Account', '(unknown)')}"

    def _account(self, region: str) -> Account:
        if region not in self._accounts:
            self._accounts[region] = self._read_account(region)
        return self._accounts[region]

    def _read_account(self, region: str) -> Account:
        try:
            answer = self._call(region, "get_account", GET_ACCOUNT)
        except CallError as error:
            return Account(cause=str(error), asked=True)
        granted = answer.get("ProductionAccessEnabled")
        if not isinstance(granted, bool):
            return Account(cause="GetAccount says nothing of production access", asked=True)
        return Account(production_access=granted, asked=True)

    def _call(
        self, region: str, operation: str, action: str, **arguments: str
    ) -> Mapping[str, Any]:
        if region in self._barred:
            raise CallError(self._barred[region], "")
        self._wait(region, operation)
        try:
            answer: Mapping[str, Any] = getattr(self.clients("sesv2", region), operation)(
                **arguments
            )
        except FAILURES as error:
            cause = explain_error(error, action, region)
            if is_final(error):
                self._barred[region] = cause
            raise CallError(cause, code_of(error)) from None
        return answer

    def _wait(self, region: str, operation: str) -> None:
        last = self._last.get((region, operation))
        if last is not None:
            self.sleep(max(0.0, last + PACE - self.clock()))
        self._last[region, operation] = self.clock()


class CallError(Exception):
    """A call that failed: the cause as text, and AWS's error code."""

    def __init__(self, cause: str, code: str) -> None:
        self.code = code
        super().__init__(cause)
