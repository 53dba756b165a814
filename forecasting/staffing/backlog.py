"""The queue followed from one interval into the next, where no interval is a steady state of its own.

The formulas take each interval by itself and as if it had always lasted. When one is overloaded, its queue is
there when the next begins; when a day opens, nobody waits yet. Here the probabilities of every number of
callers in the system are followed through time: Kolmogorov's forward equations of M(t)/M/n(t) with
exponential patience, **transient**, no fluid and no modified offered load. Calls come at an even rate within
an interval. An agent whose time is over finishes the call under way: of those who are busy beyond the new
number a share exp(-t/aht) is still busy after t.

What is approximate: who comes shortly before the number of agents changes is taken to be served by the agents
there are as they come, and leaving agents are so many as on average. ``bench/backlog.py`` measures the error
of the service level against days of the real router; docs/staffing.md has the table.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from forecasting.erlang.gamma import divided, floats
from forecasting.erlang.requirement import Targets
from forecasting.erlang.service_levels import DEFAULT, Definition, Shares, service_level
from forecasting.history import Floats, Ints
from forecasting.staffing.places import Places
from forecasting.staffing.plan import load_of
from forecasting.staffing.transient import Flow

SLACK = 1e-9
NEVER = 1e-14
"""Chances that are left out at the ends of intervals."""
Watch = Callable[[Iterable[int]], Iterable[int]]


@dataclass(frozen=True, slots=True, eq=False)
class Followed:
    """What the callers who come in each interval find, and the queue it leaves; arrays (n,).

    Shares and waits as in ``Measures``: of callers by when they come. ``queue_length`` is the mean number who
    wait during the interval, ``queue_at_end`` at its end. ``asa_s`` is NaN where nobody is answered. Where
    there are no agents and patience is endless the wait is infinite.
    """

    service_level: Floats
    probability_of_wait: Floats
    asa_s: Floats
    occupancy: Floats
    abandonment: Floats
    queue_length: Floats
    queue_at_end: Floats


def follow(
    calls: ArrayLike,
    interval_s: float,
    aht_s: ArrayLike,
    agents: ArrayLike,
    patience_s: float | None = None,
    *,
    within_s: float = 20.0,
    definition: Definition = DEFAULT,
    short_s: float = 5.0,
    fresh: ArrayLike = False,
    queue_at_start: int = 0,
    watch: Watch = lambda steps: steps,
) -> Followed:
    """Follow intervals with ``calls`` expected and whole ``agents``, (n,) each.

    Each begins where the one before it ended, but for those that are ``fresh`` (n,), as after a night: there
    nobody is in the system. At first there are ``queue_at_start`` callers who wait, behind busy agents.
    ``watch`` sees the intervals pass, for a progress bar. Raises ValueError for input that is negative or no
    number, or not whole.
    """
    walk = _Walk(calls, interval_s, aht_s, patience_s, fresh, queue_at_start, (within_s, definition, short_s))
    heads = walk.whole(agents)
    rows = []
    for n in watch(range(walk.intervals)):
        row, end = walk.look(n, int(heads[n]))
        walk.go(int(heads[n]), end)
        rows.append(row)
    return _columns(rows)


def keep(
    calls: ArrayLike,
    interval_s: float,
    aht_s: ArrayLike,
    agents: ArrayLike,
    targets: Targets,
    patience_s: float | None = None,
    *,
    most: ArrayLike = np.inf,
    fresh: ArrayLike = False,
    queue_at_start: int = 0,
    watch: Watch = lambda steps: steps,
) -> tuple[Ints, Followed]:
    """Whole ``agents`` (n,), and as many more, one interval after the other, as keep ``targets`` with the
    queue each inherits; and what callers then find.

    No more than ``most`` (n,): what these leave unserved the next interval has to make up for. Otherwise as
    ``follow``.
    """
    by = (targets.within_s, targets.definition, targets.short_s)
    walk = _Walk(calls, interval_s, aht_s, patience_s, fresh, queue_at_start, by)
    heads, limit = walk.whole(agents).copy(), np.broadcast_to(np.asarray(most, dtype=float), walk.calls.shape)
    rows = []
    for n in watch(range(walk.intervals)):
        row, end = walk.look(n, int(heads[n]))
        while heads[n] < limit[n] and not _held(row, targets):
            heads[n] += 1
            row, end = walk.look(n, int(heads[n]))
        walk.go(int(heads[n]), end)
        rows.append(row)
    return heads, _columns(rows)


def _columns(rows: list[tuple[float, ...]]) -> Followed:
    return Followed(*np.array(rows, dtype=np.float64).reshape(len(rows), 7).T)


def _held(row: tuple[float, ...], targets: Targets) -> bool:
    level, _, asa_s, busy, lost, *_ = row
    most_lost = min(
        1.0 if targets.abandonment is None else targets.abandonment,
        1.0 if targets.answered is None else 1 - targets.answered,
    )
    return bool(
        (targets.service_level is None or level >= targets.service_level - SLACK)
        and lost <= most_lost + SLACK
        and (targets.asa_s is None or asa_s <= targets.asa_s + SLACK)
        and (targets.occupancy is None or not busy > targets.occupancy + SLACK)
    )


class _Walk:
    """Where the queue stands, from interval to interval."""

    def __init__(
        self,
        calls: ArrayLike,
        interval_s: float,
        aht_s: ArrayLike,
        patience_s: float | None,
        fresh: ArrayLike,
        queue_at_start: int,
        by: tuple[float, Definition, float],
    ) -> None:
        self.calls, aht, load = load_of(np.atleast_1d(calls), interval_s, aht_s)
        if (
            load.sum() > 0
        ):  # whose calls wait into an interval without calls are handled as calls are on average
            aht = np.where(self.calls > 0, aht, load.sum() * interval_s / self.calls.sum())
        self.aht_s, self.interval_s, self.by = aht, interval_s, by
        self.theta = 0.0 if patience_s is None else 1 / float(floats("patience_s", patience_s, 0, above=True))
        self.fresh = np.broadcast_to(np.asarray(fresh, dtype=bool), self.calls.shape)
        self.queue_at_start = queue_at_start
        self.chances = np.ones(1)
        self.before: int | None = None

    @property
    def intervals(self) -> int:
        return len(self.calls)

    def whole(self, agents: ArrayLike) -> Ints:
        """Agents for every interval."""
        there = np.broadcast_to(floats("agents", agents, 0), self.calls.shape)
        if (there != np.round(there)).any():
            raise ValueError("agents must be whole numbers where the queue is followed")
        return there.astype(np.int64)

    def look(self, n: int, agents: int) -> tuple[tuple[float, ...], Floats]:
        """What callers of interval ``n`` find with so many agents, and the chances at its end."""
        before = agents if self.before is None else self.before
        chances = self.chances
        if n == 0 and self.queue_at_start:
            chances = np.eye(1, agents + self.queue_at_start + 1, agents + self.queue_at_start)[0]
        elif self.fresh[n]:
            chances = np.ones(1)
        flow = Flow(float(self.calls[n]) / self.interval_s, 1 / float(self.aht_s[n]), self.theta, agents)
        busy = np.minimum(np.arange(len(chances)), before)
        leaving = float((chances * np.maximum(busy - agents, 0)).sum())
        mean, end = flow.through(np.pad(chances, (0, agents + 64)), self.interval_s, leaving)
        return _figures(flow, mean, end, *self.by), end

    def go(self, agents: int, end: Floats) -> None:
        """On to the next interval, without the states that are never reached."""
        some = np.flatnonzero(end > NEVER)
        self.before, self.chances = agents, end[: some[-1] + 1]


def _figures(
    flow: Flow, mean: Floats, end: Floats, within_s: float, definition: Definition, short_s: float
) -> tuple[float, ...]:
    """The columns of ``Followed`` for one interval, from the chances of its states."""
    n = flow.agents
    k = np.arange(len(mean))
    waits = mean[n:]
    queue = float((mean * np.maximum(k - n, 0)).sum())
    queue_at_end = float((end * np.maximum(k - n, 0)).sum())
    busy = float((mean * np.minimum(k, n)).sum()) / n if n else np.nan
    if flow.coming == 0:
        return 1.0, 0.0, 0.0, busy, 0.0, queue, queue_at_end
    ahead = np.arange(len(waits), dtype=np.float64)  # callers who wait already
    place = Places(ahead, n * flow.served, flow.giving_up)
    lost = float((waits * (1 - place.answered)).sum())
    late, lost_late = place.late(within_s)
    in_time = 1 - lost - float((waits * late).sum())
    gone = lost - float((waits * lost_late).sum())
    short = lost - float((waits * place.late(short_s)[1]).sum())
    virtual = 1 - float((waits * place.virtually_late(within_s)).sum())
    shares = Shares(*(np.asarray(max(one, 0.0)) for one in (1 - lost, in_time, gone, short, virtual)))
    level = float(service_level(shares, definition))
    waited = float((waits * place.answered_wait).sum()) if n or not flow.giving_up else 0.0
    asa_s = float(divided(np.asarray(waited), np.asarray(1 - lost if n else 0.0), np.nan))
    if not n and not flow.giving_up:
        asa_s = np.inf
    return level, float(waits.sum()), asa_s, busy, lost, queue, queue_at_end
