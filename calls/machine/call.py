"""The machine around one state: a fact and the time go in, what follows comes out."""

from typing import Any

from calls.machine.phases import PHASES, TIME_UP
from calls.machine.shown import view
from calls.machine.state import CallState, Made, ignored, stray
from domain.calls import CallChanged
from domain.ids import CallId, LegId
from domain.instant import Instant
from domain.switch import Answer, LegAnswered


class Call:
    """One call. ``state`` is everything it knows."""

    __slots__ = ("state",)

    def __init__(self, state: CallState) -> None:
        self.state = state

    @staticmethod
    def arrive(call: CallId, leg: LegId, caller: str, dialled: str, flow: str, now: Instant) -> "Call":
        """A call that comes in; the caller's leg is not answered yet."""
        return Call(CallState(call, leg, caller, dialled, now, phase_at=now, flow=flow))

    def begin(self) -> Made:
        """Pick the caller up."""
        return [Answer(self.state.caller_leg), self.view()]

    def handle(self, fact: Any, now: Instant) -> Made:
        """What follows from one fact. Unknown combinations are ``Ignored`` and change nothing."""
        s = self.state
        act = PHASES[s.phase].get(type(fact))
        if act is not None:
            return act(s, fact, now)
        if isinstance(fact, LegAnswered):
            return stray(s, fact.leg)
        return ignored(s, fact, f"is in phase {s.phase}")

    def wake_at(self) -> Instant | None:
        """When this call next wants to be woken, if ever."""
        return self.state.deadline or None

    def wake(self, now: Instant) -> Made:
        """The deadline of the phase has come, or it has not."""
        s = self.state
        return TIME_UP[s.phase](s, now) if s.deadline and now >= s.deadline else []

    def view(self) -> CallChanged:
        """The call as pages show it."""
        return view(self.state)
