"""The journey of jobmatch.zip out of the sandbox, step by step, as far as the tool is built.

A later command joins as one more Step in JOURNEY, and leaves NOT_BUILT.
"""

from __future__ import annotations

import time
from collections.abc import Sequence

from checks.verdict import EXIT_READY
from rehearsal.journey_dns import NS1, NS2, PARENT, RESOLVER, hosts
from rehearsal.journey_stage import ALARM_EMAIL, Stage
from rehearsal.journey_tell import Teller
from rehearsal.steps import Aws, Check, Say, Step
from rehearsal.steps_world import ClickTheLink, Deploy, Publish, SaveOutputs, TellServers, Wait

__all__ = ["JOURNEY", "LEGEND", "NS1", "NS2", "PARENT", "RESOLVER", "hosts", "travel"]

LEGEND = """\
Below "$" stands what you would type. Two things are added here that you leave out with a domain of
your own: the environment leads `aws` and `pulumi` to emulated AWS (the calls of `aws` are made with
boto3, so that it need not be installed), and `checks.dns` gets --nameserver and --dns-port."""

INTRODUCTION = f"""\
jobmatch.zip wants to send one-time codes and password resets through Amazon SES. This is the way
there, on this machine alone: no AWS account, no network. AWS is emulated, the DNS servers are real
and on loopback, everything else is the code that runs against the real ones.

{LEGEND}"""

NOT_BUILT = (
    "Not built yet, and therefore not rehearsed: test mails (checks.probe), the gate "
    "(checks.readiness), the request and its status (checks.request)."
)

IDENTITY_STATE = (
    "{Verified: VerifiedForSendingStatus, Dkim: DkimAttributes.Status, "
    "MailFrom: MailFromAttributes.MailFromDomainStatus}"
)
ACCOUNT_STATE = (
    "{ProductionAccess: ProductionAccessEnabled, Review: Details.ReviewDetails, "
    "Enforcement: EnforcementStatus, Sending: SendingEnabled, Quota: SendQuota}"
)

START = Step(
    title="Start emulated AWS and DNS",
    why="In life both are there already: an AWS account, and a DNS host that serves your domain.",
    acts=(TellServers(),),
)
DECLARE = Step(
    title="Declare the sender",
    why="One command creates in AWS what a sender needs: the domain as an SES identity, the ways "
    "by which bounces and complaints come back, alarms, and policies.",
    acts=(Deploy(),),
)
CONFIRM = Step(
    title="Confirm the alarm mail",
    why="AWS mails an alarm only to somebody who has followed a link once; without it nobody is "
    "woken.",
    acts=(
        ClickTheLink(),
        Aws(
            service="sns",
            operation="list-subscriptions-by-topic",
            parameters={"TopicArn": "{topicArns[alarm]}"},
            query="Subscriptions[].[Endpoint, SubscriptionArn]",
            told=(ALARM_EMAIL,),
        ),
    ),
)
PUBLISH = Step(
    title="Publish the DNS records",
    why="The records prove to SES and to every receiver that SES may send as jobmatch.zip: DKIM "
    "(a signature), SPF (who sends), DMARC (what to do with forgeries).",
    acts=(
        SaveOutputs(),
        Check(
            arguments=("--stack", "stack.json", "--records", "table"),
            code=EXIT_READY,
            told=("_domainkey", "bounce", "_dmarc"),
        ),
        Publish(),
    ),
)
READ_IDENTITY = Aws(
    service="sesv2",
    operation="get-email-identity",
    parameters={"EmailIdentity": "{domain}"},
    query=IDENTITY_STATE,
)
SES_LOOKS = Wait(1, "SES looks by itself, within minutes to 72 hours.")
VERIFIED = Aws(
    service="sesv2",
    operation="get-email-identity",
    parameters={"EmailIdentity": "{domain}"},
    query=IDENTITY_STATE,
    told=('"Verified": true', '"Dkim": "SUCCESS"', '"MailFrom": "SUCCESS"'),
)
VERIFY = Step(
    title="Let SES verify the domain",
    why="SES asks the DNS for the records; until it has seen them it sends nothing.",
    acts=(READ_IDENTITY, SES_LOOKS, VERIFIED),
)
CHECKED = Check(
    arguments=("--stack", "stack.json", "--aws"), code=EXIT_READY, told=("ready: jobmatch.zip",)
)
CHECK = Step(
    title="Check what receivers will see",
    why="sesgate asks every name server of the domain, judges each record by the rules of SPF, "
    "DKIM and DMARC, and compares it with what SES expects of this identity.",
    acts=(
        CHECKED,
        Aws(
            service="sesv2",
            operation="get-account",
            query=ACCOUNT_STATE,
            told=('"ProductionAccess": false',),
        ),
        Say(
            "The domain is ready. The account is still in the SES sandbox: mail goes to verified "
            "addresses alone, 200 a day, until AWS grants production access."
        ),
    ),
)

JOURNEY = (START, DECLARE, CONFIRM, PUBLISH, VERIFY, CHECK)


def travel(stage: Stage, teller: Teller, steps: Sequence[Step] = JOURNEY) -> None:
    """Go the whole way and tell it. Raises NotAsDueError and DeployError."""
    started = time.monotonic()
    teller.note(INTRODUCTION)
    for number, step in enumerate(steps, 1):
        step.numbered(number, len(steps)).run(stage, teller)
    teller.note(f"\nThe whole way took {time.monotonic() - started:.1f} s. {NOT_BUILT}")
