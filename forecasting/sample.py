"""Realistic history, made up: queues of a bank with seasons, holidays, campaigns and noise of every kind.

For tests and demonstrations. All chance comes from the generator handed in, so a seed is a history.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from forecasting.calendar import DayCalendar, DayTable, Event
from forecasting.history import Floats, History, Ints
from forecasting.reading.wall import resolve

DAY_S = 86_400
_HOLIDAY = {"Spring Festival": 0.3, "National Day": 0.45, "Labour Day": 0.55}
"""What of a day's calls comes on a holiday; of one that is not here, ``_OTHER_HOLIDAY``."""
_OTHER_HOLIDAY = 0.65
_REBOUND = 1.22
"""Calls on the first working day after a holiday."""


@dataclass(frozen=True, slots=True)
class SampleQueue:
    """How a queue is called. ``calls_per_day`` is an ordinary Wednesday of the first year.

    ``weekdays`` (7) are relative to it. ``peaks`` are (hour, width in hours, weight) over ``night``, which is
    there at any hour and in the same measure. The queue is open from ``opens`` to ``closes`` (hours of
    the day); on weekdays of 0 it is closed. ``aht_s`` is the mean handle time, ``acw`` the share of it after
    the call; ``ivr`` calls served by the flow alone for each call offered; ``abandonment`` the usual share.
    """

    name: str
    calls_per_day: float
    weekdays: tuple[float, ...] = (1.12, 1.04, 1.0, 0.99, 1.02, 0.62, 0.5)
    peaks: tuple[tuple[float, float, float], ...] = ((10.25, 1.6, 1.0), (15.0, 2.0, 0.8), (20.0, 1.5, 0.3))
    night: float = 0.03
    opens: float = 0.0
    closes: float = 24.0
    yearly: float = 0.08
    trend: float = 0.06
    aht_s: float = 210.0
    acw: float = 0.18
    ivr: float = 0.6
    abandonment: float = 0.035


BANK = (
    SampleQueue("personal", 4200.0),
    SampleQueue(
        "business",
        900.0,
        weekdays=(1.2, 1.05, 1.0, 0.98, 0.95, 0.0, 0.0),
        peaks=((10.0, 1.4, 1.0), (14.75, 1.6, 0.95)),
        night=0.08,
        opens=8.0,
        closes=20.0,
        aht_s=330.0,
        ivr=0.15,
    ),
    SampleQueue("cards", 1800.0, weekdays=(1.05, 1.0, 1.0, 1.0, 1.05, 0.85, 0.8), aht_s=165.0, trend=0.15),
)


@dataclass(frozen=True, slots=True)
class Sample:
    """What history is wanted: ``days`` local days from ``first`` on.

    ``calendar`` has the holidays and the campaigns; a campaign without an effect of its own brings
    ``campaign`` times the calls. ``level_noise`` is the standard deviation of a slowly wandering level,
    ``day_noise`` of each day by itself, ``shape_noise`` of intervals beyond chance (Poisson), all as shares.
    """

    first: date
    days: int
    zone: str = "Asia/Shanghai"
    interval_s: int = 1800
    queues: tuple[SampleQueue, ...] = BANK
    calendar: DayCalendar = field(default_factory=lambda: DayCalendar("CN"))
    campaign: float = 1.35
    level_noise: float = 0.04
    day_noise: float = 0.03
    shape_noise: float = 0.05


def campaigns(first: date, days: int, rng: Generator, every_days: int = 75) -> tuple[Event, ...]:
    """Campaigns of three days to a week, one in about ``every_days``, at random."""
    made = []
    for begin in range(every_days // 2, days - 7, every_days):
        day = first + timedelta(days=begin + int(rng.integers(-10, 11)))
        made.append(Event("campaign", day, day + timedelta(days=int(rng.integers(2, 7)))))
    return tuple(made)


def generate(sample: Sample, rng: Generator) -> dict[str, History]:
    """Histories by queue, with every measure; intervals in which a queue is closed are not there."""
    days = np.datetime64(sample.first) + np.arange(sample.days)
    slots = np.arange(0, DAY_S, sample.interval_s, dtype=np.int64) // 60
    table = sample.calendar.table(days)
    walls = days.astype("datetime64[D]").astype(np.int64)[:, None] * DAY_S + slots[None, :] * 60
    resolved = resolve(walls.ravel(), sample.zone)
    there = (resolved.skipped_s == 0).reshape(walls.shape)
    starts = resolved.first.reshape(walls.shape)
    # What moves one queue moves the others, in part.
    shared = _wandering(sample.days, sample.level_noise, rng)
    made = {}
    for queue in sample.queues:
        own = _wandering(sample.days, sample.level_noise / 2, rng)
        mean = _means(sample, queue, table, slots, shared + own, rng)
        open_ = there & (mean > 0)
        made[queue.name] = _history(sample, queue, mean[open_], starts[open_], slots, open_, rng)
    return made


def _wandering(days: int, sd: float, rng: Generator) -> Floats:
    """(d,) an autoregression of first order around 0, half of a deviation gone within four days."""
    keep = 0.84
    steps = rng.normal(0.0, sd * np.sqrt(1 - keep**2), days)
    level = np.empty(days)
    at = rng.normal(0.0, sd)
    for n in range(days):
        at = keep * at + steps[n]
        level[n] = at
    return level


def _means(
    sample: Sample, queue: SampleQueue, table: DayTable, slots: Ints, level: Floats, rng: Generator
) -> Floats:
    """(d, s) the calls that come on average in each interval."""
    day = np.arange(sample.days)
    of_year = 2 * np.pi * (table.days - table.days.astype("datetime64[Y]")).astype(np.float64) / 365.25
    effects = np.array(queue.weekdays)[table.weekday]
    effects[table.kind == "make_up"] = 0.9 * queue.weekdays[0]
    effects *= 1 + queue.trend * day / 365.25
    effects *= np.exp(queue.yearly * np.sin(of_year - 0.6) + queue.yearly / 2 * np.cos(2 * of_year))
    turn = (table.day_of_month <= 2) | (table.to_month_end == 0)
    effects *= np.where(turn, 1.08, 1.0)
    effects *= _holidays(table)
    effects[table.kind == "closed"] = 0.0
    for event in table.events.values():
        effects *= sample.campaign**event
    effects *= np.where(np.isnan(table.effect), 1.0, table.effect)
    effects *= np.exp(level + rng.normal(0.0, sample.day_noise, sample.days))
    hours = (slots + sample.interval_s / 120) / 60
    profiles = _profiles(queue, table, hours, rng)
    shares = profiles / profiles.sum(axis=1, keepdims=True)
    noise = np.exp(rng.normal(0.0, sample.shape_noise, shares.shape) - sample.shape_noise**2 / 2)
    return np.asarray(queue.calls_per_day * effects[:, None] * shares * noise)


def _holidays(table: DayTable) -> Floats:
    off = np.array([_HOLIDAY.get(name, _OTHER_HOLIDAY) for name in table.holiday.tolist()])
    # The first days are the quietest; towards the end people are back.
    off = np.minimum(off * (1 + 0.08 * np.maximum(table.nth - 1, 0)), 0.9)
    factor = np.where(table.kind == "holiday", off, 1.0)
    back = (table.days_since == 1) & (table.weekday < 5) & (table.kind == "ordinary")
    return np.where(back, _REBOUND, factor)


def _profiles(queue: SampleQueue, table: DayTable, hours: Floats, rng: Generator) -> Floats:
    """(d, s) how calls lie within each day; its peaks come a little earlier or later than others'."""
    late = rng.normal(0.0, 0.12, len(table))[:, None]
    idle = ((table.weekday >= 5) & (table.kind == "ordinary")) | (table.kind == "holiday")
    # People sleep longer on days off.
    late = late + np.where(idle, 0.8, 0.0)[:, None]
    profile = np.full((len(table), len(hours)), queue.night)
    for hour, width, weight in queue.peaks:
        lean = np.exp(rng.normal(0.0, 0.05, len(table)))[:, None]
        profile += weight * lean * np.exp(-0.5 * ((hours[None, :] - hour - late) / width) ** 2)
    profile[:, (hours < queue.opens) | (hours > queue.closes)] = 0.0
    return profile


def _history(
    sample: Sample,
    queue: SampleQueue,
    mean: Floats,
    starts: Ints,
    slots: Ints,
    open_: NDArray[np.bool_],
    rng: Generator,
) -> History:
    calls = rng.poisson(mean)
    hours = np.broadcast_to(slots / 60, open_.shape)[open_]
    busy = mean / max(float(np.quantile(mean, 0.95)), 1e-9)
    abandonment = np.clip(queue.abandonment * (0.5 + busy**2) * rng.gamma(4.0, 0.25, len(mean)), 0.0, 0.9)
    abandoned = rng.binomial(calls, abandonment)
    answered = calls - abandoned
    ivr = rng.poisson(queue.ivr * mean * (1 + 0.3 * np.cos((hours - 2) / 24 * 2 * np.pi)))
    # Calls late in the day take longer; one call's handle time has a coefficient of variation of 1.
    usual = queue.aht_s * (1 + 0.08 * np.sin((hours - 15) / 24 * 2 * np.pi))
    with np.errstate(divide="ignore", invalid="ignore"):
        aht = usual * np.where(answered > 0, rng.gamma(np.maximum(answered, 1)) / answered, np.nan)
    return History(
        starts,
        calls.astype(np.float64),
        sample.interval_s,
        sample.zone,
        {
            "abandoned": abandoned.astype(np.float64),
            "answered": answered.astype(np.float64),
            "ivr": ivr.astype(np.float64),
            "aht_s": np.round(aht, 1),
            "talk_s": np.round(aht * (1 - queue.acw), 1),
            "acw_s": np.round(np.round(aht, 1) - np.round(aht * (1 - queue.acw), 1), 1),
        },
        queue.name,
    )
