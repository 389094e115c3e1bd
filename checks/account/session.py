"""One AWS session: bounded in time, reading from the sources that botocore knows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import boto3
import botocore.session
from botocore.config import Config

Clients = Callable[[str, str], Any]  # service, Region → client; boto3 has no static types

# SES takes one call a second; botocore waits between its tries. Times in seconds.
CONFIG = Config(
    connect_timeout=3,
    read_timeout=5,
    retries={"mode": "standard", "total_max_attempts": 3},
    user_agent_extra="sesgate",
)


def open_session(*, metadata: bool) -> Clients:
    """Return what makes clients: ``clients("sesv2", "us-west-2")``.

    ``metadata`` allows instance metadata as a source of credentials, which costs seconds on a
    machine that has none. AWS_ENDPOINT_URL and the profile files work as everywhere. Raises
    botocore.exceptions.BotoCoreError, such as ProfileNotFound.
    """
    core = botocore.session.Session()
    core.set_default_client_config(CONFIG)  # also for the calls that fetch credentials
    if not metadata:
        core.get_component("credential_provider").remove("iam-role")
    session = boto3.session.Session(botocore_session=core)

    def client(service: str, region: str) -> Any:  # noqa: ANN401 - boto3 has no static types
        return session.client(service, region_name=region)

    return client
