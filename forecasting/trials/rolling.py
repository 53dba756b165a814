"""Forecasts as they would have been made in the past, each made once and kept."""

from collections.abc import Callable, Iterable, Sequence
from time import process_time

import numpy as np

from forecasting.calendar import DayCalendar
from forecasting.days import Dates, DayGrid
from forecasting.history import Floats
from forecasting.models.base import ForecastError, Model, Wanted, wanted

Watch = Callable[[int], None]
"""Told of so many forecasts made; may raise to stop the work."""


def unwatched(made: int) -> None:
    """Nobody looks."""


class Rolling:
    """Forecasts from origins in the past of a grid by several models.

    An origin n stands after the first n days with anything known; days, also of horizons, are counted among
    those. What comes after an origin is never shown to a model, but which days have data is: whether a house
    is open on a day is known beforehand.
    """

    def __init__(
        self,
        grid: DayGrid,
        calendar: DayCalendar,
        horizon: int,
        watch: Watch = unwatched,
        ahead: Dates | None = None,
    ) -> None:
        """``horizon`` is in days; ``ahead`` are days beyond the grid, all of them forecast from its end."""
        there = ~np.isnan(grid.values).all(axis=1)
        self.grid = DayGrid(grid.days[there], grid.slots, grid.values[there], grid.interval_s, grid.zone)
        self.calendar = calendar
        self.horizon = horizon
        self._ahead = grid.days[:0] if ahead is None else ahead.astype("datetime64[D]")
        self.seconds: dict[str, list[float]] = {}
        self.watch = watch
        self._wanted: dict[int, Wanted] = {}
        self._made: dict[tuple[str, int], Floats | None] = {}

    def __len__(self) -> int:
        return len(self.grid.days)

    def forecast(self, model: Model, n: int) -> Floats | None:
        """(h, s) what ``model`` would have said after n days of the next ones, None if it cannot.

        ``h`` is the horizon, or the days there are.
        """
        key = (model.name, n)
        if key not in self._made:
            begun = process_time()
            try:
                self._made[key] = self.wanted(n).answer(model)
            except ForecastError:
                self._made[key] = None
            self.seconds.setdefault(model.name, []).append(process_time() - begun)
            self.watch(1)
        return self._made[key]

    def wanted(self, n: int) -> Wanted:
        """What is asked of the models after n days."""
        if n not in self._wanted:
            grid = self.grid
            past = DayGrid(grid.days[:n], grid.slots, grid.values[:n], grid.interval_s, grid.zone)
            ahead = grid.days[n : n + self.horizon] if n < len(self) else self._ahead
            self._wanted[n] = wanted(past, ahead, self.calendar)
        return self._wanted[n]

    def actual(self, n: int, until: int | None = None) -> Floats:
        """(h, s) what came after n days, within the horizon and the first ``until`` days of all."""
        end = len(self) if until is None else until
        return self.grid.values[n : min(n + self.horizon, end)]

    def warm(self, models: Sequence[Model], origins: Iterable[int]) -> None:
        """Make all these forecasts now."""
        for n in origins:
            for model in models:
                self.forecast(model, n)


def inner_origins(n: int, most: int = 12) -> list[int]:
    """Origins to learn from when n days have been: the last ones of a fixed sequence, ascending.

    Their spacing has no factor in common with weeks of five or seven days, so that they begin on every
    weekday. The sequence does not depend on n, so that forecasts made once serve again.
    """
    spacing = 1 if n < 21 else 3 if n < 60 else 4 if n < 250 else 11
    first = max(5, n // 3)
    found = [m for m in range(n - n % spacing, first - 1, -spacing) if m < n]
    return found[:most][::-1]
