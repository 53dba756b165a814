"""Small histories with a known make."""

from collections.abc import Callable

import numpy as np

from forecasting.calendar import DayCalendar
from forecasting.days import Dates, DayGrid
from forecasting.history import Floats
from forecasting.models.base import Wanted, wanted

FIRST = np.datetime64("2024-01-01")  # a Monday
WEEK = np.array([1.3, 1.1, 1.0, 1.0, 1.05, 0.6, 0.5])
SHAPE = np.array([0.05, 0.15, 0.25, 0.2, 0.2, 0.15])
SLOTS = np.arange(8, 20, 2) * 60


def weekday(days: Dates) -> np.ndarray:
    """0 for Monday."""
    return (days.astype("datetime64[D]").astype(np.int64) + 3) % 7


def pattern(days: Dates) -> Floats:
    """(d, 6) a day's shape by the weekday's calls; weekends are later in the day."""
    late = np.roll(SHAPE, 1)
    shape = np.where((weekday(days) >= 5)[:, None], late, SHAPE)
    return 1000 * WEEK[weekday(days)][:, None] * shape


def grid(
    days: int | Dates,
    mean: Callable[[Dates], Floats] = pattern,
    *,
    seed: int | None = None,
    slots: np.ndarray = SLOTS,
    open_weekdays: int = 7,
) -> DayGrid:
    """So many days (or these) with calls of a mean, Poisson by ``seed`` or exactly the mean."""
    every = FIRST + np.arange(days) if isinstance(days, int) else days
    every = every[weekday(every) < open_weekdays]
    values = mean(every)
    if seed is not None:
        values = np.random.default_rng(seed).poisson(values).astype(np.float64)
    return DayGrid(every, slots, values, 86_400 // max(len(slots), 1), "UTC")


def asked(past: DayGrid, ahead: int = 14, calendar: DayCalendar | None = None) -> Wanted:
    """What is wanted after a grid: the next days, on weekdays the grid has."""
    days = past.days[-1] + np.arange(1, 2 * ahead + 8)
    days = days[np.isin(weekday(days), weekday(past.days))][:ahead]
    return wanted(past, days, calendar or DayCalendar())
