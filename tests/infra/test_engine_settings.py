"""What the CLI and the program say of settings that cannot be used, and what they keep secret."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from pulumi import automation as auto

from contract.outputs import parse_outputs
from tests.infra.engine import Deployment, deployment
from tests.infra.keys import private_key
from tests.infra.recording import PROJECT

pytestmark = [pytest.mark.engine, pytest.mark.usefixtures("engine")]


@pytest.mark.parametrize(
    ("config", "expected"),
    [
        (
            {f"{PROJECT}:dailyVolume": "many"},
            ["'dailyVolume' must be of type 'integer'"],
        ),
        ({f"{PROJECT}:domain": ""}, ["missing configuration value 'domain'"]),
        (
            {f"{PROJECT}:mailFromLabel": "a.b", f"{PROJECT}:dmarcPolicy": "quarantene"},
            [
                "error: 2 settings are not usable:",
                "mailFromLabel: 'a.b' has a dot",
                "did you mean quarantine?",
                "pulumi config set dmarcPolicy none",
            ],
        ),
        (
            {f"{PROJECT}:awsAccountId": "210987654321"},
            ["AWS account ID not allowed: 123456789012"],
        ),
    ],
)
def test_bad_settings_end_a_preview_with_the_remedy(
    tmp_path: Path, config: dict[str, str], expected: list[str]
) -> None:
    with deployment(tmp_path, config) as stack:
        result = stack.cli("preview")

        told = result.stdout + result.stderr
        assert 0 != result.returncode
        assert [] == [words for words in expected if words not in told]
        assert "Traceback" not in told
        assert {} == stack.provider.cloud.resources


def test_a_private_key_is_in_no_file_no_log_and_no_plain_output(tmp_path: Path) -> None:
    with deployment(tmp_path, {f"{PROJECT}:dkim": "byodkim"}) as stack:
        key = private_key()
        stack.configure({"byodkimSelector": "ses2026"})
        stack.stack.set_config("byodkimPrivateKey", auto.ConfigValue(key, secret=True))

        stack.env["PULUMI_DEBUG_COMMANDS"] = "true"  # brings the event log
        log = stack.folder / "events.json"
        up = stack.cli(
            "up", "--yes", "--skip-preview", "--diff", "--debug", "--event-log", str(log)
        )
        outputs = stack.cli("stack", "output", "--json")

        assert 0 == up.returncode
        assert key == _key_in_the_cloud(stack)
        assert "domainSigningPrivateKey" in log.read_text(encoding="utf-8")
        assert key not in stack.everything_written()
        assert key not in up.stdout + up.stderr + outputs.stdout
        assert ("ses2026",) == parse_outputs(json.loads(outputs.stdout)).dkim_tokens


def _key_in_the_cloud(stack: Deployment) -> str:
    """Return the key that SES was given: the provider gets it, wrapped as a secret."""
    (identity,) = stack.provider.cloud.of_kind(":EmailIdentity").values()
    found = identity["dkimSigningAttributes"]["domainSigningPrivateKey"]
    assert isinstance(found, dict)
    return str(found["value"])
