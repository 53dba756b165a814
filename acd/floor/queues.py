"""Who waits where, in which order.

Effective priority = min(max(cap, base), base + rate x wait). Below the cap the order of two calls never
changes: it is that of base - rate x since, which holds no ``now``. So a lane is four sorted lists (first of
all those put at the head; those whose base is above the cap; those that have aged to the cap, by enqueue
time; those still ageing), and a call moves once, from ageing to capped. The ageing list's own order is
the order of reaching the cap, so only its front is ever looked at.

Priorities are whole numbers of 1e-12, so that equal means equal: a rate of 0.05/s is 50,000 per microsecond.
"""

from bisect import bisect_left, insort
from collections.abc import Iterator
from math import isfinite

from acd.floor.state import FloorCall
from domain.config import QueueConfig
from domain.instant import Instant

PRIORITY_UNIT = 1_000_000_000_000


def exact(priority: float) -> int:
    """A priority in units of 1e-12; what is not a number counts as 0: the caller must still be served."""
    return round(priority * PRIORITY_UNIT) if isfinite(priority) else 0


def effective(call: FloorCall, queue: QueueConfig, now: Instant) -> int:
    """The call's effective priority at ``now``, in units of 1e-12."""
    base = exact(call.base)
    aged = base + round(queue.age_rate * 1_000_000) * max(0, now - call.since)
    return min(max(exact(queue.age_cap), base), aged)


Rank = tuple[int, int, int, int, int]


def rank(call: FloorCall, queue: QueueConfig, now: Instant) -> Rank:
    """Sort key among all waiting calls, smallest first: weight, at head, priority, enqueue time, arrival."""
    if call.at_head:
        return (-queue.weight, 0, 0, call.since, call.seq)
    return (-queue.weight, 1, -effective(call, queue, now), call.since, call.seq)


class Lane:
    """The calls of one queue that ask for the same skills, in order."""

    __slots__ = ("ageing", "cap", "capped", "head", "over", "rate")

    def __init__(self, queue: QueueConfig) -> None:
        self.rate = round(queue.age_rate * 1_000_000)
        self.cap = exact(queue.age_cap)
        self.head: list[tuple[int, int, int, str]] = []
        self.over: list[tuple[int, int, int, str]] = []
        self.capped: list[tuple[int, int, int, str]] = []
        self.ageing: list[tuple[int, int, int, str]] = []

    def _entry(self, call: FloorCall, which: str) -> tuple[int, int, int, str]:
        if which == "over":
            return (-exact(call.base), call.since, call.seq, call.id)
        if which == "ageing":
            return (self.rate * call.since - exact(call.base), call.since, call.seq, call.id)
        return (0, call.since, call.seq, call.id)

    def _first_list(self, call: FloorCall) -> str:
        if call.at_head:
            return "head"
        return "over" if exact(call.base) > self.cap else "ageing"

    def add(self, call: FloorCall) -> None:
        """Let the call wait here."""
        which = self._first_list(call)
        insort(getattr(self, which), self._entry(call, which))

    def remove(self, call: FloorCall) -> None:
        """Take a waiting call out."""
        first = self._first_list(call)
        for which in (first, "capped") if first == "ageing" else (first,):
            entries = getattr(self, which)
            entry = self._entry(call, which)
            at = bisect_left(entries, entry)
            if at < len(entries) and entries[at] == entry:
                del entries[at]
                return
        raise AssertionError(f"call {call.id} does not wait in this lane")

    def in_order(self, now: Instant) -> Iterator[str]:
        """The calls, first to be served first."""
        reached = 0
        for key, since, seq, call in self.ageing:
            if self.rate * now - key < self.cap:
                break
            insort(self.capped, (0, since, seq, call))
            reached += 1
        del self.ageing[:reached]
        for entries in (self.head, self.over, self.capped, self.ageing):
            for entry in entries:
                yield entry[3]

    def __len__(self) -> int:
        return len(self.head) + len(self.over) + len(self.capped) + len(self.ageing)


class QueueIndex:
    """What matching and the wallboard ask about one queue; rebuilt from the state at any time."""

    __slots__ = ("arrivals", "config", "idle", "lanes", "members", "staffed")

    def __init__(self, config: QueueConfig) -> None:
        self.config = config
        self.lanes: dict[tuple[str, ...], Lane] = {}
        self.arrivals: list[tuple[int, int]] = []
        self.members: set[str] = set()
        self.idle: set[str] = set()
        self.staffed = 0

    def add(self, call: FloorCall) -> None:
        """Let the call wait."""
        lane = self.lanes.get(call.skills)
        if lane is None:
            lane = self.lanes[call.skills] = Lane(self.config)
        lane.add(call)
        insort(self.arrivals, (call.entered, call.seq))

    def remove(self, call: FloorCall) -> None:
        """Take a waiting call out."""
        lane = self.lanes[call.skills]
        lane.remove(call)
        if not len(lane):
            del self.lanes[call.skills]
        del self.arrivals[bisect_left(self.arrivals, (call.entered, call.seq))]

    def waiting(self) -> int:
        """How many wait and are offered to nobody."""
        return len(self.arrivals)
