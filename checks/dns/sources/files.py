"""The files that say what is expected: identity, stack outputs, project."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from checks.dns.domain import DomainError, normalise_host
from checks.dns.expectation import BYODKIM, EASY_DKIM, DkimExpectation, Identity
from checks.dns.identity import COMMAND, identity_from_json, tokens_problem
from checks.dns.sources.options import STDIN, SourceOptions
from checks.errors import UsageError
from contract.outputs import ContractError, parse_outputs
from contract.project import ProjectSettings, read_project
from contract.ses import region_problem
from contract.settings import SettingsError

MAX_FILE = 1024 * 1024  # octets; an identity has about 2 KiB, a stack about 10
STACK_COMMAND = "pulumi stack output --json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stack:
    """What a stack declares, as canonical names."""

    domain: str
    region: str
    mail_from: str
    dkim: DkimExpectation


@dataclass(frozen=True, slots=True, kw_only=True)
class Files:
    """What the files give; None where a file is not given."""

    identity: Identity | None = None
    stack: Stack | None = None
    project: ProjectSettings | None = None


def read_files(
    options: SourceOptions,
    *,
    folder: Path,
    environ: Mapping[str, str],
    stdin: TextIO,
    problems: list[str],
) -> Files:
    """Return what the given files and the project files of ``folder`` say.

    Relative paths are those of the process. Adds what is wrong to ``problems``.
    """
    identity, stack, project = None, None, None
    both_stdin = options.identity == options.stack == STDIN  # told already
    if options.identity is not None and not both_stdin:
        identity = _identity(options.identity, stdin, problems)
    if options.stack is not None and not both_stdin:
        stack = _stack(options.stack, stdin, problems)
    try:
        project = read_project(folder, environ)
    except SettingsError as error:
        problems += error.problems
    return Files(identity=identity, stack=stack, project=project)


def _identity(path: str, stdin: TextIO, problems: list[str]) -> Identity | None:
    what = f"--identity {path}"
    try:
        return identity_from_json(_json(path, stdin, what, COMMAND))
    except UsageError as error:
        problems += _prefixed(what, error.problems)
    return None


def _stack(path: str, stdin: TextIO, problems: list[str]) -> Stack | None:
    what = f"--stack {path}"
    try:
        outputs = parse_outputs(_json(path, stdin, what, STACK_COMMAND))
    except UsageError as error:
        problems += error.problems
        return None
    except ContractError as error:
        problems += _prefixed(what, error.problems)
        return None
    reading = _Names(what)
    byodkim = outputs.dkim == "byodkim"
    stack = Stack(
        domain=reading.host("domain", outputs.domain),
        region=reading.region(outputs.region),
        mail_from=reading.host("mailFromDomain", outputs.mail_from_domain),
        dkim=DkimExpectation(
            origin=BYODKIM if byodkim else EASY_DKIM,
            tokens=reading.tokens(outputs.dkim_tokens),
            zone=None
            if byodkim or outputs.dkim_signing_hosted_zone is None
            else reading.host("dkimSigningHostedZone", outputs.dkim_signing_hosted_zone),
        ),
    )
    problems += reading.problems
    return None if reading.problems else stack


class _Names:
    """Reads names out of stack outputs and collects what is wrong with them."""

    def __init__(self, what: str) -> None:
        self.what = what
        self.problems: list[str] = []

    def host(self, key: str, value: str) -> str:
        try:
            return normalise_host(value, f"{self.what}: {key}")
        except DomainError as error:
            self.problems.append(str(error))
            return ""

    def region(self, value: str) -> str:
        self._tell("region", region_problem(value))
        return value

    def tokens(self, value: tuple[str, ...]) -> tuple[str, ...]:
        self._tell("dkimTokens", tokens_problem(value))
        return value

    def _tell(self, key: str, problem: str) -> None:
        if problem:
            self.problems.append(f"{self.what}: {key}: {problem}")


def _prefixed(what: str, problems: tuple[str, ...]) -> list[str]:
    return [p if p.startswith(what) else f"{what}: {p}" for p in problems]


# --- bounded JSON ---


def _json(path: str, stdin: TextIO, what: str, command: str) -> object:
    """Return the decoded JSON of a file; raises UsageError where it cannot be read."""
    content = _content(path, stdin, what)
    if not content.strip():
        raise UsageError([f"{what}: is empty; save `{command}`"])
    try:
        # json finds UTF-8, UTF-16 (PowerShell's >) and UTF-32, with a byte order mark or without.
        return json.loads(content)
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise UsageError(
            [f"{what}: is not JSON ({where}: {error.msg}); save `{command}`"]
        ) from None
    except UnicodeDecodeError:
        raise UsageError([f"{what}: is not JSON (no text); save `{command}`"]) from None
    except (RecursionError, ValueError) as error:
        raise UsageError([f"{what}: is not JSON that can be used: {error}"]) from None


def _content(path: str, stdin: TextIO, what: str) -> bytes:
    try:
        if path == STDIN:
            content = _stdin_content(stdin)
        else:
            with Path(path).open("rb") as stream:
                content = stream.read(MAX_FILE + 1)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else None
        raise UsageError([f"{what}: cannot be read: {reason or error}"]) from None
    if len(content) > MAX_FILE:
        raise UsageError([f"{what}: is larger than {MAX_FILE // 1024} KiB"])
    return content


def _stdin_content(stdin: TextIO) -> bytes:
    buffer = getattr(stdin, "buffer", None)
    if buffer is not None:
        return bytes(buffer.read(MAX_FILE + 1))
    return stdin.read(MAX_FILE + 1).encode("utf-8", "surrogateescape")
