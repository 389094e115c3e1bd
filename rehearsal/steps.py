"""What is done in a rehearsal, one small act after the other; each tells the command of a user."""

from __future__ import annotations

import json
import shlex
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Protocol

from rehearsal import example
from rehearsal.journey_stage import Stage
from rehearsal.journey_tell import FOLD, Teller


class NotAsDueError(Exception):
    """Something ended in another way than the rehearsal expects; the text says in what."""


class Act(Protocol):
    """One thing that is done on the stage and told."""

    def __call__(self, stage: Stage, teller: Teller) -> None:
        """Do it. Raises NotAsDueError."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A step of the journey: its title, one sentence on what it is for, and what is done."""

    title: str
    why: str
    acts: tuple[Act, ...]

    def numbered(self, number: int, of: int) -> Step:
        """Return the step with its place in the journey in its title."""
        return replace(self, title=f"{number}/{of}  {self.title}")

    def run(self, stage: Stage, teller: Teller, *, brief: bool = False) -> None:
        """Do the step and tell it. Raises NotAsDueError."""
        with teller.step(self.title, self.why, brief=brief):
            for act in self.acts:
                act(stage, teller)


@dataclass(frozen=True, slots=True)
class Say:
    """A sentence of ours."""

    text: str

    def __call__(self, stage: Stage, teller: Teller) -> None:
        """Tell it."""
        teller.note(f"\n{self.text}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """``python -m checks.dns DOMAIN ARGUMENT…``, the exit code due, and what must be told."""

    arguments: tuple[str, ...]
    code: int
    told: tuple[str, ...] = ()
    limit: int = FOLD

    def __call__(self, stage: Stage, teller: Teller) -> None:
        """Run it. Raises NotAsDueError."""
        typed = [example.DOMAIN, *self.arguments]
        teller.typed(shlex.join(["python", "-m", "checks.dns", *typed]))
        ended = stage.check(typed)
        text = "\n".join(filter(None, (ended.err, ended.out)))
        teller.printed(text, ended.code, ended.seconds, limit=self.limit)
        due(text, ended.code, self.code, self.told)


def due(text: str, code: int, expected: int, told: tuple[str, ...]) -> None:
    """Raise NotAsDueError where a command ended otherwise, or did not tell what it must."""
    wrong = [f"exit code {expected} was due, not {code}"] if code != expected else []
    wrong += [f"{each!r} was not told" for each in told if each not in text]
    if wrong:
        raise NotAsDueError("; ".join(wrong))


@dataclass(frozen=True, slots=True, kw_only=True)
class Aws:
    """A call of AWS, told as the aws command line has it and made with boto3.

    ``parameters`` are those of the operation; texts may hold {topicArns[alarm]} and other outputs
    of the stack. ``query`` is the JMESPath of --query. ``told`` must be in what is printed,
    ``untold`` must not.
    """

    service: str
    operation: str
    parameters: Mapping[str, object] = field(default_factory=dict)
    query: str = ""
    region: str = ""
    fails: bool = False
    told: tuple[str, ...] = ()
    untold: tuple[str, ...] = ()

    def __call__(self, stage: Stage, teller: Teller) -> None:
        """Make the call. Raises NotAsDueError."""
        from botocore.exceptions import BotoCoreError, ClientError

        parameters = self._filled(stage)
        teller.typed(self._typed(parameters))
        started = time.monotonic()
        client = stage.aws.client(self.service, self.region or None)
        try:
            answer = getattr(client, self.operation.replace("-", "_"))(**parameters)
        except ClientError as error:
            text, code = _refusal(error.response["Error"], error.operation_name), _FAILED
        except BotoCoreError as error:
            text, code = f"{error}", _FAILED
        else:
            answer.pop("ResponseMetadata", None)
            text, code = _shown(answer, self.query), 0
        teller.printed(text, code, time.monotonic() - started)
        due(text, code, _FAILED if self.fails else 0, self.told)
        seen = [each for each in self.untold if each in text]
        if seen:
            raise NotAsDueError(f"{', '.join(seen)} was told, and must not be there")

    def _filled(self, stage: Stage) -> dict[str, object]:
        outputs = stage.deployment.outputs
        return {
            key: value.format_map(outputs) if isinstance(value, str) else value
            for key, value in self.parameters.items()
        }

    def _typed(self, parameters: Mapping[str, object]) -> str:
        words = ["aws", self.service, self.operation]
        for key, value in parameters.items():
            words += [f"--{_dashed(key)}", *_words(value)]
        if self.region:
            words += ["--region", self.region]
        if self.query:
            words += ["--query", self.query]
        return shlex.join(words).replace("--production-access-enabled true", _ENABLED)


_FAILED = 254  # of the aws command line, where the service refused
_ENABLED = "--production-access-enabled"


def _refusal(error: Mapping[str, str], operation: str) -> str:
    """Return how the aws command line tells it: boto3 adds how often it tried."""
    code, message = error.get("Code", ""), error.get("Message", "")
    return f"An error occurred ({code}) when calling the {operation} operation: {message}".strip()


def _dashed(key: str) -> str:
    from botocore import xform_name

    return str(xform_name(key, "-"))


def _words(value: object) -> list[str]:
    if isinstance(value, bool):
        return [str(value).lower()]
    if isinstance(value, list):
        return [str(each) for each in value]
    return [value if isinstance(value, str) else json.dumps(value)]


def _shown(answer: object, query: str) -> str:
    import jmespath  # type: ignore[import-untyped]  # comes with boto3, has no types

    if not answer and not query:  # of which the aws command line prints nothing
        return ""
    found = jmespath.search(query, answer) if query else answer
    return json.dumps(found, indent=2, default=str)
