"""Handle time and abandonment ahead: like calls they have a level by day and a profile by weekday and slot.

Both are means over calls, so a slot with few calls tells little of them: everything is weighed by calls, and
a weekday's profile is drawn towards that of all days.
"""

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from forecasting.days import DayGrid, grid_of
from forecasting.history import Floats, History
from forecasting.models.base import Task
from forecasting.models.features import DayFeatures
from forecasting.models.kernels import respects
from forecasting.models.process import Process

DAYS = 400
"""Of a longer history the last so many days are looked at."""
FEWEST_DAYS = 8
"""With fewer days than that the level is the mean."""
BORROWED_CALLS = 200.0
"""The profile of a weekday's slot is mixed with that of the slot as if of so many calls, that with 1."""
HALF_LIFE_DAYS = 60.0


@dataclass(frozen=True, slots=True, eq=False)
class PerCall:
    """Something per call ahead: ``mean`` (h, s).

    ``day`` is the variance of a day's relative error, ``call`` that of a single call's figure.
    """

    mean: Floats
    day: float
    call: float

    def only(self, days: NDArray[np.bool_]) -> "PerCall":
        """Of these days."""
        return PerCall(self.mean[days], self.day, self.call)

    def bounds(self, calls: Floats, level: float) -> tuple[Floats, Floats]:
        """Intervals of the mean over ``calls`` of each slot, (h, s) each."""
        half = NormalDist().inv_cdf((1 + level) / 2)
        deviation = np.sqrt(self.day + self.call / np.maximum(calls, 1.0))
        return np.maximum(self.mean * (1 - half * deviation), 0.0), self.mean * (1 + half * deviation)


def measures_ahead(history: History, task: Task, grid: DayGrid) -> tuple[PerCall | None, PerCall | None]:
    """Handle time in seconds and the share of calls abandoned, ahead; None where the history has neither.

    ``grid`` are the calls of the days of ``task.past``.
    """
    measures = history.measures
    calls = np.nan_to_num(grid.values)
    aht = measures.get("aht_s")
    if aht is None and "talk_s" in measures and "acw_s" in measures:
        aht = measures["talk_s"] + measures["acw_s"]
    answered, abandoned = measures.get("answered"), measures.get("abandoned")
    handle_time = abandonment = None
    if aht is not None:
        weights = calls if answered is None else np.nan_to_num(_on_days(history, answered, grid))
        handle_time = per_call(task, _on_days(history, aht, grid), weights)
    if abandoned is not None:
        some = np.where(calls > 0, calls, np.nan)
        shares = np.minimum(_on_days(history, abandoned, grid) / some, 1.0)
        abandonment = per_call(task, shares, calls, most=1.0)
    return handle_time, abandonment


def _on_days(history: History, values: Floats, grid: DayGrid) -> Floats:
    """(n, s) a measure on the days of ``grid``."""
    found = grid_of(History(history.starts, values, history.interval_s, history.zone))
    return found.values[np.searchsorted(found.days, grid.days)]


def per_call(task: Task, figures: Floats, weights: Floats, most: float = np.inf) -> PerCall | None:
    """What ``figures`` (n, s), means over ``weights`` (n, s) calls, will be; None if they were never known.

    They are of the days of ``task.past``; ``most`` is the highest value there can be.
    """
    first = max(task.n - DAYS, 0)
    values = np.where(figures >= 0, figures, np.nan)[first:]
    known = ~np.isnan(values) & (weights[first:] > 0)
    if not known.any():
        return None
    calls = np.where(known, weights[first:], 0.0)
    values = np.where(known, values, 0.0)
    overall = float((values * calls).sum() / calls.sum())
    if overall <= 0:
        return PerCall(np.zeros((task.h, values.shape[1])), 0.0, 0.0)
    features = task.features.since(first)
    level, without = _level(features, (values * calls).sum(axis=1), calls.sum(axis=1), overall, task.h)
    profile = _profile(features, values / without[:, None], calls)
    n = len(values)
    expected = without[:, None] * (features.weekdays[:n] @ profile)
    mean = np.minimum(level[:, None] * (features.weekdays[n:] @ profile), most)
    day, call = _variances(values, expected, calls)
    return PerCall(mean, day, call)


def _level(
    features: DayFeatures, totals: Floats, calls: Floats, overall: float, h: int
) -> tuple[Floats, Floats]:
    """The day's mean ahead (h,), and of each past day as foretold by the others (n,)."""
    means = np.where(calls > 0, totals / np.where(calls > 0, calls, 1.0), overall)
    means = np.maximum(means, overall / 50)
    if len(means) < FEWEST_DAYS:
        return np.full(h, overall), np.full(len(means), overall)
    logs = np.log(means / overall)
    usual = float(np.median(calls[calls > 0]))
    noise = np.clip(usual / np.maximum(calls, 1e-9), 0.2, 1e3)
    process = Process(features, len(means), respects(features, len(means)))
    fitted = process.predict(logs[:, None], noise)
    return np.exp(fitted.mean[:, 0]) * overall, np.exp(fitted.without[:, 0]) * overall


def _profile(features: DayFeatures, relative: Floats, calls: Floats) -> Floats:
    """(7, s) what a slot of a weekday has relative to the day."""
    n = len(relative)
    age = features.at[n - 1] - features.at[:n]
    weighed = calls * 0.5 ** (age / HALF_LIFE_DAYS)[:, None]
    seen = weighed.sum(axis=0)
    slot = ((relative * weighed).sum(axis=0) + BORROWED_CALLS) / (seen + BORROWED_CALLS)
    like = features.weekdays[:n]
    by_weekday = like.T @ (relative * weighed)
    return np.asarray((by_weekday + BORROWED_CALLS * slot) / (like.T @ weighed + BORROWED_CALLS))


def _variances(values: Floats, expected: Floats, calls: Floats) -> tuple[float, float]:
    """Relative variances of a day's error and of a single call."""
    total = calls.sum(axis=1)
    some = total > 0
    day_expected = (expected * calls).sum(axis=1)[some]
    errors = (values * calls).sum(axis=1)[some] / day_expected - 1
    limit = 4 * 1.4826 * np.median(np.abs(errors - np.median(errors))) + 1e-12
    day = float(np.mean(np.clip(errors, -limit, limit) ** 2))
    off = (values / expected - 1)[some] - errors[:, None]
    inside = calls[some]
    call = float((off**2 * inside**2).sum() / max(inside.sum(), 1e-12))
    return day, call
