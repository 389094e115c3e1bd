"""Stack and checks agree: what infra declares is ready, and each thing that breaks fails its rule.

The sender is deployed once. It grows with every check that reads more of the outputs.
"""

from __future__ import annotations

import copy
import datetime as dt
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from checks.dns.cli import main
from contract.outputs import OUTPUTS, parse_outputs
from contract.records import DnsRecord
from rehearsal import example
from rehearsal.deployment import Engine
from rehearsal.journey_dns import hosts, published, with_keys
from rehearsal.journey_stage import Stage
from rehearsal.zone import World

OTHER_TOKENS = [letter * 32 for letter in "abc"]


@dataclass(frozen=True)
class Declared:
    """What the stack printed, what SES says of it once verified, and DNS servers to ask."""

    outputs: dict[str, Any]
    identity: dict[str, Any]
    dns: World

    def publish(self, records: list[DnsRecord]) -> None:
        """Let the servers hold these records in the zone of the domain."""
        outputs = parse_outputs(self.outputs)
        internet = with_keys(outputs.dkim_tokens, outputs.dkim_signing_hosted_zone or "")
        self.dns.change(hosts(published(records), several=False, internet=internet))

    @property
    def records(self) -> list[DnsRecord]:
        return list(parse_outputs(self.outputs).dns_records)


@dataclass(frozen=True)
class Checked:
    """How the check ended: exit code, rules that failed, and what was told on stderr."""

    code: int
    failed: set[str]
    told: str


Check = Callable[..., Checked]


@pytest.fixture(scope="module")
def deployed() -> Iterator[Declared]:
    with Stage(engine=Engine.FALLBACK, one_address=True) as stage:
        outputs = dict(stage.deploy().outputs)
        stage.publish()
        stage.aws.clock.advance(dt.timedelta(hours=1))
        identity = stage.aws.client("sesv2").get_email_identity(EmailIdentity=example.DOMAIN)
    del identity["ResponseMetadata"]
    with World(hosts(example.zone(), several=False)) as dns:
        yield Declared(outputs, json.loads(json.dumps(identity, default=str)), dns)


@pytest.fixture
def declared(deployed: Declared, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Declared:
    """The records as declared, in a folder without project files."""
    monkeypatch.chdir(tmp_path)
    deployed.publish(deployed.records)
    return deployed


@pytest.fixture
def check(declared: Declared, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Check:
    """Run ``checks.dns --stack``, and with ``identity`` too where it is wanted."""

    def run(outputs: dict[str, Any], *, identity: bool = True) -> Checked:
        options = ["--nameserver", "127.0.0.1", "--dns-port", str(declared.dns.port), "--no-aws"]
        for name, content in (("stack", outputs), ("identity", declared.identity)):
            (tmp_path / f"{name}.json").write_text(json.dumps(content), encoding="utf-8")
            if identity or name == "stack":
                options += [f"--{name}", str(tmp_path / f"{name}.json")]
        code = main([example.DOMAIN, *options, "--format", "json"])
        printed = capsys.readouterr()
        findings = json.loads(printed.out)["findings"] if printed.out else []
        failed = {f["id"] for f in findings if f["outcome"] == "fail" and f["severity"] == "error"}
        return Checked(code, failed, printed.err)

    return run


def test_what_is_declared_is_ready(declared: Declared, check: Check) -> None:
    assert Checked(0, set(), "") == check(declared.outputs)


def test_the_stack_alone_does_not_say_what_ses_found(declared: Declared, check: Check) -> None:
    ended = check(declared.outputs, identity=False)

    assert (3, set()) == (ended.code, ended.failed)


# --- each declared record, gone and wrong ---

# Label of the record (token: any of DKIM), its type → rule where it is gone; value, rule where it
# holds that value.
RECORDS = {
    ("token", "CNAME"): (
        "dkim-cname-present",
        "somewhere.else.example.",
        "dkim-cname-target",
    ),
    ("bounce", "MX"): (
        "mail-from-mx-single",
        "10 feedback-smtp.us-east-1.amazonses.com.",
        "mail-from-mx-target",
    ),
    ("bounce", "TXT"): ("spf-record-present", "v=spf1 -all", "spf-ses-passes"),
    ("_dmarc", "TXT"): ("dmarc-policy-published", "v=DMARC1; p=none; aspf=s", "align-aspf-relaxed"),
}


def kind_of(record: DnsRecord) -> tuple[str, str]:
    label = record.name.partition(".")[0]
    return ("token" if "._domainkey." in record.name else label, record.type)


def test_every_declared_record_is_broken_below(declared: Declared) -> None:
    assert set(RECORDS) == {kind_of(record) for record in declared.records}
    assert 6 == len(declared.records)


@pytest.mark.parametrize("number", range(6))
def test_a_record_that_is_gone(number: int, declared: Declared, check: Check) -> None:
    records = declared.records
    gone = records.pop(number)
    declared.publish(records)
    ended = check(declared.outputs)

    assert 1 == ended.code
    assert RECORDS[kind_of(gone)][0] in ended.failed, ended


@pytest.mark.parametrize("number", range(6))
def test_a_record_with_another_value(number: int, declared: Declared, check: Check) -> None:
    records = declared.records
    old = records[number]
    _, value, rule = RECORDS[kind_of(old)]
    records[number] = DnsRecord(name=old.name, type=old.type, ttl=old.ttl, values=(value,))
    declared.publish(records)
    ended = check(declared.outputs)

    assert 1 == ended.code
    assert rule in ended.failed, ended


# --- each output ---

# Output → another value, the rule that fails on the stack alone.
READ = {
    "region": ("us-east-1", "mail-from-mx-target"),
    "mailFromDomain": ("mail.jobmatch.zip", "spf-record-present"),
    "dkimTokens": (OTHER_TOKENS, "dkim-cname-present"),
    "dkimSigningHostedZone": ("dkim.amazonses.com", "dkim-cname-target"),
}
# The gate will read these; the DNS check does not. The zone is not there: the records are printed.
NOT_READ = set(OUTPUTS) - READ.keys() - {"domain", "dkim", "hostedZoneId"}


@pytest.mark.parametrize("key", READ)
def test_an_output_that_is_wrong(key: str, declared: Declared, check: Check) -> None:
    value, rule = READ[key]
    ended = check({**declared.outputs, key: value}, identity=False)

    assert 1 == ended.code
    assert rule in ended.failed, ended


@pytest.mark.parametrize(
    ("key", "value", "told"),
    [
        ("mailFromDomain", "mail.jobmatch.zip", "MAIL FROM: the identity says bounce.jobmatch.zip"),
        ("dkimTokens", OTHER_TOKENS, "the DKIM tokens: the identity says "),
        ("dkimSigningHostedZone", "dkim.amazonses.com", "the DKIM zone: the identity says "),
        ("dkim", "byodkim", "the stack none; the identity is judged"),
    ],
)
def test_a_difference_between_stack_and_ses_is_told(
    key: str, value: object, told: str, declared: Declared, check: Check
) -> None:
    ended = check({**declared.outputs, key: value})

    assert (0, set()) == (ended.code, ended.failed)
    assert told in ended.told


def test_the_stack_of_another_domain_is_refused(declared: Declared, check: Check) -> None:
    ended = check({**declared.outputs, "domain": "other.example"})

    assert 2 == ended.code
    assert "is of other.example, not of jobmatch.zip" in ended.told


@pytest.mark.parametrize("key", sorted(OUTPUTS.keys() - {"hostedZoneId"}))
def test_an_output_that_is_missing_is_named(key: str, declared: Declared, check: Check) -> None:
    outputs = copy.deepcopy(declared.outputs)
    del outputs[key]
    ended = check(outputs)

    assert 2 == ended.code
    assert key in ended.told


def test_what_no_check_reads_changes_nothing(declared: Declared, check: Check) -> None:
    changed = {key: altered(declared.outputs[key]) for key in NOT_READ}

    assert Checked(0, set(), "") == check({**declared.outputs, **changed})


def altered(value: Any) -> Any:
    """Return another value of the same shape."""
    match value:
        case bool():
            return not value
        case int():
            return value + 1
        case str():
            return f"{value}x"
        case dict():
            return {key: altered(each) for key, each in value.items()}
        case list():
            return value[1:] or [altered(each) for each in value]
        case _:
            return value
