"""The queue followed from one interval into the next, where no interval is a steady state of its own.

The formulas take each interval by itself and as if it had always lasted. When one is overloaded, its queue is
there when the next begins; when a day opens, nobody waits yet. Here the probabilities of every number of
callers in the system are followed through time: Kolmogorov's forward equations of M(t)/M/n(t) with
exponential patience, **transient**, no fluid and no modified offered load. Calls come at an even rate within
an interval. An agent whose time is over finishes the call under way: of those who are busy beyond the new
number a share exp(-t/aht) is still busy after t.

What is approximate: who comes shortly before the number of agents changes is taken to be served by the agents
there are as they come, and leaving agents are so many as on average. Against days of the real router
(exponential talk and patience, 30-minute intervals, ``bench/backlog.py``) the service level of an interval is
within one point, where the steady state is wrong by up to 75; docs/staffing.md has the table.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import special
from scipy.linalg import lapack

from forecasting.erlang.gamma import divided, floats
from forecasting.erlang.service_levels import DEFAULT, Definition, Shares, service_level
from forecasting.history import Floats, Ints
from forecasting.staffing.plan import load_of

GAMMA = 2 - np.sqrt(2)
"""The inner point of a step of TR-BDF2 (Bank et al. 1985), at which both stages have one matrix."""
MIDDLE = 1 / (6 * GAMMA * (1 - GAMMA))
LAST = (2 - 3 * GAMMA) / (6 * (1 - GAMMA))
"""Weights of the mean over a step of the parabola through its three points."""
EDGE = 1e-10
"""Probability at the largest queue from which on there are too few states."""
MOST_STATES = 2_000_000


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
    queue_at_start: int = 0,
    watch: Callable[[Iterable[int]], Iterable[int]] = lambda steps: steps,
) -> Followed:
    """Follow consecutive intervals with ``calls`` expected and whole ``agents``, (n,) each.

    At first all agents are free, or busy with ``queue_at_start`` callers behind. ``watch`` sees the intervals
    pass, for a progress bar. Raises ValueError for input that is negative or no number, or not whole.
    """
    offered, aht, load = load_of(np.atleast_1d(calls), interval_s, aht_s)
    if load.sum() > 0:  # whose calls wait into an interval without calls are handled as calls are on average
        aht = np.where(offered > 0, aht, load.sum() * interval_s / offered.sum())
    there = np.broadcast_to(floats("agents", agents, 0), offered.shape)
    if (there != np.round(there)).any():
        raise ValueError("agents must be whole numbers where the queue is followed")
    theta = 0.0 if patience_s is None else 1 / float(floats("patience_s", patience_s, 0, above=True))
    heads = there.astype(np.int64)
    first = int(heads[0]) if len(heads) else 0
    chances = np.zeros(first + queue_at_start + 64)
    chances[first + queue_at_start if queue_at_start else 0] = 1.0
    before = first
    rows: list[tuple[float, ...]] = []
    for n in watch(range(len(offered))):
        flow = _Flow(float(offered[n]) / interval_s, 1 / float(aht[n]), theta, int(heads[n]))
        over = np.arange(len(chances))
        leaving = float((chances * np.clip(np.minimum(over, before) - heads[n], 0, None)).sum())
        mean, chances = flow.through(chances, interval_s, leaving)
        rows.append(_figures(flow, mean, chances, within_s, definition, short_s))
        before = int(heads[n])
    columns = np.array(rows, dtype=np.float64).reshape(len(rows), 7).T
    return Followed(*columns)


@dataclass(frozen=True, slots=True)
class _Flow:
    """One interval: rates per second of coming, of being served and of giving up, and how many agents."""

    coming: float
    served: float
    giving_up: float
    agents: int

    def through(self, chances: Floats, interval_s: float, leaving: float) -> tuple[Floats, Floats]:
        """The mean over the interval by (callers - agents still finishing), and what is there at its end."""
        while True:
            mean, end = self._march(chances, interval_s, leaving)
            if end[-1] < EDGE:
                return mean, end
            if len(chances) > MOST_STATES:
                raise ValueError("the queue grows beyond two million callers")
            chances = np.concatenate([chances, np.zeros(len(chances) // 2 + 64)])

    def _march(self, chances: Floats, interval_s: float, leaving: float) -> tuple[Floats, Floats]:
        now, mean = chances, np.zeros(len(chances))
        at = 0.0
        for step in self._steps(interval_s):
            extra = round(leaving * np.exp(-(at + step / 2) * self.served))
            inner, after = self._step(now, step, self.agents + extra)
            part = (1 - MIDDLE - LAST) * now + MIDDLE * inner + LAST * after
            mean[: len(part) - extra] += part[extra:] * step
            mean[0] += part[:extra].sum() * step
            now, at = after, at + step
        return mean / interval_s, now

    def _steps(self, interval_s: float) -> Iterator[float]:
        """Short at first, when much changes, then up to a tenth of a call."""
        step = 1 / self.served / (40 * np.sqrt(self.agents + 1))
        left = interval_s
        while left > 1e-9:
            one = min(step, left)
            yield one
            left -= one
            step = min(1.2 * step, 1 / self.served / 10)

    def _step(self, now: Floats, step: float, agents: int) -> tuple[Floats, Floats]:
        """A step of TR-BDF2: what is there at its inner point, and at its end."""
        k = np.arange(len(now), dtype=np.float64)
        down = np.minimum(k, agents) * self.served + np.maximum(k - agents, 0) * self.giving_up
        up = np.full(len(now), self.coming)
        up[-1] = 0.0
        h = GAMMA / 2 * step
        change = -(up + down) * now
        change[1:] += up[:-1] * now[:-1]
        change[:-1] += down[1:] * now[1:]
        lower, middle, upper = -h * up[:-1], 1 + h * (up + down), -h * down[1:]
        *parts, _ = lapack.dgttrf(lower, middle, upper)
        inner, _ = lapack.dgttrs(*parts, now + h * change)
        right = (inner - (1 - GAMMA) ** 2 * now) / (GAMMA * (2 - GAMMA))
        after, _ = lapack.dgttrs(*parts, right)
        return inner, after


def _figures(
    flow: _Flow, mean: Floats, end: Floats, within_s: float, definition: Definition, short_s: float
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
    place = _Places(ahead, n * flow.served, flow.giving_up)
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


class _Places:
    """What becomes of a caller with j ``ahead`` in the queue, arrays by j.

    The queue before them moves at ``rate`` (agents over AHT) plus ``theta`` for each who waits. Who gives up
    at theta too is served with probability x/(x + j + 1), x = rate/theta, after stages that are those between
    the first j + 1 of x + j + 1 exponential deaths: an incomplete beta function. Without patience they are
    Erlang's.
    """

    def __init__(self, ahead: Floats, rate: float, theta: float) -> None:
        self.rate, self.theta = rate, theta
        self.stages = ahead + 1
        self.x = rate / theta if theta else np.inf
        self.answered: Floats = np.ones(len(ahead)) if not theta else self.x / (self.x + self.stages)

    @property
    def answered_wait(self) -> Floats:
        """The mean wait times whether they are answered."""
        if not self.rate:
            return np.zeros(len(self.stages))
        if not self.theta:
            return self.stages / self.rate
        steps: Floats = np.cumsum(1 / (self.rate + self.theta * self.stages)) * self.answered
        return steps

    def late(self, time_s: float) -> tuple[Floats, Floats]:
        """The chances of being answered later than ``time_s``, and of giving up later than that."""
        if not self.theta:
            return self.virtually_late(time_s), np.zeros(len(self.stages))
        waiting = np.exp(-self.theta * time_s) * self.virtually_late(time_s)
        answered = self.answered * (1 - self._beta(self.x + 1, time_s))
        return answered, np.maximum(waiting - answered, 0.0)

    def virtually_late(self, time_s: float) -> Floats:
        """The chance that a caller who never gives up waits longer than ``time_s``."""
        if not self.rate:
            return np.ones(len(self.stages))
        if not self.theta:
            late: Floats = special.gammaincc(self.stages, self.rate * time_s)
            return late
        return 1 - self._beta(self.x, time_s)

    def _beta(self, x: float, time_s: float) -> Floats:
        if x <= 0:
            return np.zeros(len(self.stages))
        done: Floats = special.betainc(self.stages, x, -np.expm1(-self.theta * time_s))
        return done


def raised(
    agents: ArrayLike,
    kept: Callable[[Ints], Followed],
    share: float,
    *,
    most_rounds: int = 200,
) -> Ints:
    """Agents (n,) with as many added, from the first interval on, that ``kept`` gives each its service level.

    ``kept`` follows the queue for given agents. In every round the first interval below ``share`` gets one
    more. Raises ValueError if it does not come about in ``most_rounds`` rounds.
    """
    heads = np.array(agents, dtype=np.int64)
    for _ in range(most_rounds):
        below = np.flatnonzero(kept(heads).service_level < share - 1e-9)
        if not len(below):
            return heads
        heads[below[0]] += 1
    raise ValueError(f"the service level is not kept in {most_rounds} rounds; plan with more agents at first")
