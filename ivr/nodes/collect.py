"""``collect``: a number typed by the caller, into a variable."""

from dataclasses import dataclass
from typing import Any, ClassVar

from domain.instant import after
from ivr.flow import Fields
from ivr.nodes.asking import Asking, read_question
from ivr.walk import SWALLOW_S, Walk


@dataclass(frozen=True, slots=True, kw_only=True)
class Collect(Asking):
    """Take ``min`` to ``max`` digits: done at ``max``, at the terminator, or after a silence.

    ``*`` begins the entry again; other keys that are not digits are not heard.
    """

    into: str
    min: int = 1
    max: int = 20
    terminator: str = "#"

    TYPE: ClassVar[str] = "collect"
    NEEDS: ClassVar[tuple[str, ...]] = ("done",)

    @classmethod
    def read(cls, fields: Fields) -> dict[str, Any]:
        """Those of a question, and ``into``, ``min``, ``max``, ``terminator`` (``#``, ``*`` or '')."""
        low, high = fields.whole("min", 1, 1, 64), fields.whole("max", 20, 1, 64)
        if low > high:
            fields.wrong(f"min {low} is more than max {high}", "min")
        return {
            **read_question(fields),
            "into": fields.variable("into", written=True),
            "min": low,
            "max": high,
            "terminator": fields.text("terminator", "#", among=("#", "*", "")),
        }

    def writes(self) -> frozenset[str]:
        """The entry."""
        return frozenset({self.into})

    def key(self, walk: Walk, digit: str) -> str | None:
        """One more digit, or the end of the entry."""
        state = walk.state
        if digit and digit == self.terminator:
            return self._full(walk) if len(state.digits) >= self.min else "no_match"
        if digit == "*":
            state.digits = ""
        if len(digit) != 1 or digit not in "0123456789":
            return None
        state.digits += digit
        if len(state.digits) < self.max:
            return None
        state.swallow, state.swallow_until = self.terminator, after(walk.now, SWALLOW_S)
        if state.swallow and state.typed.startswith(state.swallow):
            state.typed, state.swallow = state.typed[1:], ""
        return self._full(walk)

    def silence(self, walk: Walk) -> str:
        """Enough digits and then silence is an entry too."""
        if not walk.state.digits:
            return "no_input"
        return self._full(walk) if len(walk.state.digits) >= self.min else "no_match"

    def _full(self, walk: Walk) -> str:
        walk.put(self.into, walk.state.digits)
        walk.understood(walk.state.digits)
        return "done"
