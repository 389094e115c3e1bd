from __future__ import annotations

import pytest

from contract import ses


def test_us_west_2() -> None:
    assert ses.feedback_smtp("us-west-2") == "feedback-smtp.us-west-2.amazonses.com."
    assert ses.mail_from_mx("us-west-2") == "10 feedback-smtp.us-west-2.amazonses.com."
    assert ses.tracking_host("us-west-2") == "r.us-west-2.awstrack.me."
    assert ses.likely_dkim_zone("us-west-2") == "dkim.amazonses.com."
    assert ses.likely_dkim_zone("eu-south-1") == "dkim.eu-south-1.amazonses.com."
    assert ses.MAIL_FROM_SPF == "v=spf1 include:amazonses.com ~all"


def test_thresholds_rise() -> None:
    assert ses.BOUNCE_RATE_WARN < ses.BOUNCE_RATE_REVIEW < ses.BOUNCE_RATE_PAUSE
    assert ses.COMPLAINT_RATE_WARN < ses.COMPLAINT_RATE_REVIEW < ses.COMPLAINT_RATE_PAUSE


@pytest.mark.parametrize(
    ("region", "problem"),
    [
        ("us-west-2", ""),
        ("us-west2", "'us-west2' is no AWS Region with Amazon SES; did you mean us-west-2?"),
        ("US-WEST-2", "'US-WEST-2' is no AWS Region with Amazon SES; did you mean us-west-2?"),
        ("", "'' is no AWS Region with Amazon SES; for example us-west-2"),
    ],
)
def test_a_region_that_ses_does_not_have(region: str, problem: str) -> None:
    assert ses.region_problem(region) == problem


def test_the_regions_are_those_of_botocore() -> None:
    from botocore.session import Session

    session = Session()
    known = {
        region
        for partition in ("aws", "aws-us-gov")
        for region in session.get_available_regions("sesv2", partition_name=partition)
    }
    assert known == set(ses.SES_REGIONS)
