"""The configurations in which the program is run."""

from __future__ import annotations

import functools
from collections.abc import Mapping

from tests.infra.keys import private_key
from tests.infra.recorded import Recorded
from tests.infra.recording import run

ZONE_ID = "Z0123456789ABC"

BYODKIM: Mapping[str, str | None] = {
    "dkim": "byodkim",
    "byodkimSelector": "ses2026",
    "byodkimPrivateKey": private_key(),
    "dkimSigningHostedZone": None,
}

VARIANTS: Mapping[str, Mapping[str, str | None]] = {
    "plain": {},
    "zone": {"hostedZoneId": ZONE_ID},
    "zone without dmarc": {"hostedZoneId": ZONE_ID, "manageDmarc": "false"},
    "byodkim": BYODKIM,
    "byodkim in a zone": {**BYODKIM, "hostedZoneId": ZONE_ID},
    "no alarm mail": {"alarmEmail": None},
    "import": {"importIdentity": "true"},
    "subdomain": {"domain": "mail.jobmatch.zip", "dmarcReportAddress": "dmarc@jobmatch.zip"},
}


@functools.cache
def graph(variant: str, *, preview: bool = False) -> Recorded:
    """Return the graph of a variant; it is recorded once, and not to be changed."""
    return run(VARIANTS[variant], preview=preview)
