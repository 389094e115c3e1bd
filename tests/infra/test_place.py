"""Names and ARNs that follow from account, Region and domain."""

from __future__ import annotations

import pytest

from infra.place import Place, resource_name


@pytest.mark.parametrize(
    ("domain", "name"),
    [
        ("jobmatch.zip", "jobmatch-zip"),
        ("mail.jobmatch.zip", "mail-jobmatch-zip"),
        ("a" * 44 + ".zip", "a" * 44 + "-zip"),
        ("a" * 45 + ".zip", "a" * 40 + "-7b553c6"),
    ],
)
def test_a_name_follows_from_the_domain(domain: str, name: str) -> None:
    assert name == resource_name(domain)


def test_long_domains_do_not_meet() -> None:
    long = ["a" * 60 + end for end in (".zip", ".com")]

    assert 2 == len({resource_name(domain) for domain in long})
    assert {48} == {len(resource_name(domain)) for domain in long}


@pytest.mark.parametrize(
    ("region", "partition"), [("us-west-2", "aws"), ("us-gov-west-1", "aws-us-gov")]
)
def test_an_arn_is_of_the_partition_of_its_region(region: str, partition: str) -> None:
    place = Place(account_id="123456789012", region=region)

    assert f"arn:{partition}:ses:{region}:123456789012:identity/x.zip" == place.identity_arn(
        "x.zip"
    )
    assert f"arn:{partition}:iam::123456789012:root" == place.root_arn
