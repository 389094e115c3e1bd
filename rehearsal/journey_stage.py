"""What a rehearsal runs on: emulated AWS, loopback DNS, a folder, and the commands typed there."""

from __future__ import annotations

import errno
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from contract.outputs import parse_outputs
from rehearsal import example
from rehearsal.deploy_children import ROOT, Children, Ended
from rehearsal.deploy_project import clean_environment
from rehearsal.journey_dns import NS1, RESOLVER, hosts, published, unpublished, with_keys
from rehearsal.journey_signals import deaf
from rehearsal.zone import Records, World, can_bind, overlay, parse_records, without

if TYPE_CHECKING:
    from rehearsal.aws import EmulatedAws
    from rehearsal.deployment import Deployment, Engine

STACK_FILE = "stack.json"
ROOM = 16_000_000  # octets; a rehearsal takes about 2 MB, days that deploy again some more
ALARM_EMAIL = "ops@jobmatch.zip"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mistake:
    """A change of what is published, as master-file text relative to the domain.

    ``zone`` replaces RRsets or adds them, after those named in ``remove`` ("name TYPE") are gone.
    Both may name {domain}, {token} (the first of DKIM) and {signing_zone}.
    """

    zone: str = ""
    remove: tuple[str, ...] = ()

    def of(self, zone: Records, token: str, signing_zone: str) -> Records:
        """Return the zone of the domain with the mistake in it."""
        names = {"domain": example.DOMAIN, "token": token, "signing_zone": signing_zone}
        origin = f"{example.DOMAIN}."
        kept = without(zone, [each.format_map(names) for each in self.remove], origin)
        return overlay(kept, parse_records(self.zone.format_map(names), origin))


NO_MISTAKE = Mistake()


def need_room(folder: Path) -> None:
    """Raise OSError where the disk is full: pulumi goes on for minutes before it tells."""
    if shutil.disk_usage(folder).free < ROOM:
        needed = f"{os.strerror(errno.ENOSPC)} ({ROOM // 1_000_000} MB are needed)"
        raise OSError(errno.ENOSPC, needed, str(folder.parent))


class Stage:
    """Starts everything on entry; at its end nothing runs and nothing is left on disk.

    ``engine`` None takes the real pulumi where it is. ``one_address`` serves all DNS on 127.0.0.1.
    Raises PortError and OSError where this machine lacks something.
    """

    aws: EmulatedAws
    dns: World
    folder: Path
    deployment: Deployment

    def __init__(self, *, engine: Engine | None = None, one_address: bool | None = None) -> None:
        self.engine = engine
        self.several = can_bind(NS1) if one_address is None else not one_address
        self.zone = unpublished()
        self._internet = example.internet()
        self._children = Children()
        self._closing = ExitStack()

    def __enter__(self) -> Self:
        # Imported here: moto needs a second, and a bad option none of it.
        from rehearsal.aws import EmulatedAws

        with ExitStack() as opened:
            kept = tempfile.TemporaryDirectory(prefix="sesgate-", ignore_cleanup_errors=True)
            self.folder = Path(opened.enter_context(kept))
            need_room(self.folder)
            self.dns = opened.enter_context(World(hosts(self.zone, several=self.several)))
            self.aws = opened.enter_context(
                EmulatedAws(
                    nameserver=(RESOLVER, self.dns.port), signing_hosted_zone=example.SIGNING_ZONE
                )
            )
            opened.callback(self._children.close)
            self._closing = opened.pop_all()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with deaf():  # a second Ctrl-C must not leave half of it behind
            self._closing.close()

    @property
    def stands(self) -> bool:
        """Return whether the sender was deployed."""
        return hasattr(self, "deployment")

    @property
    def desk(self) -> Path:
        """Return the folder where commands are typed: the copy of the project, if there is one."""
        project = self.folder / "deployment" / "work"
        return project if project.is_dir() else self.folder

    def deploy(self) -> Deployment:
        """Apply the program. Raises DeployError."""
        from rehearsal.deploy import deploy

        settings = {"domain": example.DOMAIN, "alarmEmail": ALARM_EMAIL}
        self.deployment = self._closing.enter_context(
            deploy(self.aws, self.folder / "deployment", settings, engine=self.engine)
        )
        self.save_outputs(self.deployment.outputs)
        return self.deployment

    def save_outputs(self, outputs: Mapping[str, Any]) -> None:
        """Write what `pulumi stack output --json > stack.json` writes."""
        text = json.dumps(outputs, indent=2)
        (self.desk / STACK_FILE).write_text(text, encoding="utf-8")

    def publish(self, mistake: Mistake = NO_MISTAKE) -> int:
        """Publish the records that the stack printed; return how many RRsets that are."""
        outputs = parse_outputs(self.deployment.outputs)
        signing_zone = outputs.dkim_signing_hosted_zone or ""
        zone = mistake.of(published(outputs.dns_records), outputs.dkim_tokens[0], signing_zone)
        self._internet = with_keys(outputs.dkim_tokens, signing_zone)
        self.serve(zone)
        return len(outputs.dns_records)

    def serve(self, zone: Records) -> None:
        """Let the name servers hold this zone of the domain from now on."""
        self.zone = zone
        self.dns.change(hosts(zone, several=self.several, internet=self._internet))

    @property
    def loopback_options(self) -> list[str]:
        """Return the options that put loopback in the place of the internet's DNS."""
        return ["--nameserver", RESOLVER, "--dns-port", str(self.dns.port)]

    def environment(self) -> dict[str, str]:
        """Return what commands run with: emulated AWS, and nothing of the user's own."""
        return {**self.aws.environment(), "PYTHONPATH": str(ROOT)}

    def check(self, arguments: Sequence[str]) -> Ended:
        """Run ``python -m checks.dns`` as a process of its own, as a user does."""
        command = [sys.executable, "-m", "checks.dns", *arguments, *self.loopback_options]
        environment = {**clean_environment(), **self.environment()}
        return self._children.run(command, self.desk, environment)
