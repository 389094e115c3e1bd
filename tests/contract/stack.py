"""The outputs of a good stack, as ``pulumi stack output --json`` prints them."""

from __future__ import annotations

from typing import Any

_ARN = "arn:aws:{service}:us-west-2:123456789012:{name}"
_QUEUE = "https://sqs.us-west-2.amazonaws.com/123456789012/{name}"
_QUEUES = ("bounce", "complaint", "delivery", "probe")

STACK: dict[str, Any] = {
    "domain": "jobmatch.zip",
    "region": "us-west-2",
    "accountId": "123456789012",
    "identityArn": _ARN.format(service="ses", name="identity/jobmatch.zip"),
    "mailFromDomain": "bounce.jobmatch.zip",
    "configurationSetName": "jobmatch-mail",
    "dkimTokens": ["t1", "t2", "t3"],
    "dkimSigningHostedZone": "a31d.dkim.us-west-2.amazonses.com",
    "dnsRecords": [
        {
            "name": "bounce.jobmatch.zip.",
            "type": "MX",
            "ttl": 3600,
            "values": ["10 feedback-smtp.us-west-2.amazonses.com."],
        }
    ],
    "topicArns": {
        key: _ARN.format(service="sns", name=key)
        for key in ("bounce", "complaint", "delivery", "alarm")
    },
    "queueUrls": {key: _QUEUE.format(name=key) for key in _QUEUES},
    "deadLetterQueueUrls": {key: _QUEUE.format(name=f"{key}-dead") for key in _QUEUES},
    "alarmNames": ["bounce-warn"],
    "sendingPolicyArn": "arn:aws:iam::123456789012:policy/send",
    "gatePolicyArn": "arn:aws:iam::123456789012:policy/gate",
    "kmsKeyArn": _ARN.format(service="kms", name="key/1"),
    "fromAddresses": ["no-reply@jobmatch.zip"],
    "hostedZoneId": None,
    "dkim": "easy",
    "feedbackForwarding": False,
    "codeLifetimeSeconds": 600,
    "dailyVolume": 1000,
}
