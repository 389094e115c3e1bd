"""The answer of SES GetEmailIdentity, out of the JSON that the AWS command line prints."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from checks.dns.domain import DomainError, normalise_host
from checks.dns.expectation import EASY_DKIM, Identity
from checks.dns.names import NameSyntaxError, parse_name
from checks.errors import UsageError

_TOKEN = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?", re.ASCII)
_WORD = re.compile(r"[A-Za-z0-9_]{1,64}", re.ASCII)  # the API's enums
MAX_TOKENS = 10  # the API gives three
_SHOWN = 60
COMMAND = "aws sesv2 get-email-identity --email-identity DOMAIN --output json"


def token_problem(token: str) -> str:
    """Return why ``token`` is no DKIM token or selector, empty where it is one.

    It becomes one label of a host name: letters, digits and inner hyphens (RFC 1035 §2.3.1).
    """
    if _TOKEN.fullmatch(token):
        return ""
    return f"{_found(token)} is no DKIM token: 1 to 63 letters, digits, inner hyphens"


def tokens_problem(tokens: tuple[str, ...]) -> str:
    """Return what is wrong with a list of tokens, empty where nothing is."""
    if len(tokens) > MAX_TOKENS:
        return f"{len(tokens)} tokens; SES gives three"
    problems = [problem for token in tokens if (problem := token_problem(token))]
    if not problems and len({token.lower() for token in tokens}) < len(tokens):
        problems.append("a token is listed twice")
    return "; ".join(problems)


def identity_from_json(answer: object) -> Identity:
    """Return the identity in the decoded JSON of GetEmailIdentity. Null counts as absent.

    Raises UsageError that names every field of a wrong shape. Source: SESv2 GetEmailIdentity.
    """
    if not isinstance(answer, Mapping):
        raise UsageError([f"a JSON object is expected, found {_found(answer)}; save {COMMAND}"])
    reading = _Reading(answer)
    identity = _read(reading)
    if not any(key in answer for key in ("VerifiedForSendingStatus", "DkimAttributes")):
        reading.problems.insert(0, f"this is no answer of GetEmailIdentity; save {COMMAND}")
    if reading.word("IdentityType") == "EMAIL_ADDRESS":
        reading.problems.append(
            "IdentityType: EMAIL_ADDRESS is the identity of one address; give that of the domain"
        )
    if reading.problems:
        raise UsageError(dict.fromkeys(reading.problems))
    return identity


def _read(reading: _Reading) -> Identity:
    soa = "VerificationInfo.SOARecord"
    return Identity(
        verified_for_sending=reading.flag("VerifiedForSendingStatus"),
        verification_status=reading.word("VerificationStatus"),
        error_type=reading.word("VerificationInfo.ErrorType"),
        dkim_status=reading.word("DkimAttributes.Status"),
        signing_enabled=reading.flag("DkimAttributes.SigningEnabled"),
        origin=reading.word("DkimAttributes.SigningAttributesOrigin") or EASY_DKIM,
        tokens=reading.tokens("DkimAttributes.Tokens"),
        signing_hosted_zone=reading.host("DkimAttributes.SigningHostedZone"),
        current_key_length=reading.word("DkimAttributes.CurrentSigningKeyLength"),
        next_key_length=reading.word("DkimAttributes.NextSigningKeyLength"),
        mail_from_domain=reading.host("MailFromAttributes.MailFromDomain"),
        mail_from_status=reading.word("MailFromAttributes.MailFromDomainStatus"),
        behavior_on_mx_failure=reading.word("MailFromAttributes.BehaviorOnMxFailure"),
        soa_mname=reading.name(f"{soa}.PrimaryNameServer"),
        soa_serial=reading.number(f"{soa}.SerialNumber"),
        configuration_set=reading.text("ConfigurationSetName"),
    )


class _Reading:
    """Reads fields by path and collects what is wrong with them."""

    def __init__(self, answer: Mapping[Any, Any]) -> None:
        self.answer = answer
        self.problems: list[str] = []

    def text(self, path: str) -> str:
        value = self._value(path)
        if value is None:
            return ""
        if not isinstance(value, str):
            self._wrong(path, "text", value)
            return ""
        return value

    def word(self, path: str) -> str:
        value = self.text(path)
        if value and not _WORD.fullmatch(value):
            self._wrong(path, "a word of the API", value)
            return ""
        return value

    def flag(self, path: str) -> bool | None:
        value = self._value(path)
        if value is None or isinstance(value, bool):
            return value
        self._wrong(path, "true or false", value)
        return None

    def number(self, path: str) -> int | None:
        value = self._value(path)
        if value is None or (isinstance(value, int) and not isinstance(value, bool)):
            return value
        self._wrong(path, "a whole number", value)
        return None

    def host(self, path: str) -> str | None:
        value = self.text(path)
        if not value:
            return None
        try:
            return normalise_host(value, path)
        except DomainError as error:
            self.problems.append(str(error))
            return None

    def name(self, path: str) -> str:
        value = self.text(path)
        try:
            return parse_name(value) if value else ""
        except NameSyntaxError as error:
            self.problems.append(f"{path}: {_found(value)} is no name: {error}")
            return ""

    def tokens(self, path: str) -> tuple[str, ...]:
        value = self._value(path)
        if value is None:
            return ()
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            self._wrong(path, "a list of text", value)
            return ()
        problem = tokens_problem(tuple(value))
        if problem:
            self.problems.append(f"{path}: {problem}")
        return tuple(value)

    def _value(self, path: str) -> object:
        value: object = self.answer
        walked: list[str] = []
        for key in path.split("."):
            if value is None:
                return None
            if not isinstance(value, Mapping):
                self._wrong(".".join(walked), "an object", value)
                return None
            value = value.get(key)
            walked.append(key)
        return value

    def _wrong(self, path: str, expected: str, value: object) -> None:
        self.problems.append(f"{path}: {expected} expected, found {_found(value)}")


def _found(value: object) -> str:
    text = "null" if value is None else ascii(value)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}..."
