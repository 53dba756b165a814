"""Who waits where, in which order.

Effective priority = min(cap, base + rate x wait). Below the cap the order of two calls never changes: it is
that of base - rate x since, which holds no ``now``; at the cap it is the order of enqueuing. So a lane is
three sorted lists (those put at the head; those that have reached the cap; those still ageing), and a call
moves once, from ageing to capped. The ageing list's own order is the order of reaching the cap, so only its
front is ever looked at.

Priorities are whole numbers of 1e-12, so that equal means equal: a rate of 0.05/s is 50,000 per microsecond.
"""

from bisect import bisect_left, insort
from collections.abc import Iterator
from itertools import islice
from math import isfinite

from acd.floor.need import BRANCH, Need, need_of
from acd.floor.state import FloorCall
from domain.config import QueueConfig

PRIORITY_UNIT = 1_000_000_000_000


def exact(priority: float) -> int:
    """A priority in units of 1e-12; what is not a number counts as 0: the caller must still be served."""
    return round(priority * PRIORITY_UNIT) if isfinite(priority) else 0


def base_of(call: FloorCall, queue: QueueConfig) -> int:
    """What the call's priority starts from: the queue's, the tier's and flow's, and the recipe's part."""
    return exact(call.base) + exact(queue.base_priority) + exact(call.raised)


def effective(call: FloorCall, queue: QueueConfig, now: int) -> int:
    """The call's effective priority at ``now``, in units of 1e-12."""
    aged = base_of(call, queue) + round(queue.age_rate * 1_000_000) * max(0, now - call.since)
    return min(exact(queue.age_cap), aged)


Rank = tuple[int, int, int, int, int]


def rank(call: FloorCall, queue: QueueConfig, now: int) -> Rank:
    """Sort key among all waiting calls, smallest first: weight, at head, priority, enqueue time, arrival."""
    if call.at_head:
        return (-queue.weight, 0, 0, call.since, call.seq)
    return (-queue.weight, 1, -effective(call, queue, now), call.since, call.seq)


ANY = Need((), 0, None, (), None)
NEEDS_KNOWN = 1000
"""A queue remembers for so many needs which agents they are for."""
Entry = tuple[int, int, int, int, str]
"""(part, order within the part, enqueue time, arrival, call)."""
HEAD, CAPPED, AGEING = 0, 1, 2


class Lane:
    """The calls of one queue that need the same, in order."""

    __slots__ = ("_parts", "cap", "fits", "need", "queue", "rate", "weight")

    def __init__(self, queue: QueueConfig, need: Need, fits: dict[str, bool]) -> None:
        self.queue = queue.id
        self.need = need
        self.rate = round(queue.age_rate * 1_000_000)
        self.cap = exact(queue.age_cap)
        self.weight = queue.weight
        self.fits = fits
        """Agents already looked at, and whether calls of this need are for them."""
        self._parts: tuple[list[Entry], list[Entry], list[Entry]] = ([], [], [])

    def _entry(self, call: FloorCall, part: int, base: int) -> Entry:
        key = self.rate * call.since - base if part == AGEING else 0
        return (part, key, call.since, call.seq, call.id)

    def add(self, call: FloorCall, base: int) -> None:
        """Let the call wait here; ``base`` is what its priority starts from."""
        part = HEAD if call.at_head else CAPPED if base >= self.cap else AGEING
        insort(self._parts[part], self._entry(call, part, base))

    def remove(self, call: FloorCall, base: int) -> None:
        """Take a waiting call out."""
        for part in (HEAD,) if call.at_head else (CAPPED, AGEING):
            entries = self._parts[part]
            entry = self._entry(call, part, base)
            at = bisect_left(entries, entry)
            if at < len(entries) and entries[at] == entry:
                del entries[at]
                return
        raise AssertionError(f"call {call.id} does not wait in this lane")

    def _settle(self, now: int) -> None:
        """Those who have aged to the cap by now stand among the capped."""
        _, capped, ageing = self._parts
        if not ageing or self.rate * now - ageing[0][1] < self.cap:
            return
        reached = 0
        for _, key, since, seq, call in ageing:
            if self.rate * now - key < self.cap:
                break
            insort(capped, (CAPPED, 0, since, seq, call))
            reached += 1
        del ageing[:reached]

    def first(self, now: int) -> Entry:
        """The call to be served first; a lane is not kept when it is empty."""
        self._settle(now)
        head, capped, ageing = self._parts
        return head[0] if head else capped[0] if capped else ageing[0]

    def entries(self, now: int) -> Iterator[Entry]:
        """The calls, first to be served first; entries of lanes of one queue compare."""
        self._settle(now)
        for part in self._parts:
            yield from part

    def in_order(self, now: int) -> Iterator[str]:
        """The calls, first to be served first."""
        for entry in self.entries(now):
            yield entry[4]

    def rank(self, entry: Entry, now: int) -> Rank:
        """The sort key of an entry among all waiting calls: what ``rank`` gives for its call."""
        part, key, since, seq, _ = entry
        if part == HEAD:
            return (-self.weight, 0, 0, since, seq)
        return (-self.weight, 1, -self.cap if part == CAPPED else key - self.rate * now, since, seq)

    def before(self, entry: Entry, now: int) -> int:
        """How many would be served before ``entry`` of any lane of this queue."""
        self._settle(now)
        return sum(len(part) for part in self._parts[: entry[0]]) + bisect_left(self._parts[entry[0]], entry)

    def place(self, call: FloorCall, base: int, now: int) -> Entry:
        """The entry of a call, as it stands now."""
        if call.at_head:
            return self._entry(call, HEAD, base)
        capped = min(self.cap, base + self.rate * max(0, now - call.since)) >= self.cap
        return self._entry(call, CAPPED if capped else AGEING, base)

    def __len__(self) -> int:
        return sum(map(len, self._parts))


class QueueIndex:
    """What matching and the wallboard ask about one queue; rebuilt from the state at any time."""

    __slots__ = (
        "_fits",
        "_order",
        "arrivals",
        "callbacks",
        "config",
        "home",
        "idle",
        "lanes",
        "members",
        "open",
        "picky",
        "present",
        "staffed",
    )

    def __init__(self, config: QueueConfig) -> None:
        self.config = config
        self.lanes: dict[Need, Lane] = {}
        self.open: dict[Need, Lane] = {}
        """Lanes held for nobody."""
        self.home: dict[str, dict[Need, Lane]] = {}
        """Lanes held for a branch, by its name."""
        self.arrivals: list[tuple[int, int]] = []
        self.members: list[str] = []
        """Sorted."""
        self.idle: set[str] = set()
        """Members who have room for a contact of the queue's channel."""
        self.staffed = 0
        """Members signed in."""
        self.present = 0
        """Members signed in who are neither paused nor missing."""
        self.picky: set[str] = set()
        """Waiting calls that somebody said no to."""
        self.callbacks = 0
        self._order = Lane(config, ANY, {})
        """All that wait, whatever they need."""
        self._fits: dict[Need, dict[str, bool]] = {}

    def base(self, call: FloorCall) -> int:
        """What a call's priority starts from here."""
        return base_of(call, self.config)

    def add(self, call: FloorCall) -> Lane:
        """Let the call wait; its lane."""
        need = need_of(call)
        lane = self.lanes.get(need)
        if lane is None:
            if len(self._fits) > NEEDS_KNOWN:
                self._fits.clear()
            lane = self.lanes[need] = Lane(self.config, need, self._fits.setdefault(need, {}))
            if need.held_for is None:
                self.open[need] = lane
            elif need.held_for.startswith(BRANCH):
                self.home.setdefault(need.held_for[len(BRANCH) :], {})[need] = lane
        base = self.base(call)
        lane.add(call, base)
        self._order.add(call, base)
        insort(self.arrivals, (call.entered, call.seq))
        self.callbacks += call.callback
        if call.rejected:
            self.picky.add(call.id)
        return lane

    def remove(self, call: FloorCall) -> Lane:
        """Take a waiting call out; the lane it was in."""
        need = need_of(call)
        lane = self.lanes[need]
        base = self.base(call)
        lane.remove(call, base)
        self._order.remove(call, base)
        if not len(lane):
            del self.lanes[need]
            self.open.pop(need, None)
            if need.held_for is not None and need.held_for.startswith(BRANCH):
                del self.home[need.held_for[len(BRANCH) :]][need]
        del self.arrivals[bisect_left(self.arrivals, (call.entered, call.seq))]
        self.callbacks -= call.callback
        self.picky.discard(call.id)
        return lane

    def waiting(self) -> int:
        """How many wait and are offered to nobody."""
        return len(self.arrivals)

    def position(self, call: FloorCall, now: int) -> int:
        """The place of a waiting call among all of the queue, 1 for the next to be served."""
        return 1 + self._order.before(self._order.place(call, self.base(call), now), now)

    def first(self, now: int, most: int) -> tuple[str, ...]:
        """The first waiting calls in the order they would be served."""
        return tuple(islice(self._order.in_order(now), most))
