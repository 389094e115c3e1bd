"""A run that was killed in the middle is gone on with; what was made by hand is taken over.

The tests lead one stack on the real engine, in their order.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from rehearsal.aws import EmulatedAws
from rehearsal.deploy_pulumi import PulumiDeployment
from rehearsal.deployment import DeployError

pytestmark = [
    pytest.mark.engine,
    pytest.mark.usefixtures("engine"),
    pytest.mark.skipif(sys.platform == "win32", reason="kills by a signal"),
]

DOMAIN = "jobmatch.zip"
SETTINGS = {
    "awsAccountId": "123456789012",
    "alarmEmail": "ops@jobmatch.zip",
    "importIdentity": "true",
}
EARLY = "jobmatch-zip-alarm"
FATAL = "jobmatch-zip-mail-from"  # making it a second time is no error


@dataclass
class Killer:
    """Sends the CLI a signal before a resource is made; the state's lock tells its process."""

    folder: Path
    armed: dict[str, signal.Signals] = field(default_factory=dict)
    killed: list[int] = field(default_factory=list)

    def __call__(self, verb: str, name: str) -> None:
        if verb == "Create" and name in self.armed:
            (lock,) = self.locks()
            self.killed.append(int(json.loads(lock.read_text(encoding="utf-8"))["pid"]))
            os.kill(self.killed[-1], self.armed.pop(name))

    def locks(self) -> list[Path]:
        """Return the locks of the state."""
        return list((self.folder / "state" / ".pulumi" / "locks").rglob("*.json"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Interrupted:
    """A stack that nothing is applied of yet, and an identity that somebody made by hand."""

    aws: EmulatedAws
    deployment: PulumiDeployment
    killer: Killer
    tokens: list[str]


@pytest.fixture(scope="module")
def stack(engine: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Interrupted]:
    """Give an account with an identity, and a stack to be applied to it."""
    folder = tmp_path_factory.mktemp("interrupted") / "stack"
    killer = Killer(folder)
    with EmulatedAws() as aws:
        ses = aws.client("sesv2")
        ses.create_email_identity(EmailIdentity=DOMAIN)
        with PulumiDeployment(aws, folder, SETTINGS, observe=killer) as deployment:
            yield Interrupted(aws=aws, deployment=deployment, killer=killer, tokens=_tokens(aws))


def _tokens(aws: EmulatedAws) -> list[str]:
    identity = aws.client("sesv2").get_email_identity(EmailIdentity=DOMAIN)
    tokens: list[str] = identity["DkimAttributes"]["Tokens"]
    return tokens


def test_a_run_that_is_interrupted_leaves_no_lock(stack: Interrupted) -> None:
    stack.killer.armed[EARLY] = signal.SIGINT

    ran = stack.deployment.run("up", "--yes", "--skip-preview")

    assert ran.code != 0
    assert "Resources:" in ran.text
    assert stack.killer.locks() == []


def test_the_next_run_goes_on_and_is_killed_in_the_middle(stack: Interrupted) -> None:
    stack.killer.armed[FATAL] = signal.SIGKILL

    # One after another: what else is being made at that moment would exist and not be known.
    ran = stack.deployment.run("up", "--yes", "--skip-preview", "--parallel", "1")

    assert ran.code == 128 + signal.SIGKILL
    assert len(stack.killer.killed) == 2
    with pytest.raises(ProcessLookupError):
        os.kill(stack.killer.killed[-1], 0)


def test_its_lock_is_told_with_what_takes_it_away(stack: Interrupted) -> None:
    with pytest.raises(DeployError) as refused:
        stack.deployment.up()

    assert "pulumi cancel" in refused.value.output
    assert stack.deployment.run("cancel", "--yes").code == 0


def test_the_next_run_finishes_it(stack: Interrupted) -> None:
    stack.deployment.up()

    resources = stack.deployment.state()["resources"]
    assert FATAL in [each["urn"].rpartition("::")[2] for each in resources]
    identity = stack.aws.client("sesv2").get_email_identity(EmailIdentity=DOMAIN)
    assert identity["MailFromAttributes"]["MailFromDomain"] == "bounce.jobmatch.zip"


def test_the_identity_made_by_hand_was_taken_over_with_its_keys(stack: Interrupted) -> None:
    identity = stack.aws.client("sesv2").get_email_identity(EmailIdentity=DOMAIN)

    assert stack.tokens == _tokens(stack.aws)
    assert sorted(stack.tokens) == sorted(stack.deployment.outputs["dkimTokens"])
    assert identity["ConfigurationSetName"] == "jobmatch-zip"
