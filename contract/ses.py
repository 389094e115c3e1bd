"""Facts about Amazon SES by Region. Each constant names where it is stated."""

from __future__ import annotations

import difflib

DEFAULT_REGION = "us-west-2"

# SES developer guide, "Using a custom MAIL FROM domain": the include that authorises SES.
SPF_INCLUDE = "amazonses.com"
MAIL_FROM_SPF = f"v=spf1 include:{SPF_INCLUDE} ~all"
MX_PREFERENCE = 10

# SES developer guide, "Using a custom MAIL FROM domain": every subdomain of this is SES's own.
DEFAULT_MAIL_FROM = "amazonses.com."

# The Regions of the SES endpoints (AWS General Reference, "Amazon SES endpoints and quotas";
# botocore endpoint data for sesv2, partitions aws and aws-us-gov).
SES_REGIONS = (
    "af-south-1",
    "ap-east-2",
    "ap-northeast-1",
    "ap-northeast-2",
    "ap-northeast-3",
    "ap-south-1",
    "ap-south-2",
    "ap-southeast-1",
    "ap-southeast-2",
    "ap-southeast-3",
    "ap-southeast-4",
    "ap-southeast-5",
    "ap-southeast-6",
    "ap-southeast-7",
    "ca-central-1",
    "ca-west-1",
    "eu-central-1",
    "eu-central-2",
    "eu-north-1",
    "eu-south-1",
    "eu-south-2",
    "eu-west-1",
    "eu-west-2",
    "eu-west-3",
    "il-central-1",
    "me-central-1",
    "me-south-1",
    "mx-central-1",
    "sa-east-1",
    "us-east-1",
    "us-east-2",
    "us-gov-east-1",
    "us-gov-west-1",
    "us-west-1",
    "us-west-2",
)

# Regions whose DKIM zone was seen to be dkim.<region>.amazonses.com. For texts alone: the zone of
# an identity differs by cell too, and only GetEmailIdentity's SigningHostedZone is ever judged.
_REGIONAL_DKIM = frozenset(
    {
        "af-south-1",
        "ap-northeast-3",
        "ap-south-2",
        "ap-southeast-3",
        "ap-southeast-5",
        "ca-west-1",
        "eu-central-2",
        "eu-south-1",
        "il-central-1",
        "me-central-1",
        "us-gov-east-1",
    }
)

# SES developer guide, "Amazon SES sending review process FAQs": share of mails, 0 to 1.
BOUNCE_RATE_WARN = 0.02  # below 2 % is best practice
BOUNCE_RATE_REVIEW = 0.05  # the account is put under review
BOUNCE_RATE_PAUSE = 0.10  # sending may be paused
COMPLAINT_RATE_WARN = 0.0005
COMPLAINT_RATE_REVIEW = 0.001
COMPLAINT_RATE_PAUSE = 0.005

# SES API v2, DeliveryOptions.MaxDeliverySeconds: seconds.
MAX_DELIVERY_MIN = 300
MAX_DELIVERY_MAX = 50400

# SES API v2, DkimSigningAttributes: DomainSigningSelector and DomainSigningPrivateKey.
SELECTOR_MAX = 63
PRIVATE_KEY_MAX = 20480  # characters of base64
KEY_BITS = (1024, 2048)  # RSA, smallest and largest that SES takes


def feedback_smtp(region: str) -> str:
    """Return the host that the MX of a custom MAIL FROM names, absolute with a trailing dot.

    Source: SES developer guide, "Using a custom MAIL FROM domain".
    """
    return f"feedback-smtp.{region}.amazonses.com."


def mail_from_mx(region: str) -> str:
    """Return the MX value of a custom MAIL FROM: preference and absolute host."""
    return f"{MX_PREFERENCE} {feedback_smtp(region)}"


def tracking_host(region: str) -> str:
    """Return the CNAME target of a custom tracking domain, absolute with a trailing dot.

    Source: SES developer guide, "Configuring custom domains to handle open and click tracking".
    """
    return f"r.{region}.awstrack.me."


def likely_dkim_zone(region: str) -> str:
    """Return the DKIM zone seen most often in ``region``: for texts, never for a judgement."""
    return f"dkim.{region}.amazonses.com." if region in _REGIONAL_DKIM else "dkim.amazonses.com."


def region_problem(region: str) -> str:
    """Return why ``region`` is no Region of SES, with the nearest one; empty where it is one."""
    if region in SES_REGIONS:
        return ""
    near = difflib.get_close_matches(region.strip().lower(), SES_REGIONS, n=1)
    hint = f"; did you mean {near[0]}?" if near else f"; for example {DEFAULT_REGION}"
    return f"{region!r} is no AWS Region with Amazon SES{hint}"
