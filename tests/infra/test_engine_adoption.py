"""An identity and a topic that exist already: refused, told how, taken over without replacement."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator

import pytest

from tests.infra.cloud import REGION, TOKENS
from tests.infra.engine import Deployment, deployment

pytestmark = [pytest.mark.engine, pytest.mark.usefixtures("engine")]

IDENTITY = "aws:sesv2/emailIdentity:EmailIdentity"
TOPIC = "aws:sns/topic:Topic"


@pytest.fixture(scope="module")
def existing(engine: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    """Give a stack whose identity and bounce topic somebody made by hand before."""
    with deployment(tmp_path_factory.mktemp("existing")) as made:
        bare = {"region": REGION, "tagsAll": {}}
        signing = {"nextSigningKeyLength": "RSA_2048_BIT"}
        made.provider.cloud.put(
            IDENTITY, {**bare, "emailIdentity": "jobmatch.zip", "dkimSigningAttributes": signing}
        )
        made.provider.cloud.put(TOPIC, {**bare, "name": "jobmatch-zip-bounce"})
        yield made


def test_up_is_refused_and_tells_how_to_take_over(existing: Deployment) -> None:
    result = existing.cli("up", "--yes", "--skip-preview", "--continue-on-error")

    told = result.stdout + result.stderr
    assert 0 != result.returncode
    assert "jobmatch-zip-identity exists in this account and Region" in told
    assert "pulumi config set importIdentity true" in told
    assert _told_command(told)
    (existing.folder / "told.txt").write_text(told, encoding="utf-8")


def _told_command(told: str) -> str:
    found = re.search(r"To take it over: pulumi (import .*?), then pulumi up", told)
    return found.group(1) if found else ""


def test_the_told_command_imports_the_topic(existing: Deployment) -> None:
    told = (existing.folder / "told.txt").read_text(encoding="utf-8")

    result = existing.cli(*shlex.split(_told_command(told)), "--yes")

    assert 0 == result.returncode
    assert "1 imported" in result.stdout


def test_up_takes_both_over_without_replacing_them(existing: Deployment) -> None:
    existing.configure({"importIdentity": True})
    existing.provider.calls.clear()

    result = existing.stack.up()

    changes = {str(key): count for key, count in (result.summary.resource_changes or {}).items()}
    assert {"create", "import", "same", "update"} == set(changes)
    assert 1 == changes["import"]
    touched = existing.provider.did("Create")
    assert [] == [n for n in touched if n in {"jobmatch-zip-identity", "jobmatch-zip-bounce"}]
    assert [] == existing.provider.did("Delete")


def test_the_identity_keeps_its_keys_and_gets_the_default_set(existing: Deployment) -> None:
    found = existing.provider.cloud.resources[IDENTITY, "jobmatch.zip"]

    assert list(TOKENS) == found["dkimSigningAttributes"]["tokens"]
    assert "jobmatch-zip" == found["configurationSetName"]


def test_the_setting_may_stay(existing: Deployment) -> None:
    result = existing.stack.preview(expect_no_changes=True)

    assert {"same"} == set(result.change_summary)
