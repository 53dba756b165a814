"""What people cost a demand in each interval, as a function of how many serve it: convex, in a few slopes."""

import numpy as np

from scheduling.demand import Demand, steps_cost
from scheduling.solver.options import Floats


class Slopes:
    """One demand. It may be served by any number of people from 0 to ``most``, whole or not."""

    def __init__(self, demand: Demand, most: int) -> None:
        self.required = np.array(demand.required, np.int64)
        self.most = most
        reach = int(self.required.max(initial=0)) + most + 2
        self._first = -reach
        self._costs = np.array(
            [
                steps_cost(demand.under, -one) + steps_cost(demand.over, one)
                for one in range(-reach, reach + 1)
            ],
            float,
        )
        slopes = np.diff(self._costs)
        turns = np.nonzero(np.diff(slopes))[0] + 1
        self._kinks = turns - reach
        self._slopes = slopes[np.concatenate([[0], turns])]

    def cost(self, served: Floats) -> Floats:
        """What it costs by interval; between whole numbers in a straight line."""
        numbers = np.arange(self._first, self._first + len(self._costs))
        cost: Floats = np.interp(served - self.required, numbers, self._costs)
        return cost

    def least(self, values: Floats) -> float:
        """The least of cost and ``values`` for each who serves, over all numbers of people; all intervals."""
        best = np.full(len(self.required), np.inf)
        nobody = np.zeros(len(self.required), np.int64)
        for at in (nobody, nobody + self.most, *(self.required + kink for kink in self._kinks)):
            served = np.clip(at, 0, self.most).astype(float)
            np.minimum(best, self.cost(served) + values * served, out=best)
        return float(best.sum())

    def near(self, served: Floats, stiff: float) -> Floats:
        """The numbers of people that cost least together with ``stiff / 2`` times the square of how far they
        are from ``served`` (the proximal point).
        """
        found = served - self._slopes[0] / stiff
        for kink, slope in zip(self._kinks, self._slopes[1:], strict=True):
            np.minimum(found, np.maximum(self.required + kink, served - slope / stiff), out=found)
        clipped: Floats = np.clip(found, 0.0, self.most)
        return clipped
