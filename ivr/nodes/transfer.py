"""``transfer``: connect the caller with an outside number, or with an agent through a queue."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, ClassVar

from domain.flow import HandOver, HandOverFailed
from ivr.flow import Fields, FlowTrouble
from ivr.nodes.queue import Queue
from ivr.walk import Walk

_MARKS = re.compile(r"[\s().-]")
_NUMBER = re.compile(r"\+?[0-9]{2,31}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Transfer(Queue):
    """To ``number``: the call leaves the flow, and comes back only if the number is not reached.

    To ``prefer``, an agent: as in a ``queue``, in which that agent is asked first.
    """

    number: str

    TYPE: ClassVar[str] = "transfer"
    NEEDS: ClassVar[tuple[str, ...]] = ()
    MAY: ClassVar[tuple[str, ...]] = (*Queue.MAY, "default")

    @classmethod
    def read(cls, fields: Fields) -> dict[str, Any]:
        """``number``; or ``agent`` and ``queue``, and what is told the queue."""
        agent = fields.template("agent", "")
        number = fields.template("number", "" if agent else None)
        queue = fields.text("queue", "")
        if number and (agent or queue):
            fields.wrong("write a number, or an agent and a queue", "number")
        elif agent and not queue:
            fields.wrong("queue is missing: an agent is reached through one", "agent")
        return {
            "number": number,
            "prefer": agent,
            "queue": queue,
            "prefer_s": fields.number("prefer_s", 0.0, 0, 86_400),
            "priority": fields.number("priority", 0.0, -10_000, 10_000),
        }

    @classmethod
    def exit_is_known(cls, exit: str, parameters: dict[str, Any]) -> bool:
        """Of a number only ``failed``, else those of a queue."""
        return exit == "failed" or (parameters["prefer"] != "" and exit in cls.MAY)

    @classmethod
    def exits_needed(cls, parameters: dict[str, Any]) -> tuple[str, ...]:
        """A queue may give the call back."""
        return ("default",) if parameters["prefer"] else ()

    def templates(self) -> Iterable[str]:
        """The number or the agent."""
        return (self.number, *Queue.templates(self))

    def writes(self) -> frozenset[str]:
        """Why a queue gave the call back."""
        return frozenset() if self.number else Queue.writes(self)

    def names(self) -> tuple[tuple[str, str], ...]:
        """Of an agent: the queue, and the agent."""
        return () if self.number else Queue.names(self)

    def enter(self, walk: Walk) -> str | None:
        """Hand the caller over."""
        if not self.number:
            return Queue.enter(self, walk)
        number = _MARKS.sub("", walk.fill(self.number))
        if not _NUMBER.fullmatch(number):
            raise FlowTrouble(f"{number!r} is no number to dial")
        walk.out.append(HandOver(walk.call, number))
        return None

    def hear(self, walk: Walk, fact: Any) -> str | None:
        """Not reached; or what a queue says."""
        if isinstance(fact, HandOverFailed):
            raise FlowTrouble(f"{fact.number} was not reached")
        return None if self.number else Queue.hear(self, walk, fact)

    def time_up(self, walk: Walk) -> str | None:
        """Only a queue has something to wait for."""
        return None if self.number else Queue.time_up(self, walk)
