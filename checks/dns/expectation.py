"""What SES expects of a domain: the frozen input of a DNS check."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Literal

from checks.dns.names import parse_name

View = Literal["authority", "resolver"]

EASY_DKIM = "AWS_SES"
BYODKIM = "EXTERNAL"


@dataclass(frozen=True, slots=True, kw_only=True)
class DkimExpectation:
    """The DKIM names that SES signs with.

    ``origin`` is SigningAttributesOrigin: ``AWS_SES``, ``EXTERNAL`` (BYODKIM) or
    ``AWS_SES_<REGION>`` (replica). ``tokens`` are the three Easy DKIM tokens, or the one BYODKIM
    selector, as plain labels. ``zone`` is the SigningHostedZone as a canonical name; None for
    BYODKIM and where no source gives it.
    """

    origin: str
    tokens: tuple[str, ...]
    zone: str | None = None

    @property
    def is_byodkim(self) -> bool:
        """True where one TXT record holds the key, instead of three CNAMEs."""
        return self.origin == BYODKIM

    def owner(self, token: str, domain: str) -> str:
        """Return the DKIM owner name of ``token`` below ``domain`` (RFC 6376 §3.6.2.1)."""
        return f"{token.lower()}._domainkey.{domain}"

    def target(self, token: str) -> str | None:
        """Return the name that holds the key, None where it is not known."""
        return f"{token.lower()}.{self.zone}" if self.zone else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """What SES says of the identity (SESv2 GetEmailIdentity). Empty text: the field is absent.

    Statuses are the API's own words. ``soa_mname`` is a canonical name or empty.
    None: the field is absent.
    """

    verified_for_sending: bool | None
    verification_status: str = ""
    error_type: str = ""
    dkim_status: str = ""
    signing_enabled: bool | None = None
    origin: str = EASY_DKIM
    tokens: tuple[str, ...] = ()
    signing_hosted_zone: str | None = None
    current_key_length: str = ""
    next_key_length: str = ""
    mail_from_domain: str | None = None
    mail_from_status: str = ""
    behavior_on_mx_failure: str = ""
    soa_mname: str = ""
    soa_serial: int | None = None
    configuration_set: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityUnknown:
    """Why there is no identity data, and the option that ends it.

    ``not_found`` is true where SES answered NotFoundException for an identity that belongs to this
    account (a stack or ``--aws`` says so).
    """

    cause: str
    not_found: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """What SES says of the account (SESv2 GetAccount), or why it was not read.

    ``production_access`` None: not read; ``cause`` says why, ``asked`` whether it was tried.
    """

    production_access: bool | None = None
    cause: str = ""
    asked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Expectation:
    """One domain and what is expected of it. Names are canonical (checks.dns.names).

    ``from_host`` empty means the domain.
    ``mail_from`` None: no custom MAIL FROM is set, where ``mail_from_known``; otherwise no source
    says. ``mail_from_by_hand``: ``--mail-from`` named it, and it replaces the identity's.
    ``dkim`` None: no source gives tokens or a selector. ``sources`` maps ``identity``,
    ``mail_from``, ``dkim`` and ``region`` to where the value came from (``option``, ``file``,
    ``aws``, ``stack``, ``project``, ``default``).
    """

    domain: str
    from_host: str = ""
    mail_from: str | None = None
    mail_from_known: bool = False
    mail_from_by_hand: bool = False
    dkim: DkimExpectation | None = None
    identity: Identity | IdentityUnknown = field(
        default_factory=lambda: IdentityUnknown(cause="no identity data: give --identity FILE")
    )
    account: Account = field(default_factory=Account)
    region: str = "us-west-2"
    view: View = "authority"
    dkim_only: bool = False
    sources: dict[str, str] = field(default_factory=dict)


def canonical(expectation: Expectation) -> Expectation:
    """Return the expectation with every name canonical, and the From host filled in.

    Raises NameSyntaxError for text that is no name.
    """
    dkim = expectation.dkim
    if dkim is not None and dkim.zone is not None:
        dkim = replace(dkim, zone=parse_name(dkim.zone))
    return replace(
        expectation,
        domain=parse_name(expectation.domain),
        from_host=parse_name(expectation.from_host or expectation.domain),
        mail_from=parse_name(expectation.mail_from) if expectation.mail_from else None,
        dkim=dkim,
    )
