"""``set``: give variables values."""

from dataclasses import dataclass
from typing import Any, ClassVar

from ivr.flow import Fields, Node, Value
from ivr.walk import Walk


@dataclass(frozen=True, slots=True, kw_only=True)
class Set(Node):
    """Set variables; ``{variable}`` in a text is replaced. ``language`` changes what is spoken."""

    values: dict[str, Value]

    TYPE: ClassVar[str] = "set"
    NEEDS: ClassVar[tuple[str, ...]] = ("done",)
    INSTANT: ClassVar[bool] = True

    @classmethod
    def read(cls, fields: Fields) -> dict[str, Any]:
        """``values``: variable to text, number or true/false."""
        return {"values": fields.values("values")}

    def enter(self, walk: Walk) -> str | None:
        """Set them, in the order they are written."""
        for variable, value in self.values.items():
            walk.put(variable, walk.fill(value) if isinstance(value, str) else value)
        return "done"
