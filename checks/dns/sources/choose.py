"""Which source decides: the first one that was given, also where it says that there is none."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field

from checks.dns.expectation import (
    BYODKIM,
    EASY_DKIM,
    Account,
    DkimExpectation,
    Expectation,
    Identity,
    IdentityUnknown,
)
from checks.dns.names import display
from checks.dns.sources.files import Stack
from checks.dns.sources.options import ByHand, SourceOptions
from contract.hostname import absolute
from contract.project import ProjectSettings
from contract.ses import DEFAULT_REGION


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """All sources of one domain. ``project`` is that of this domain, else None.

    ``identity_source`` is ``file`` or ``aws``, empty without an identity.
    """

    domain: str
    hand: ByHand
    options: SourceOptions
    identity: Identity | None = None
    identity_source: str = ""
    unknown: IdentityUnknown | None = None
    account: Account = field(default_factory=Account)
    stack: Stack | None = None
    project: ProjectSettings | None = None

    def with_live(self, identity: Identity | IdentityUnknown, account: Account) -> Given:
        """Return the sources with what SES said; an identity from a file stays."""
        if self.identity is not None:
            return dataclasses.replace(self, account=account)
        if isinstance(identity, IdentityUnknown):
            return dataclasses.replace(self, unknown=identity, account=account)
        return dataclasses.replace(self, identity=identity, identity_source="aws", account=account)


def expectation(given: Given) -> Expectation:
    """Return what is expected of the domain."""
    region, region_source = choose_region(given)
    mail_from, mail_from_source = _mail_from(given)
    dkim, dkim_source = _dkim(given)
    sources = {
        "identity": given.identity_source,
        "mail_from": mail_from_source,
        "dkim": dkim_source,
        "region": region_source,
    }
    return Expectation(
        domain=given.domain,
        from_host=given.hand.from_host or given.domain,
        mail_from=mail_from,
        mail_from_known=mail_from_source != "",
        mail_from_by_hand=mail_from_source == "option",
        dkim=dkim,
        identity=given.identity or given.unknown or _no_identity(given, region),
        account=_account(given),
        region=region,
        view=given.options.view,
        dkim_only=given.options.dkim_only,
        sources={key: source for key, source in sources.items() if source},
    )


def choose_region(given: Given) -> tuple[str, str]:
    """Return the Region and where it comes from. The identity's JSON does not hold it."""
    if given.hand.region is not None:
        return given.hand.region, "option"
    if given.stack is not None:
        return given.stack.region, "stack"
    if given.project is not None and given.project.region is not None:
        return given.project.region, "project"
    return DEFAULT_REGION, "default"


def _mail_from(given: Given) -> tuple[str | None, str]:
    if given.hand.mail_from is not None:
        return given.hand.mail_from, "option"
    if given.identity is not None:
        return given.identity.mail_from_domain, given.identity_source
    if given.stack is not None:
        return given.stack.mail_from, "stack"
    if given.project is not None and given.project.mail_from_domain is not None:
        return absolute(given.project.mail_from_domain), "project"
    return None, ""


def _dkim(given: Given) -> tuple[DkimExpectation | None, str]:
    found, source = _tokens(given)
    if found is None or not found.tokens:
        return None, source
    zone = None if found.is_byodkim else _zone(given)
    return dataclasses.replace(found, zone=zone), source


def _tokens(given: Given) -> tuple[DkimExpectation | None, str]:
    """Return tokens and origin of the first source, the zone not yet chosen."""
    hand = given.hand
    if hand.selector is not None:
        return DkimExpectation(origin=BYODKIM, tokens=(hand.selector,)), "option"
    if hand.tokens:
        return DkimExpectation(origin=EASY_DKIM, tokens=hand.tokens), "option"
    if given.identity is not None:
        identity = given.identity
        dkim = DkimExpectation(origin=identity.origin, tokens=identity.tokens)
        return dkim, given.identity_source
    if given.stack is not None:
        return given.stack.dkim, "stack"
    if given.project is not None and given.project.dkim == "byodkim":
        selector = given.project.byodkim_selector
        if selector is not None:
            return DkimExpectation(origin=BYODKIM, tokens=(selector,)), "project"
    return None, ""


def _zone(given: Given) -> str | None:
    if given.hand.zone is not None:
        return given.hand.zone
    if given.identity is not None:
        return given.identity.signing_hosted_zone
    if given.stack is not None:
        return given.stack.dkim.zone
    declared = given.project.dkim_signing_hosted_zone if given.project else None
    return absolute(declared) if declared else None


def _no_identity(given: Given, region: str) -> IdentityUnknown:
    save = (
        f"aws sesv2 get-email-identity --email-identity {display(given.domain)} "
        f"--region {region} > FILE"
    )
    end = f"give --identity FILE (of `{save}`)"
    if given.stack is not None:
        return IdentityUnknown(cause=f"--stack does not say what SES found: {end} or --aws")
    if given.options.aws is False:
        return IdentityUnknown(cause=f"no identity data, and --no-aws: {end}, or leave it out")
    return IdentityUnknown(cause=f"no identity data and no AWS credentials: {end} or --aws")


def _account(given: Given) -> Account:
    if given.account.asked:
        return given.account
    return Account(cause="account data is not read without AWS access: see --aws")
