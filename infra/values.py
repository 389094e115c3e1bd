"""The closed sets of words that AWS knows; a test holds them against botocore's models."""

from __future__ import annotations

from enum import StrEnum


class EventType(StrEnum):
    """SESv2 EventType, as far as it is used: no OPEN and CLICK, for codes are not tracked."""

    BOUNCE = "BOUNCE"
    COMPLAINT = "COMPLAINT"
    DELIVERY = "DELIVERY"
    REJECT = "REJECT"
    RENDERING_FAILURE = "RENDERING_FAILURE"
    DELIVERY_DELAY = "DELIVERY_DELAY"


class SuppressedReason(StrEnum):
    """SESv2 SuppressionListReason."""

    BOUNCE = "BOUNCE"
    COMPLAINT = "COMPLAINT"


class TlsPolicy(StrEnum):
    """SESv2 TlsPolicy."""

    REQUIRE = "REQUIRE"


class SigningKeyLength(StrEnum):
    """SESv2 DkimSigningKeyLength."""

    RSA_2048_BIT = "RSA_2048_BIT"


class MxFailure(StrEnum):
    """SESv2 BehaviorOnMxFailure."""

    USE_DEFAULT_VALUE = "USE_DEFAULT_VALUE"


class Comparison(StrEnum):
    """CloudWatch ComparisonOperator."""

    AT_LEAST = "GreaterThanOrEqualToThreshold"
    ABOVE = "GreaterThanThreshold"


class Statistic(StrEnum):
    """CloudWatch Statistic."""

    AVERAGE = "Average"
    SUM = "Sum"
    MAXIMUM = "Maximum"


class MissingData(StrEnum):
    """CloudWatch TreatMissingData, for which botocore has no enum."""

    IGNORE = "ignore"
    NOT_BREACHING = "notBreaching"


class RecordType(StrEnum):
    """Route 53 RRType."""

    CNAME = "CNAME"
    MX = "MX"
    TXT = "TXT"
