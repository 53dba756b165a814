"""Poisson counts by weekday and interval with a damped level.

The calls of day d in slot s are Poisson with mean level(d) · profile(weekday, s), the level gamma-distributed
around the one before it: the local-level model of counts of A. C. Harvey and C. Fernandes, *Time series
models for count or qualitative observations*, Journal of Business & Economic Statistics 7 (1989), with the
past discounted by the factor that foretells the next day best. Ahead, the level
goes back to where it usually is.
"""

import numpy as np

from forecasting.history import Floats
from forecasting.models.base import Task
from forecasting.models.profiles import borrowed, recency

DISCOUNTS = np.array([0.5, 0.7, 0.8, 0.9, 0.95, 0.98])
DAMPING = 0.98
ROUNDS = 2


class Poisson:
    """Weekday by interval, times a level that is learned day by day."""

    name = "poisson"

    def forecast(self, task: Task) -> Floats:
        """(h, s) the calls to be expected."""
        level = np.ones(task.n)
        weights = recency(task, 90.0)
        for _ in range(ROUNDS):
            rates = _rates(task, level, weights)
            level, ahead = _levels(task.past.sum(axis=1), rates[: task.n].sum(axis=1), task.known, task.h)
        return ahead[:, None] * rates[task.n :]


def _rates(task: Task, level: Floats, weights: Floats) -> Floats:
    """(n + h, s) mean calls of a day at level 1, by weekday."""
    like = task.features.weekdays
    seen = like[: task.n] * weights[:, None]
    every = (weights @ task.past) / max(float(weights @ level), 1e-12)
    shared = borrowed(float(every.sum()))
    calls = seen.T @ task.past + shared * every
    exposure = seen.T @ level + shared
    return np.asarray(like @ (calls / exposure[:, None]))


def _levels(totals: Floats, rates: Floats, known: Floats, h: int) -> tuple[Floats, Floats]:
    """The level of each past day (n,) and of the days ahead (h,).

    ``totals`` (n,) are calls, ``rates`` (n,) what there would be at level 1. Counts are thinned to the
    variance they really have, for days differ by more than chance.
    """
    rates = np.maximum(rates, 1e-9)
    excess = max(float(np.median((totals - rates) ** 2 / rates)) / 0.455, 1.0)
    calls, expected = totals / excess * known, rates / excess * known
    shape, rate = np.full(len(DISCOUNTS), 1.0), np.full(len(DISCOUNTS), 1.0)
    missed = np.zeros(len(DISCOUNTS))
    levels = np.empty((len(totals), len(DISCOUNTS)))
    for at in range(len(totals)):
        shape, rate = DISCOUNTS * shape, DISCOUNTS * rate
        missed += (calls[at] - shape / rate * expected[at]) ** 2 / max(expected[at], 1e-9)
        shape, rate = shape + calls[at], rate + expected[at]
        levels[at] = shape / rate
    best = int(np.argmin(missed))
    smooth = levels[:, best]
    usual = float(np.mean(smooth[-60:]))
    return smooth, usual + (smooth[-1] - usual) * DAMPING ** np.arange(1, h + 1)
