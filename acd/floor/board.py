"""The state with its indexes, what was touched by the present fact, and what is to be said about it."""

from heapq import heapify, heappop, heappush
from itertools import islice
from typing import Any, cast

from acd.floor.counters import handled_us, roll
from acd.floor.queues import QueueIndex, rank
from acd.floor.state import FloorAgent, FloorCall, FloorQueue, FloorState
from acd.floor.tables import AGENT, check
from domain.floor import AgentChanged, AgentState, QueueChanged
from domain.ids import AgentId, CallId, DeviceId, QueueId
from domain.instant import MICROS_PER_SECOND, Instant, after

OFFER_DEADLINE, WRAP_UP_DEADLINE, WAIT_DEADLINE, MIDNIGHT = 0, 1, 2, 3
SHOWN_CALLS = 50
"""A queue's picture names at most so many of its waiting calls."""


class Board:
    """Indexes are derived: ``rebuild`` makes them from the state alone; their own order decides nothing."""

    def __init__(self, state: FloorState) -> None:
        self.state = state
        self.said: list[Any] = []
        self.touched_agents: set[str] = set()
        self.touched_queues: set[str] = set()
        self.new_calls: set[str] = set()
        """Calls that began to wait in this step and were not matched yet."""
        self.new_idle: set[str] = set()
        """Agents who became available in this step and were not matched yet."""
        self.left: set[str] = set()
        """Queues an agent left in this step: some of their calls may have nobody to wait for."""
        self.rebuild()

    def rebuild(self) -> None:
        """Make every index from the state."""
        state = self.state
        self.queues = {key: QueueIndex(queue.config) for key, queue in state.queues.items()}
        self.skills = {key: frozenset(agent.skills) for key, agent in state.agents.items()}
        self.by_device = {a.device: a.id for a in state.agents.values() if a.device is not None}
        self.longest_window_s = max((q.config.busy_window_s for q in state.queues.values()), default=3600.0)
        self._deadlines: list[tuple[int, int, str]] = []
        for agent in state.agents.values():
            for index in self.indexes(agent):
                index.members.add(agent.id)
                index.staffed += agent.state != "signed_out"
                if agent.state == "available":
                    index.idle.add(agent.id)
            if agent.state == "wrap_up" and agent.until is not None:
                self._deadlines.append((agent.until, WRAP_UP_DEADLINE, agent.id))
        for offer in state.offers.values():
            if offer.state == "pending":
                self._deadlines.append((offer.deadline, OFFER_DEADLINE, offer.id))
        for call in state.calls.values():
            if call.state == "waiting" and call.queue in self.queues:
                self.queues[call.queue].add(call)
                self._deadlines += self._wait_deadline(call)
        self._deadlines += [(q.day_end, MIDNIGHT, key) for key, q in state.queues.items()]
        heapify(self._deadlines)

    def indexes(self, agent: FloorAgent) -> list[QueueIndex]:
        """The queues the agent is in (names the configuration does not know are passed over)."""
        return [self.queues[q] for q in agent.queues if q in self.queues]

    # ------------------------------------------------------------ deadlines

    def _wait_deadline(self, call: FloorCall) -> list[tuple[int, int, str]]:
        at = self.wait_until(call)
        return [] if at is None else [(at, WAIT_DEADLINE, call.id)]

    def wait_until(self, call: FloorCall) -> Instant | None:
        """When the call's wait is over by its queue's rule."""
        queue = self.queues.get(call.queue)
        if queue is None or queue.config.max_wait_s <= 0:
            return None
        return after(call.entered, queue.config.max_wait_s)

    def set_deadline(self, at: Instant, kind: int, key: str) -> None:
        """Remember to look at ``key`` at ``at``; a deadline that no longer holds is passed over then."""
        heappush(self._deadlines, (at, kind, key))

    def _holds(self, at: int, kind: int, key: str) -> bool:
        state = self.state
        if kind == OFFER_DEADLINE:
            offer = state.offers.get(key)
            return offer is not None and offer.state == "pending" and offer.deadline == at
        if kind == WRAP_UP_DEADLINE:
            agent = state.agents.get(key)
            return agent is not None and agent.state == "wrap_up" and agent.until == at
        if kind == WAIT_DEADLINE:
            call = state.calls.get(key)
            return call is not None and call.state == "waiting" and self.wait_until(call) == at
        queue = state.queues.get(key)
        return queue is not None and queue.day_end == at

    def next_deadline(self) -> tuple[Instant, int, str] | None:
        """The earliest deadline that still holds; ties by kind, then by id."""
        while self._deadlines and not self._holds(*self._deadlines[0]):
            heappop(self._deadlines)
        if not self._deadlines:
            return None
        at, kind, key = self._deadlines[0]
        return Instant(at), kind, key

    def drop_deadline(self) -> None:
        """Forget the earliest deadline: it is being dealt with."""
        heappop(self._deadlines)

    # ------------------------------------------------------------ changes

    def say(self, intent: Any) -> None:
        """Add an intent to the answer."""
        self.said.append(intent)

    def move(
        self,
        agent: FloorAgent,
        event: str,
        target: str,
        now: Instant,
        reason: str = "",
        until: Instant | None = None,
    ) -> None:
        """Bring an agent into a state, by the table, and keep the indexes right."""
        check(AGENT, agent.state, event, target)
        before = agent.state
        agent.state, agent.since, agent.reason, agent.until = target, now, reason, until
        self.touched_agents.add(agent.id)
        for index in self.indexes(agent):
            staffed = (target != "signed_out") - (before != "signed_out")
            index.staffed += staffed
            if target == "available":
                index.idle.add(agent.id)
            else:
                index.idle.discard(agent.id)
            if staffed or "available" in (before, target):
                self.touched_queues.add(index.config.id)
            if staffed < 0:
                self.left.add(index.config.id)
        if target == "available":
            self.new_idle.add(agent.id)

    def start_waiting(self, call: FloorCall) -> None:
        """Put a call among the waiting of its queue."""
        self.queues[call.queue].add(call)
        self.touched_queues.add(call.queue)
        self.new_calls.add(call.id)
        self._deadlines_of(call)

    def _deadlines_of(self, call: FloorCall) -> None:
        for at, kind, key in self._wait_deadline(call):
            heappush(self._deadlines, (at, kind, key))

    def stop_waiting(self, call: FloorCall) -> None:
        """Take a call from among the waiting."""
        if call.queue in self.queues:
            self.queues[call.queue].remove(call)
            self.touched_queues.add(call.queue)

    def counted(self, key: str, now: Instant) -> FloorQueue:
        """The queue, its counters being those of the day of ``now``."""
        queue = self.state.queues[key]
        if roll(queue, now):
            self.set_deadline(queue.day_end, MIDNIGHT, key)
        self.touched_queues.add(key)
        return queue

    # ------------------------------------------------------------ pictures

    def reachable(self, agent: FloorAgent) -> bool:
        """Whether the agent's device can be rung."""
        return agent.device is not None and self.state.devices.get(agent.device, False)

    def agent_view(self, key: str, now: Instant) -> AgentChanged:
        """What pages show of an agent."""
        agent = self.state.agents[key]
        window = max((i.config.busy_window_s for i in self.indexes(agent)), default=self.longest_window_s)
        return AgentChanged(
            AgentId(agent.id),
            cast(AgentState, agent.state),
            agent.since,
            reason=agent.reason,
            call=CallId(agent.call) if agent.call else None,
            device=DeviceId(agent.device) if agent.device else None,
            reachable=self.reachable(agent),
            until=agent.until,
            handled_s=handled_us(agent, now, window) / MICROS_PER_SECOND,
            next_state=agent.next_state,
        )

    def queue_view(self, key: str, now: Instant) -> QueueChanged:
        """What the wallboard shows of a queue."""
        queue, index = self.state.queues[key], self.queues[key]
        return QueueChanged(
            QueueId(key),
            waiting=index.waiting(),
            oldest=Instant(index.arrivals[0][0]) if index.arrivals else None,
            available=len(index.idle),
            staffed=index.staffed,
            offered=queue.offered,
            answered=queue.answered,
            abandoned=queue.abandoned,
            answered_in_target=queue.answered_in_target,
            abandoned_in_target=queue.abandoned_in_target,
            wait_us=queue.wait_us,
            calls=self.first_calls(index),
        )

    def first_calls(self, index: QueueIndex) -> tuple[CallId, ...]:
        """The first waiting calls of a queue in the order they would be served."""
        now = self.state.now
        first = [list(islice(lane.in_order(now), SHOWN_CALLS)) for lane in index.lanes.values()]
        if len(first) == 1:
            return tuple(map(CallId, first[0]))  # a lane is in order; only several need comparing
        calls = self.state.calls
        ranked = sorted((rank(calls[call], index.config, now), call) for lane in first for call in lane)
        return tuple(CallId(call) for _, call in ranked[:SHOWN_CALLS])
