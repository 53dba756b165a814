"""A queue through time: the probabilities of every number of callers, by the forward equations.

Solved by TR-BDF2 (Bank et al. 1985), which is of second order and damps what is stiff, in steps that are
short where much changes.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy.linalg import lapack

from forecasting.history import Floats

GAMMA = 2 - np.sqrt(2)
"""The inner point of a step of TR-BDF2, at which both stages have one matrix."""
MIDDLE = 1 / (6 * GAMMA * (1 - GAMMA))
LAST = (2 - 3 * GAMMA) / (6 * (1 - GAMMA))
"""Weights of the mean over a step of the parabola through its three points."""
EDGE = 1e-10
"""Probability at the largest queue from which on there are too few states."""
MOST_STATES = 2_000_000


@dataclass(frozen=True, slots=True)
class Flow:
    """One interval: rates per second of coming, of being served and of giving up, and how many agents."""

    coming: float
    served: float
    giving_up: float
    agents: int

    def through(self, chances: Floats, interval_s: float, leaving: float) -> tuple[Floats, Floats]:
        """The mean over the interval by (callers - agents still finishing), and what is there at its end."""
        while True:
            mean, end = self._march(chances, interval_s, leaving)
            if end[-1] < EDGE:
                return mean, end
            if len(chances) > MOST_STATES:
                raise ValueError("the queue grows beyond two million callers")
            chances = np.concatenate([chances, np.zeros(len(chances) // 2 + 64)])

    def _march(self, chances: Floats, interval_s: float, leaving: float) -> tuple[Floats, Floats]:
        now, mean = chances, np.zeros(len(chances))
        at = 0.0
        for step in self._steps(interval_s):
            extra = round(leaving * np.exp(-(at + step / 2) * self.served))
            inner, after = self._step(now, step, self.agents + extra)
            part = (1 - MIDDLE - LAST) * now + MIDDLE * inner + LAST * after
            mean[: len(part) - extra] += part[extra:] * step
            mean[0] += part[:extra].sum() * step
            now, at = after, at + step
        return mean / interval_s, now

    def _steps(self, interval_s: float) -> Iterator[float]:
        """Short at first, when much changes, then up to a tenth of a call."""
        step = 1 / self.served / (40 * np.sqrt(self.agents + 1))
        left = interval_s
        while left > 1e-9:
            one = min(step, left)
            yield one
            left -= one
            step = min(1.2 * step, 1 / self.served / 10)

    def _step(self, now: Floats, step: float, agents: int) -> tuple[Floats, Floats]:
        """A step of TR-BDF2: what is there at its inner point, and at its end."""
        k = np.arange(len(now), dtype=np.float64)
        down = np.minimum(k, agents) * self.served + np.maximum(k - agents, 0) * self.giving_up
        up = np.full(len(now), self.coming)
        up[-1] = 0.0
        h = GAMMA / 2 * step
        change = -(up + down) * now
        change[1:] += up[:-1] * now[:-1]
        change[:-1] += down[1:] * now[1:]
        lower, middle, upper = -h * up[:-1], 1 + h * (up + down), -h * down[1:]
        *parts, _ = lapack.dgttrf(lower, middle, upper)
        inner, _ = lapack.dgttrs(*parts, now + h * change)
        right = (inner - (1 - GAMMA) ** 2 * now) / (GAMMA * (2 - GAMMA))
        after, _ = lapack.dgttrs(*parts, right)
        return inner, after
