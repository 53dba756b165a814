"""``tier``: what class of customer is it?"""

import re
from dataclasses import dataclass
from typing import Any, ClassVar

from ivr.flow import Fields, Node
from ivr.walk import Walk

_ID = re.compile(r"[\w.-]{1,64}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Tier(Node):
    """Leave by the exit named like the customer's tier, else by ``otherwise``. A ``lookup`` comes first."""

    TYPE: ClassVar[str] = "tier"
    NEEDS: ClassVar[tuple[str, ...]] = ("otherwise",)
    INSTANT: ClassVar[bool] = True

    @classmethod
    def read(cls, fields: Fields) -> dict[str, Any]:
        """None of its own."""
        return {}

    @classmethod
    def exit_is_known(cls, exit: str, parameters: dict[str, Any]) -> bool:
        """Ids of tiers, ``otherwise`` and ``failed``."""
        return _ID.fullmatch(exit) is not None

    @classmethod
    def exit_problem(cls, exits: list[str]) -> str:
        """At least one tier."""
        return (
            "" if set(exits) - {"otherwise", "failed"} else "a tier needs at least one exit named by a tier"
        )

    def reads(self) -> frozenset[str]:
        """The customer's tier."""
        return frozenset({"tier"})

    def names(self) -> tuple[tuple[str, str], ...]:
        """The tiers that have an exit."""
        return tuple(("tier", exit) for exit in self.exits if exit not in ("otherwise", "failed"))

    def enter(self, walk: Walk) -> str | None:
        """Decide."""
        tier = str(walk.state.variables.get("tier", ""))
        return tier if tier in self.exits and tier != "failed" else "otherwise"
