"""``set``: give variables values."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, ClassVar

from ivr.expressions import Expression
from ivr.flow import Fields, Node, Value
from ivr.walk import Walk


@dataclass(frozen=True, slots=True, kw_only=True)
class Set(Node):
    """Set variables: ``= expression`` is worked out, ``{variable}`` in another text is replaced.

    ``language`` changes what is spoken.
    """

    values: dict[str, Value | Expression]

    TYPE: ClassVar[str] = "set"
    NEEDS: ClassVar[tuple[str, ...]] = ("done",)
    INSTANT: ClassVar[bool] = True

    @classmethod
    def read(cls, fields: Fields) -> dict[str, Any]:
        """``values``: variable to text, number, true/false or ``= expression``."""
        return {"values": fields.assignments("values")}

    def templates(self) -> Iterable[str]:
        """Texts that are no expressions."""
        return [value for value in self.values.values() if isinstance(value, str)]

    def reads(self) -> frozenset[str]:
        """What the texts and the expressions need."""
        worked_out = [v.names for v in self.values.values() if isinstance(v, Expression)]
        return Node.reads(self).union(*worked_out)

    def writes(self) -> frozenset[str]:
        """Every one of them."""
        return frozenset(self.values)

    def enter(self, walk: Walk) -> str | None:
        """Set them, in the order they are written."""
        for variable, value in self.values.items():
            if isinstance(value, Expression):
                walk.put(variable, value.value(walk.state.variables))
            else:
                walk.put(variable, walk.fill(value) if isinstance(value, str) else value)
        return "done"
