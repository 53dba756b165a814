"""``subflow``, ``go`` and ``return``: from one flow into another, and back."""

from dataclasses import dataclass
from typing import Any, ClassVar

from ivr.flow import ENTRY, RETURN, Fields, FlowTrouble, Node
from ivr.walk import Walk


@dataclass(frozen=True, slots=True, kw_only=True)
class Subflow(Node):
    """Walk through another flow, in the version new calls take, and leave by the exit its ``return`` names.

    Everything known of the call is known there, and what is set there is known afterwards.
    """

    flow: str

    TYPE: ClassVar[str] = "subflow"
    NEEDS: ClassVar[tuple[str, ...]] = ("done",)

    @classmethod
    def read(cls, fields: Fields) -> dict[str, Any]:
        """``flow``: its name."""
        return {"flow": fields.text("flow")}

    @classmethod
    def exit_is_known(cls, exit: str, parameters: dict[str, Any]) -> bool:
        """Any name the other flow may return by."""
        return exit != "" and not exit.startswith("$")

    def names(self) -> tuple[tuple[str, str], ...]:
        """The flow."""
        return (("flow", self.flow),)

    def enter(self, walk: Walk) -> str | None:
        """To its first node."""
        walk.call_flow(self.flow)
        return ENTRY


@dataclass(frozen=True, slots=True, kw_only=True)
class Go(Node):
    """Go on in another flow for good; flows that called this one are left, too."""

    flow: str

    TYPE: ClassVar[str] = "go"
    INSTANT: ClassVar[bool] = True

    @classmethod
    def read(cls, fields: Fields) -> dict[str, Any]:
        """``flow``: its name."""
        return {"flow": fields.text("flow")}

    def names(self) -> tuple[tuple[str, str], ...]:
        """The flow."""
        return (("flow", self.flow),)

    def enter(self, walk: Walk) -> str | None:
        """To its first node."""
        if not walk.enter_flow(self.flow):
            raise FlowTrouble(f"there is no flow {self.flow}")
        return ENTRY


@dataclass(frozen=True, slots=True, kw_only=True)
class Return(Node):
    """Come back to the ``subflow`` node that called this flow, and leave it by ``exit``."""

    exit: str

    TYPE: ClassVar[str] = "return"
    INSTANT: ClassVar[bool] = True

    @classmethod
    def read(cls, fields: Fields) -> dict[str, Any]:
        """``exit``: that of the ``subflow`` node (``done``)."""
        exit = fields.text("exit", "done")
        if exit.startswith("$"):
            fields.wrong(f"exit {exit} is no exit of a subflow", "exit")
        return {"exit": exit}

    def enter(self, walk: Walk) -> str | None:
        """Back, if anybody called."""
        frame = walk.come_back()
        if frame is None:
            raise FlowTrouble("no flow called this one")
        return f"{RETURN}{frame.node}:{self.exit}"
