"""Bad days and good ones, by name: each changes the world that stands.

``NAME`` or ``NAME(ARGUMENT)``; ``NAME:ARGUMENT`` is the same and needs no quotes in a shell.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from moto.sns.models import sns_backends

from rehearsal.aws.account import new_review
from rehearsal.aws.state import Review, SesRegion
from rehearsal.aws.topics import find_queue
from rehearsal.aws.world import OTHER_ACCOUNT, World

Play = Callable[[World, str], None]

_PLAYS: dict[str, Play] = {}
_CASE = "179034689300364"
_OUTCOMES = ("GRANTED", "DENIED", "FAILED")
_DETAILS: dict[str, Any] = {
    "MailType": "TRANSACTIONAL",
    "WebsiteURL": "https://jobmatch.zip/",
    "ContactLanguage": "EN",
    "UseCaseDescription": "One-time codes and password resets for registered users.",
}


class ScenarioError(ValueError):
    """A scenario that is not known, or that has nothing to act on."""


def play(world: World, text: str) -> None:
    """Play a scenario, such as ``pending`` or ``throttled(3)``. Raises ScenarioError."""
    found = re.fullmatch(r"([a-z-]+)(?:\((.*)\)|:(.*))?", text)
    if found is None or found.group(1) not in _PLAYS:
        raise ScenarioError(f"no scenario {text!r}; known: {', '.join(sorted(_PLAYS))}")
    with world.lock:
        _PLAYS[found.group(1)](world, found.group(2) or found.group(3) or "")


def described() -> list[tuple[str, str]]:
    """Return (name, what it does) of every scenario."""
    return [(name, (act.__doc__ or "").splitlines()[0]) for name, act in sorted(_PLAYS.items())]


def _scenario(name: str) -> Callable[[Play], Play]:
    def register(act: Play) -> Play:
        _PLAYS[name] = act
        return act

    return register


def _count(text: str) -> int:
    if not re.fullmatch("[1-9][0-9]{0,5}", text):
        raise ScenarioError(f"{text!r} is no number from 1 to 999999")
    return int(text)


def _action(text: str) -> str:
    if not re.fullmatch("[a-z0-9-]+:[A-Za-z0-9]+", text):
        raise ScenarioError(f"{text!r} is no IAM action such as ses:GetAccount")
    return text


def _main(world: World) -> SesRegion:
    return world.ses(world.settings.account, world.settings.region)


def _reviewed(world: World, review: Review | None, *, production: bool = False) -> SesRegion:
    """Set what AWS has decided, and keep what the stack has declared."""
    ses = _main(world)
    account = ses.account
    account.production, account.review = production, review
    account.enforcement, account.sending_enabled = "HEALTHY", True
    account.refuse_details, account.activation_reads = False, 0
    account.next_outcome = "GRANTED"
    account.details = None if review is None else account.details or dict(_DETAILS)
    return ses


@_scenario("sandbox")
def sandbox(world: World, _: str) -> None:
    """A fresh account: nothing was ever asked for."""
    _reviewed(world, None)


@_scenario("pending")
def pending(world: World, outcome: str) -> None:
    """The request is under review; with an argument it ends so after the review's delay."""
    if outcome.upper() not in {"", *_OUTCOMES}:
        raise ScenarioError(f"pending ends as {', '.join(_OUTCOMES).lower()}, not as {outcome!r}")
    ses = _reviewed(world, Review("PENDING", _CASE))
    if outcome:
        ses.account.next_outcome = outcome.upper()
        ses.account.review = new_review(world, ses)


@_scenario("denied-open-case")
def denied_open_case(world: World, _: str) -> None:
    """DENIED, while the case waits for the customer's answer: a new request is refused (409)."""
    _reviewed(world, Review("DENIED", _CASE, open_case=True))


@_scenario("denied-closed")
def denied_closed(world: World, _: str) -> None:
    """DENIED and the case is closed: a new request is taken."""
    _reviewed(world, Review("DENIED"))


@_scenario("failed")
def failed(world: World, _: str) -> None:
    """AWS never got the request: it may be sent again."""
    _reviewed(world, Review("FAILED"))


@_scenario("granted-not-active")
def granted_not_active(world: World, reads: str) -> None:
    """GRANTED with the flag still false: for ever, or for so many reads."""
    wanted = _count(reads) if reads else None
    _reviewed(world, Review("GRANTED", _CASE)).account.activation_reads = wanted


@_scenario("production")
def production(world: World, _: str) -> None:
    """Production access."""
    _reviewed(world, Review("GRANTED", _CASE), production=True)


@_scenario("probation")
def probation(world: World, _: str) -> None:
    """Production access, and AWS reviews the account's sending."""
    _reviewed(world, Review("GRANTED", _CASE), production=True).account.enforcement = "PROBATION"


@_scenario("shutdown")
def shutdown(world: World, _: str) -> None:
    """Production access, and AWS has paused the account's sending."""
    account = _reviewed(world, Review("GRANTED", _CASE), production=True).account
    account.enforcement, account.sending_enabled = "SHUTDOWN", False


@_scenario("throttled")
def throttled(world: World, calls: str) -> None:
    """The next calls to SES (3, or the argument) are throttled, sending excepted."""
    world.faults.throttle = _count(calls) if calls else 3


@_scenario("access-denied")
def access_denied(world: World, action: str) -> None:
    """The caller may not do an IAM action (ses:GetAccount, or the argument)."""
    world.faults.denied.add(_action(action or "ses:GetAccount"))


@_scenario("timeout-after-commit")
def timeout_after_commit(world: World, action: str) -> None:
    """An action (ses:PutAccountDetails, or the argument) is done; its answer gets lost, once."""
    world.faults.lost.add(_action(action or "ses:PutAccountDetails"))


@_scenario("conflict-empty")
def conflict_empty(world: World, _: str) -> None:
    """Every request for production access is refused with 409 and no message."""
    _main(world).account.refuse_details = True


@_scenario("wrong-region")
def wrong_region(world: World, region: str) -> None:
    """SES stands in another Region (us-east-1, or the argument) than the configuration says."""
    settings = world.settings
    moved = world.regions.pop((settings.account, settings.region), None)
    if moved is None or not moved.identities:
        raise ScenarioError("wrong-region: there is no identity to move; deploy first")
    moved.region = region or "us-east-1"
    world.regions[settings.account, moved.region] = moved


@_scenario("other-account")
def other_account(world: World, account: str) -> None:
    """The credentials are another account's from now on."""
    for key in world.access_keys:
        world.access_keys[key] = account or OTHER_ACCOUNT


@_scenario("mail-from-failed")
def mail_from_failed(world: World, _: str) -> None:
    """MAIL FROM was not found for 72 hours: FAILED until it is put again."""
    declared = [each.mail_from for each in _main(world).identities.values() if each.mail_from]
    for mail_from in declared:
        mail_from.status, mail_from.since = "FAILED", world.clock.now()
    world.mail_from_fails = not declared  # then the first that is put


@_scenario("queue-cut")
def queue_cut(world: World, part: str) -> None:
    """The queue of bounces (or of the argument) no longer admits its topic."""
    settings = world.settings
    subscriptions = sns_backends[settings.account][settings.region].subscriptions.values()
    wanted = part or "bounce"
    arns = {s.endpoint for s in subscriptions if s.protocol == "sqs" and wanted in s.endpoint}
    queues = [queue for arn in arns if (queue := find_queue(arn)) is not None]
    if not queues:
        raise ScenarioError(f"queue-cut: no subscribed queue has {wanted!r} in its name")
    for queue in queues:
        queue.policy = None


@_scenario("partial-stack")
def partial_stack(world: World, _: str) -> None:
    """A destroy that stopped half-way: event destinations and their topics are gone."""
    ses = _main(world)
    destinations = [d for s in ses.sets.values() for d in s.destinations.values()]
    topics = {d["SnsDestination"]["TopicArn"] for d in destinations if "SnsDestination" in d}
    if not topics:
        raise ScenarioError("partial-stack: there is no event destination; deploy first")
    for known in ses.sets.values():
        known.destinations.clear()
    backend = sns_backends[ses.account_id][ses.region]
    for arn in topics & backend.topics.keys():
        backend.delete_topic(arn)
