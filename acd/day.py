"""A day of the floor alone: callers and agents with everything drawn beforehand go through the real machine.

No telephones, no flows: a caller waits until they are answered or lose patience, an agent picks up at once
and talks and wraps up for as long as the caller needs. What comes out is every caller's wait, so a planner
can ask what a roster would have done to a day, and a test can hold the machine against formulas and plainer
queues. ``callfloor.simulation`` has the same with everything (flow, switch, people who err).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from heapq import heapify, heappop, heappush
from typing import Any

from acd.floor import Floor
from domain.calls import CallerGone, CallQueued, ContactEnded, DeviceReachable, OfferAccepted
from domain.config import FloorConfigured
from domain.desk import AgentReady, AgentSignedIn, AgentSignedOut, WrapUpEnded
from domain.floor import Offer, Overflow, ReturnToFlow, WrapUpDone
from domain.ids import AgentId, CallId, DeviceId, QueueId
from domain.instant import Instant, after


@dataclass(frozen=True, slots=True)
class Caller:
    """A caller: when they come, what they need, how long they wait, talk and are written about (seconds)."""

    at: Instant
    queue: QueueId
    talk_s: float
    patience_s: float = float("inf")
    wrap_up_s: float = 0.0
    base_priority: float = 0.0
    skills: tuple[str, ...] = ()
    tier: str = ""
    preferred: AgentId | None = None


@dataclass(frozen=True, slots=True)
class Shift:
    """An agent at work from ``start`` to ``end``; a contact under way is finished first."""

    agent: AgentId
    start: Instant
    end: Instant


@dataclass(slots=True)
class Stay:
    """What became of a caller: ``answered``, ``abandoned``, ``returned`` by the floor; empty: still there."""

    caller: Caller
    outcome: str = ""
    left: Instant | None = None
    agent: AgentId | None = None
    queue: QueueId | None = None

    @property
    def wait_us(self) -> int:
        """From coming to answer or end, in microseconds."""
        return 0 if self.left is None else self.left - self.caller.at


@dataclass(slots=True)
class Done:
    """A simulated day."""

    stays: list[Stay]
    facts: int = 0
    busy_us: dict[str, int] = field(default_factory=dict)
    """Agent to microseconds of talk and wrap-up."""
    estimates: list[tuple[int, float, str]] = field(default_factory=list)
    """(caller, estimated wait in seconds as they came, queue), where there was an estimate."""


COME, TIRED, END, WRAPPED, BEGIN, GO = range(6)
"""What is due, in the order in which things of the same instant happen: those who come are there when those
who leave are asked."""


class Day:
    """The machine, the watch, and what is to happen."""

    def __init__(
        self,
        config: FloorConfigured,
        callers: Sequence[Caller],
        shifts: Iterable[Shift],
        floor: Floor | None = None,
        *,
        estimates: bool = False,
    ) -> None:
        self.floor = floor or Floor()
        self.done = Done([Stay(caller) for caller in callers])
        self._estimates = estimates
        self._heap: list[tuple[Instant, int, int, Any]] = []
        self._order = 0
        devices = {agent.id: agent.device for agent in config.agents}
        begin = min((caller.at for caller in callers), default=Instant(1))
        for n, caller in enumerate(callers):
            self._at(caller.at, COME, n)
        for shift in shifts:
            begin = min(begin, shift.start)
            self._at(shift.start, BEGIN, (shift.agent, devices[shift.agent]))
            self._at(shift.end, GO, shift.agent)
        heapify(self._heap)
        self._tell(config, begin)

    def _at(self, at: Instant, kind: int, what: Any) -> None:
        self._order += 1
        heappush(self._heap, (at, kind, self._order, what))

    def run(self) -> Done:
        """Until nothing is left to happen."""
        heap, floor = self._heap, self.floor
        while heap:
            due = floor.wake_at()
            if due is not None and due <= heap[0][0]:
                self.done.facts += 1
                self._heard(floor.wake(due), due)
                continue
            at, kind, _, what = heappop(heap)
            self._happen(kind, what, at)
        return self.done

    def _happen(self, kind: int, what: Any, now: Instant) -> None:
        if kind == COME:
            self._come(what, now)
        elif kind == TIRED:
            stay = self.done.stays[what]
            if not stay.outcome:
                stay.outcome, stay.left = "abandoned", now
                self._tell(CallerGone(CallId(f"c{what}")), now)
        elif kind == END:
            call, offer, agent = what
            self._tell(ContactEnded(offer, agent), now)
            wrap_up_s = self.done.stays[call].caller.wrap_up_s
            self._at(after(now, wrap_up_s), WRAPPED, (offer, agent))
        elif kind == WRAPPED:
            offer, agent = what
            if offer in self.floor.state.offers:  # the queue's rule may have ended it before
                self._tell(WrapUpEnded(agent), now)
        elif kind == BEGIN:
            agent, device = what
            self._begin(agent, device, now)
        else:
            self._tell(AgentSignedOut(what), now)

    def _begin(self, agent: AgentId, device: DeviceId, now: Instant) -> None:
        self._tell(DeviceReachable(device, True), now)
        self._tell(AgentSignedIn(agent, device), now)
        self._tell(AgentReady(agent), now)

    def _come(self, n: int, now: Instant) -> None:
        stay = self.done.stays[n]
        caller = stay.caller
        if self._estimates:
            estimate_s = self.floor.estimate_s(caller.queue)
            if estimate_s is not None:
                self.done.estimates.append((n, estimate_s, caller.queue))
        stay.queue = caller.queue
        self._tell(
            CallQueued(
                CallId(f"c{n}"),
                caller.queue,
                now,
                caller.base_priority,
                caller.skills,
                caller.tier,
                caller.preferred,
            ),
            now,
        )
        if not stay.outcome and caller.patience_s != float("inf"):
            self._at(after(now, caller.patience_s), TIRED, n)

    def _tell(self, fact: Any, now: Instant) -> None:
        self.done.facts += 1
        self._heard(self.floor.handle(fact, now), now)

    def _heard(self, said: list[Any], now: Instant) -> None:
        for one in said:
            kind = type(one)
            if kind is Offer:
                self._answer(one, now)
            elif kind is ReturnToFlow:
                stay = self.done.stays[int(one.call[1:])]
                stay.outcome, stay.left = "returned", now
            elif kind is Overflow:
                self.done.stays[int(one.call[1:])].queue = one.target
            elif kind is WrapUpDone:
                self.done.busy_us[one.agent] = self.done.busy_us.get(one.agent, 0) + one.wrap_us

    def _answer(self, offer: Offer, now: Instant) -> None:
        n = int(offer.call[1:])
        stay = self.done.stays[n]
        if stay.outcome:
            return  # another agent was faster
        stay.outcome, stay.left, stay.agent = "answered", now, offer.agent
        talk_us = after(now, stay.caller.talk_s) - now
        self.done.busy_us[offer.agent] = self.done.busy_us.get(offer.agent, 0) + talk_us
        self._at(Instant(now + talk_us), END, (n, offer.offer, offer.agent))
        self._tell(OfferAccepted(offer.offer, offer.agent), now)
