"""``split``: so many of a hundred calls go here, so many there."""

import hashlib
from dataclasses import dataclass
from typing import Any, ClassVar

from ivr.flow import Fields, Node
from ivr.walk import Walk

STEPS = 1_000_000
"""Into how many equal parts calls can be told apart."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Split(Node):
    """Leave by an exit of ``parts``, chosen by the name of the call: the same call goes the same way again.

    Nodes with the same ``seed`` put a call into the same part; without one a node stands for itself.
    """

    parts: dict[str, float]
    seed: str = ""

    TYPE: ClassVar[str] = "split"
    INSTANT: ClassVar[bool] = True

    @classmethod
    def read(cls, fields: Fields) -> dict[str, Any]:
        """``parts``: exit to percent, 100 together; ``seed``."""
        parts = fields.numbers("parts", 0, 100)
        if parts and abs(sum(parts.values()) - 100) > 0.001:
            fields.wrong(f"parts: {sum(parts.values()):g} percent together; it must be 100", "parts")
        return {"parts": parts, "seed": fields.text("seed", "")}

    @classmethod
    def exit_is_known(cls, exit: str, parameters: dict[str, Any]) -> bool:
        """Those of the parts, and ``failed``."""
        return exit in parameters["parts"] or exit == "failed"

    @classmethod
    def exits_needed(cls, parameters: dict[str, Any]) -> tuple[str, ...]:
        """One for each part."""
        return tuple(parameters["parts"])

    def enter(self, walk: Walk) -> str | None:
        """Decide."""
        seed = self.seed or f"{walk.flow.name}/{self.id}"
        drawn = int(hashlib.sha256(f"{seed}/{walk.call}".encode()).hexdigest()[:12], 16) % STEPS
        upto = 0.0
        for exit, percent in self.parts.items():
            upto += percent * STEPS / 100
            if drawn < upto:
                return exit
        return next(exit for exit, percent in reversed(self.parts.items()) if percent)
