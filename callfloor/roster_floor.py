"""A roster through the real floor machine: the calls of a forecast, drawn, meet the people who will be there.

Each draw is a whole period: callers come at random (Poisson), talk for exponential times and lose patience
after exponential ones; agents are on the floor in their shifts but for breaks, activities and days on which
they are ill. What comes out is what callers find, by queue and interval.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from datetime import UTC, datetime, time
from multiprocessing import get_context
from typing import Final, NamedTuple

import numpy as np

from acd.day import Caller, Day, Done, Shift
from domain.config import AgentConfig, FloorConfigured, QueueConfig
from domain.ids import AgentId, DeviceId, QueueId
from domain.instant import MICROS_PER_SECOND, Instant
from forecasting.history import Floats, Ints
from forecasting.reading.wall import resolve
from scheduling.judge.staffing import on_telephone
from scheduling.problem import Problem
from scheduling.roster import Roster

LATE_S: Final = 3600
"""The last ones there stay so much longer, until those who wait are served."""
SPELL_DAYS: Final = 3.0
"""How many days in a row somebody is ill, on average."""


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
    each lies in, the queues, and the people's ``shifts`` in pieces. ``whose`` (p,) says of each piece who it
    is of, and ``on`` (p,) on which day of the roster their shift begins. ``absence`` is the share of the
    days people are rostered for on which they are ill.
    """

    starts: Ints
    interval_s: int
    day: Ints
    queues: tuple[QueueCalls, ...]
    config: FloorConfigured
    shifts: tuple[Shift, ...]
    whose: Ints
    on: Ints
    absence: float = 0.0


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """What callers found in one draw, (q, n) by the interval they came in.

    ``on_duty`` (q, n) is how many were there who serve the queue, whoever serves several in each of them, and
    ``on_floor`` (n,) how many in all.
    """

    calls: Floats
    in_target: Floats
    answered: Floats
    answer_s: Floats
    abandoned: Floats
    on_duty: Floats
    on_floor: Floats


class Piece(NamedTuple):
    """The ``n``-th piece of somebody's shift that begins on a ``day`` of the roster, on the telephone from
    ``begin`` to ``end`` (UTC seconds)."""

    person: str
    day: int
    n: int
    begin: int
    end: int


def pieces(problem: Problem, roster: Roster) -> list[Piece]:
    """When people are on the telephone.

    Night shifts that began before the period are among them, without their breaks, which nobody knows. Of an
    hour that never comes, as the clock is turned forward, nothing is left; one that comes twice is worked
    twice.
    """
    walls = list(_walls(problem, roster))
    midnight = int(datetime.combine(problem.start, time(), UTC).timestamp())
    ends = np.array([(one.day * 1440 + at) * 60 for one in walls for at in one[3:]], dtype=np.int64)
    seconds = resolve(midnight + ends, problem.zone).first.reshape(-1, 2).tolist()
    return [
        one._replace(begin=begin, end=end)
        for one, (begin, end) in zip(walls, seconds, strict=True)
        if begin < end
    ]


def _walls(problem: Problem, roster: Roster) -> Iterator[Piece]:
    """Pieces with their minutes on the wall, from the midnight before their shift."""
    reserve = {one.id for one in problem.shifts if one.reserve}
    for person in problem.people:
        for past in person.history.shifts:
            end = past.start + past.length
            if past.day * 1440 + end > 0 and past.shift not in reserve:
                yield Piece(person.id, past.day, 0, past.start, end)
    for one in roster.assignments:
        there = [(duty.start, duty.end) for duty in one.duties]
        if one.shift not in reserve:
            there = [(one.start, one.end)]
        stretches = [piece for begin, end in there for piece in on_telephone(one, begin, end)]
        for n, (begin, end) in enumerate(stretches):
            yield Piece(one.person, one.day, n, begin, end)


def on_duty(
    problem: Problem, roster: Roster, starts: Ints, interval_s: int, people: Collection[str] | None = None
) -> Floats:
    """(n,) how many (of these ``people``) are rostered to be on the telephone in each interval, on average
    over its seconds.
    """
    stays = [(o.begin, o.end) for o in pieces(problem, roster) if people is None or o.person in people]
    return _there(stays, starts, interval_s)


def _there(stays: Iterable[tuple[int, int]], starts: Ints, interval_s: int) -> Floats:
    there = np.zeros(len(starts))
    for begin, end in stays:
        first = max(int(np.searchsorted(starts, begin, side="right")) - 1, 0)
        last = int(np.searchsorted(starts, end))
        inside = np.minimum(end, starts[first:last] + interval_s) - np.maximum(begin, starts[first:last])
        there[first:last] += np.maximum(inside, 0)
    return np.asarray(there / interval_s)


def floor_of(
    problem: Problem, roster: Roster, queues: Sequence[QueueCalls]
) -> tuple[FloorConfigured, tuple[Shift, ...], Ints, Ints]:
    """The floor with its queues and agents, and when these are there; ``whose`` and ``on`` as in ``Period``.

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
    found = [one for one in pieces(problem, roster) if serves[one.person]]
    found.sort(key=lambda one: (one.begin, one.person))
    latest = max((one.end for one in found), default=0)
    desks: dict[str, str] = {}
    shifts = []
    for one in found:
        desk = one.person if one.n == 0 else f"{one.person} {one.n + 1}"
        desks[desk] = one.person
        stay = LATE_S if one.end == latest else 0
        shifts.append(Shift(AgentId(desk), _instant(one.begin), _instant(one.end + stay)))
    agents = tuple(
        AgentConfig(AgentId(desk), person, DeviceId(desk), serves[person]) for desk, person in desks.items()
    )
    number = {person.id: n for n, person in enumerate(problem.people)}
    whose = np.array([number[one.person] for one in found], dtype=np.int64)
    on = np.array([one.day for one in found], dtype=np.int64)
    return FloorConfigured(rows, agents), tuple(shifts), whose, on


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
    shifts = well(period, seed)
    return _counted(period, shifts, Day(period.config, callers, shifts).run())


def well(period: Period, seed: int) -> tuple[Shift, ...]:
    """The pieces of shifts of those who are not ill, in one draw.

    Somebody who is well falls ill and somebody who is ill gets well with the same chance every day (a Markov
    chain), so that spells last ``SPELL_DAYS`` on average and ``absence`` of all days are lost.
    """
    if not period.absence or not period.shifts:
        return period.shifts
    draw = np.random.default_rng([seed, len(period.queues)])
    first = int(period.on.min())
    chances = draw.random((int(period.on.max()) - first + 1, int(period.whose.max()) + 1))
    recover = 1 / SPELL_DAYS
    fall = min(recover * period.absence / (1 - period.absence), 1.0)
    ill = [chances[0] < period.absence]
    for chance in chances[1:]:
        ill.append(np.where(ill[-1], chance >= recover, chance < fall))
    lost = np.array(ill)[period.on - first, period.whose]
    return tuple(one for one, gone in zip(period.shifts, lost.tolist(), strict=True) if not gone)


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


def _counted(period: Period, shifts: Sequence[Shift], done: Done) -> Found:
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
    serves = {one.id: set(one.queues) for one in period.config.agents}
    latest = max((one.end for one in period.shifts), default=0)

    def there(serving: Callable[[Shift], bool]) -> Floats:
        stays = (
            (one.start // MICROS_PER_SECOND, one.end // MICROS_PER_SECOND - LATE_S * (one.end == latest))
            for one in shifts
            if serving(one)
        )
        return _there(stays, period.starts, period.interval_s)

    on_duty = np.array([there(lambda one, q=q: q in serves[one.agent]) for q in places])  # type: ignore[misc]
    return Found(calls, in_target, answered, answer_s, abandoned, on_duty, there(lambda _: True))


def _instant(seconds: float) -> Instant:
    return Instant(round(seconds * MICROS_PER_SECOND))
