"""One value of a setting: from what a file or the engine gives to what the program uses.

Every reader takes any value and raises ValueError that says what is wrong and what was found.
"""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Callable, Sequence
from typing import cast

from contract.hostname import address_problem, host_problem, label_problem
from contract.keys import KeyFormatError, private_key
from contract.ses import SELECTOR_MAX, region_problem

_ACCOUNT = re.compile(r"[0-9]{12}", re.ASCII)
_ZONE_ID = re.compile(r"Z[A-Z0-9]{1,31}", re.ASCII)  # Route 53 API, ResourceId
_SELECTOR = re.compile(rf"[A-Za-z0-9-]{{1,{SELECTOR_MAX}}}", re.ASCII)
_MAX_LIST = 50
_SHOWN = 60


def shown(value: object) -> str:
    """Return a value as it is shown in a message: quoted and cut."""
    text = repr(value)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


def text(value: object) -> str:
    """Return text without white space around it; a list, an object or a flag is none."""
    if not isinstance(value, str):
        raise ValueError(f"text is expected, found {shown(value)}")  # noqa: TRY004 - as all readers
    stripped = value.strip()
    if not stripped:
        raise ValueError("is empty")
    return stripped


def host(value: object) -> str:
    """Return a host name, lower-case without trailing dot."""
    name = text(value).removesuffix(".").lower()
    problem = host_problem(name)
    if problem:
        raise ValueError(f"{shown(name)} {problem}{_a_label_hint(name)}")
    return name


def domain(value: object) -> str:
    """Return the domain to send from: bare, without scheme or path."""
    name = text(value)
    if "://" in name or "/" in name:
        raise ValueError(f"{shown(name)} is a URL; give the bare domain")
    return host(name)


def _a_label_hint(name: str) -> str:
    if name.isascii():
        return ""
    import idna

    try:
        return f"; write it as {idna.encode(name, uts46=True).decode('ascii')}"
    except (idna.IDNAError, UnicodeError):
        return ""


def label(value: object) -> str:
    """Return the one label that MAIL FROM has below the domain."""
    name = text(value).lower()
    if name == "@":
        raise ValueError("'@' makes the domain itself the MAIL FROM; SES needs a subdomain")
    if "." in name:
        raise ValueError(f"{shown(name)} has a dot; one label is expected, without the domain")
    problem = "holds a wildcard (*)" if "*" in name else label_problem(name)
    if problem:
        raise ValueError(f"{shown(name)} {problem}")
    return name


def account_id(value: object) -> str:
    """Return a 12-digit account id. YAML reads bare digits as a number and drops leading zeros."""
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    number = text(value)
    if not _ACCOUNT.fullmatch(number):
        raise ValueError(
            f"{shown(number)} is no account id: 12 digits are expected, in quotes in a YAML file"
        )
    return number


def region(value: object) -> str:
    """Return a Region of SES."""
    name = text(value)
    problem = region_problem(name)
    if problem:
        raise ValueError(problem)
    return name


def address(value: object) -> str:
    """Return a plain mail address, the host lower-case."""
    found = text(value)
    problem = address_problem(found)
    if problem:
        raise ValueError(f"{shown(found)} {problem}")
    local, _, name = found.rpartition("@")
    return f"{local}@{name.lower()}"


def addresses(value: object) -> tuple[str, ...]:
    """Return mail addresses out of a list, a JSON list as text, or text with commas."""
    items = _items(value)
    if not items:
        raise ValueError("is an empty list")
    if len(items) > _MAX_LIST:
        raise ValueError(f"has {len(items)} entries; at most {_MAX_LIST} are read")
    return tuple(dict.fromkeys(address(item) for item in items))


def _items(value: object) -> Sequence[object]:
    if isinstance(value, list | tuple):
        return value
    found = text(value)
    if not found.startswith("["):
        return found.split(",")
    try:
        items = json.loads(found)
    except (json.JSONDecodeError, RecursionError):
        raise ValueError(f"{shown(found)} is no JSON list") from None
    return cast("list[object]", items)


def flag(value: object) -> bool:
    """Return a flag out of true, false or their text."""
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.strip().lower() in {"true", "false"}:
        return value.strip().lower() == "true"
    raise ValueError(f"true or false is expected, found {shown(value)}")


def whole(low: int, high: int) -> Callable[[object], int]:
    """Return a reader of a whole number from ``low`` to ``high``."""

    def read(value: object) -> int:
        number = _number(value)
        if number is None or not low <= number <= high:
            raise ValueError(
                f"a whole number from {low} to {high} is expected, found {shown(value)}"
            )
        return number

    return read


def _number(value: object) -> int | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value
    if isinstance(value, float) and value.is_integer():
        return int(value)  # the engine's numbers are doubles
    if isinstance(value, str) and re.fullmatch(r"[0-9]{1,12}", value.strip(), re.ASCII):
        return int(value.strip())
    return None


def one_of(*words: str) -> Callable[[object], str]:
    """Return a reader of one of ``words``."""

    def read(value: object) -> str:
        found = text(value)
        if found in words:
            return found
        near = difflib.get_close_matches(found.lower(), words, n=1)
        hint = f"; did you mean {near[0]}?" if near else ""
        raise ValueError(f"{shown(found)} is none of {', '.join(words)}{hint}")

    return read


def zone_id(value: object) -> str:
    """Return the id of a Route 53 zone; the prefix /hostedzone/ is taken off."""
    found = text(value).removeprefix("/hostedzone/")
    if not _ZONE_ID.fullmatch(found):
        raise ValueError(f"{shown(found)} is no Route 53 zone id (Z and capitals or digits)")
    return found


def selector(value: object) -> str:
    """Return a BYODKIM selector (SESv2 DomainSigningSelector)."""
    found = text(value)
    if not _SELECTOR.fullmatch(found):
        raise ValueError(
            f"{shown(found)} is no selector: 1 to {SELECTOR_MAX} letters, digits, hyphens"
        )
    return found


def key(value: object) -> str:
    """Return a BYODKIM private key as SES takes it; messages never hold the key."""
    if not isinstance(value, str):
        raise ValueError("text is expected")  # noqa: TRY004 - as all readers
    found = value.strip()
    try:
        private_key(found)
    except KeyFormatError as error:
        raise ValueError(f"the key {error}") from None
    return found
