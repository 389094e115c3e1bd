"""The resource types that are known."""

from __future__ import annotations

from collections.abc import Mapping

from rehearsal.provider.handler import Handler, ProviderError
from rehearsal.provider.services import (
    cloudwatch,
    destinations,
    iam,
    identity,
    kms,
    route53,
    sending,
    sns,
    sqs,
    subscriptions,
)

HANDLERS: Mapping[str, Handler] = {
    driver.kind: Handler(driver)
    for driver in (
        cloudwatch.MetricAlarm(),
        iam.Policy(),
        identity.EmailIdentity(),
        identity.MailFrom(),
        identity.Feedback(),
        kms.Key(),
        route53.Record(),
        sending.ConfigurationSet(),
        destinations.EventDestination(),
        sending.AccountSuppression(),
        sns.Topic(),
        sns.TopicPolicy(),
        subscriptions.TopicSubscription(),
        sqs.Queue(),
        sqs.QueuePolicy(),
        sqs.RedrivePolicy(),
    )
}


def handler_of(kind: str) -> Handler:
    """Return the handler of a resource type. Raises ProviderError for one that is not known."""
    if kind not in HANDLERS:
        raise ProviderError(
            f"the rehearsal's provider, which is not pulumi-aws, does not know {kind}: add it to "
            f"rehearsal/provider/services. It knows {', '.join(sorted(HANDLERS))}"
        )
    return HANDLERS[kind]
