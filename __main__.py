"""The Pulumi program: settings, components, outputs."""

import pulumi

from infra.account_defaults import AccountDefaults
from infra.alarms import Alarms, AlarmsArgs
from infra.config import load_settings
from infra.configuration_set import ConfigurationSet, ConfigurationSetArgs
from infra.dns_plan import dns_plan
from infra.exports import Built, export
from infra.feedback import Feedback, FeedbackArgs
from infra.place import Place, resource_name
from infra.provider import aws_provider
from infra.sender import Sender, SenderArgs
from infra.sending_domain import SendingDomain, SendingDomainArgs
from infra.signing_zone import signing_zone
from infra.zone import publish

settings = load_settings()
name = resource_name(settings.domain)
place = Place(account_id=settings.aws_account_id, region=settings.region)
opts = pulumi.ResourceOptions(provider=aws_provider(settings))

feedback = Feedback(name, FeedbackArgs(place, name, settings.alarm_email), opts)
sending = ConfigurationSet(name, ConfigurationSetArgs(name, settings, feedback), opts)
domain = SendingDomain(name, SendingDomainArgs(settings, sending), opts)
sender = Sender(name, SenderArgs(settings, place, name, feedback), opts)
alarms = Alarms(name, AlarmsArgs(settings.daily_volume, feedback), opts)
defaults = AccountDefaults(name, opts)

hosted_zone = signing_zone(settings, domain.identity)
records = dns_plan(settings, domain.dkim_tokens, hosted_zone)
rest = [feedback, sending, domain, sender, alarms, defaults]
publish(name, settings.hosted_zone_id, records, rest, opts)

export(Built(settings, feedback, sending, domain, sender, alarms, hosted_zone, records))
