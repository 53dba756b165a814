"""``hang_up``: the end of the call."""

from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from domain.flow import EndCall
from ivr.flow import Fields, Node
from ivr.walk import Walk

OUTCOMES = ("self_served", "voicemail", "closed", "failed")
"""What a flow may say of a call; that a callback is kept only a queue knows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HangUp(Node):
    """Hang up; the outcome says how the flow served the caller."""

    outcome: Literal["self_served", "voicemail", "callback", "closed", "failed"]

    TYPE: ClassVar[str] = "hang_up"

    @classmethod
    def read(cls, fields: Fields) -> dict[str, Any]:
        """``outcome``: one of self_served, voicemail, closed, failed."""
        return {"outcome": fields.text("outcome", "self_served", among=OUTCOMES)}

    @classmethod
    def exit_is_known(cls, exit: str, parameters: dict[str, Any]) -> bool:
        """None: a call that ended goes nowhere."""
        return False

    def enter(self, walk: Walk) -> str | None:
        """The last word."""
        walk.out.append(EndCall(walk.call, self.outcome))
        return None
