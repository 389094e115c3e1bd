"""The settings of the stack (Pulumi config): typed, with defaults, checked all at once."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, cast

from contract import readers
from contract.hostname import absolute, is_at_or_below
from contract.keys import public_key
from contract.ses import DEFAULT_REGION, MAX_DELIVERY_MAX, MAX_DELIVERY_MIN

DmarcPolicy = Literal["none", "quarantine", "reject"]
DkimMode = Literal["easy", "byodkim"]


class SettingsError(ValueError):
    """Settings that cannot be used; ``problems`` holds all of them, each with what mends it."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(self.problems))


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What the operator sets. Names of domains are lower-case without trailing dot.

    ``code_lifetime_seconds`` is in seconds, ``daily_volume`` in mails a day. ``hosted_zone_id``
    None: no Route 53 zone, the records are only printed. ``alarm_email`` None: nobody is mailed.
    """

    domain: str
    aws_account_id: str
    region: str = DEFAULT_REGION
    mail_from_label: str = "bounce"
    dmarc_policy: DmarcPolicy = "none"
    dmarc_report_address: str
    alarm_email: str | None = None
    hosted_zone_id: str | None = None
    manage_dmarc: bool = True
    code_lifetime_seconds: int = 600
    daily_volume: int = 1000
    from_addresses: tuple[str, ...]
    dkim: DkimMode = "easy"
    byodkim_selector: str | None = None
    byodkim_private_key: str | None = field(default=None, repr=False)
    dkim_signing_hosted_zone: str | None = None
    import_identity: bool = False

    @property
    def mail_from_domain(self) -> str:
        """Return the custom MAIL FROM domain."""
        return f"{self.mail_from_label}.{self.domain}"

    @property
    def max_delivery_seconds(self) -> int:
        """Return how long SES may try, in seconds: the code's life, within what SES allows."""
        return min(max(self.code_lifetime_seconds, MAX_DELIVERY_MIN), MAX_DELIVERY_MAX)

    @property
    def byodkim_public_key(self) -> str | None:
        """Return the public key to publish, as base64; None with Easy DKIM."""
        return public_key(self.byodkim_private_key) if self.byodkim_private_key else None


@dataclass(frozen=True, slots=True)
class Setting:
    """One key: the attribute it fills, how its value is read, and the command that mends it."""

    attribute: str
    read: Callable[[object], Any]
    mend: str


# Config key → setting. ``aws:region`` is the provider's own key; the others are the project's.
SETTINGS: Mapping[str, Setting] = {
    "domain": Setting("domain", readers.domain, "domain example.com"),
    "awsAccountId": Setting("aws_account_id", readers.account_id, "awsAccountId 123456789012"),
    "aws:region": Setting("region", readers.region, f"aws:region {DEFAULT_REGION}"),
    "mailFromLabel": Setting("mail_from_label", readers.label, "mailFromLabel bounce"),
    "dmarcPolicy": Setting(
        "dmarc_policy", readers.one_of("none", "quarantine", "reject"), "dmarcPolicy none"
    ),
    "dmarcReportAddress": Setting(
        "dmarc_report_address", readers.address, "dmarcReportAddress dmarc@example.com"
    ),
    "alarmEmail": Setting("alarm_email", readers.address, "alarmEmail ops@example.com"),
    "hostedZoneId": Setting("hosted_zone_id", readers.zone_id, "hostedZoneId Z0123456789ABC"),
    "manageDmarc": Setting("manage_dmarc", readers.flag, "manageDmarc true"),
    "codeLifetimeSeconds": Setting(
        "code_lifetime_seconds", readers.whole(30, MAX_DELIVERY_MAX), "codeLifetimeSeconds 600"
    ),
    "dailyVolume": Setting("daily_volume", readers.whole(1, 100_000_000), "dailyVolume 1000"),
    "fromAddresses": Setting(
        "from_addresses", readers.addresses, "--path 'fromAddresses[0]' no-reply@example.com"
    ),
    "dkim": Setting("dkim", readers.one_of("easy", "byodkim"), "dkim easy"),
    "byodkimSelector": Setting("byodkim_selector", readers.selector, "byodkimSelector ses2026"),
    "byodkimPrivateKey": Setting(
        "byodkim_private_key", readers.key, "--secret byodkimPrivateKey < key.b64"
    ),
    "dkimSigningHostedZone": Setting(
        "dkim_signing_hosted_zone",
        readers.host,
        "dkimSigningHostedZone ZONE (SigningHostedZone of aws sesv2 get-email-identity)",
    ),
    "importIdentity": Setting("import_identity", readers.flag, "importIdentity true"),
}


def mend(key: str) -> str:
    """Return the command that sets ``key``."""
    return f"run: pulumi config set {SETTINGS[key].mend}"


def settings_from_mapping(mapping: Mapping[str, Any]) -> Settings:
    """Return the settings in ``mapping`` (config key → value); what is None or absent is unset.

    Values may be typed or text, as pulumi.Config and YAML give them. Raises SettingsError with all
    problems at once.
    """
    values, problems = read_values(mapping)
    problems += _missing(mapping)
    problems += _byodkim_problems(mapping, values)
    problems += _from_problems(values)
    if problems:
        raise SettingsError(problems)
    values.setdefault("dmarc_report_address", f"dmarc@{values['domain']}")
    values.setdefault("from_addresses", (f"no-reply@{values['domain']}",))
    return Settings(**values)


def read_values(mapping: Mapping[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """Return the values that can be read, by attribute, and a problem for each that cannot."""
    values: dict[str, Any] = {}
    problems: list[str] = []
    for key, setting in SETTINGS.items():
        found = mapping.get(key)
        if found is None:
            continue
        try:
            values[setting.attribute] = setting.read(found)
        except ValueError as error:
            problems.append(f"{key}: {error}; {mend(key)}")
    return values, problems


def _missing(mapping: Mapping[str, Any]) -> list[str]:
    return [
        f"{key}: is not set; {mend(key)}"
        for key in ("domain", "awsAccountId")
        if mapping.get(key) is None
    ]


def _byodkim_problems(mapping: Mapping[str, Any], values: Mapping[str, Any]) -> list[str]:
    own = ("byodkimSelector", "byodkimPrivateKey")
    if values.get("dkim") == "byodkim":
        return [
            f"{key}: is not set, and dkim is byodkim; {mend(key)}"
            for key in own
            if mapping.get(key) is None
        ]
    if "dkim" not in values and mapping.get("dkim") is not None:
        return []  # misspelt: told already
    return [
        f"{key}: is set, and dkim is not byodkim: it would be ignored; "
        f"run: pulumi config set dkim byodkim, or pulumi config rm {key}"
        for key in own
        if mapping.get(key) is not None
    ]


def _from_problems(values: Mapping[str, Any]) -> list[str]:
    domain = cast("str | None", values.get("domain"))
    if not domain:
        return []
    remedy = f"run: pulumi config set --path 'fromAddresses[0]' no-reply@{domain}"
    found = []
    for address in values.get("from_addresses", ()):
        local, _, host = address.rpartition("@")
        if not is_at_or_below(host, domain):
            found.append(
                f"fromAddresses: {address} is not at {domain} or below it, so this identity "
                f"cannot send it; {remedy}"
            )
        if "*" in local or "?" in local:
            # The sending policy compares with StringEquals, which knows no wildcard.
            found.append(
                f"fromAddresses: {address} holds a wildcard, and addresses are compared as they "
                f"are; name each of them; {remedy}"
            )
    return found


def notes(settings: Settings) -> tuple[str, ...]:
    """Return what is worth telling about settings that can be used."""
    found = []
    host = settings.dmarc_report_address.rpartition("@")[2]
    domain = settings.domain
    if not is_at_or_below(host, domain) and not is_at_or_below(domain, host):
        # RFC 9990 §4: reports go to another domain only where that domain says so.
        found.append(
            f"dmarcReportAddress: {host} is another domain; it must publish TXT "
            f'{absolute(f"{domain}._report._dmarc.{host}")} "v=DMARC1", or no report is sent'
        )
    if settings.alarm_email is None:
        found.append(f"alarmEmail: is not set, nobody is mailed by an alarm; {mend('alarmEmail')}")
    sending = [a for a in settings.from_addresses if a.endswith("@" + settings.mail_from_domain)]
    if sending:
        found.append(
            f"fromAddresses: {sending[0]} is at the MAIL FROM domain, which should send no mail "
            "(SES developer guide, custom MAIL FROM)"
        )
    return tuple(found)


def unknown_keys(keys: Iterable[str]) -> tuple[str, ...]:
    """Return a line for each key that is no setting, with the nearest one and what removes it."""
    found = []
    for key in keys:
        if key in SETTINGS:
            continue
        near = difflib.get_close_matches(key, SETTINGS, n=1)
        hint = f"; did you mean {near[0]}?" if near else ""
        found.append(f"{key}: is no setting of this project{hint}; run: pulumi config rm {key}")
    return tuple(found)
