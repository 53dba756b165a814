"""``loop``: again, but not for ever."""

from dataclasses import dataclass
from typing import Any, ClassVar

from ivr.flow import Fields, FlowTrouble, Node
from ivr.walk import Walk


@dataclass(frozen=True, slots=True, kw_only=True)
class Loop(Node):
    """Leave ``times`` times by ``again``, then by ``done``; ``variable`` counts, and then begins anew."""

    variable: str
    times: int

    TYPE: ClassVar[str] = "loop"
    NEEDS: ClassVar[tuple[str, ...]] = ("again", "done")
    INSTANT: ClassVar[bool] = True
    BOUNDED: ClassVar[bool] = True

    @classmethod
    def read(cls, fields: Fields) -> dict[str, Any]:
        """``variable``, ``times``."""
        return {
            "variable": fields.variable("variable", written=True),
            "times": fields.whole("times", None, 1, 50),
        }

    def writes(self) -> frozenset[str]:
        """The count; where it was never set, counting begins."""
        return frozenset({self.variable})

    def enter(self, walk: Walk) -> str | None:
        """Count."""
        count = walk.state.variables.get(self.variable, 0) or 0
        if not isinstance(count, int):
            raise FlowTrouble(f"{self.variable} is {count!r}, which is no count")
        if count >= self.times:
            walk.put(self.variable, 0)
            return "done"
        walk.put(self.variable, count + 1)
        return "again"
