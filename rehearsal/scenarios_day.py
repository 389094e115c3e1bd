"""One bad day: what goes wrong, what the user types then, and who judges it."""

from __future__ import annotations

from dataclasses import dataclass

from rehearsal.journey import DECLARE, LEGEND, SES_LOOKS, START, VERIFIED
from rehearsal.journey_stage import NO_MISTAKE, Mistake, Stage
from rehearsal.journey_tell import Teller
from rehearsal.steps import Act, Step
from rehearsal.steps_world import Play, Publish


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """A bad day of a domain that is deployed, published and verified, but for the ``mistake``.

    ``play`` is the scenario of emulated AWS, empty where AWS does nothing wrong. ``meaning`` says
    in our own words what has happened. ``advice`` ends the day: the rule or the command that judges
    it, and what to do; where that command is not built yet, it says so.
    """

    name: str
    title: str
    meaning: str
    acts: tuple[Act, ...]
    advice: str
    play: str = ""
    mistake: Mistake = NO_MISTAKE

    @property
    def before(self) -> tuple[Step, ...]:
        """Return the steps that lead to the day."""
        slip = self.title if self.mistake is not NO_MISTAKE else ""
        ends = SES_LOOKS if slip else VERIFIED
        acts = (Publish(self.mistake, slip), SES_LOOKS, ends)
        return (START, DECLARE, Step(title="Publish and verify", why="", acts=acts))

    @property
    def itself(self) -> Step:
        """Return the step that is the bad day."""
        played: tuple[Act, ...] = (Play(self.play),) if self.play else ()
        return Step(title=f"The day: {self.title}", why=self.meaning, acts=(*played, *self.acts))


def live(day: Day, stage: Stage, teller: Teller) -> None:
    """Lead to the day in brief, then live it. Raises NotAsDueError and DeployError."""
    teller.note(f"{LEGEND}\n")
    for step in day.before:
        step.run(stage, teller, brief=True)
    day.itself.run(stage, teller)
    teller.note(f"\nAdvice: {day.advice}")
