"""What every model is given and gives: days that have been, days that are wanted."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from forecasting.calendar import DayCalendar
from forecasting.days import Dates, DayGrid
from forecasting.history import Floats, Ints
from forecasting.models.features import DayFeatures, features_of

SELDOM = 0.2
"""A slot known on less than this share of a weekday's days is taken to be closed then."""


class ForecastError(ValueError):
    """No forecast can be made of this history, or not so; says why and what to do."""


class NotInstalled(ForecastError):
    """A model of another library, which is not there; says how to install it."""


@dataclass(frozen=True, slots=True, eq=False)
class Task:
    """A forecast that is wanted: n days that have been, h days ahead, s slots.

    ``past`` (n, s) are calls, nothing unknown in them and never negative; ``known`` (n,) the share of each
    day that was really known. ``features`` are those of the n + h days.
    """

    past: Floats
    known: Floats
    slots: Ints
    interval_s: int
    features: DayFeatures

    @property
    def n(self) -> int:
        """How many days have been."""
        return len(self.past)

    @property
    def h(self) -> int:
        """How many days ahead are wanted."""
        return len(self.features) - len(self.past)

    @property
    def weekday(self) -> Ints:
        """(n + h,) 0 for Monday."""
        return self.features.weekday


class Model(Protocol):
    """One way of forecasting."""

    @property
    def name(self) -> str:
        """What the planner calls it; one word."""

    def forecast(self, task: Task) -> Floats:
        """(h, s) the calls to be expected, none negative. Raises ForecastError if it cannot."""


@dataclass(frozen=True, slots=True, eq=False)
class Wanted:
    """A task, and what the planner expects besides: forecasts are multiplied by ``effect`` (h,)."""

    task: Task
    effect: Floats

    def answer(self, model: Model) -> Floats:
        """(h, s) the model's forecast with the planner's effects."""
        made = model.forecast(self.task)
        return np.maximum(np.nan_to_num(made), 0.0) * self.effect[:, None]


def wanted(grid: DayGrid, ahead: Dates, calendar: DayCalendar) -> Wanted:
    """The forecast of the days ``ahead`` (h,), ascending and after those of ``grid``.

    Days of which nothing is known are left out, single unknown slots filled in. What the planner knows of an
    event's effect is taken out of the past, so that it is not learned as something else. Raises ForecastError
    when nothing is known or a day is asked for that has been.
    """
    there = ~np.isnan(grid.values).all(axis=1)
    if not there.any():
        raise ForecastError(
            "the history has no day with a known number of calls; there is nothing to learn from"
        )
    days = grid.days[there].astype("datetime64[D]")
    ahead = ahead.astype("datetime64[D]")
    if len(ahead) and (ahead[0] <= days[-1] or (np.diff(ahead) <= np.timedelta64(0)).any()):
        raise ForecastError(
            f"the days ahead must ascend and come after {days[-1]}, the last day of the history"
        )
    table = calendar.table(np.concatenate([days, ahead]))
    effect = np.where(np.isnan(table.effect), 1.0, table.effect)
    n = len(days)
    values = grid.values[there]
    with_effect = np.where(effect[:n] > 0, effect[:n], 1.0)
    task = Task(
        past=complete(values, table.weekday[:n]) / with_effect[:, None],
        known=(~np.isnan(values)).mean(axis=1),
        slots=grid.slots,
        interval_s=grid.interval_s,
        features=features_of(table, n),
    )
    return Wanted(task, effect[n:])


def complete(values: Floats, weekday: Ints) -> Floats:
    """``values`` (n, s) with what is unknown put in: the weekday's usual profile at that day's level.

    A slot that is hardly ever known on a weekday, as after closing time, has no calls there. Each day must
    have a known slot. Negative values, which a correction may leave, become 0.
    """
    unknown = np.isnan(values)
    filled = np.maximum(np.where(unknown, 0.0, values), 0.0)
    if not unknown.any():
        return filled
    overall = np.nan_to_num(_mean(values))
    for one in np.unique(weekday):
        rows = weekday == one
        if not unknown[rows].any():
            continue
        usual = _mean(values[rows])
        closed = (~unknown[rows]).mean(axis=0) < SELDOM
        usual = np.where(closed, 0.0, np.where(np.isnan(usual), overall, usual))
        there = np.where(unknown[rows], 0.0, usual).sum(axis=1)
        level = np.where(there > 0, filled[rows].sum(axis=1) / np.maximum(there, 1e-12), 1.0)
        filled[rows] = np.where(unknown[rows], level[:, None] * usual, filled[rows])
    return filled


def _mean(values: Floats) -> Floats:
    """(s,) the mean of what is known, NaN where nothing is."""
    known = ~np.isnan(values)
    count = known.sum(axis=0)
    total = np.where(known, values, 0.0).sum(axis=0)
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)
