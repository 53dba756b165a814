"""Daily calendar regression times the weekday's profile, with holiday look-alike days.

The logarithm of a day's calls is regressed on the calendar; what it leaves is carried on as a damped level. A
holiday is set beside earlier days of the same name: how far those were from the regression is what is
expected again, the more so the more of them there are.
"""

import numpy as np

from forecasting.history import Floats
from forecasting.models.base import Task
from forecasting.models.calendar_columns import calendar_columns
from forecasting.models.levels import damped_level, fair
from forecasting.models.profiles import recency, weekday_profiles
from forecasting.models.ridge import robust_ridge

HALF_LIFE_DAYS = 180.0


class Regression:
    """Calendar regression by weekday's profile."""

    name = "regression"

    def forecast(self, task: Task) -> Floats:
        """(h, s) the calls to be expected."""
        logs = np.log(task.past.sum(axis=1) + 0.5)
        calendar = calendar_columns(task.features, task.n)
        x, weights = calendar.x, recency(task, HALF_LIFE_DAYS)
        found = robust_ridge(x[: task.n], (logs - logs.mean())[:, None], weights, calendar.held)[:, 0]
        expected = x @ found + logs.mean()
        off = logs - expected[: task.n]
        ahead = expected[task.n :] + damped_level(off, task.known, task.h) + _like_holidays(task, off)
        fitted = np.maximum(np.exp(expected[: task.n]) - 0.5, 0.0)
        days = np.maximum(np.exp(ahead) - 0.5, 0.0) * fair(task.past.sum(axis=1), fitted, weights)
        return np.asarray(days[:, None] * weekday_profiles(task, recency(task)))


def _like_holidays(task: Task, off: Floats) -> Floats:
    """(h,) what the holidays ahead differ by from the regression, from earlier ones of the name."""
    occasion, nth = task.features.occasion, task.features.nth
    made = np.zeros(task.h)
    for row in np.flatnonzero(occasion[task.n :] >= 0):
        at = task.n + row
        same = np.flatnonzero(occasion[: task.n] == occasion[at])
        nearest = (
            same[np.abs(nth[same] - nth[at]) == np.abs(nth[same] - nth[at]).min()] if len(same) else same
        )
        made[row] = off[nearest].sum() / (len(nearest) + 1)
    return made
