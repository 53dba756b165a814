"""``hours``: is a calendar open now?"""

from dataclasses import dataclass
from typing import Any, ClassVar

from ivr.flow import Fields, FlowTrouble, Node
from ivr.walk import Walk


@dataclass(frozen=True, slots=True, kw_only=True)
class HoursNode(Node):
    """Leave by ``open`` or ``closed``; a calendar nobody knows is a mistake of the flow."""

    calendar: str

    TYPE: ClassVar[str] = "hours"
    NEEDS: ClassVar[tuple[str, ...]] = ("open", "closed")
    INSTANT: ClassVar[bool] = True

    @classmethod
    def read(cls, fields: Fields) -> dict[str, Any]:
        """``calendar``: its id."""
        return {"calendar": fields.text("calendar")}

    def names(self) -> tuple[tuple[str, str], ...]:
        """The calendar."""
        return (("calendar", self.calendar),)

    def enter(self, walk: Walk) -> str | None:
        """Ask the calendar."""
        try:
            is_open = walk.context.hours.is_open(self.calendar, walk.now)
        except (LookupError, ValueError) as error:
            raise FlowTrouble(f"calendar {self.calendar} gave no answer: {error}") from error
        return "open" if is_open else "closed"
