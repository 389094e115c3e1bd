"""What a user sees on each bad day. All days share one deployment, which is put back after each."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from moto.sns.models import sns_backends
from moto.sqs.models import sqs_backends

from rehearsal import scenarios
from rehearsal.aws.scenarios import described
from rehearsal.aws.world import ACCOUNT, REGION
from rehearsal.deployment import Engine, Ran
from rehearsal.journey_stage import Stage
from rehearsal.journey_tell import Teller
from rehearsal.scenarios_day import Day
from rehearsal.steps import NotAsDueError
from rehearsal.steps_world import Drift

CHECK = "$ python -m checks.dns jobmatch.zip --stack stack.json --aws"
ACCOUNT_READ = "$ aws sesv2 get-account"
ASK = (
    "$ aws sesv2 put-account-details --mail-type TRANSACTIONAL --website-url https://jobmatch.zip/ "
    "--production-access-enabled"
)
CONFLICT = "An error occurred (ConflictException) when calling the PutAccountDetails operation:"
REQUEST = "`python -m checks.request` will judge it; it is not built yet."
MONITOR = "`python -m checks.monitor` will judge it; it is not built yet."

# Day → what is told, in this order.
SEEN: dict[str, tuple[str, ...]] = {
    "two-spf": (
        '"Dkim": "SUCCESS"',
        CHECK,
        "not ready: jobmatch.zip — 2 errors block",
        "spf-record-single  bounce.jobmatch.zip",
        "observed  v=spf1 include:",
        "Publish:",
        "(exit code 1,",
        "Publish what stands above",
    ),
    "doubled-name": (
        '"Dkim": "PENDING"',
        CHECK,
        "dkim-cname-present",
        "dkim-owner-undoubled",
        "the domain was appended twice",
        "PENDING: SES has not found the records yet",
        "(exit code 1,",
        "Publish what stands above",
    ),
    "strict-spf": (
        CHECK,
        "not ready: jobmatch.zip — 1 error blocks",
        "align-aspf-relaxed",
        "Do: Remove `aspf=s` from _dmarc.jobmatch.zip",
        "value  v=DMARC1; p=none; rua=mailto:dmarc@jobmatch.zip",
        "(exit code 1,",
        "Publish what stands above",
    ),
    "access-denied": (
        CHECK,
        "undetermined: jobmatch.zip",
        "need the IAM action ses:GetEmailIdentity on arn:aws:ses:us-west-2:123456789012:identity/",
        "(exit code 3,",
        "never ready",
        "gatePolicyArn",
    ),
    "throttled": (
        CHECK,
        "SES throttled ses:GetEmailIdentity",
        "(exit code 3,",
        "the same command",
        CHECK,
        "ready: jobmatch.zip — nothing blocks",
        "(exit code 0,",
        "Run again",
    ),
    "wrong-region": (
        CHECK,
        "SES in us-west-2 of account 123456789012 has no identity jobmatch.zip",
        "another Region or account may hold it",
        "(exit code 1,",
        "$ aws sesv2 list-email-identities --region us-east-1",
        '"jobmatch.zip"',
        "Decide for one Region",
    ),
    "other-account": (
        "$ aws sts get-caller-identity",
        '"210987654321"',
        CHECK,
        "SES in us-west-2 of account 210987654321 has no identity jobmatch.zip",
        "(exit code 1,",
        "AWS_PROFILE",
    ),
    "mail-from-failed": (
        '"MailFrom": "FAILED"',
        CHECK,
        "ses-mail-from-verified",
        "the MAIL FROM must be set again",
        "aws sesv2 put-email-identity-mail-from-attributes",
        "(exit code 1,",
        "$ aws sesv2 put-email-identity-mail-from-attributes --email-identity jobmatch.zip",
        "SES looks by itself",
        CHECK,
        "ready: jobmatch.zip",
        "tell SES to look again",
    ),
    "partial-stack": (
        CHECK,
        "ready: jobmatch.zip",
        "$ aws sesv2 get-configuration-set-event-destinations",
        "[]",
        "$ pulumi preview --refresh --expect-no-changes",
        "the small engine keeps no state",
        "`pulumi up`",
        "checks.readiness",
        "not built yet",
    ),
    "queue-cut": (
        "$ aws sqs get-queue-attributes",
        "null",
        "$ aws sesv2 send-email",
        "bounce@simulator.amazonses.com",
        "true",
        "$ aws sqs receive-message",
        "the queue of bounces has no event of it",
        "$ pulumi preview --refresh --expect-no-changes",
        "checks.probe",
        "not built yet",
    ),
    "sandbox": (ACCOUNT_READ, '"ProductionAccess": false', '"Review": null', REQUEST),
    "pending": (ACCOUNT_READ, '"Status": "PENDING"', "do not ask again", REQUEST),
    "denied-open-case": (
        ACCOUNT_READ,
        '"Status": "DENIED"',
        '"CaseId": "179034689300364"',
        ASK,
        f"{CONFLICT} (exit code 254,",
        "answer there",
        REQUEST,
    ),
    "denied-closed": (ACCOUNT_READ, '"Status": "DENIED"', "ask again", REQUEST),
    "failed": (ACCOUNT_READ, '"Status": "FAILED"', "may be sent again", REQUEST),
    "granted-not-active": (
        ACCOUNT_READ,
        '"ProductionAccess": false',
        '"Status": "GRANTED"',
        "AWS Support",
        REQUEST,
    ),
    "production": (ACCOUNT_READ, '"ProductionAccess": true', "nothing to ask for", MONITOR),
    "probation": (ACCOUNT_READ, '"Enforcement": "PROBATION"', "answer the case", MONITOR),
    "shutdown": (ACCOUNT_READ, '"Enforcement": "SHUTDOWN"', '"Sending": false', MONITOR),
    "timeout-after-commit": (
        ASK,
        "Connection was closed before we received a valid response",
        "Was it taken?",
        ACCOUNT_READ,
        '"Status": "PENDING"',
        "before anything is sent again",
        REQUEST,
    ),
    "conflict-empty": (
        ASK,
        f"{CONFLICT} (exit code 254,",
        ACCOUNT_READ,
        "Do not try again",
        REQUEST,
    ),
}


@dataclass(frozen=True)
class Backends:
    """What emulated AWS holds of the deployment besides the clock, to be put back."""

    regions: Any
    topics: Any
    subscriptions: Any
    policies: dict[str, Any]

    @classmethod
    def of(cls, stage: Stage) -> Backends:
        sns, sqs = sns_backends[ACCOUNT][REGION], sqs_backends[ACCOUNT][REGION]
        return cls(
            regions=copy.deepcopy(stage.aws.world.regions),
            topics=sns.topics.copy(),
            subscriptions=sns.subscriptions.copy(),
            policies={name: queue.policy for name, queue in sqs.queues.items()},
        )

    def put_back(self, stage: Stage) -> None:
        world, sns = stage.aws.world, sns_backends[ACCOUNT][REGION]
        world.regions = copy.deepcopy(self.regions)
        world.faults.clear()
        world.mail_from_fails = False
        for key in world.access_keys:
            world.access_keys[key] = ACCOUNT
        sns.topics, sns.subscriptions = self.topics.copy(), self.subscriptions.copy()
        for name, queue in sqs_backends[ACCOUNT][REGION].queues.items():
            queue.policy = self.policies[name]
        stage.publish()


@pytest.fixture(scope="module")
def deployed() -> Iterator[tuple[Stage, Backends]]:
    """The sender as the small engine leaves it, on a machine that has only 127.0.0.1."""
    with Stage(engine=Engine.FALLBACK, one_address=True) as stage:
        stage.deploy()
        yield stage, Backends.of(stage)


@pytest.fixture
def stage(deployed: tuple[Stage, Backends]) -> Iterator[Stage]:
    stood, backends = deployed
    yield stood
    backends.put_back(stood)


def lived(day: Day, stage: Stage) -> str:
    """Live a day on a stage that is deployed already, and return what is told."""
    lines: list[str] = []
    teller = Teller(lines.append)
    *_, publish = day.before
    publish.run(stage, teller, brief=True)
    day.itself.run(stage, teller)
    teller.note(day.advice)
    return "\n".join(lines)


def assert_in_order(expected: tuple[str, ...], output: str) -> None:
    place = 0
    for each in expected:
        words = " ".join(each.split())
        found = output.find(words, place)
        assert found >= 0, f"{each!r} is not told, or too early: {output}"
        place = found + len(words)


@pytest.mark.parametrize("day", scenarios.DAYS, ids=lambda day: day.name)
def test_what_is_seen_on_the_day(day: Day, stage: Stage) -> None:
    output = lived(day, stage)

    # Lines may be wrapped anywhere.
    assert_in_order(SEEN[day.name], " ".join(output.split()))


def test_every_day_of_emulated_aws_can_be_rehearsed() -> None:
    played = {day.play.partition(":")[0] for day in scenarios.DAYS if day.play}

    assert {name for name, _ in described()} == played
    assert set(SEEN) == {day.name for day in scenarios.DAYS}


class _Stands:
    """A deployment by the real engine that has, or has not, drifted."""

    def __init__(self, *found: Ran) -> None:
        self._found = list(found)
        self.outputs: dict[str, Any] = {}

    def environment(self) -> dict[str, str]:
        return {"PULUMI_HOME": "somewhere"}

    def drift(self) -> Ran:
        return self._found.pop(0)

    def up(self) -> Ran:
        return self._found.pop(0)


def ran(code: int, text: str) -> Ran:
    return Ran(command="pulumi up", code=code, text=text, seconds=0.1)


FOUND = ran(7, "@ previewing....\n +  aws:sns:Topic a-bounce create\n    aws:sns:Topic a-alarm")
NOT_FOUND = ran(0, "Resources:\n    70 unchanged")
MENDED = ran(0, " +  aws:sns:Topic a-bounce created\nOutputs:\n    domain: x\nResources:\n    1")


@pytest.mark.parametrize(
    ("found", "wrong"),
    [
        ((FOUND, MENDED, NOT_FOUND), ""),
        ((NOT_FOUND,), "the preview found no change"),
        ((ran(7, "error: no stack"),), "'a-bounce' was not told"),
        ((FOUND, MENDED, FOUND), "exit code 0 was due, not 7"),
    ],
)
def test_drift_is_found_and_mended(found: tuple[Ran, ...], wrong: str) -> None:
    lines: list[str] = []
    stage = Stage(one_address=True)
    stage.deployment = _Stands(*found)  # type: ignore[assignment]  # what Drift needs of one
    if wrong:
        with pytest.raises(NotAsDueError, match=wrong):
            Drift(("a-bounce",))(stage, Teller(lines.append))
        return
    Drift(("a-bounce",))(stage, Teller(lines.append))

    output = "\n".join(lines)
    assert "a-bounce create" in output
    assert "a-alarm" not in output
    assert "[… 2 lines more: --verbose shows them …]" in output
    assert "domain: x" not in output
