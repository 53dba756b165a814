"""A call at a table: one fact goes in, what follows comes out."""

from collections.abc import Sequence
from typing import Any

from calls.machine import Call, CallState
from domain.calls import CallFinished, CallRecord
from domain.floor import Offer, Why
from domain.flow import Enqueue
from domain.ids import AgentId, CallId, DeviceId, LegId, OfferId, QueueId
from domain.instant import Instant, after
from domain.switch import LegAnswered

C, Q = CallId("c1"), QueueId("personal")
A, B = AgentId("wang"), AgentId("li")
D, E = DeviceId("desk-wang"), DeviceId("desk-li")
FIRST, SECOND = OfferId("o1"), OfferId("o2")
CALLER, RUNG, RUNG2 = LegId("c1"), LegId("c1.1"), LegId("c1.2")
NUMBER = "+8613800000001"
WHY = Why("least_busy", 0.0, 0.0, 0)
NEVER_MIND = Instant(0)


class Play:
    """Every fact comes one second after the one before."""

    def __init__(self, state: CallState | None = None) -> None:
        self.now = Instant(1_000_000)
        self.made: list[Any] = []
        if state is None:
            self.call = Call.arrive(C, CALLER, NUMBER, "95588", "bank", self.now)
            self.made = self.call.begin()
        else:
            self.call = Call(state)

    def fact(self, fact: Any, seconds: float = 1) -> list[Any]:
        self.now = after(self.now, seconds)
        self.made = self.call.handle(fact, self.now)
        return self.made

    def wake(self, seconds: float) -> list[Any]:
        self.now = after(self.now, seconds)
        self.made = self.call.wake(self.now)
        return self.made

    def facts(self, facts: Sequence[Any]) -> "Play":
        for fact in facts:
            self.fact(fact)
        return self

    @property
    def phase(self) -> str:
        return self.call.state.phase

    def record(self) -> CallRecord:
        (done,) = [m for m in self.made if isinstance(m, CallFinished)]
        return done.record

    def kinds(self) -> list[str]:
        return [type(m).__name__ for m in self.made if type(m).__name__ != "CallChanged"]

    def visits(self) -> list[tuple[str, str]]:
        return [(v.queue, v.outcome) for v in self.call.state.visits]


def offer(name: OfferId = FIRST, agent: AgentId = A, device: DeviceId = D, **more: Any) -> Offer:
    return Offer(name, C, Q, agent, device, NEVER_MIND, WHY, **more)


ANSWERED = [LegAnswered(CALLER)]
WAITING = [*ANSWERED, Enqueue(C, Q)]
OFFERED = [*WAITING, offer()]
TALKING = [*OFFERED, LegAnswered(RUNG)]
