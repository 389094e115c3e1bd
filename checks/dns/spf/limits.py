"""Processing limits of one evaluation (RFC 7208 §4.6.4)."""

from __future__ import annotations

from dataclasses import dataclass

from checks.dns.answers import Reply
from checks.dns.names import display
from checks.dns.reading import is_absent

MAX_LOOKUPS = 10  # terms that cause lookups
MAX_VOIDS = 2
MAX_MX = 10  # names of one `mx` term; more is a permerror
MAX_PTR = 10  # names of one `ptr` term; more are ignored


class PermError(Exception):
    """The evaluation ends in permerror; the text says why."""


class TempError(Exception):
    """The evaluation ends in temperror; the text says which answer is missing."""


@dataclass(slots=True)
class Budget:
    """What one evaluation has used so far."""

    lookups: int = 0
    voids: int = 0

    def count_term(self, term: str) -> None:
        """Count a term that causes lookups. Raises PermError for the eleventh."""
        self.lookups += 1
        if self.lookups > MAX_LOOKUPS:
            raise PermError(f"`{term}` is lookup {self.lookups}, at most {MAX_LOOKUPS} are allowed")

    def count_void(self, reply: Reply) -> None:
        """Count the reply where it holds nothing. Raises PermError for the third void lookup."""
        if not is_void(reply):
            return
        self.voids += 1
        if self.voids > MAX_VOIDS:
            asked = f"{reply.question.rdtype} {display(reply.question.name)}"
            raise PermError(f"{asked} is void lookup {self.voids}, at most {MAX_VOIDS} are allowed")


def is_void(reply: Reply) -> bool:
    """Return whether the answer is known and empty; an alias loop leads to nothing, too."""
    return is_absent(reply) or (not reply.failed and not getattr(reply, "records", ()))
