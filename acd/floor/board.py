"""The state with its indexes, what was touched by the present fact, and what is to be said about it."""

from collections.abc import Iterator, Sequence
from typing import Any

from acd.floor.counters import roll_agent, roll_queue
from acd.floor.deadlines import MIDNIGHT, Deadlines
from acd.floor.need import BRANCH, need_of, why_not
from acd.floor.queues import Lane, QueueIndex
from acd.floor.state import FloorAgent, FloorCall, FloorQueue, FloorState
from acd.floor.strategies import BUILT_IN, Strategy
from acd.floor.tables import AGENT, check
from domain.instant import Instant

UNREACHABLE = "unreachable"
"""Pause reason of an agent who is ready but whose device is not: ends by itself when the device is back."""
FAILED = "failed"
"""Pause reason of an agent whose device could not be rung by a fault of ours: ends by itself soon."""
AWAY = frozenset({"signed_out", "paused", "missed"})
"""States of agents nobody is held for."""


def condition(agent: FloorAgent) -> str:
    """What ``join_empty`` and ``leave_empty`` look at: the agent's state, or that they are unreachable."""
    if agent.state == "paused" and agent.reason in (UNREACHABLE, FAILED):
        return UNREACHABLE
    return agent.state


class Board:
    """Indexes are derived: ``rebuild`` makes them from the state alone; their own order decides nothing."""

    def __init__(self, state: FloorState, strategies: dict[str, Strategy] | None = None) -> None:
        self.state = state
        self.strategies = {**BUILT_IN, **(strategies or {})}
        self.said: list[Any] = []
        self.touched_agents: set[str] = set()
        self.touched_queues: set[str] = set()
        self.counted_queues: dict[str, tuple[int, int]] = {}
        """Queues whose (available, staffed) may have changed in this step, and what they were before."""
        self.new_calls: set[str] = set()
        """Calls that began to wait, or for more agents than before, in this step and were not matched yet."""
        self.new_room: set[str] = set()
        """Agents who have room since this step and were not matched yet."""
        self.entered: list[str] = []
        """Calls that entered a queue in this step: its recipe is looked at before they are matched."""
        self.left: set[str] = set()
        """Queues in which an agent came to count as absent: some calls may have nobody to wait for."""
        self.gone: set[str] = set()
        """Agents who went away in this step: calls may be held for them."""
        self.rebuild()

    def rebuild(self) -> None:
        """Make every index from the state."""
        state = self.state
        self.queues = {key: QueueIndex(queue.config) for key, queue in state.queues.items()}
        self._indexes: dict[str, list[QueueIndex]] = {}
        self.skills = {skill for agent in state.agents.values() for skill in agent.skills}
        """What any agent of the configuration can do."""
        self.groups = {key: frozenset(agents) for key, agents in state.groups.items()}
        self.groups_of: dict[str, list[str]] = {}
        for group in sorted(state.groups):
            for agent in state.groups[group]:
                self.groups_of.setdefault(agent, []).append(group)
        self.branches: dict[str, list[str]] = {}
        self.idle_of: dict[str, set[str]] = {group: set() for group in state.groups}
        """Group, or ``branch:NAME``, to its agents who have room for something."""
        self.widening: dict[str, list[str]] = {}
        """Group, or ``branch:NAME``, to the queues whose recipe may widen to it."""
        for key, queue in state.queues.items():
            for operation in (one for step in queue.config.recipe for one in step.do):
                if operation.act in ("widen_group", "widen_branch"):
                    group = operation.name if operation.act == "widen_group" else BRANCH + operation.name
                    self.widening.setdefault(group, []).append(key)
        self.by_device = {a.device: a.id for a in state.agents.values() if a.device is not None}
        self.longest_window_s = max((q.config.busy_window_s for q in state.queues.values()), default=3600.0)
        self.held: dict[str, list[Lane]] = {}
        """Agent to the lanes held for them by name."""
        self.wide: dict[str, list[Lane]] = {}
        """Group, or ``branch:NAME``, to the lanes widened to it."""
        self._room: dict[str, str] = {}
        """Agents with room to the channel they have room for; ``*``: any they have capacity for."""
        for agent_id in sorted(state.agents):
            agent_state = state.agents[agent_id]
            if agent_state.branch:
                self.branches.setdefault(agent_state.branch, []).append(agent_id)
            for index in self.indexes(agent_state):
                index.members.append(agent_id)
                index.staffed += agent_state.state != "signed_out"
                index.present += agent_state.state not in AWAY
            self._index_room(agent_state)
        for call in state.calls.values():
            if call.state == "waiting" and call.queue in self.queues:
                self._enter(call)
        self.deadlines = Deadlines(state)

    def indexes(self, agent: FloorAgent) -> list[QueueIndex]:
        """The queues the agent is in (names the configuration does not know are passed over)."""
        known = self._indexes.get(agent.id)
        if known is None:
            known = self._indexes[agent.id] = [self.queues[q] for q in agent.memberships if q in self.queues]
        return known

    def groups_with(self, agent: FloorAgent) -> list[str]:
        """The groups the agent is in, their branch among them."""
        groups = self.groups_of.get(agent.id, [])
        return [*groups, BRANCH + agent.branch] if agent.branch else groups

    def members_of(self, group: str) -> Sequence[str]:
        """The agents of a group, or of a branch (``branch:NAME``), by id."""
        if group.startswith(BRANCH):
            return self.branches.get(group[len(BRANCH) :], ())
        return self.state.groups.get(group, ())

    # ------------------------------------------------------------ room

    def reachable(self, agent: FloorAgent) -> bool:
        """Whether the agent's device can be rung."""
        return agent.device is not None and self.state.devices.get(agent.device, False)

    def _room_of(self, agent: FloorAgent) -> str:
        """The channel the agent has room for; ``*`` for any of theirs; empty for none."""
        if agent.state in AWAY or agent.next_state or not self.reachable(agent):
            return ""
        if not agent.offers:
            return "*"
        channels = {self.state.offers[key].channel for key in agent.offers}
        channel = min(channels)
        if len(channels) > 1 or len(agent.offers) >= agent.capacity.get(channel, 0):
            return ""
        return channel

    def room_for(self, agent: FloorAgent, channel: str) -> bool:
        """Whether the agent may be offered a contact of this channel now."""
        room = self._room.get(agent.id, "")
        return room == channel or (room == "*" and self.capacity(agent, channel) > 0)

    @staticmethod
    def capacity(agent: FloorAgent, channel: str) -> int:
        """How many contacts of a channel the agent takes at a time: one call, if nothing is said."""
        return agent.capacity.get(channel, 0) if agent.capacity else int(channel == "voice")

    def _index_room(self, agent: FloorAgent) -> bool:
        """Bring the indexes of who has room up to date; whether there is room that was not there before."""
        before, room = self._room.get(agent.id, ""), self._room_of(agent)
        if room == before:
            return False
        if room:
            self._room[agent.id] = room
        else:
            del self._room[agent.id]
        for group in self.groups_with(agent):
            idle = self.idle_of.setdefault(group, set())
            idle.add(agent.id) if room else idle.discard(agent.id)
        for index in self.indexes(agent):
            if self.room_for(agent, index.config.channel):
                index.idle.add(agent.id)
            else:
                index.idle.discard(agent.id)
        return bool(room)

    # ------------------------------------------------------------ changes

    def say(self, intent: Any) -> None:
        """Add an intent to the answer."""
        self.said.append(intent)

    def count_soon(self, key: str) -> None:
        """The numbers of agents of a queue may change in this step."""
        if key not in self.counted_queues:
            index = self.queues[key]
            self.counted_queues[key] = (len(index.idle), index.staffed)

    def refresh(self, agent: FloorAgent) -> None:
        """The agent's room may have changed."""
        self.touched_agents.add(agent.id)
        for index in self.indexes(agent):
            self.count_soon(index.config.id)
        if self._index_room(agent):
            self.new_room.add(agent.id)

    def move(
        self,
        agent: FloorAgent,
        event: str,
        target: str,
        now: Instant,
        reason: str = "",
        by: str = "",
    ) -> None:
        """Bring an agent into a state, by the table, and keep times and indexes right."""
        allowed = AGENT[agent.state].get(event)
        if target == agent.state and allowed is not None and target not in allowed:
            self.refresh(agent)  # heard, and left as it is
            return
        check(AGENT, agent.state, event, target)
        before, was = agent.state, condition(agent)
        for index in self.indexes(agent):
            self.count_soon(index.config.id)
            index.staffed += (target != "signed_out") - (before != "signed_out")
            index.present += (target not in AWAY) - (before not in AWAY)
        agent.state, agent.since, agent.reason, agent.by, agent.until = target, now, reason, by, None
        self._keep_time(agent, before, now)
        self.refresh(agent)
        if target in AWAY and before not in AWAY:
            self.gone.add(agent.id)
        is_now = condition(agent)
        for index in self._may_serve(agent):
            absent = index.config.leave_empty
            if is_now in absent and was not in absent:
                self.left.add(index.config.id)

    def _may_serve(self, agent: FloorAgent) -> Iterator[QueueIndex]:
        """Queues whose calls may wait for the agent: their own, and those that widen to their groups."""
        yield from self.indexes(agent)
        for group in self.groups_with(agent):
            for queue in self.widening.get(group, ()):
                yield self.queues[queue]
            for lane in self.wide.get(group, ()):
                yield self.queues[lane.queue]

    def _keep_time(self, agent: FloorAgent, before: str, now: Instant) -> None:
        if agent.state == "available" and before != "available":
            agent.idle_since = now
        if before == "signed_out":
            agent.signed_in_since = now
        elif agent.state == "signed_out" and agent.signed_in_since is not None:
            agent.signed_in_us += now - agent.signed_in_since
            agent.signed_in_since = None
        if agent.state in AWAY and agent.staffed_since is not None:
            agent.staffed.append([agent.staffed_since, now])
            agent.staffed_since = None
        elif agent.state not in AWAY and agent.staffed_since is None:
            agent.staffed_since = now

    # ------------------------------------------------------------ waiting

    def _enter(self, call: FloorCall) -> None:
        lane = self.queues[call.queue].add(call)
        if len(lane) > 1:
            return
        if lane.need.held_for is not None and not lane.need.held_for.startswith(BRANCH):
            self.held.setdefault(lane.need.held_for, []).append(lane)
        elif lane.need.held_for is None:
            for group in lane.need.groups:
                self.wide.setdefault(group, []).append(lane)

    def start_waiting(self, call: FloorCall) -> None:
        """Put a call among the waiting of its queue."""
        self._enter(call)
        self.deadlines.set_of_call(call.id)
        self.touched_queues.add(call.queue)
        self.new_calls.add(call.id)

    def stop_waiting(self, call: FloorCall) -> None:
        """Take a call from among the waiting; before anything it is sorted by changes."""
        lane = self.queues[call.queue].remove(call)
        self.touched_queues.add(call.queue)
        if len(lane):
            return
        held_for = lane.need.held_for
        if held_for is not None and not held_for.startswith(BRANCH):
            self._unlist(self.held, held_for, lane)
        elif held_for is None:
            for group in lane.need.groups:
                self._unlist(self.wide, group, lane)

    @staticmethod
    def _unlist(lists: dict[str, list[Lane]], key: str, lane: Lane) -> None:
        lists[key] = [one for one in lists[key] if one is not lane]
        if not lists[key]:
            del lists[key]

    def fits(self, agent: FloorAgent, lane: Lane) -> bool:
        """Whether calls of the lane are for the agent, whatever they are doing."""
        known = lane.fits.get(agent.id)
        if known is None:
            known = lane.fits[agent.id] = not why_not(agent, lane.queue, lane.need, self.groups)
        return known

    def lane_of(self, call: FloorCall) -> Lane:
        """Where a waiting call waits."""
        return self.queues[call.queue].lanes[need_of(call)]

    # ------------------------------------------------------------ counters

    def counted(self, key: str, now: Instant) -> FloorQueue:
        """The queue, its counters being those of the day of ``now``."""
        queue = self.state.queues[key]
        if roll_queue(queue, now):
            self.deadlines.set(queue.day_end, MIDNIGHT, key)
            for member in self.queues[key].members:
                self.counted_agent(self.state.agents[member], now)
        self.touched_queues.add(key)
        return queue

    def counted_agent(self, agent: FloorAgent, now: Instant) -> FloorAgent:
        """The agent, their counters being those of the day of ``now``."""
        if now >= agent.day_end:
            zone = next((i.config.timezone for i in self.indexes(agent)), "UTC")
            roll_agent(agent, now, zone)
        self.touched_agents.add(agent.id)
        return agent
