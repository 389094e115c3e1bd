"""SendEmail: the rules of the sandbox, quotas and rates, and what follows from a mail."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable

from rehearsal.aws import metrics
from rehearsal.aws.account import advance_review, sent_last_24_hours
from rehearsal.aws.errors import AwsError, bad_request
from rehearsal.aws.events import Mail, record
from rehearsal.aws.identities import sender_of, set_exists
from rehearsal.aws.message import Draft, read
from rehearsal.aws.operations import Call, operation
from rehearsal.aws.simulator import Fate, fate_of, is_simulator
from rehearsal.aws.state import Identity, Sent, SesRegion
from rehearsal.aws.topics import RefusedError, publish_for_ses
from rehearsal.aws.verification import verify
from rehearsal.aws.world import Letter, World


@operation("sesv2", "SendEmail")
def send_email(call: Call) -> dict[str, str]:
    """Send a mail, or say why SES does not: the first rule that is broken is told."""
    world, ses, draft = call.world, call.ses, read(call.params)
    advance_review(world, ses)
    identity = _sender(world, ses, draft)
    set_name = draft.configuration_set or (identity.configuration_set if identity else None)
    _check_switches(ses, set_name, default=not draft.configuration_set)
    if identity is None or not identity.verified:
        _reject_unverified(ses, [draft.sender])
    else:
        _check_mail_from(identity)
    if not ses.account.production:
        _reject_unverified(ses, (r for r in draft.recipients if not _may_receive(ses, r)))
    _check_quota(world, ses)
    if identity is None:
        raise AssertionError("an unverified sender was rejected above")
    mail = _accept(world, ses, draft, identity, set_name or "")
    for recipient in mail.destination:
        _carry(world, ses, mail, recipient)
    return {"MessageId": mail.message_id}


def _sender(world: World, ses: SesRegion, draft: Draft) -> Identity | None:
    for known in ses.identities.values():
        verify(world, ses, known)
    return sender_of(ses, draft.sender)


def _check_switches(ses: SesRegion, set_name: str | None, *, default: bool) -> None:
    """Raise for a set that is gone or off, and for an account that may not send."""
    if ses.account.enforcement == "SHUTDOWN":
        text = "Sending suspended for this account. For more information, please check the inbox "
        text += "of the email address associated with your AWS account."
        raise AwsError("AccountSuspendedException", text)
    if not ses.account.sending_enabled:
        raise AwsError("SendingPausedException", "Email sending is disabled for your AWS account.")
    if not set_name:
        return
    if default and set_name not in ses.sets:
        raise bad_request(f"Configuration set <{set_name}> does not exist.")
    set_exists(ses, set_name)
    if not ses.sets[set_name].options.get("SendingOptions", {}).get("SendingEnabled", True):
        text = f"Email sending is disabled for the configuration set <{set_name}>."
        raise AwsError("SendingPausedException", text)


def _reject_unverified(ses: SesRegion, addresses: Iterable[str]) -> None:
    failed = list(addresses)
    if failed:
        raise AwsError(
            "MessageRejected",
            "Email address is not verified. The following identities failed the check in "
            f"region {ses.region.upper()}: {', '.join(failed)}",
        )


def _check_mail_from(identity: Identity) -> None:
    mail_from = identity.mail_from
    if mail_from is None or mail_from.behavior != "REJECT_MESSAGE":
        return
    if mail_from.status != "SUCCESS":
        text = f"The custom MAIL FROM domain {mail_from.domain} is not verified."
        raise AwsError("MailFromDomainNotVerifiedException", text)


def _may_receive(ses: SesRegion, address: str) -> bool:
    """In the sandbox: the simulator, verified addresses, any address at a verified domain."""
    identity = sender_of(ses, address)
    return is_simulator(address) or (identity is not None and identity.verified)


def _check_quota(world: World, ses: SesRegion) -> None:
    """Raise when the second or the day is full; one mail may go over, as in SES."""
    now = world.clock.now()
    second = [s.recipients for s in ses.sent if now - s.at < dt.timedelta(seconds=1)]
    if sum(second) >= ses.account.max_send_rate:
        raise AwsError("TooManyRequestsException", "Maximum sending rate exceeded.", 429)
    if sent_last_24_hours(world, ses) >= ses.account.max_24_hour_send:
        raise AwsError("LimitExceededException", "Daily message quota exceeded.")


def _accept(world: World, ses: SesRegion, draft: Draft, identity: Identity, set_name: str) -> Mail:
    now = world.clock.now()
    simulated = sum(map(is_simulator, draft.recipients))
    counted = len(draft.recipients) - simulated
    for recipients, is_counted in ((counted, True), (simulated, False)):
        if recipients:
            ses.sent.append(Sent(now, recipients, is_counted))
    return Mail(
        message_id=f"0101{ses.next_serial():012x}-{uuid.uuid4()}-000000",
        sent_at=now,
        source=draft.source,
        source_arn=ses.arn("identity", identity.name),
        account_id=ses.account_id,
        region=ses.region,
        destination=tuple(draft.recipients),
        subject=draft.subject,
        configuration_set=set_name,
        tags=tuple(draft.tags),
    )


def _carry(world: World, ses: SesRegion, mail: Mail, recipient: str) -> None:
    """Bring a mail to one recipient: its events, its numbers, and the mail itself."""
    fate = fate_of(ses, recipient, _suppressed_reasons(ses, mail), world.recipients)
    for event in ("SEND", *fate.events):
        text = record(mail, event, recipient, fate, world.clock.now())
        _publish(world, ses, mail, event, text)
    metrics.count(ses, fate, simulated=is_simulator(recipient))
    if "DELIVERY" in fate.events and not is_simulator(recipient):
        world.letters.append(Letter(to=recipient, subject=mail.subject, text=mail.message_id))
    if not is_simulator(recipient) and fate in {Fate.BOUNCED, Fate.COMPLAINED}:
        _suppress(ses, mail, recipient, fate)


def _suppressed_reasons(ses: SesRegion, mail: Mail) -> list[str]:
    """Return the reasons that hold: the set's where it has any of its own, else the account's."""
    known = ses.sets.get(mail.configuration_set)
    options = known.options.get("SuppressionOptions", {}) if known else {}
    reasons: list[str] = options.get(
        "SuppressedReasons", ses.account.suppression["SuppressedReasons"]
    )
    return reasons


def _suppress(ses: SesRegion, mail: Mail, recipient: str, fate: Fate) -> None:
    reason = "BOUNCE" if fate is Fate.BOUNCED else "COMPLAINT"
    if reason in _suppressed_reasons(ses, mail):
        ses.suppressed[recipient.lower()] = {
            "EmailAddress": recipient.lower(),
            "Reason": reason,
            "LastUpdateTime": mail.sent_at,
            "Attributes": {"MessageId": mail.message_id},
        }


def _publish(world: World, ses: SesRegion, mail: Mail, event: str, text: str) -> None:
    """Publish an event to each enabled SNS destination of the set; refused is lost, as in SES."""
    known = ses.sets.get(mail.configuration_set)
    if known is None:
        return
    for destination in known.destinations.values():
        wanted = destination["Enabled"] and event in destination["MatchingEventTypes"]
        if not wanted or "SnsDestination" not in destination:
            continue
        topic_arn = destination["SnsDestination"]["TopicArn"]
        set_arn = ses.arn("configuration-set", known.name)
        try:
            publish_for_ses(world, topic_arn, ses, set_arn, text)
        except RefusedError as error:
            world.lost_events.append(f"{event} of {mail.message_id}: {error}")
