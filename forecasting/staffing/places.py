"""What becomes of a caller by the place in the queue they come to."""

import numpy as np
from scipy import special

from forecasting.history import Floats


class Places:
    """What becomes of a caller with j ``ahead`` in the queue, arrays by j.

    The queue before them moves at ``rate`` (agents over AHT) plus ``theta`` for each who waits. Who gives up
    at theta too is served with probability x/(x + j + 1), x = rate/theta, after stages that are those between
    the first j + 1 of x + j + 1 exponential deaths: an incomplete beta function. Without patience they are
    Erlang's.
    """

    def __init__(self, ahead: Floats, rate: float, theta: float) -> None:
        self.rate, self.theta = rate, theta
        self.stages = ahead + 1
        self.x = rate / theta if theta else np.inf
        self.answered: Floats = np.ones(len(ahead)) if not theta else self.x / (self.x + self.stages)

    @property
    def answered_wait(self) -> Floats:
        """The mean wait times whether they are answered."""
        if not self.rate:
            return np.zeros(len(self.stages))
        if not self.theta:
            return self.stages / self.rate
        steps: Floats = np.cumsum(1 / (self.rate + self.theta * self.stages)) * self.answered
        return steps

    def late(self, time_s: float) -> tuple[Floats, Floats]:
        """The chances of being answered later than ``time_s``, and of giving up later than that."""
        if not self.theta:
            return self.virtually_late(time_s), np.zeros(len(self.stages))
        waiting = np.exp(-self.theta * time_s) * self.virtually_late(time_s)
        answered = self.answered * (1 - self._beta(self.x + 1, time_s))
        return answered, np.maximum(waiting - answered, 0.0)

    def virtually_late(self, time_s: float) -> Floats:
        """The chance that a caller who never gives up waits longer than ``time_s``."""
        if not self.rate:
            return np.ones(len(self.stages))
        if not self.theta:
            late: Floats = special.gammaincc(self.stages, self.rate * time_s)
            return late
        return 1 - self._beta(self.x, time_s)

    def _beta(self, x: float, time_s: float) -> Floats:
        if x <= 0:
            return np.zeros(len(self.stages))
        done: Floats = special.betainc(self.stages, x, -np.expm1(-self.theta * time_s))
        return done
