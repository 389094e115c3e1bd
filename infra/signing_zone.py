"""Where the DKIM records point to: the identity's SigningHostedZone, which only SES knows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pulumi

from contract.settings import Settings, mend

if TYPE_CHECKING:
    from pulumi_aws import sesv2

_TIMEOUT = 10  # seconds, to connect and to read
_ATTEMPTS = 5  # SES allows one such call a second


def signing_zone(settings: Settings, identity: sesv2.EmailIdentity) -> pulumi.Output[str | None]:
    """Return the zone below which the DKIM targets lie; None with BYODKIM.

    It differs by Region and by cell, and the provider does not give it, so SES is asked, in a
    preview too: it is unknown only while the identity does not exist.
    """
    if settings.dkim == "byodkim":
        return pulumi.Output.from_input(None)
    if settings.dkim_signing_hosted_zone:
        return pulumi.Output.from_input(settings.dkim_signing_hosted_zone)
    return identity.arn.apply(lambda _arn: read_signing_zone(settings.domain, settings.region))


def read_signing_zone(domain: str, region: str) -> str:
    """Return SigningHostedZone of the identity (SESv2 GetEmailIdentity), without trailing dot.

    Raises pulumi.RunError, with what mends it, where SES cannot be asked or does not say.
    """
    # Imported here: a first preview does not need it.
    import boto3
    from botocore.config import Config
    from botocore.exceptions import BotoCoreError, ClientError

    retries = {"mode": "standard", "total_max_attempts": _ATTEMPTS}
    config = Config(retries=retries, connect_timeout=_TIMEOUT, read_timeout=_TIMEOUT)
    try:
        client = boto3.client("sesv2", region_name=region, config=config)
        answer = client.get_email_identity(EmailIdentity=domain)
    except (BotoCoreError, ClientError) as error:
        raise pulumi.RunError(_remedy(domain, f"could not be read: {error}")) from error
    zone = answer.get("DkimAttributes", {}).get("SigningHostedZone")
    if not zone:
        raise pulumi.RunError(_remedy(domain, "is not in the answer of SES"))
    return str(zone).removesuffix(".").lower()


def _remedy(domain: str, problem: str) -> str:
    return (
        f"the DKIM signing hosted zone of {domain} {problem}. Give the program the credentials "
        f"that the provider has (ses:GetEmailIdentity), or {mend('dkimSigningHostedZone')}"
    )
