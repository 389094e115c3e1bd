"""Write docs/rules.md from the registry: ``python -m checks.dns.document [--check]``.

The document cannot say anything else than the rules: a test compares the two.
"""

from __future__ import annotations

import argparse
import string
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from checks.dns.catalogue import load
from checks.registry import Rule

TARGET = Path(__file__).parents[2] / "docs" / "rules.md"

AREAS = {
    "dns": "The resolver, the name servers, and how the names answer",
    "spf": "SPF at MAIL FROM and at the domain",
    "dkim": "DKIM names, aliases and keys",
    "dmarc": "The DMARC record that applies to the From host",
    "align": "Alignment of DKIM and SPF with the From host",
    "mail-from": "The custom MAIL FROM domain",
    "ses": "What SES itself says of the identity",
}

HEAD = """\
# Rules of the DNS check

Written by `python -m checks.dns.document`; do not edit it by hand.

Every rule has one severity and gives one outcome for each subject: **pass**, **fail**, **unknown**
(it could not be determined, and why) or **skip** (it does not apply, and why). Only rules of
severity error decide the verdict. `python -m checks.dns --list-rules` prints the same list.

In the fixes, words in braces stand for the values of the case, for example `{domain}` for
`jobmatch.zip`.
"""


def document(rules: Iterable[Rule]) -> str:
    """Return the document: a section for each area, a table row with an anchor for each rule."""
    by_area: dict[str, list[Rule]] = {}
    for rule in rules:
        by_area.setdefault(rule.area, []).append(rule)
    order = [area for area in AREAS if area in by_area]
    order += sorted(area for area in by_area if area not in AREAS)
    sections = ["\n".join(_section(area, by_area[area])) for area in order]
    return "\n".join([HEAD, *sections])


def _section(area: str, rules: list[Rule]) -> Iterator[str]:
    yield f"## {area}"
    yield ""
    if area in AREAS:
        yield f"{AREAS[area]}."
        yield ""
    yield "| rule | severity | desired state | fix | reference |"
    yield "|---|---|---|---|---|"
    for rule in rules:
        anchor = f'<a id="{rule.id}"></a>`{rule.id}`'
        told = (_cell(text) for text in (rule.title, _readable(rule.fix), rule.reference))
        yield f"| {' | '.join((anchor, rule.severity.value, *told))} |"
    yield ""


def _readable(template: str) -> str:
    """Return a ``str.format`` text with its placeholders in single braces."""
    parts = string.Formatter().parse(template)
    return "".join(text + (f"{{{name}}}" if name is not None else "") for text, name, _, _ in parts)


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("<", "&lt;").replace("\n", " ")


def main(argv: Sequence[str] | None = None, target: Path = TARGET) -> int:
    """Write the document, or with --check return 1 where the file differs."""
    parser = argparse.ArgumentParser(prog="python -m checks.dns.document")
    parser.add_argument("--check", action="store_true", help="only say whether it is up to date")
    wanted = document(load().values())
    if not parser.parse_args(argv).check:
        target.parent.mkdir(exist_ok=True)
        target.write_text(wanted, encoding="utf-8", newline="\n")
        return 0
    if target.exists() and target.read_text(encoding="utf-8") == wanted:
        return 0
    sys.stderr.write(f"{target.name} is out of date: run python -m checks.dns.document\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())
