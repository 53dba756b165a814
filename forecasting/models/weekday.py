"""The same weekday of the last weeks: what a planner does by hand, and what every model has to beat."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from forecasting.history import Floats
from forecasting.models.base import Task

Middle = Callable[[Floats], Floats]


def _mean(rows: Floats) -> Floats:
    return np.asarray(rows.mean(axis=0))


def _median(rows: Floats) -> Floats:
    return np.asarray(np.median(rows, axis=0))


@dataclass(frozen=True, slots=True)
class SameWeekday:
    """The middle of the last ``weeks`` same weekdays; of all days where a weekday was never seen."""

    name: str
    weeks: int
    middle: Middle

    def forecast(self, task: Task) -> Floats:
        """(h, s) the calls to be expected."""
        past = task.weekday[: task.n]
        made = np.empty((task.h, task.past.shape[1]))
        for row, weekday in enumerate(task.weekday[task.n :]):
            same = task.past[past == weekday][-self.weeks :]
            made[row] = self.middle(same if len(same) else task.past[-7 * self.weeks :])
        return made


LAST_WEEK = SameWeekday("last-week", 1, _mean)
WEEKDAY_MEAN = SameWeekday("weekday-mean", 8, _mean)
WEEKDAY_MEDIAN = SameWeekday("weekday-median", 8, _median)
