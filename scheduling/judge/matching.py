"""Whom present people serve: each exactly one demand they can, all together as cheaply as can be.

People who can serve the same demands are alike, so an interval is a few groups of so many. They are given out
one by one: somebody takes the place where one more costs least, perhaps by moving others on. Because costs of
a demand only rise by person, each step along the cheapest such chain keeps the whole cheapest (successive
shortest paths; moves themselves are free).
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from scheduling.demand import Demand, Steps, steps_cost

Group = tuple[int, ...]
"""The places, among the demands, of those somebody can serve; ascending, never empty."""


_Interval = tuple[tuple[int, ...], tuple[tuple[Group, int], ...]]
"""What is required of each demand, and the groups who are there with so many people each."""
_MANY: Final = 50_000
"""Intervals remembered for the same costs; after so many it begins anew."""


@lru_cache(maxsize=16)
def _matched(costs: tuple[tuple[Steps, Steps], ...]) -> dict[_Interval, tuple[int, ...]]:
    """Intervals already matched at such costs: one roster after another differs in a few."""
    return {}


class Matcher:
    """Matches intervals of one problem. Many intervals are alike; each is matched once."""

    def __init__(self, demands: Sequence[Demand]) -> None:
        self._demands = demands
        self._known = _matched(tuple((one.under, one.over) for one in demands))
        self._more: list[dict[int, int]] = [{} for _ in demands]

    def served(self, required: tuple[int, ...], groups: dict[Group, int]) -> tuple[int, ...]:
        """How many serve each demand, of ``groups`` with so many people each."""
        key = required, tuple(sorted(groups.items()))
        found = self._known.get(key)
        if found is None:
            if len(self._known) >= _MANY:
                self._known.clear()
            found = self._known[key] = self._match(*key)
        return found

    def _match(self, required: tuple[int, ...], groups: tuple[tuple[Group, int], ...]) -> tuple[int, ...]:
        counts = [0] * len(required)
        placed: dict[Group, list[int]] = {}
        for group, people in groups:
            if len(group) == 1:
                counts[group[0]] += people
            else:
                placed[group] = [0] * len(required)
        for group, people in groups:
            if len(group) > 1:
                for _ in range(people):
                    self._place(group, required, counts, placed)
        return tuple(counts)

    def _place(
        self, group: Group, required: tuple[int, ...], counts: list[int], placed: dict[Group, list[int]]
    ) -> None:
        """Give one more of ``group`` a place; ``counts`` and ``placed`` follow."""
        came: dict[int, tuple[int, Group]] = {}  # demand: who moves there, from which one
        reached = list(group)
        for at in reached:
            for others, where in placed.items():
                if where[at]:
                    for to in others:
                        if to not in reached:
                            reached.append(to)
                            came[to] = at, others
        best = min(reached, key=lambda at: (self._one_more(at, counts[at], required[at]), at))
        counts[best] += 1
        at = best
        while at in came:
            before, others = came[at]
            placed[others][at] += 1
            placed[others][before] -= 1
            at = before
        placed[group][at] += 1

    def _one_more(self, place: int, has: int, required: int) -> int:
        """What one person more costs there; what they spare is negative."""
        beyond, known = has - required, self._more[place]
        if beyond not in known:
            demand = self._demands[place]
            known[beyond] = -_nth(demand.under, -beyond) if beyond < 0 else _nth(demand.over, beyond + 1)
        return known[beyond]


def _nth(steps: Steps, nth: int) -> int:
    """What the ``nth`` person costs."""
    cost = 0
    for step in steps:
        if step.first > nth:
            break
        cost = step.cost
    return cost


def cost_of(demand: Demand, has: int, required: int) -> int:
    """What it costs in an interval to have ``has`` people where ``required`` are asked for."""
    return steps_cost(demand.under, required - has) + steps_cost(demand.over, has - required)
