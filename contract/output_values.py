"""One stack output: its shape, and what is wrong with a value that has another."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from contract.records import DnsRecord

TOPICS = ("bounce", "complaint", "delivery", "alarm")
QUEUES = ("bounce", "complaint", "delivery", "probe")

# What the engine writes for a value that it does not know yet (pulumi sdk, plugin.UnknownString…).
_UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
_SECRET = "[secret]"  # noqa: S105 - the mask of `pulumi stack output`
_SHOWN = 60  # characters of a wrong value

DKIM_MODES = ("easy", "byodkim")


class Reading:
    """Collects the values and every problem of one mapping."""

    def __init__(self, mapping: Mapping[Any, Any]) -> None:
        self.mapping = mapping
        self.problems: list[str] = []

    def value(self, key: str) -> object:
        """Return the value of one output as the program uses it; None where it is wrong."""
        if key not in self.mapping:
            if self._may_be_null(key):
                return None  # the engine leaves out an output that is null
            self.problems.append(f"{key} is missing: {_expected(key)} expected")
            return None
        return self._read(key, self.mapping[key])

    def _read(self, key: str, found: object) -> object:
        if key in _KEYED:
            return self._keyed(key, found, _KEYED[key])
        if key == "dnsRecords":
            return self._records(key, found)
        if key in _LISTS:
            return self._texts(key, found)
        if found is None and self._may_be_null(key):
            return None
        return self._scalar(key, found)

    def _may_be_null(self, key: str) -> bool:
        if key == "dkimSigningHostedZone":
            return self.mapping.get("dkim") == "byodkim"
        return key == "hostedZoneId"

    def _scalar(self, key: str, found: object) -> object:
        if key == "feedbackForwarding":
            good = isinstance(found, bool)
        elif key in _NUMBERS:
            return self._number(key, found)
        else:
            good = _is_text(found) and (key != "dkim" or found in DKIM_MODES)
        if not good:
            self._wrong(key, found)
        return found

    def _number(self, key: str, found: object) -> int | None:
        number = _whole(found)
        if number is None or number < 1:
            self._wrong(key, found)
            return None
        return number

    def _texts(self, key: str, found: object) -> tuple[str, ...]:
        if not isinstance(found, list) or not found or not all(_is_text(item) for item in found):
            self._wrong(key, found)
            return ()
        return tuple(found)

    def _keyed(self, key: str, found: object, names: tuple[str, ...]) -> dict[str, str]:
        if not isinstance(found, Mapping):
            self._wrong(key, found)
            return {}
        for name in names:
            if not _is_text(found.get(name)):
                what = shown(found[name]) if name in found else "nothing"
                self.problems.append(f"{key}.{name}: text expected, found {what}")
        return {name: found.get(name) for name in names}  # type: ignore[misc]  # told above

    def _records(self, key: str, found: object) -> tuple[DnsRecord, ...]:
        if not isinstance(found, list):
            self._wrong(key, found)
            return ()
        records = []
        for number, item in enumerate(found):
            problem = _record_problem(item)
            if problem:
                self.problems.append(f"{key}[{number}]: {problem}")
            else:
                records.append(_record(item))
        return tuple(records)

    def _wrong(self, key: str, found: object) -> None:
        self.problems.append(f"{key}: {_expected(key)} expected, found {shown(found)}")


_KEYED = {"topicArns": TOPICS, "queueUrls": QUEUES, "deadLetterQueueUrls": QUEUES}
_LISTS = ("dkimTokens", "alarmNames", "fromAddresses")
_NUMBERS = ("codeLifetimeSeconds", "dailyVolume")
_WORDS = {
    "dkim": "easy or byodkim",
    "dnsRecords": "a list of {name, type, ttl, values}",
    "feedbackForwarding": "true or false",
    "hostedZoneId": "text or null",
    "dkimSigningHostedZone": "text (null with dkim: byodkim)",
}


def _expected(key: str) -> str:
    if key in _KEYED:
        return f"an object with {', '.join(_KEYED[key])}"
    if key in _LISTS:
        return "a list of text"
    return _WORDS.get(key, "a whole number above 0" if key in _NUMBERS else "text")


def _is_text(value: object) -> bool:
    return isinstance(value, str) and value not in {"", _UNKNOWN, _SECRET}


def _whole(value: object) -> int | None:
    if isinstance(value, float) and value.is_integer():
        return int(value)  # the engine's numbers are doubles: 300 may come back as 300.0
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def shown(value: object) -> str:
    """Return a wrong value as it is told: cut, with what the engine's own marks mean."""
    if value == _SECRET:
        return "[secret]: run pulumi stack output --json --show-secrets"
    if value == _UNKNOWN:
        return "a value that is not known before `pulumi up`"
    text = "null" if value is None else repr(value)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


def _record_problem(item: object) -> str:
    if not isinstance(item, Mapping):
        return f"an object expected, found {shown(item)}"
    wrong = [key for key in ("name", "type") if not _is_text(item.get(key))]
    ttl = _whole(item.get("ttl"))
    if ttl is None or ttl < 0:
        wrong.append("ttl")
    values = item.get("values")
    if not isinstance(values, list) or not values or not all(_is_text(v) for v in values):
        wrong.append("values")
    return f"missing or wrong: {', '.join(wrong)}" if wrong else ""


def _record(item: Mapping[str, Any]) -> DnsRecord:
    return DnsRecord(
        name=item["name"], type=item["type"], ttl=int(item["ttl"]), values=tuple(item["values"])
    )
