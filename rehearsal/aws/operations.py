"""Which operations are answered here, and not by moto."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from rehearsal.aws.errors import Reply
from rehearsal.aws.state import SesRegion
from rehearsal.aws.world import World


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One request: whose, where, and what; ``forward`` has moto answer it."""

    world: World
    service: str
    operation: str
    account: str
    region: str
    caller: str
    params: dict[str, Any]
    forward: Callable[[], Reply]

    @property
    def ses(self) -> SesRegion:
        """SES of the caller's account in the Region that was asked."""
        return self.world.ses(self.account, self.region)


Answer = Mapping[str, Any] | Reply | None
Handler = Callable[[Call], Answer]

_HANDLERS: dict[tuple[str, str], Handler] = {}


def operation(service: str, name: str) -> Callable[[Handler], Handler]:
    """Register the function that answers an operation. Raises ValueError for a second one."""

    def register(handler: Handler) -> Handler:
        if (service, name) in _HANDLERS:
            raise ValueError(f"{service}:{name} is answered twice")
        _HANDLERS[service, name] = handler
        return handler

    return register


def registered() -> dict[tuple[str, str], Handler]:
    """Return what has been registered so far, by (service, operation)."""
    return dict(_HANDLERS)
