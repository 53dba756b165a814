"""Calls of a day as a level and a shape, each a Gaussian process over days.

The level is the logarithm of the day's calls; the shape is the square root of each slot's share of them,
whose Poisson noise is alike everywhere. The shapes are turned to their principal directions: the first few
have processes of their own, the rest share one, which mostly finds them to be noise. So Mondays, paydays, the
day after a long weekend and the mood of this week each move both how many call and when.
"""

import numpy as np

from forecasting.history import Floats
from forecasting.models.base import Task
from forecasting.models.kernels import respects
from forecasting.models.process import Process

DIRECTIONS = 4
"""Principal directions of the shape that are looked at one by one."""
SHAPE_DAYS = 150
"""How much the calendar moves shapes is learned from so many of the last days; how, from all."""
DAYS = 900
"""Of a longer history the last so many days are looked at."""
HARDLY = 1e3
"""The noise, relative to others, of what tells hardly anything."""


class Gaussian:
    """Level and shape of days by their likeness to other days."""

    name = "gaussian"

    def forecast(self, task: Task) -> Floats:
        """(h, s) the calls to be expected."""
        first = max(task.n - DAYS, 0)
        past = task.past[first:]
        features = task.features.since(first)
        process = Process(features, len(past), respects(features, len(past)))
        noise = 1 / np.clip(task.known[first:], 1 / HARDLY, 1.0)
        level = _levels(process, past.sum(axis=1), noise)
        if past.shape[1] == 1:
            return level[:, None]
        return level[:, None] * _shapes(process, past, noise, task.h)


def _levels(process: Process, totals: Floats, noise: Floats) -> Floats:
    """(h,) calls a day."""
    logs = np.log(totals + 0.5)
    middle = float(np.median(logs))
    fitted = process.predict((logs - middle)[:, None], noise)
    # The mean of a logarithm is not that of calls (Duan's smearing); days that do not fit are left out.
    off = logs - middle - fitted.without[:, 0]
    usual = np.abs(off) <= 3 * np.median(np.abs(off)) + 1e-9
    made = np.exp(fitted.mean[:, 0] + middle) * np.mean(np.exp(off[usual])) - 0.5
    return np.asarray(np.maximum(made, 0.0))


def _shapes(process: Process, past: Floats, noise: Floats, h: int) -> Floats:
    """(h, s) shares of the day's calls."""
    totals = past.sum(axis=1)
    if not totals.any():
        return np.full((h, past.shape[1]), 1 / past.shape[1])
    some = totals > 0
    roots = np.sqrt(past / np.where(some, totals, 1.0)[:, None])
    middle = np.average(roots, axis=0, weights=totals)
    roots[~some] = middle
    noise = np.where(some, noise, HARDLY)
    apart = roots - middle
    _, _, directions = np.linalg.svd(apart, full_matrices=False)
    scores = apart @ directions.T
    ahead, without = np.zeros((h, len(directions))), np.zeros(scores.shape)
    own = min(DIRECTIONS, len(directions))
    for columns in (*(slice(k, k + 1) for k in range(own)), slice(own, len(directions))):
        if scores[:, columns].any():
            fitted = process.predict(scores[:, columns], noise, SHAPE_DAYS)
            ahead[:, columns], without[:, columns] = fitted.mean, fitted.without
    # The mean of a square is the square of the mean and the variance: what hours with few calls are made of.
    spread = np.average(((scores - without) @ directions) ** 2, axis=0, weights=some.astype(float))
    shares = (middle + ahead @ directions) ** 2 + spread
    return np.asarray(shares / shares.sum(axis=1, keepdims=True))
