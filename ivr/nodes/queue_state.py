"""``queue_state``: how a queue stands, before anybody is sent there."""

from dataclasses import dataclass
from typing import Any, ClassVar

from ivr.flow import Fields, FlowTrouble
from ivr.nodes.branch import Branch, read_case
from ivr.walk import Walk

FIGURES = ("queue_waiting", "queue_wait_s", "queue_available", "queue_staffed")
"""Calls that wait, the estimated wait in seconds (empty if there is none), agents free, agents on duty."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueState(Branch):
    """Put the figures of a queue into ``FIGURES``, and leave by the exit of the first case that holds.

    A queue nobody knows is a mistake of the flow.
    """

    queue: str

    TYPE: ClassVar[str] = "queue_state"

    @classmethod
    def read(cls, fields: Fields) -> dict[str, Any]:
        """``queue``: its id; ``cases`` as of a ``branch``."""
        return {
            "queue": fields.text("queue"),
            "cases": tuple(read_case(one) for one in fields.each("cases")),
        }

    def reads(self) -> frozenset[str]:
        """What the cases look at besides the figures."""
        return Branch.reads(self) - set(FIGURES)

    def writes(self) -> frozenset[str]:
        """The figures."""
        return frozenset(FIGURES)

    def names(self) -> tuple[tuple[str, str], ...]:
        """The queue."""
        return (("queue", self.queue),)

    def enter(self, walk: Walk) -> str | None:
        """Ask, and decide."""
        figures = walk.context.queues.figures(self.queue)
        if figures is None:
            raise FlowTrouble(f"there is no queue {self.queue}")
        for name, figure in zip(FIGURES, figures, strict=True):
            walk.put(name, "" if figure is None else figure)
        return Branch.enter(self, walk)
