"""Days on which AWS does not say what it was asked, or says it of something else."""

from __future__ import annotations

from checks.verdict import EXIT_NOT_READY, EXIT_UNDETERMINED
from rehearsal.journey import CHECKED, READ_IDENTITY, SES_LOOKS
from rehearsal.scenarios_day import Day
from rehearsal.steps import Aws, Check, Say

LIVE = ("--stack", "stack.json", "--aws")
WHO = Aws(service="sts", operation="get-caller-identity", query="Account")


ACCESS_DAYS = (
    Day(
        name="access-denied",
        title="the role of the checks may not read the identity",
        meaning="IAM refuses one read. What could not be read is unknown: neither right nor wrong.",
        play="access-denied:ses:GetEmailIdentity",
        acts=(
            Check(
                arguments=LIVE,
                code=EXIT_UNDETERMINED,
                told=("undetermined: jobmatch.zip", "ses:GetEmailIdentity"),
            ),
        ),
        advice="checks.dns ends undetermined (3), never ready. Attach the policy of the stack "
        "(`pulumi stack output gatePolicyArn`) to the role that runs the checks, or give the "
        "identity as a file: --identity FILE.",
    ),
    Day(
        name="throttled",
        title="SES throttles the reads",
        meaning="SES takes one call a second, from everybody in the account together. The check "
        "tries three times, then says what it could not read.",
        play="throttled:3",
        acts=(
            Check(
                arguments=LIVE, code=EXIT_UNDETERMINED, told=("SES throttled ses:GetEmailIdentity",)
            ),
            Say("A moment later, the same command:"),
            CHECKED,
        ),
        advice="Run again: undetermined (3) is not a verdict on the domain.",
    ),
    Day(
        name="wrong-region",
        title="the identity stands in another Region than the configuration says",
        meaning="Each Region of SES is a world of its own: identities, sandbox and quotas do not "
        "cross.",
        play="wrong-region:us-east-1",
        acts=(
            Check(
                arguments=LIVE,
                code=EXIT_NOT_READY,
                told=("ses-identity-verified", "has no identity jobmatch.zip", "--region"),
            ),
            Aws(
                service="sesv2",
                operation="list-email-identities",
                query="EmailIdentities[].IdentityName",
                region="us-east-1",
                told=("jobmatch.zip",),
            ),
        ),
        advice="Decide for one Region and keep to it: `pulumi config set aws:region` for the stack "
        "that has the identity, or `pulumi up` where it is missing. Production access is asked for "
        "in that Region.",
    ),
    Day(
        name="other-account",
        title="the credentials belong to another account",
        meaning="A profile was switched, and nobody noticed: everything is readable, and nothing "
        "is there.",
        play="other-account",
        acts=(
            WHO,
            Check(
                arguments=LIVE,
                code=EXIT_NOT_READY,
                told=("ses-identity-verified", "210987654321"),
            ),
        ),
        advice="Take the profile of the account that the stack names (`pulumi stack output "
        "accountId`): `export AWS_PROFILE=…`, then run again.",
    ),
    Day(
        name="mail-from-failed",
        title="SES gave up on the MAIL FROM domain",
        meaning="For 72 hours SES found no MX at bounce.jobmatch.zip, and it does not look again "
        "by itself. It sends on with a MAIL FROM of its own, and SPF no longer aligns.",
        play="mail-from-failed",
        acts=(
            READ_IDENTITY,
            Check(arguments=LIVE, code=EXIT_NOT_READY, told=("ses-mail-from-verified", "FAILED")),
            Say("The MX stands. SES is told to look again, with the command that the check gives:"),
            Aws(
                service="sesv2",
                operation="put-email-identity-mail-from-attributes",
                parameters={"EmailIdentity": "{domain}", "MailFromDomain": "{mailFromDomain}"},
            ),
            SES_LOOKS,
            CHECKED,
        ),
        advice="checks.dns judges it. Once the MX stands, tell SES to look again with the command "
        "above.",
    ),
)
