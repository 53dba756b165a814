"""A forecast for a planner: calls with intervals, handle time and abandonment, and how models were chosen.

``look_ahead`` makes one from a history. It is exact in its words about what it knew: the part of a last day
that is not over is left out of what is learned, and used when the rest of that very day is wanted.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from forecasting.calendar import DayCalendar
from forecasting.days import Dates, DayGrid, grid_of, starts_of
from forecasting.handling import PerCall, measures_ahead
from forecasting.history import Floats, History, Ints
from forecasting.horizons import Horizon, open_days
from forecasting.intraday import Rest, rest_of_day
from forecasting.models.base import SELDOM, ForecastError, Model, Task
from forecasting.trials.backtest import misses_at
from forecasting.trials.choice import Choice, choose
from forecasting.trials.rolling import Rolling, Watch, unwatched
from forecasting.trials.spread import Spread, spread_of

LONGEST_TRIAL = 28
"""Days ahead over which models are compared, at most; and not beyond a third of the history."""
EARLY_END_MIN = 60
"""A last day that ends so much earlier than all its weekday before is not over."""


@dataclass(frozen=True, slots=True, eq=False)
class Outlook:
    """Calls ahead: ``calls`` (h, s) by local day and slot, ``ahead`` (h,) how many days in the data ahead.

    ``is_open`` (h, s) are the slots that can have calls and are not over.
    ``aht_s`` is None where the history has no handle time, ``abandonment`` (shares of the calls) where it has
    no abandoned calls. ``rest`` is of a day in progress, when that was asked for; then there is one day.
    ``learned_to`` is the last day that was learned from.
    """

    days: Dates
    slots: Ints
    calls: Floats
    is_open: NDArray[np.bool_]
    ahead: Ints
    interval_s: int
    zone: str
    spread: Spread
    choice: Choice
    learned_to: np.datetime64
    aht_s: PerCall | None = None
    abandonment: PerCall | None = None
    rest: Rest | None = None

    @property
    def starts(self) -> Ints:
        """(h, s) UTC seconds."""
        return starts_of(self.days, self.slots, self.zone)

    def bounds(self, level: float = 0.8) -> tuple[Floats, Floats]:
        """Prediction intervals of the calls of each slot, (h, s) each."""
        if self.rest is not None:
            low, high = self.rest.slots(level)
            return low[None, :], high[None, :]
        return self.spread.slots(self.calls, self.ahead, level)

    def sums(self, groups: Ints, level: float = 0.8) -> tuple[Floats, Floats, Floats]:
        """Calls of sums of slots and their intervals, (g,) each; ``groups`` (h, s) numbers them, -1: none."""
        if self.rest is not None:
            flags = [groups[0] == group for group in range(int(groups.max()) + 1)]
            found = np.array([self.rest.total(one, level) for one in flags]).reshape(-1, 3)
            return found[:, 0], found[:, 1], found[:, 2]
        return self.spread.sums(self.calls, self.ahead, groups, level)


def look_ahead(
    history: History,
    calendar: DayCalendar,
    horizon: Horizon,
    models: Sequence[Model],
    watch: Watch = unwatched,
) -> Outlook:
    """The forecast of the days of ``horizon``, by the models that did best, or the one there is.

    ``history`` must be in the interval the forecast is wanted in. ``watch`` hears of each model's forecast.
    Raises ForecastError when nothing can be said.
    """
    grid = grid_of(history)
    if not len(grid.days):
        raise ForecastError("the history is empty; there is nothing to learn from")
    complete = without_unfinished(grid)
    days = _days(grid, complete, calendar, horizon)
    trial = max(1, min(LONGEST_TRIAL, len(complete.days) // 3, len(days)))
    rolling = Rolling(complete, calendar, trial, watch, days)
    n = len(rolling)
    if n == 0:
        raise ForecastError("the history has no whole day with a known number of calls")
    choice = choose(rolling, models, n)
    made = {model.name: rolling.forecast(model, n) for model in models if model.name in choice.weights}
    calls = choice.combine({name: one for name, one in made.items() if one is not None})
    misses = misses_at(rolling, [m for m in models if m.name in choice.weights], choice.weights, n)
    spread = spread_of(misses, len(grid.slots))
    task = rolling.wanted(n).task
    is_open = _open_slots(rolling.grid, calendar, task)
    calls = np.where(is_open, calls, 0.0)
    rest = None
    if horizon.today:
        came = _came(grid)
        rest = rest_of_day(calls[0], came, spread, misses, grid.slots)
        calls = rest.calls[None, :]
        is_open = is_open & np.isnan(came)
    wished = np.asarray(days >= horizon.first)
    aht, abandonment = measures_ahead(history, task, rolling.grid)
    return Outlook(
        days=days[wished],
        slots=grid.slots,
        calls=calls[wished],
        is_open=is_open[wished],
        ahead=np.arange(1, len(days) + 1)[wished],
        interval_s=grid.interval_s,
        zone=grid.zone,
        spread=spread,
        choice=choice,
        learned_to=complete.days[-1],
        aht_s=aht and aht.only(wished),
        abandonment=abandonment and abandonment.only(wished),
        rest=rest,
    )


def without_unfinished(grid: DayGrid) -> DayGrid:
    """The grid without its last day, if that ends earlier than the same weekday ever did."""
    known = ~np.isnan(grid.values)
    if not known.any() or len(grid.days) < 2 or len(grid.slots) < 2:
        return grid
    days = grid.days.astype(np.int64)
    same = (days[:-1] - days[-1]) % 7 == 0
    before = known[:-1][same] if same.any() else known[:-1]
    before = before[before.any(axis=1)]
    if not len(before) or not known[-1].any():
        return grid
    ends = len(grid.slots) - 1 - np.argmax(before[:, ::-1], axis=1)
    end = np.flatnonzero(known[-1])[-1]
    if grid.slots[ends.min()] - grid.slots[end] < EARLY_END_MIN:
        return grid
    return DayGrid(grid.days[:-1], grid.slots, grid.values[:-1], grid.interval_s, grid.zone)


def _days(grid: DayGrid, complete: DayGrid, calendar: DayCalendar, horizon: Horizon) -> Dates:
    """The days from the end of what is learned to the end of the horizon."""
    last = grid.days[-1].astype("datetime64[D]")
    if horizon.today:
        if len(complete.days) == len(grid.days):
            raise ForecastError(f"{last}, the last day of the history, is over; no rest is left of it")
        return grid.days[-1:].astype("datetime64[D]")
    days = open_days(complete, calendar, complete.days[-1] + 1, horizon.last)
    if not (days >= horizon.first).any():
        raise ForecastError(f"there is no open day from {horizon.first} to {horizon.last}")
    return days


def _came(grid: DayGrid) -> Floats:
    """(s,) what the last day brought so far; a slot left out before its last known one had no calls."""
    came = grid.values[-1].copy()
    last = np.flatnonzero(~np.isnan(came))[-1]
    usually = (~np.isnan(grid.values[:-1])).mean(axis=0)
    gaps = np.isnan(came) & (np.arange(len(came)) < last) & (usually < 0.5)
    came[gaps] = 0.0
    return np.asarray(came)


def _open_slots(grid: DayGrid, calendar: DayCalendar, task: Task) -> NDArray[np.bool_]:
    """(h, s) whether a slot can have calls: within opening hours, or else as the weekday's were."""
    if calendar.hours is not None:
        days = task.features.at[task.n :].astype("datetime64[D]")
        return calendar.is_open(days, grid.slots, grid.interval_s)
    like = task.features.weekdays
    known = like[: task.n].T @ ~np.isnan(grid.values)
    days_seen = like[: task.n].sum(axis=0)
    share = np.where(days_seen[:, None] > 0, known / np.maximum(days_seen, 1e-9)[:, None], 1.0)
    return np.asarray(like[task.n :] @ share >= SELDOM)
