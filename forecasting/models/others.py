"""Models of other libraries behind our interface, to compare ours with: LightGBM, and statsforecast's AutoETS
and MSTL with AutoETS. They are set up as a practitioner would, none of their settings searched for.
"""

from typing import Any

import numpy as np

from forecasting.history import Floats
from forecasting.models.base import ForecastError, Model, NotInstalled, Task
from forecasting.models.calendar_columns import calendar_columns
from forecasting.models.profiles import recency, weekday_profiles

HOW = "it comes with: pip install 'callfloor[compare]'"


def other_model(name: str) -> Model:
    """The model of this name. Raises NotInstalled where its library is not there."""
    made: dict[str, Any] = {"lightgbm": LightGbm, "autoets": AutoEts, "mstl": Mstl}
    model: Model = made[name]()
    return model


class LightGbm:
    """Boosted trees over slot, calendar and calls of the same slot one to four weeks before.

    Only what is a horizon or more old is used as a lag, so that all days ahead are forecast at once.
    """

    name = "lightgbm"

    def __init__(self) -> None:
        try:
            import lightgbm
        except ImportError:
            raise NotInstalled(f"the model lightgbm needs LightGBM; {HOW}") from None
        self._library: Any = lightgbm

    def forecast(self, task: Task) -> Floats:
        """(h, s) the calls to be expected."""
        n, slots = task.past.shape
        if n < 15:
            raise ForecastError(f"lightgbm needs 15 days, the history has {n}")
        days = np.hstack(
            [calendar_columns(task.features, n).x, task.weekday[:, None], task.features.of_month[:, None]]
        )
        weeks = _weeks_before(task)
        rows = np.repeat(days, slots, axis=0)
        x = np.column_stack([rows, np.tile(task.slots, len(days)), weeks.reshape(len(days) * slots, -1)])
        first = min(n // 2, 10)
        settings = {"learning_rate": 0.05, "num_leaves": 31, "num_threads": 1, "verbose": -1, "seed": 1}
        learned = self._library.Dataset(x[first * slots : n * slots], task.past[first:].ravel())
        model = self._library.train(settings, learned, num_boost_round=300)
        return np.asarray(model.predict(x[n * slots :]), dtype=np.float64).reshape(task.h, slots)


def _weeks_before(task: Task) -> Floats:
    """(n + h, s, 4) means of the last 1, 2, 4 and 8 same weekdays, of days that have been."""
    weekday, n = task.weekday, task.n
    made = np.full((n + task.h, task.past.shape[1], 4), np.nan)
    for at in range(n + task.h):
        same = np.flatnonzero(weekday[: min(at, n)] == weekday[at])
        for column, weeks in enumerate((1, 2, 4, 8)):
            if len(same):
                made[at, :, column] = task.past[same[-weeks:]].mean(axis=0)
    return made


class AutoEts:
    """Exponential smoothing of days, chosen by information criterion, times the weekday's profile."""

    name = "autoets"

    def __init__(self) -> None:
        self._models = _statsforecast(self.name)

    def forecast(self, task: Task) -> Floats:
        """(h, s) the calls to be expected."""
        season = len(np.unique(task.weekday[: task.n]))
        model = self._models.AutoETS(season_length=season if task.n > 3 * season else 1)
        days = np.asarray(model.forecast(y=task.past.sum(axis=1), h=task.h)["mean"])
        return np.asarray(np.maximum(days, 0.0)[:, None] * weekday_profiles(task, recency(task)))


class Mstl:
    """Seasonal decomposition of the intervals by day and week (MSTL), the rest by AutoETS."""

    name = "mstl"

    def __init__(self) -> None:
        self._models = _statsforecast(self.name)

    def forecast(self, task: Task) -> Floats:
        """(h, s) the calls to be expected."""
        n, slots = task.past.shape
        week = slots * len(np.unique(task.weekday[:n]))
        if n * slots < 2 * week + 1:
            raise ForecastError(f"mstl needs two weeks, the history has {n} days")
        seasons = [slots, week] if slots > 1 else [week]
        model = self._models.MSTL(season_length=seasons, trend_forecaster=self._models.AutoETS(model="ZZN"))
        made = model.forecast(y=task.past.ravel(), h=task.h * slots)["mean"]
        return np.asarray(np.maximum(made, 0.0)).reshape(task.h, slots)


def _statsforecast(name: str) -> Any:
    try:
        from statsforecast import models
    except ImportError:
        raise NotInstalled(f"the model {name} needs statsforecast; {HOW}") from None
    return models
