"""From options and files to what is expected of each domain."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from checks.dns.expectation import Expectation
from checks.dns.names import display
from checks.dns.sources.choose import Given, choose_region, expectation
from checks.dns.sources.credentials import find_credentials
from checks.dns.sources.files import Files, read_files
from checks.dns.sources.notes import difference_notes, region_notes
from checks.dns.sources.options import ByHand, SourceOptions, read_by_hand
from checks.errors import UsageError
from contract.project import ProjectSettings

if TYPE_CHECKING:
    from checks.account.identity import LiveAnswer, Wanted

    ReadLive = Callable[[Sequence[Wanted], bool], Sequence[LiveAnswer]]


def build_expectations(
    domains: Sequence[str],
    options: SourceOptions,
    *,
    folder: Path,
    environ: Mapping[str, str],
    stdin: TextIO,
    read_live: ReadLive | None = None,
) -> tuple[list[Expectation], list[str]]:
    """Return what is expected of each domain, and lines to tell on stderr.

    For MAIL FROM, tokens, zone and Region the first source that was given decides: option,
    identity (file, or ``read_live``), stack, the project files of ``folder``. ``read_live`` takes
    what to read and whether instance metadata may be asked; None is the real one, which is imported
    only when it is used. Raises UsageError with every problem of options and files at once.
    """
    problems: list[str] = []
    hand = read_by_hand(domains, options, problems)
    files = read_files(options, folder=folder, environ=environ, stdin=stdin, problems=problems)
    problems += _stack_problems(hand, files, options)
    problems += _project_problems(hand, files)
    if problems:
        raise UsageError(dict.fromkeys(problems))
    found = find_credentials(environ) if options.aws is None else ""
    given = [_given(domain, hand, files, options) for domain in hand.domains]
    notes = [note for one in given for note in region_notes(environ, *choose_region(one))]
    if not _reads_live(options, found):
        notes += [note for one in given for note in difference_notes(one)]
        return [expectation(one) for one in given], list(dict.fromkeys(notes))
    if options.aws is None:
        notes.append(f"reading the identity from SES with credentials of {found} (not: --no-aws)")
    live = [_with_live(one, answer) for one, answer in _answers(given, options, read_live)]
    notes += [note for one in live for note in difference_notes(one)]
    return [expectation(one) for one in live], list(dict.fromkeys(notes))


def _reads_live(options: SourceOptions, found: str) -> bool:
    if options.aws is None:
        return found != "" and options.identity is None and options.stack is None
    return options.aws


def _given(domain: str, hand: ByHand, files: Files, options: SourceOptions) -> Given:
    project = files.project
    return Given(
        domain=domain,
        hand=hand,
        options=options,
        identity=files.identity,
        identity_source="file" if files.identity else "",
        stack=files.stack,
        project=project if project and _is_of(project, domain) else None,
    )


def _is_of(project: ProjectSettings, domain: str) -> bool:
    return project.domain is not None and project.domain + "." == domain


def _answers(
    given: Sequence[Given], options: SourceOptions, read_live: ReadLive | None
) -> list[tuple[Given, LiveAnswer]]:
    # Imported here: a check with a file must not pay for boto3.
    from checks.account.identity import Wanted

    wanted = [
        Wanted(
            domain=one.domain,
            region=choose_region(one)[0],
            owned=options.aws is True,
            account_only=one.identity is not None,
        )
        for one in given
    ]
    read = read_live or _read_live
    return list(zip(given, read(wanted, options.aws is True), strict=True))


def _read_live(wanted: Sequence[Wanted], metadata: bool) -> Sequence[LiveAnswer]:
    from checks.account.live import read_live

    return read_live(wanted, metadata=metadata)


def _with_live(one: Given, answer: LiveAnswer) -> Given:
    return one.with_live(answer.identity, answer.account)


def _stack_problems(hand: ByHand, files: Files, options: SourceOptions) -> list[str]:
    if files.stack is None:
        return []
    declared = files.stack.domain
    return [
        f"--stack {options.stack}: is of {display(declared)}, not of {display(domain)}"
        for domain in hand.domains
        if domain != declared
    ]


def _project_problems(hand: ByHand, files: Files) -> list[str]:
    project = files.project
    if project is None or not any(_is_of(project, domain) for domain in hand.domains):
        return []
    shown = ", ".join(path.name for path in project.files)
    return [f"{shown}: {problem}" for problem in project.problems]
