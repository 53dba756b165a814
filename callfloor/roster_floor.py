"""A roster through the real floor machine: the calls of a forecast, drawn, meet the people who will be there.

Each draw is a whole period: callers come at random (Poisson), talk for exponential times and lose patience
after exponential ones; agents are on the floor in their shifts but for breaks and activities. What comes out
is what callers find, by queue and interval.
"""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from multiprocessing import get_context
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np

from acd.day import Caller, Day, Done, Shift
from domain.config import AgentConfig, FloorConfigured, QueueConfig
from domain.ids import AgentId, DeviceId, QueueId
from domain.instant import MICROS_PER_SECOND, Instant
from forecasting.history import Floats, Ints
from scheduling.judge.staffing import on_telephone
from scheduling.problem import Problem
from scheduling.roster import Roster

LATE_S: Final = 3600
"""The last ones there stay so much longer, until those who wait are served."""


@dataclass(frozen=True, slots=True, eq=False)
class QueueCalls:
    """The calls of a queue, (n,) expected in each interval, and how they are handled.

    ``skill`` is what agents must have. ``level_sd`` is the relative standard deviation of the whole period's
    calls around the forecast, ``day_sd`` (n,) that of the interval's day besides; 0: as forecast, but for
    chance. ``patience_s`` is the mean patience, None: they wait for ever.
    """

    name: str
    skill: str
    calls: Floats
    aht_s: Floats
    patience_s: float | None
    within_s: float
    level_sd: float
    day_sd: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Period:
    """What is simulated: ``starts`` (n,) of the intervals in UTC seconds, ``day`` (n,) the number of the day
    each lies in, the queues, and the people's ``shifts`` in pieces.
    """

    starts: Ints
    interval_s: int
    day: Ints
    queues: tuple[QueueCalls, ...]
    config: FloorConfigured
    shifts: tuple[Shift, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """What callers found in one draw, (q, n) by the interval they came in."""

    calls: Floats
    in_target: Floats
    answered: Floats
    answer_s: Floats
    abandoned: Floats


def pieces(problem: Problem, roster: Roster) -> Iterator[tuple[str, int, int, int]]:
    """(person, n-th piece of their shift, begin, end): when people are on the telephone, in UTC seconds.

    Night shifts that began before the period are among them, without their breaks, which nobody knows.
    """
    reserve = {one.id for one in problem.shifts if one.reserve}
    zone = ZoneInfo(problem.zone)

    def at(day: int, minute: int) -> int:
        midnight = datetime.combine(problem.date_of(day), time(), zone)
        return round((midnight + timedelta(minutes=minute)).timestamp())

    for person in problem.people:
        for past in person.history.shifts:
            if past.day * 1440 + past.start + past.length > 0 and past.shift not in reserve:
                yield person.id, 0, at(past.day, past.start), at(past.day, past.start + past.length)
    for one in roster.assignments:
        there = [(duty.start, duty.end) for duty in one.duties]
        if one.shift not in reserve:
            there = [(one.start, one.end)]
        stretches = [piece for begin, end in there for piece in on_telephone(one, begin, end)]
        for n, (begin, end) in enumerate(stretches):
            yield one.person, n, at(one.day, begin), at(one.day, end)


def on_duty(problem: Problem, roster: Roster, starts: Ints, interval_s: int) -> Floats:
    """(n,) how many are on the telephone in each interval, on average over its seconds."""
    there = np.zeros(len(starts))
    for _, _, begin, end in pieces(problem, roster):
        first = max(int(np.searchsorted(starts, begin, side="right")) - 1, 0)
        last = int(np.searchsorted(starts, end))
        inside = np.minimum(end, starts[first:last] + interval_s) - np.maximum(begin, starts[first:last])
        there[first:last] += np.maximum(inside, 0)
    return np.asarray(there / interval_s)


def floor_of(
    problem: Problem, roster: Roster, queues: Sequence[QueueCalls]
) -> tuple[FloorConfigured, tuple[Shift, ...]]:
    """The floor with its queues and agents, and when these are there.

    Someone whose call goes on into their break comes back all the same on time, so each piece of a shift is
    at a desk of its own.
    """
    rows = tuple(
        QueueConfig(
            QueueId(one.name),
            one.name,
            target_s=one.within_s,
            wrap_up_open=True,
            join_empty=(),
            leave_empty=(),
        )
        for one in queues
    )
    serves = {
        person.id: tuple(QueueId(one.name) for one in queues if person.skills.get(one.skill, 0) >= 1)
        for person in problem.people
    }
    found = [one for one in pieces(problem, roster) if serves[one[0]]]
    latest = max((end for *_, end in found), default=0)
    desks: dict[str, str] = {}
    shifts = []
    for person, n, begin, end in sorted(found, key=lambda one: (one[2], one[0])):
        desk = person if n == 0 else f"{person} {n + 1}"
        desks[desk] = person
        stay = LATE_S if end == latest else 0
        shifts.append(Shift(AgentId(desk), _instant(begin), _instant(end + stay)))
    agents = tuple(
        AgentConfig(AgentId(desk), person, DeviceId(desk), serves[person]) for desk, person in desks.items()
    )
    return FloorConfigured(rows, agents), tuple(shifts)


def simulate(
    period: Period, seeds: Sequence[int], workers: int = 1, made: Callable[[], None] = lambda: None
) -> list[Found]:
    """A draw of the period for each seed, the same for the same seed; ``made`` hears of each."""
    if workers == 1 or len(seeds) == 1:
        found = []
        for seed in seeds:
            found.append(play(period, seed))
            made()
        return found
    # Not forked: whoever asks may have threads.
    with ProcessPoolExecutor(min(workers, len(seeds)), get_context("spawn")) as pool:
        futures = [pool.submit(play, period, seed) for seed in seeds]
        for done in as_completed(futures):
            done.result()
            made()
        return [one.result() for one in futures]


def play(period: Period, seed: int) -> Found:
    """One draw."""
    callers = sorted(
        (caller for q in range(len(period.queues)) for caller in _callers(period, q, seed)),
        key=lambda caller: caller.at,
    )
    return _counted(period, Day(period.config, callers, period.shifts).run())


def _callers(period: Period, q: int, seed: int) -> Iterator[Caller]:
    queue = period.queues[q]
    draw = np.random.default_rng([seed, q])
    days = int(period.day.max(initial=0)) + 1
    level = _near_one(draw.normal(), queue.level_sd)
    by_day = _near_one(draw.normal(size=days)[period.day], queue.day_sd)
    counts = draw.poisson(queue.calls * level * by_day)
    total = int(counts.sum())
    at_s = np.repeat(period.starts, counts) + draw.uniform(0, period.interval_s, total)
    talk_s = draw.exponential(np.repeat(np.where(counts > 0, queue.aht_s, 1.0), counts))
    patience_s = np.full(total, np.inf)
    if queue.patience_s is not None:
        patience_s = draw.exponential(queue.patience_s, total)
    name = QueueId(queue.name)
    for at, talk, patience in zip(at_s.tolist(), talk_s.tolist(), patience_s.tolist(), strict=True):
        yield Caller(_instant(at), name, talk, patience)


def _near_one(normal: Floats | float, sd: Floats | float) -> Floats:
    """Lognormal factors of mean 1 and this relative standard deviation."""
    variance = np.log1p(np.square(sd))
    return np.asarray(np.exp(np.sqrt(variance) * normal - variance / 2))


def _counted(period: Period, done: Done) -> Found:
    shape = (len(period.queues), len(period.starts))
    calls, in_target, answered, answer_s, abandoned = np.zeros((5, *shape))
    places = {QueueId(one.name): q for q, one in enumerate(period.queues)}
    arrived = np.array([stay.caller.at for stay in done.stays], dtype=np.int64) // MICROS_PER_SECOND
    cells = np.searchsorted(period.starts, arrived, side="right") - 1
    for stay, n in zip(done.stays, cells.tolist(), strict=True):
        q = places[stay.caller.queue]
        calls[q, n] += 1
        if stay.outcome == "answered":
            wait_s = stay.wait_us / MICROS_PER_SECOND
            answered[q, n] += 1
            answer_s[q, n] += wait_s
            in_target[q, n] += wait_s <= period.queues[q].within_s
        else:  # gave up, or waits still with nobody left to answer
            abandoned[q, n] += 1
    return Found(calls, in_target, answered, answer_s, abandoned)


def _instant(seconds: float) -> Instant:
    return Instant(round(seconds * MICROS_PER_SECOND))
