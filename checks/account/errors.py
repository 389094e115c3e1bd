"""From what boto3 raises to one line that says what to do."""

from __future__ import annotations

import re

from botocore import exceptions as aws
from botocore.exceptions import BotoCoreError, ClientError
from botocore.parsers import ResponseParserError

# Both styles of IAM: "perform: ses:GetAccount on resource: *", "perform `ses:X' on resource `arn'".
_DENIED = re.compile(
    r"perform:? [`']?(?P<action>[a-z0-9-]+:[A-Za-z]+)'?(?: on resource:? [`']?(?P<on>[^\s'`]+))?"
)
MAX_SHOWN = 200  # characters of a text from AWS

# What boto3 raises for what AWS, the network and this machine do. ValueError and OSError: endpoints
# and files of the configuration that cannot be used.
FAILURES = (BotoCoreError, ClientError, ResponseParserError, ValueError, OSError)

ACCESS_DENIED = {"AccessDenied", "AccessDeniedException", "AuthorizationError"}
THROTTLED = {"TooManyRequestsException", "Throttling", "ThrottlingException"}
EXPIRED = {"ExpiredToken", "ExpiredTokenException", "RequestExpired"}
UNKNOWN_KEY = {"InvalidClientTokenId", "UnrecognizedClientException"}
SIGNATURE = {"SignatureDoesNotMatch", "InvalidSignatureException"}
NOT_FOUND = "NotFoundException"

LOG_IN = "log in again, for example `aws sso login`"


def code_of(error: Exception) -> str:
    """Return the error code of AWS, empty for an error on this side."""
    if isinstance(error, ClientError):
        return str(error.response.get("Error", {}).get("Code", ""))
    return ""


def explain_error(error: Exception, action: str, region: str) -> str:
    """Return why the call of ``action`` (an IAM action) failed, and what to do."""
    if isinstance(error, ClientError):
        return _refused(error, action, region)
    return _local(error, region)


def is_final(error: Exception) -> bool:
    """Return whether every other call of this session would fail too."""
    codes = EXPIRED | UNKNOWN_KEY | SIGNATURE
    return not isinstance(error, ClientError) or code_of(error) in codes


def _refused(error: ClientError, action: str, region: str) -> str:
    code = code_of(error)
    if code in ACCESS_DENIED:
        return _denied(message_of(error), action)
    if code in THROTTLED:
        return f"SES throttled {action} (one call a second is allowed): run again"
    if code in EXPIRED:
        return f"the AWS credentials have expired ({code}): {LOG_IN}"
    if code in UNKNOWN_KEY:
        return f"AWS does not know the access key, or {region} is not enabled for it ({code})"
    if code in SIGNATURE:
        return f"AWS refused the signature ({code}): check the secret key and this clock"
    return f"{action} failed: {code}: {message_of(error)}"


def _denied(message: str, action: str) -> str:
    found = _DENIED.search(message)
    action = found["action"] if found else action
    on = f" on {found['on']}" if found and found["on"] else ""
    if "service control policy" in message:
        return f"a service control policy of the organization denies {action}{on}"
    if "explicit deny" in message:
        return f"a policy denies {action}{on} explicitly"
    return f"access denied: the credentials need the IAM action {action}{on}"


def message_of(error: ClientError) -> str:
    """Return the message of AWS, on one line and cut."""
    text = str(error.response.get("Error", {}).get("Message", ""))
    return " ".join(text.split())[:MAX_SHOWN]


def _local(error: Exception, region: str) -> str:
    match error:
        case aws.NoCredentialsError():
            return "no AWS credentials were found (environment, profile files, container)"
        case aws.PartialCredentialsError() | aws.ProfileNotFound():
            return f"the AWS credentials are incomplete: {_text(error)}"
        case aws.UnauthorizedSSOTokenError() | aws.TokenRetrievalError() | aws.SSOError():
            return f"the AWS sign-in has expired: {LOG_IN}"
        case aws.ConnectTimeoutError() | aws.ReadTimeoutError():
            return f"AWS in {region} did not answer in time: {_text(error)}"
        case aws.HTTPClientError() | aws.ConnectionError():
            return f"AWS in {region} cannot be reached: {_text(error)}"
        case ResponseParserError():
            return f"what answered in the place of AWS in {region} is not AWS: see AWS_ENDPOINT_URL"
        case BotoCoreError():
            return f"AWS could not be asked: {_text(error)}"
        case _:
            return f"the AWS configuration cannot be used: {_text(error)}"


def _text(error: Exception) -> str:
    return " ".join(str(error).split())[:MAX_SHOWN]
