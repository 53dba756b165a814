"""``placeholder``: what stood here in another system's flow, and cannot be said in ours."""

from dataclasses import dataclass
from typing import Any, ClassVar

from ivr.flow import Fields, FlowTrouble, Node
from ivr.walk import Walk


@dataclass(frozen=True, slots=True, kw_only=True)
class Placeholder(Node):
    """Leave by ``failed``, always. Other exits only keep where calls went on from what stood here."""

    was: str

    TYPE: ClassVar[str] = "placeholder"
    NEEDS: ClassVar[tuple[str, ...]] = ("failed",)
    INSTANT: ClassVar[bool] = True

    @classmethod
    def read(cls, fields: Fields) -> dict[str, Any]:
        """``was``: what it was."""
        return {"was": fields.text("was")}

    @classmethod
    def exit_is_known(cls, exit: str, parameters: dict[str, Any]) -> bool:
        """Any: it may become any node."""
        return exit != "" and not exit.startswith("$")

    def enter(self, walk: Walk) -> str | None:
        """The mistake is known beforehand."""
        raise FlowTrouble(f"it is not written yet; it was {self.was}")
