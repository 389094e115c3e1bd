"""The arguments of ``python -m checks.dns``, parsed and not yet judged."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, NoReturn, cast

from checks import __version__
from checks.errors import UsageError

PROG = "python -m checks.dns"

# Options of later versions: refused, never accepted and ignored.
UNBUILT = {
    "--input": "FILE",
    "--zone-file": "FILE",
    "--wait": "DURATION",
    "--tracking": "HOST",
    "--website": "HOST",
    "--dnsbl": "ZONE",
    "--explain": "ID",
    "--propagation": None,
}

EPILOG = f"""\
exit codes
  0    ready: every error rule passed, or was skipped with a reason
  1    not ready: at least one error rule failed
  2    usage or configuration (or a fault of the tool): there is no report
  3    undetermined: nothing failed, but something could not be checked
  130  interrupted (Ctrl-C)
  Of several domains the worst decides: 1 before 3 before 0.

examples
  aws sesv2 get-email-identity --email-identity jobmatch.zip > identity.json
  {PROG} jobmatch.zip --identity identity.json
  {PROG} jobmatch.zip --stack stack.json --format json --output report.json
  {PROG} jobmatch.zip --aws --region us-west-2
  {PROG} jobmatch.zip --identity identity.json --records table
  {PROG} jobmatch.zip --only "dmarc-*" --no-aws
  {PROG} one.example two.example --format jsonl

not built yet, and refused: {", ".join(UNBUILT)},
--format junit and markdown, --records route53, octodns and cloudflare
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """The command line as typed. What only takes certain words is text until it was judged."""

    domains: tuple[str, ...] = ()
    identity: str | None = None
    stack: str | None = None
    aws: bool | None = None
    dkim_tokens: tuple[str, ...] = ()
    dkim_zone: str | None = None
    dkim_selector: str | None = None
    from_host: str | None = None
    mail_from: str | None = None
    region: str | None = None
    dkim_only: bool = False
    view: str = "authority"
    nameservers: tuple[str, ...] = ()
    dns_port: str = "53"
    format: str = "text"
    format_given: bool = False
    output: str | None = None
    records: str | None = None
    only: str | None = None
    list_rules: bool = False
    verbose: bool = False

    @property
    def port(self) -> int:
        """Return the port of every DNS server asked."""
        return int(self.dns_port)

    @property
    def judged_view(self) -> Literal["authority", "resolver"]:
        """Return the view, once it was found to be one of the two."""
        return cast("Literal['authority', 'resolver']", self.view)


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        """Leave the telling to the caller: all problems are told in one form."""
        raise UsageError([message])


def parse(argv: Sequence[str] | None) -> tuple[Options, tuple[str, ...]]:
    """Return the options, and what argparse alone can say is wrong with them.

    Raises UsageError where the arguments cannot be told apart, SystemExit after --help.
    """
    found, unknown = _parser().parse_known_intermixed_args(argv)
    problems = [f"unrecognized argument {argument!r}" for argument in unknown]
    problems += [f"{option} is not built yet" for option in UNBUILT if _given(found, option)]
    if found.aws and found.no_aws:
        problems.append("--aws and --no-aws contradict each other")
    return _options(found), tuple(problems)


def _given(found: argparse.Namespace, option: str) -> bool:
    return getattr(found, _dest(option)) not in {None, False}


def _dest(option: str) -> str:
    return "unbuilt_" + option.strip("-").replace("-", "_")


def _options(found: argparse.Namespace) -> Options:
    return Options(
        domains=tuple(found.domains),
        identity=found.identity,
        stack=found.stack,
        aws=True if found.aws else (False if found.no_aws else None),
        dkim_tokens=tuple(found.dkim_token),
        dkim_zone=found.dkim_zone,
        dkim_selector=found.dkim_selector,
        from_host=found.from_host,
        mail_from=found.mail_from,
        region=found.region,
        dkim_only=found.dkim_only,
        view=found.view,
        nameservers=tuple(found.nameserver),
        dns_port=found.dns_port,
        format=found.format or "text",
        format_given=found.format is not None,
        output=found.output,
        records=found.records,
        only=found.only,
        list_rules=found.list_rules,
        verbose=found.verbose,
    )


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog=PROG,
        description=(
            "Judge SPF, DKIM, DMARC, alignment and MAIL FROM of a domain against what Amazon SES "
            "expects of it."
        ),
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("domains", nargs="*", metavar="DOMAIN", help="for example jobmatch.zip")
    parser.add_argument("--version", action="version", version=f"sesgate {__version__}")
    _add_sources(parser)
    _add_judgement(parser)
    _add_network(parser)
    _add_output(parser)
    for option, metavar in UNBUILT.items():
        if metavar is None:
            parser.add_argument(
                option, dest=_dest(option), action="store_true", help=argparse.SUPPRESS
            )
        else:
            parser.add_argument(option, dest=_dest(option), help=argparse.SUPPRESS)
    return parser


def _add_sources(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group(
        "what SES expects",
        "The first source given decides: option, identity, stack, project files of this folder.",
    )
    add = group.add_argument
    add("--identity", metavar="FILE", help="JSON of `aws sesv2 get-email-identity`; - is stdin")
    add("--stack", metavar="FILE", help="JSON of `pulumi stack output --json`")
    add("--aws", action="store_true", help="read the identity from SES")
    add("--no-aws", action="store_true", help="never ask AWS")
    add("--dkim-token", metavar="T", action="append", default=[], help="a token; repeat it")
    add("--dkim-zone", metavar="Z", help="the SigningHostedZone of the tokens")
    add("--dkim-selector", metavar="S", help="the selector of your own key (BYODKIM)")
    add("--mail-from", metavar="HOST", help="the custom MAIL FROM domain")
    add("--region", metavar="R", help="the SES Region (else of the sources, else us-west-2)")


def _add_judgement(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument_group("what is judged").add_argument
    add("--from", dest="from_host", metavar="HOST", help="host in From: (default: DOMAIN)")
    add("--dkim-only", action="store_true", help="no custom MAIL FROM is intended")
    add("--only", metavar="GLOB", help='judge only these rules, for example "dkim-*"')


def _add_network(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument_group("whom to ask").add_argument
    add(
        "--view",
        default="authority",
        metavar="VIEW",
        help="authority (default), or resolver where a network blocks or intercepts port 53",
    )
    add(
        "--nameserver",
        metavar="IP",
        action="append",
        default=[],
        help="ask this resolver instead of the system's; repeat it",
    )
    add("--dns-port", metavar="N", default="53", help="port of every DNS server (default 53)")


def _add_output(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument_group("what is printed").add_argument
    add("--format", metavar="FORMAT", help="text (default), json or jsonl")
    add("--output", metavar="FILE", help="write the result to FILE instead of stdout")
    add("--records", metavar="FORM", help="print the records that SES needs: table or bind")
    add("--list-rules", action="store_true", help="list the rules and end")
    add("-v", "--verbose", action="store_true", help="print passes, skips, notes, the SPF tree")
