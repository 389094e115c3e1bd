"""What happens without the user typing it: AWS and the DNS host do their part, and days go bad."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from rehearsal.deployment import Engine
from rehearsal.journey_stage import ALARM_EMAIL, NO_MISTAKE, Mistake, Stage
from rehearsal.journey_tell import Teller
from rehearsal.steps import NotAsDueError, due

DRIFT = ("preview", "--refresh", "--expect-no-changes")
# Of a preview: what is being read, what is the same.
UNCHANGED = re.compile(r"@ |.* refresh(ing)?( \(|$)| {4}[\w:/]+:\w+ \S+$|\s*$")
_APPLIED = {
    Engine.PULUMI: "(the program is applied by the real pulumi engine)",
    Engine.FALLBACK: "(the program is applied by the rehearsal's small engine, not by pulumi)",
}


@dataclass(frozen=True, slots=True)
class TellServers:
    """Where emulated AWS and the DNS listen."""

    def __call__(self, stage: Stage, teller: Teller) -> None:
        """Tell it."""
        addresses = " ".join(dict.fromkeys(stage.dns.addresses))
        teller.note(f"\n  AWS  {stage.aws.endpoint}, account {stage.aws.world.settings.account}")
        teller.note(f"  DNS  {addresses}, port {stage.dns.port}")
        if not stage.several:
            teller.note(
                "       this system has only 127.0.0.1: one server there is the resolver and every "
                "name server"
            )


@dataclass(frozen=True, slots=True)
class Deploy:
    """Apply the real program of this project to emulated AWS."""

    def __call__(self, stage: Stage, teller: Teller) -> None:
        """Deploy. Raises DeployError."""
        teller.typed("pulumi up")
        deployment = stage.deploy()
        up = next(ran for ran in deployment.ran if ran.command.startswith("pulumi up"))
        teller.printed(without_outputs(up.text), up.code, up.seconds, limit=12)
        teller.note(f"\n{deployment.note}")
        teller.aside(_APPLIED[deployment.engine])


def without_outputs(text: str) -> str:
    """Return what `pulumi up` printed without the outputs: the next steps show what of them."""
    lines, kept, inside = text.splitlines(), [], False
    for line in lines:
        inside = (inside or line.startswith("Outputs:")) and not line.startswith("Resources:")
        if not inside and not line.startswith("@ "):
            kept.append(line)
    return "\n".join(kept)


@dataclass(frozen=True, slots=True)
class ClickTheLink:
    """Somebody at the company follows the link in the mail of SNS."""

    def __call__(self, stage: Stage, teller: Teller) -> None:
        """Click. Raises NotAsDueError where no mail came."""
        mails = [letter for letter in stage.aws.world.letters if letter.to == ALARM_EMAIL]
        if not stage.aws.confirm(ALARM_EMAIL):
            raise NotAsDueError(f"no mail to {ALARM_EMAIL} waits for a click")
        teller.note(f'\n  To {ALARM_EMAIL} came "{mails[-1].subject}". Its link is followed.')


@dataclass(frozen=True, slots=True)
class SaveOutputs:
    """The outputs of the stack, in a file."""

    def __call__(self, stage: Stage, teller: Teller) -> None:
        """Tell it: the file stands since the stack was applied."""
        teller.typed("pulumi stack output --json > stack.json")


@dataclass(frozen=True, slots=True)
class Publish:
    """The records of the stack come into the zone, with a mistake or without."""

    mistake: Mistake = NO_MISTAKE
    slip: str = ""

    def __call__(self, stage: Stage, teller: Teller) -> None:
        """Publish them."""
        count = stage.publish(self.mistake)
        if self.slip:
            teller.note(f"\n  The {count} records are published with a mistake: {self.slip}.")
            return
        teller.note(
            f"\n  At a DNS host you paste these {count} by hand. Here they go into the zone of the "
            "loopback name servers."
        )


@dataclass(frozen=True, slots=True)
class Wait:
    """Time passes on the clock of emulated AWS, and nobody waits."""

    hours: float
    reason: str

    def __call__(self, stage: Stage, teller: Teller) -> None:
        """Turn the clock."""
        stage.aws.clock.advance(dt.timedelta(hours=self.hours))
        teller.note(f"\n  {self.reason} The clock of emulated AWS is turned by {self.hours:g} h.")


@dataclass(frozen=True, slots=True)
class Play:
    """A bad day begins in emulated AWS."""

    scenario: str

    def __call__(self, stage: Stage, teller: Teller) -> None:
        """Play it."""
        stage.aws.play(self.scenario)


@dataclass(frozen=True, slots=True)
class Drift:
    """Ask the real engine whether AWS is as declared; ``told`` must be named. Then mend it."""

    told: tuple[str, ...]

    def __call__(self, stage: Stage, teller: Teller) -> None:
        """Preview, and apply. Raises NotAsDueError, DeployError where the mending fails."""
        if not stage.deployment.environment():
            teller.note(
                f"\n$ pulumi {' '.join(DRIFT)}\n  (not run: the small engine keeps no state to "
                "compare with. The real one names what is gone, ends with an error, and "
                "`pulumi up` puts it back.)"
            )
            return
        found = stage.deployment.drift()
        teller.typed(found.command)
        teller.printed(found.text, found.code, found.seconds, boring=UNCHANGED)
        if found.code == 0:
            raise NotAsDueError("the preview found no change")
        due(found.text, found.code, found.code, self.told)
        mended = stage.deployment.up()
        teller.typed("pulumi up")
        teller.printed(without_outputs(mended.text), mended.code, mended.seconds, boring=UNCHANGED)
        clean = stage.deployment.drift()
        teller.typed(clean.command)
        teller.printed(clean.text, clean.code, clean.seconds, boring=UNCHANGED)
        due(clean.text, clean.code, 0, ())
