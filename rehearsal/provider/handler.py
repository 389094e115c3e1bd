"""One resource type from inputs to AWS and back, over plain dictionaries: no engine is needed."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import ClassVar

from botocore.exceptions import BotoCoreError, ClientError

from rehearsal.provider.aws import Aws
from rehearsal.provider.check import (
    DEFAULTS,
    Checked,
    Surroundings,
    check,
    without_notes,
)
from rehearsal.provider.diff import Difference, as_given, difference
from rehearsal.provider.facts import ResourceFacts
from rehearsal.provider.shaping import merged, planned, secret_paths, settable
from rehearsal.provider.values import Path, Properties


class ProviderError(Exception):
    """What AWS or the provider refuses, as the operator will read it."""


class PartlyMadeError(ProviderError):
    """The resource exists, and something about it failed. ``made`` is what there is."""

    def __init__(self, message: str, made: Made) -> None:
        super().__init__(message)
        self.made = made


@dataclass(frozen=True, slots=True)
class Made:
    """A resource in AWS: its id, all its properties, and the inputs that would make it."""

    id: str
    properties: Properties
    inputs: Properties


class Driver(ABC):
    """How AWS is asked for one resource type. Errors of botocore go through.

    ``missing`` are the error codes that mean there is no such thing.
    """

    kind: ClassVar[str]
    facts: ClassVar[ResourceFacts]
    missing: ClassVar[frozenset[str]]

    @abstractmethod
    def create(self, aws: Aws, inputs: Properties) -> str:
        """Make the resource; return its id."""

    def finish(self, aws: Aws, identifier: str, inputs: Properties) -> None:
        """Do what creating takes beyond the first call. Most types need nothing."""
        return

    @abstractmethod
    def read(self, aws: Aws, identifier: str) -> Properties | None:
        """Return the properties as AWS has them, None where there is none."""

    @abstractmethod
    def update(
        self, aws: Aws, identifier: str, inputs: Properties, changed: Collection[str]
    ) -> None:
        """Change what is named in ``changed`` to what ``inputs`` say."""

    @abstractmethod
    def delete(self, aws: Aws, identifier: str, inputs: Properties) -> None:
        """Take the resource away, as pulumi-aws does. ``inputs`` are those of the latest time."""

    def retag(self, aws: Aws, identifier: str, before: Properties, after: Properties) -> None:
        """Change the tags. A type that has tags must say how; the others are never asked."""
        raise NotImplementedError(f"{self.kind} has tags and no way to change them")


class Handler:
    """Check, Diff, Create, Read, Update and Delete of one type, in plain dictionaries."""

    def __init__(self, driver: Driver) -> None:
        self._driver = driver
        self.facts = driver.facts
        self.kind = driver.kind

    def check(
        self, aws: Aws, name: str, news: Properties, olds: Properties, seed: bytes
    ) -> Checked:
        """Return the inputs with what the provider adds, and what it refuses of them."""
        around = Surroundings(region=aws.region, default_tags=aws.default_tags, seed=seed)
        return check(self.facts, name, news, olds, around)

    def diff(self, olds: Properties, news: Properties) -> Difference:
        """Return what changes from checked inputs to checked inputs."""
        return difference(self.facts, olds, news)

    def planned(self, inputs: Properties, olds: Properties | None = None) -> Properties:
        """Return the properties as a preview knows them.

        Of a new resource what AWS fills is unknown; of one that exists it is what ``olds`` say.
        """
        return planned(self.facts.every, without_notes(inputs), olds or {}, new=olds is None)

    def create(self, aws: Aws, inputs: Properties) -> Made:
        """Make the resource. Raises ProviderError, PartlyMadeError where it exists nevertheless."""
        aws, plain = self._there(aws, inputs), without_notes(inputs)
        try:
            identifier = self._driver.create(aws, plain)
        except (ClientError, BotoCoreError) as error:
            raise ProviderError(self._told("creating", plain.get("name", ""), error)) from error
        try:
            self._driver.finish(aws, identifier, plain)
        except (ClientError, BotoCoreError) as error:
            made = self._made(aws, identifier, inputs)
            raise PartlyMadeError(self._told("setting up", identifier, error), made) from error
        return self._made(aws, identifier, inputs)

    def read(self, aws: Aws, identifier: str, inputs: Properties) -> Made | None:
        """Return the resource as AWS has it, None where it is gone.

        ``inputs`` are those it was made with; empty for an import, which takes all that can be set.
        """
        aws = self._there(aws, inputs)
        try:
            found = self._found(aws, identifier)
        except (ClientError, BotoCoreError) as error:
            raise ProviderError(self._told("reading", identifier, error)) from error
        if found is None:
            return None
        known = inputs or settable(self.facts.every, found)
        return self._shaped(identifier, found, known)

    def update(self, aws: Aws, identifier: str, olds: Properties, news: Properties) -> Made:
        """Change the resource from inputs to inputs. Raises ProviderError."""
        aws = self._there(aws, news)
        changed = set(self.diff(olds, news).changed)
        try:
            if self.facts.tagged and "tagsAll" in changed:
                self._driver.retag(aws, identifier, olds.get("tagsAll") or {}, news["tagsAll"])
            self._driver.update(aws, identifier, without_notes(news), changed - {"tags", "tagsAll"})
        except (ClientError, BotoCoreError) as error:
            raise ProviderError(self._told("updating", identifier, error)) from error
        return self._made(aws, identifier, news)

    def delete(self, aws: Aws, identifier: str, inputs: Properties) -> None:
        """Take the resource away; what is gone already is no error. Raises ProviderError."""
        aws = self._there(aws, inputs)
        try:
            self._driver.delete(aws, identifier, without_notes(inputs))
        except ClientError as error:
            if _code(error) not in self._driver.missing:
                raise ProviderError(self._told("deleting", identifier, error)) from error
        except BotoCoreError as error:
            raise ProviderError(self._told("deleting", identifier, error)) from error

    def secrets(self, properties: Properties) -> frozenset[Path]:
        """Return where in the properties the type itself has secrets."""
        return frozenset(secret_paths(self.facts.every, properties, ()))

    def _there(self, aws: Aws, inputs: Properties) -> Aws:
        """Return the account in the Region of a resource, which Check has written down."""
        region = inputs.get("region") if self.facts.regional else None
        return replace(aws, region=region) if region else aws

    def _found(self, aws: Aws, identifier: str) -> Properties | None:
        try:
            found = self._driver.read(aws, identifier)
        except ClientError as error:
            if _code(error) in self._driver.missing:
                return None
            raise
        if found is None:
            return None
        if self.facts.regional:
            found["region"] = aws.region
        if self.facts.tagged:
            defaults = aws.default_tags.items()
            found["tags"] = dict(found["tagsAll"].items() - defaults)
        return {key: value for key, value in found.items() if value is not None}

    def _made(self, aws: Aws, identifier: str, inputs: Properties) -> Made:
        try:
            found = self._found(aws, identifier)
        except (ClientError, BotoCoreError) as error:
            raise ProviderError(self._told("reading", identifier, error)) from error
        if found is None:
            raise ProviderError(f"reading {self.kind} ({identifier}): it is gone again")
        return self._shaped(identifier, found, inputs)

    def _shaped(self, identifier: str, found: Properties, inputs: Properties) -> Made:
        read = as_given(self.facts.every, without_notes(inputs), found)
        properties = merged(found, read)
        return Made(identifier, properties, {**read, DEFAULTS: inputs.get(DEFAULTS, [])})

    def _told(self, doing: str, what: str, error: Exception) -> str:
        named = f" ({what})" if what else ""
        if isinstance(error, ClientError):
            return (
                f"{doing} {self.kind}{named}: {_code(error)}: {error.response['Error']['Message']}"
            )
        return f"{doing} {self.kind}{named}: {error}"


def _code(error: ClientError) -> str:
    return str(error.response["Error"]["Code"])
