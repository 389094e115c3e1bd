"""What one account has in SES in one Region. Values only: the operations live beside their noun."""

from __future__ import annotations

import datetime as dt
from collections import deque
from dataclasses import dataclass, field
from typing import Any

BOTH_REASONS = ("BOUNCE", "COMPLAINT")


@dataclass(slots=True)
class Review:
    """A request for production access under way or decided.

    ``outcome`` is what AWS will answer at ``due`` (None: it lets one wait for ever);
    ``open_case`` means that a denial waits for the customer's reply and refuses new requests.
    """

    status: str
    case_id: str | None = None
    due: dt.datetime | None = None
    outcome: str | None = None
    open_case: bool = False


@dataclass(slots=True)
class Account:
    """The account-wide half of SES in one Region."""

    production: bool = False
    sending_enabled: bool = True
    enforcement: str = "HEALTHY"
    details: dict[str, Any] | None = None
    review: Review | None = None
    next_outcome: str = "GRANTED"  # what the next request will be answered with
    activation_reads: int | None = 0  # GetAccount reads from GRANTED to the flag; None: never
    refuse_details: bool = False  # PutAccountDetails answers 409 with no message
    suppression: dict[str, Any] = field(
        default_factory=lambda: {"SuppressedReasons": list(BOTH_REASONS)}
    )
    vdm: dict[str, Any] | None = None

    @property
    def max_24_hour_send(self) -> float:
        """Recipients in 24 hours: 200 in the sandbox, 50 000 as grants usually give."""
        return 50_000.0 if self.production else 200.0

    @property
    def max_send_rate(self) -> float:
        """Recipients a second."""
        return 14.0 if self.production else 1.0


@dataclass(slots=True)
class Dkim:
    """An identity's signing: Easy DKIM (AWS_SES) or the customer's key (EXTERNAL)."""

    origin: str
    tokens: list[str]
    signing_enabled: bool = True
    status: str = "PENDING"
    since: dt.datetime | None = None  # when the status began
    next_key_length: str = "RSA_2048_BIT"
    current_key_length: str = "RSA_2048_BIT"
    key_generated_at: dt.datetime | None = None
    length_changed_at: dt.datetime | None = None
    public_key: str = ""  # EXTERNAL: base64 of the SubjectPublicKeyInfo


@dataclass(slots=True)
class MailFrom:
    """A custom MAIL FROM domain."""

    domain: str
    behavior: str
    status: str
    since: dt.datetime


@dataclass(slots=True)
class Identity:
    """A domain or an address."""

    name: str
    kind: str
    created_at: dt.datetime
    next_check: dt.datetime
    dkim: Dkim
    mail_from: MailFrom | None = None
    forwarding: bool = True
    configuration_set: str | None = None
    policies: dict[str, str] = field(default_factory=dict)
    address_confirmed: bool = False
    checked_at: dt.datetime | None = None
    succeeded_at: dt.datetime | None = None
    problem: str | None = None  # VerificationInfo.ErrorType
    notification_topics: dict[str, str] = field(default_factory=dict)

    @property
    def verification_status(self) -> str:
        """A domain is verified by its DKIM records, an address by a click."""
        if self.kind == "DOMAIN":
            return self.dkim.status
        return "SUCCESS" if self.address_confirmed else "PENDING"

    @property
    def verified(self) -> bool:
        """Whether mail may be sent from it: a temporary failure does not stop it yet."""
        return self.verification_status in {"SUCCESS", "TEMPORARY_FAILURE"}


@dataclass(slots=True)
class ConfigurationSet:
    """A configuration set: its option blocks as they were put, and its event destinations."""

    name: str
    options: dict[str, dict[str, Any]] = field(default_factory=dict)
    destinations: dict[str, dict[str, Any]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Sent:
    """Recipients of one accepted mail; ``counted`` is False for the mailbox simulator."""

    at: dt.datetime
    recipients: int
    counted: bool


@dataclass(slots=True)
class SesRegion:
    """Everything of SES for one account and Region."""

    account_id: str
    region: str
    account: Account = field(default_factory=Account)
    identities: dict[str, Identity] = field(default_factory=dict)
    sets: dict[str, ConfigurationSet] = field(default_factory=dict)
    suppressed: dict[str, dict[str, Any]] = field(default_factory=dict)
    tags: dict[str, dict[str, str]] = field(default_factory=dict)
    recommendations: list[dict[str, Any]] = field(default_factory=list)
    sent: deque[Sent] = field(default_factory=lambda: deque(maxlen=100_000))
    statistics: dict[dt.datetime, dict[str, int]] = field(default_factory=dict)
    serial: int = 0

    def arn(self, kind: str, name: str) -> str:
        """Return the ARN of an "identity" or a "configuration-set"."""
        return f"arn:aws:ses:{self.region}:{self.account_id}:{kind}/{name}"

    def next_serial(self) -> int:
        """Return a number that this Region has not given before."""
        self.serial += 1
        return self.serial
