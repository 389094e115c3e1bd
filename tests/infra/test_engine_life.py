"""One stack on the real engine: from the first preview to the end, one step after another."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from contract.outputs import StackOutputs, parse_outputs
from tests.infra.cloud import SIGNING_ZONE, TOKENS
from tests.infra.engine import Deployment, deployment
from tests.infra.variants import ZONE_ID

pytestmark = [pytest.mark.engine, pytest.mark.usefixtures("engine")]

NAME = "jobmatch-zip"
RESOURCES = 70  # with components, provider and stack


@pytest.fixture(scope="module")
def life(engine: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    """Give the stack that the tests of this file lead through its life, in their order."""
    with deployment(tmp_path_factory.mktemp("life")) as made:
        yield made


def test_a_first_preview_creates_everything_and_nothing_yet(life: Deployment) -> None:
    result = life.stack.preview()

    assert {"create": RESOURCES} == result.change_summary
    assert {} == life.provider.cloud.resources
    assert [] == life.ses.asked


def test_up_creates_what_the_preview_said(life: Deployment) -> None:
    result = life.stack.up()

    assert {"create": RESOURCES} == result.summary.resource_changes
    assert [] == [name for name, output in result.outputs.items() if output.secret]
    assert ["jobmatch.zip"] == life.ses.asked


def test_bounce_handling_stands_before_ses_publishes(life: Deployment) -> None:
    created = life.provider.did("Create")

    for topic in ("bounce", "complaint", "delivery"):
        assert created.index(f"{NAME}-{topic}-policy") < created.index(f"{NAME}-{topic}-events")


def test_a_second_preview_is_empty(life: Deployment) -> None:
    result = life.stack.preview(expect_no_changes=True)

    assert {"same": RESOURCES} == result.change_summary
    assert ["jobmatch.zip"] * 2 == life.ses.asked  # a preview asks for the zone too


def test_the_outputs_are_what_the_contract_reads(life: Deployment) -> None:
    outputs = _outputs(life)

    assert TOKENS == outputs.dkim_tokens
    assert SIGNING_ZONE == outputs.dkim_signing_hosted_zone
    assert {f"{token}.{SIGNING_ZONE}." for token in TOKENS} == {
        record.values[0] for record in outputs.dns_records if record.type == "CNAME"
    }
    assert outputs.hosted_zone_id is None
    assert 12 == len(set(outputs.alarm_names))


def _outputs(life: Deployment) -> StackOutputs:
    return parse_outputs(json.loads(life.cli("stack", "output", "--json").stdout))


def test_a_refresh_finds_the_account_as_it_was_left(life: Deployment) -> None:
    result = life.stack.refresh(expect_no_changes=True)

    assert {"same"} == set(result.summary.resource_changes or {})


def test_drift_is_seen(life: Deployment) -> None:
    kind = "aws:sesv2/configurationSetEventDestination:ConfigurationSetEventDestination"
    destination = life.provider.cloud.resources[kind, f"{NAME}|bounce"]
    destination["eventDestination"]["enabled"] = False
    try:
        result = life.cli("preview", "--refresh", "--expect-no-changes")
    finally:
        destination["eventDestination"]["enabled"] = True

    assert 0 != result.returncode
    assert f"{NAME}-bounce-events" in result.stdout
    assert (
        "no changes were expected for preview but changes were proposed"
        in result.stdout + result.stderr
    )


def test_a_zone_adds_the_records_and_changes_little_else(life: Deployment) -> None:
    life.configure({"hostedZoneId": ZONE_ID})
    life.provider.calls.clear()

    result = life.stack.up()

    # The gate may now read the zone.
    assert {"create": 7, "update": 1, "same": RESOURCES - 1} == result.summary.resource_changes
    assert [f"{NAME}-gate"] == life.provider.did("Update")
    assert f"{NAME}-dmarc" == life.provider.did("Create")[-1]
    assert ZONE_ID == _outputs(life).hosted_zone_id


def test_with_a_zone_too_the_next_preview_is_empty(life: Deployment) -> None:
    result = life.stack.preview(expect_no_changes=True)

    assert {"same": RESOURCES + 7} == result.change_summary


def test_destroy_is_refused_by_protection(life: Deployment) -> None:
    life.provider.calls.clear()

    result = life.cli("destroy", "--yes")

    assert 0 != result.returncode
    assert "is protected" in result.stdout + result.stderr
    assert [] == life.provider.did("Delete")


def test_the_safe_order_takes_the_identity_first(life: Deployment) -> None:
    """As docs/deploy.md has it: no mail can be sent before its bounce handling goes."""
    urns = _urns(life)
    for name in (f"{NAME}-identity", f"{NAME}-set"):
        assert 0 == life.cli("state", "unprotect", urns[name], "--yes").returncode

    first = life.cli(
        "destroy", "--yes", "--target", urns[f"{NAME}-identity"], "--target-dependents"
    )
    gone = life.provider.did("Delete")
    second = life.cli("destroy", "--yes")

    assert (0, 0) == (first.returncode, second.returncode)
    assert f"{NAME}-identity" in gone
    assert [] == [name for name in gone if name.endswith(("-events", "-policy", "-set"))]
    kept = [kind.rpartition(":")[2] for kind, _ in life.provider.cloud.resources]
    assert ["AccountSuppressionAttributes"] == kept


def _urns(life: Deployment) -> dict[str, str]:
    state: Mapping[str, Any] = life.stack.export_stack().deployment or {}
    found = [each["urn"] for each in state["resources"] if each["custom"]]
    return {urn.rpartition("::")[2]: urn for urn in found}


def test_the_state_is_empty_at_the_end(life: Deployment) -> None:
    state = life.stack.export_stack().deployment or {}

    assert [] == state.get("resources", [])
