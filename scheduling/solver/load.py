"""What it costs to have so many people on each shift of each day: covers as convex tables.

``Covers.price[day, shift, n]`` is the cost of n people; costs of steps never fall, so every table is convex
and what one person more costs never falls either.
"""

import numpy as np

from scheduling.demand import steps_cost
from scheduling.solver.options import Floats, Ints, Options


class Covers:
    """The tables of a problem's covers. Patterns are arrays of a kind for each day (0: free)."""

    def __init__(self, options: Options) -> None:
        problem = options.problem
        place = {shift.id: number for number, shift in enumerate(problem.shifts)}
        self.shift_of: Ints = np.array([-1, *(place[kind.shift.id] for kind in options.kinds)])
        people = len(problem.people)
        self.price: Ints = np.zeros((problem.days, len(problem.shifts), people + 1), np.int64)
        for one in problem.covers:
            self.price[one.day, place[one.shift]] += np.array(
                [
                    steps_cost(one.under, one.required - has) + steps_cost(one.over, has - one.required)
                    for has in range(people + 1)
                ]
            )
        self._days = np.arange(problem.days)
        self._day, self._shift = np.indices(self.price.shape[:2])

    def counts(self, patterns: Ints) -> Ints:
        """How many people of ``patterns`` (people, days) are on each shift of each day."""
        found = np.zeros(self.price.shape[:2], np.int64)
        for pattern in patterns:
            self.change(found, pattern, 1)
        return found

    def change(self, counts: Ints, pattern: Ints, by: int) -> None:
        """Add a pattern's days to ``counts``, or take them away (``by`` -1)."""
        days = self._days[pattern > 0]
        counts[days, self.shift_of[pattern[days]]] += by

    def costs(self, counts: Ints) -> Floats:
        """What these numbers of people cost by day and shift."""
        costs: Floats = self.price[self._day, self._shift, counts].astype(float)
        return costs

    def cost(self, counts: Ints) -> int:
        """What these numbers of people cost."""
        return int(self.price[self._day, self._shift, counts].sum())

    def one_more(self, counts: Ints) -> Ints:
        """What one person more costs by day and shift; what they spare is negative."""
        ahead = np.minimum(counts + 1, self.price.shape[2] - 1)
        more: Ints = self.price[self._day, self._shift, ahead] - self.price[self._day, self._shift, counts]
        return more

    def of_kinds(self, by_shift: Floats | Ints) -> Floats:
        """Values by (day, shift) as values by (day, kind), 0 for being free."""
        found = np.zeros((len(self._days), len(self.shift_of)))
        found[:, 1:] = by_shift[:, self.shift_of[1:]]
        return found
