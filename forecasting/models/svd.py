"""Low-rank day profiles with forecast scores.

After H. Shen and J. Z. Huang, *Interday forecasting and intraday updating of call center arrivals*,
Manufacturing & Service Operations Management 10 (2008): the matrix of days by slots, its variance made even
by square roots, is taken apart into a few profiles; each day's score on each profile is forecast by its
weekday and the score of the day before.
"""

import numpy as np

from forecasting.history import Floats
from forecasting.models.base import Task
from forecasting.models.ridge import ridge

RANK = 4


class Svd:
    """Shen and Huang's profiles and scores."""

    name = "svd"

    def forecast(self, task: Task) -> Floats:
        """(h, s) the calls to be expected."""
        roots = np.sqrt(task.past + 0.25)
        _, _, profiles = np.linalg.svd(roots, full_matrices=False)
        profiles = profiles[:RANK]
        scores = roots @ profiles.T
        middle = np.average(scores, axis=0, weights=task.known)
        x = task.features.weekdays
        usual = ridge(x[: task.n], scores - middle, task.known, np.full(7, 0.1))
        expected = x @ usual + middle
        off = scores - expected[: task.n]
        carried = _carried(off)
        ahead = expected[task.n :]
        last = off[-1]
        for row in range(task.h):
            last = carried * last
            ahead[row] += last
        # The mean of a square is the square of the mean and the variance, of counts the quarter again.
        spread = np.mean((roots - expected[: task.n] @ profiles - off @ profiles) ** 2, axis=0)
        return np.asarray(np.maximum((ahead @ profiles) ** 2 + spread - 0.25, 0.0))


def _carried(off: Floats) -> Floats:
    """(k,) how much of a score's surprise the next day still has, between 0 and 0.98."""
    if len(off) < 3:
        return np.zeros(off.shape[1])
    before, after = off[:-1], off[1:]
    return np.asarray(np.clip((before * after).sum(axis=0) / ((before**2).sum(axis=0) + 1e-12), 0, 0.98))
