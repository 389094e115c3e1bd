"""What exists already is refused, and the way to take it over is told."""

from __future__ import annotations

import pytest

from infra.adoption import exists_already, import_command


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        ("AlreadyExistsException: Email identity jobmatch.zip", True),
        ("SNS Topic (jobmatch-zip-bounce) already exists", True),
        ("AuthorizationError: not authorized to perform SNS:CreateTopic", False),
        ("LimitExceededException: too many", False),
    ],
)
def test_a_creation_failed_because_the_resource_exists(error: str, expected: bool) -> None:
    assert expected == exists_already([error])


def test_the_command_names_the_place_in_the_state() -> None:
    urn = "urn:pulumi:dev::mail::sesgate:mail:Feedback$aws:sns/topic:Topic::x-bounce"

    assert (
        "pulumi import aws:sns/topic:Topic x-bounce arn:aws:sns:r:1:x-bounce "
        "--parent 'parent=urn:pulumi:dev::mail::sesgate:mail:Feedback::x' "
        "--provider 'aws=urn:pulumi:dev::mail::pulumi:providers:aws::aws' "
        "--generate-code=false --protect=false"
    ) == import_command(urn, "x", "arn:aws:sns:r:1:x-bounce")
