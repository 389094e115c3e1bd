"""The DNS records and the outputs of the real program, under recording mocks."""

from __future__ import annotations

import json

import pytest

from contract.outputs import OUTPUTS, parse_outputs
from tests.infra.cloud import TOKENS, UNKNOWN
from tests.infra.recorded import Recorded
from tests.infra.recording import run
from tests.infra.variants import VARIANTS, ZONE_ID, graph

NAME = "jobmatch-zip"


@pytest.fixture(scope="module")
def zone() -> Recorded:
    return graph("zone")


def test_the_records_go_to_the_zone_as_they_are(zone: Recorded) -> None:
    expected = {
        f"{NAME}-mail-from-mx": ("bounce.jobmatch.zip", "MX"),
        f"{NAME}-mail-from-spf": ("bounce.jobmatch.zip", "TXT"),
        f"{NAME}-dmarc": ("_dmarc.jobmatch.zip", "TXT"),
    } | {
        f"{NAME}-dkim-{number}": (f"{token}._domainkey.jobmatch.zip", "CNAME")
        for number, token in enumerate(sorted(TOKENS), start=1)
    }
    records = zone.of_kind(":Record")

    assert expected == {r.name: (r.inputs["name"], r.inputs["type"]) for r in records}
    assert {ZONE_ID} == {each.inputs["zoneId"] for each in records}
    assert ["10 feedback-smtp.us-west-2.amazonses.com."] == (
        zone.named(f"{NAME}-mail-from-mx").inputs["records"]
    )


def test_dmarc_comes_last_and_nothing_waits_for_it(zone: Recorded) -> None:
    others = {each.name for each in zone.resources if each.kind.startswith("aws:")}

    assert others - {f"{NAME}-dmarc"} == zone.needs(zone.named(f"{NAME}-dmarc"))
    assert [] == [each.name for each in zone.resources if f"{NAME}-dmarc" in zone.needs(each)]


def test_a_dmarc_record_of_somebody_else_is_left_alone() -> None:
    recorded = graph("zone without dmarc")

    assert [] == [e.name for e in recorded.of_kind(":Record") if e.name.endswith("-dmarc")]
    assert [] == [r for r in recorded.outputs["dnsRecords"] if r["name"].startswith("_dmarc.")]


def test_a_key_of_ones_own_is_published_and_never_shown() -> None:
    recorded = graph("byodkim in a zone")
    key = str(VARIANTS["byodkim"]["byodkimPrivateKey"])
    record = recorded.named(f"{NAME}-dkim-1").inputs
    (value,) = record["records"]

    assert "ses2026._domainkey.jobmatch.zip" == record["name"]
    assert value.startswith("p=MII")
    assert [255] == [len(part) for part in value.split('" "')][:1]  # RFC 1035 §3.3
    assert ["ses2026"] == recorded.outputs["dkimTokens"]
    assert key not in json.dumps(recorded.outputs)
    assert [] == [line for line in recorded.logs if key in line]


@pytest.mark.parametrize("variant", VARIANTS)
def test_the_outputs_are_those_of_the_contract(variant: str) -> None:
    outputs = graph(variant).outputs
    read = parse_outputs(outputs)

    assert {"hostedZoneId", "dkimSigningHostedZone"} >= set(OUTPUTS) - set(outputs)
    assert [] == sorted(set(outputs) - set(OUTPUTS))
    assert read.mail_from_domain == f"bounce.{read.domain}"


def test_a_subdomain_has_its_records_below_itself() -> None:
    recorded = graph("subdomain")
    names = {record["name"] for record in recorded.outputs["dnsRecords"]}

    assert {"bounce.mail.jobmatch.zip.", "_dmarc.mail.jobmatch.zip."} <= names
    assert [] == [name for name in names if not name.endswith(".mail.jobmatch.zip.")]
    assert [] == recorded.logs  # its reports go to its own Organizational Domain


@pytest.mark.parametrize("bare", [False, True])
def test_nothing_depends_on_what_a_first_preview_does_not_know(bare: bool) -> None:
    recorded = run(VARIANTS["zone"], preview=True, bare=bare)

    assert "" == recorded.error
    assert 6 == len(recorded.of_kind(":Record"))
    assert UNKNOWN == recorded.outputs["dkimTokens"]


def test_an_identity_with_a_foreign_key_is_no_easy_dkim() -> None:
    recorded = run(tokens=("selector1",))

    assert "SES gives 1 DKIM tokens for jobmatch.zip, 3 are expected" in recorded.error
