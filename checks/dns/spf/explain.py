"""The explanation that goes with a fail (RFC 7208 §6.2)."""

from __future__ import annotations

from checks.dns.answers import Reply
from checks.dns.reading import texts
from checks.dns.spf.macros import EXPLAIN_LETTERS, MacroError, parse_macro_string
from checks.dns.spf.terms import MacroString


def explain_string(reply: Reply) -> MacroString:
    """Return the explain-string at the target of exp, as parts to expand.

    Nothing where there is no answer, not exactly one record, an octet outside 0x20-0x7E or a macro
    that does not parse: then it is as if there were no exp.
    """
    records = texts(reply)
    if len(records) != 1:
        return ()
    text = records[0].joined.decode("latin-1")
    if not all(0x20 <= ord(char) <= 0x7E for char in text):
        return ()
    try:
        return parse_macro_string(text, EXPLAIN_LETTERS)
    except MacroError:
        return ()
