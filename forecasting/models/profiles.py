"""How the calls of a day fall on its slots, by weekday."""

import numpy as np

from forecasting.history import Floats
from forecasting.models.base import Task

HALF_LIFE_DAYS = 60.0
BORROWED_CALLS, BORROWED_DAYS = 200.0, 1.0
"""A weekday's profile is mixed with that of all days as if there were so many calls of it, at most a day."""


def recency(task: Task, half_life: float = HALF_LIFE_DAYS) -> Floats:
    """(n,) the weight of each past day: half of it after ``half_life`` days, less where little was known."""
    age = task.features.at[task.n - 1] - task.features.at[: task.n]
    return np.asarray(0.5 ** (age / half_life) * task.known)


def borrowed(calls_a_day: float) -> float:
    """How many days of all weekdays are mixed into one weekday's."""
    return min(BORROWED_DAYS, BORROWED_CALLS / max(calls_a_day, 1e-12))


def weekday_profiles(task: Task, weights: Floats) -> Floats:
    """(h, s) the share of the day's calls in each slot, each row of sum 1.

    From the days alike by weekday (``DayFeatures.weekdays``), of row ``weights`` (n,).
    """
    like = task.features.weekdays
    weighted = like[: task.n] * weights[:, None]
    by_weekday = weighted.T @ task.past
    every = weights @ task.past
    calls_a_day = every.sum() / max(weights.sum(), 1e-12)
    every = every / every.sum() if every.sum() > 0 else np.full(len(every), 1 / len(every))
    made = like[task.n :] @ by_weekday + borrowed(calls_a_day) * calls_a_day * every
    total = made.sum(axis=1, keepdims=True)
    return np.asarray(np.where(total > 0, made / np.where(total > 0, total, 1.0), every))
