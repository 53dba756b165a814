"""Forecasts as of the past: made once, knowing nothing of what came after."""

from dataclasses import dataclass, field

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecasting.calendar import DayCalendar
from forecasting.history import Floats
from forecasting.models.base import ForecastError, Task
from forecasting.models.weekday import WEEKDAY_MEAN
from forecasting.trials.rolling import Rolling, inner_origins
from tests.forecasting.models.grids import FIRST, grid


@dataclass
class Counting:
    """A model that remembers what it was asked."""

    name: str = "counting"
    asked: list[Task] = field(default_factory=list)

    def forecast(self, task: Task) -> Floats:
        """Nothing will come."""
        self.asked.append(task)
        return np.zeros((task.h, task.past.shape[1]))


@dataclass
class Unable:
    """A model that never can."""

    name: str = "unable"

    def forecast(self, task: Task) -> Floats:
        """It cannot."""
        raise ForecastError("not today")


def test_each_forecast_is_made_once() -> None:
    """The same origin again costs nothing; the bar moves by one a forecast."""
    model, told = Counting(), []
    rolling = Rolling(grid(40), DayCalendar(), 7, told.append)
    for n in (20, 27, 20):
        rolling.forecast(model, n)
    assert [task.n for task in model.asked] == [20, 27]
    assert told == [1, 1]
    assert len(rolling.seconds["counting"]) == 2


def test_a_model_that_cannot_has_no_forecast() -> None:
    """Its error is not the backtest's."""
    assert Rolling(grid(40), DayCalendar(), 7).forecast(Unable(), 20) is None


def test_days_are_those_with_data() -> None:
    """Days nothing is known of are not counted, neither as past nor in a horizon."""
    truth = grid(40)
    truth.values[[5, 31]] = np.nan
    rolling = Rolling(truth, DayCalendar(), 7)
    assert len(rolling) == 38
    assert rolling.wanted(29).task.n == 29
    assert FIRST + 31 not in rolling.grid.days
    assert rolling.actual(29).shape == (7, 6)
    assert rolling.actual(29, until=31).shape == (2, 6)
    made = rolling.forecast(WEEKDAY_MEAN, 35)
    assert made is not None and len(made) == 3  # more days there are not


def test_beyond_the_end_the_days_handed_in_are_forecast() -> None:
    """All of them, also beyond the horizon of the trials."""
    rolling = Rolling(grid(40), DayCalendar(), 7, ahead=FIRST + np.arange(40, 60))
    made = rolling.forecast(WEEKDAY_MEAN, 40)
    assert made is not None and len(made) == 20


@given(st.integers(1, 2000))
def test_inner_origins_are_the_last_of_a_fixed_sequence(n: int) -> None:
    """They are past, ascending, at most twelve; none has less than a third of the days before it."""
    origins = inner_origins(n)
    assert len(origins) <= 12
    assert all(max(5, n // 3) <= m < n for m in origins)
    spacing = set(np.diff(origins).tolist())
    assert len(spacing) <= 1
    if len(origins) >= 7:
        assert len({m % 7 for m in origins}) == 7 and len({m % 5 for m in origins}) == 5


def test_a_day_more_keeps_the_origins() -> None:
    """So forecasts made yesterday serve today."""
    assert set(inner_origins(101)[:-1]) <= set(inner_origins(100))


def test_without_origins_there_is_no_trial() -> None:
    """Five days and less are no past to try anything on."""
    assert inner_origins(5) == []
    assert pytest.approx(inner_origins(7)) == [5, 6]
