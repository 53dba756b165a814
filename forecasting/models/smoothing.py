"""Exponential smoothing of the days' calls, with a weekday's season and a damped trend, times the profile.

Holt–Winters with multiplicative season, in logarithms (Hyndman, Koehler, Ord & Snyder, *Forecasting with
Exponential Smoothing*, 2008: the additive model ETS(A, Ad, A) of logarithms). The smoothing constants are
those that foretell the next day best of a grid, all walked through at once.
"""

import numpy as np

from forecasting.history import Floats, Ints
from forecasting.models.base import Task
from forecasting.models.levels import fair
from forecasting.models.profiles import recency, weekday_profiles

GRID = np.array(
    [
        (level, trend, season)
        for level in (0.02, 0.05, 0.1, 0.2, 0.4)
        for trend in (0.0, 0.02, 0.1)
        for season in (0.02, 0.1, 0.3)
    ]
)
DAMPING = 0.95


class Smoothing:
    """Damped Holt–Winters by weekday's profile."""

    name = "smoothing"

    def forecast(self, task: Task) -> Floats:
        """(h, s) the calls to be expected."""
        totals = task.past.sum(axis=1)
        fitted, ahead = _smoothed(np.log(totals + 0.5), task.weekday, task.known)
        factor = fair(totals, np.maximum(np.exp(fitted) - 0.5, 0.0), task.known)
        days = np.maximum(np.exp(ahead) - 0.5, 0.0) * factor
        return days[:, None] * weekday_profiles(task, recency(task, 40.0))


def _smoothed(logs: Floats, weekday: Ints, known: Floats) -> tuple[Floats, Floats]:
    """Logarithms of the past days as foretold the day before (n,), and of the days ahead (h,).

    ``weekday`` (n + h,), ``known`` (n,) the share known of each past day.
    """
    n, count = len(logs), len(GRID)
    begin = logs[: min(n, 14)]
    level = np.full(count, np.median(begin))
    trend = np.zeros(count)
    season = np.zeros((7, count))
    for one in range(7):
        same = begin[weekday[: len(begin)] == one]
        season[one] = np.mean(same) - np.median(begin) if len(same) else 0.0
    limit = 4 * 1.4826 * np.median(np.abs(np.diff(logs))) + 1e-9 if n > 2 else np.inf
    by_level, by_trend, by_season = GRID.T
    missed = np.zeros(count)
    foretold = np.empty((n, count))
    for at in range(n):
        expected = level + DAMPING * trend + season[weekday[at]]
        foretold[at] = expected
        error = np.clip(logs[at] - expected, -limit, limit) * known[at]
        missed += error**2
        level = level + DAMPING * trend + by_level * error
        trend = DAMPING * trend + by_trend * by_level * error
        season[weekday[at]] += by_season * error
    best = int(np.argmin(missed))
    steps = np.cumsum(DAMPING ** np.arange(1, len(weekday) - n + 1))
    return foretold[:, best], level[best] + trend[best] * steps + season[weekday[n:], best]
