"""Who is on the telephone in each interval, and whom they serve, at the least cost.

People who can serve the same demands are a *group*. In an interval each of them serves one demand, all
together as cheaply as can be: costs are convex, so adding (or removing) somebody along the cheapest chain of
moves keeps the whole cheapest (successive shortest paths; a move itself is free). Done for many intervals at
once, as arrays.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from scheduling.demand import steps_cost
from scheduling.people import Person
from scheduling.problem import DAY, Problem
from scheduling.solver.options import Floats, Ints

Flags = npt.NDArray[np.bool_]
_NEVER = 10**12


class Presence:
    """``served[demand, interval]``; ``placed[group, demand, interval]`` are those of a group among them."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        demands = problem.demands
        self.intervals = problem.intervals
        people = len(problem.people)
        self.required: Ints = np.array([one.required for one in demands], np.int64).reshape(
            len(demands), self.intervals
        )
        self._shift = int(self.required.max(initial=0))
        self._costs: Ints = np.array(
            [
                [
                    steps_cost(one.under, -number) + steps_cost(one.over, number)
                    for number in range(-self._shift, people + 2)
                ]
                for one in demands
            ]
        ).reshape(len(demands), self._shift + people + 2)
        self.group_of = [self._group(person) for person in problem.people]
        self.groups = sorted({group for group in self.group_of if group})
        self._number = {group: number for number, group in enumerate(self.groups)}
        self.served: Ints = np.zeros((len(demands), self.intervals), np.int64)
        self.placed: Ints = np.zeros((len(self.groups), len(demands), self.intervals), np.int64)
        self._rows = np.arange(len(demands))[:, None]
        for place, person in enumerate(problem.people):
            self._past(place, person)

    def _group(self, person: Person) -> tuple[int, ...]:
        return tuple(
            place
            for place, one in enumerate(self.problem.demands)
            if person.skills.get(one.skill, 0) >= one.level
        )

    def _past(self, place: int, person: Person) -> None:
        """Shifts of the day before reach into the period."""
        reserves = {one.id for one in self.problem.shifts if one.reserve}
        for past in person.history.shifts:
            end = (past.day * DAY + past.start + past.length) // self.problem.interval_minutes
            begin = -(-(past.day * DAY + past.start) // self.problem.interval_minutes)
            if past.shift not in reserves and end > max(0, begin):
                self.add(place, np.arange(max(0, begin), min(end, self.intervals)))

    # ------------------------------------------------------------------ costs

    @property
    def cost(self) -> int:
        """What all intervals cost."""
        return int(self._at(self.served).sum())

    def costs(self) -> Ints:
        """What each interval costs, all demands together."""
        total: Ints = self._at(self.served).sum(axis=0)
        return total

    def _at(self, served: Ints, times: Ints | slice = slice(None)) -> Ints:
        found: Ints = self._costs[self._rows, served - self.required[:, times] + self._shift]
        return found

    def price(self, place: int) -> Floats:
        """What one more like this person would cost in each interval; what they spare is negative."""
        group = self.group_of[place]
        if not group:
            return np.zeros(self.intervals)
        everywhere = slice(None)
        more = self._at(self.served + 1) - self._at(self.served)
        reached, _, _ = self._reach(group, everywhere, self.intervals)
        cheapest: Ints = np.where(reached, more, _NEVER).min(axis=0)
        return cheapest.astype(float)

    # ------------------------------------------------------------------ moves

    def add(self, place: int, times: Ints) -> None:
        """Put a person like this one on the telephone at ``times`` (each once)."""
        group = self.group_of[place]
        if not group or not len(times):
            return
        served = self.served[:, times]
        more = self._at(served + 1, times) - self._at(served, times)
        reached, came, by = self._reach(group, times, len(times))
        at = np.where(reached, more, _NEVER).argmin(axis=0)
        self.served[at, times] += 1
        self._follow(group, times, at, came, by, 1)

    def remove(self, place: int, times: Ints) -> None:
        """Take a person like this one off the telephone at ``times``."""
        group = self.group_of[place]
        if not group or not len(times):
            return
        served = self.served[:, times]
        less = self._at(np.maximum(served - 1, 0), times) - self._at(served, times)
        reached, came, by = self._reach(group, times, len(times), leaving=True)
        at = np.where(reached, less, _NEVER).argmin(axis=0)
        self.served[at, times] -= 1
        self._follow(group, times, at, came, by, -1)

    def _reach(
        self, group: Sequence[int], times: Ints | slice, count: int, leaving: bool = False
    ) -> tuple[Flags, Ints, Ints]:
        """The demands that can get (or, ``leaving``, lose) one when ``group`` does, over chains of moves.

        With the demand each was reached from and the group that moves; -1 where it is the group's own.
        """
        size = len(self.served)
        own = self._number[tuple(group)]
        reached = np.zeros((size, count), bool)
        for demand in group:
            reached[demand] = self.placed[own, demand, times] > 0 if leaving else True
        came = np.full((size, count), -1)
        by = np.full((size, count), -1)
        mixed = [(number, one) for number, one in enumerate(self.groups) if len(one) > 1]
        for _ in range(size - 1 if mixed else 0):
            grown = False
            for number, members in mixed:
                for source in members:
                    for target in members:
                        if source == target:
                            continue
                        giving = target if leaving else source  # where somebody of the group stands now
                        new = reached[source] & ~reached[target]
                        new &= self.placed[number, giving, times] > 0
                        if new.any():
                            reached[target] |= new
                            came[target, new] = source
                            by[target, new] = number
                            grown = True
            if not grown:
                break
        return reached, came, by

    def _follow(self, group: Sequence[int], times: Ints, at: Ints, came: Ints, by: Ints, sign: int) -> None:
        """Carry out the chains that end ``at`` a demand in each interval."""
        at = at.copy()
        columns = np.arange(len(times))
        while True:
            source, number = came[at, columns], by[at, columns]
            moving = source >= 0
            if not moving.any():
                break
            self.placed[number[moving], at[moving], times[moving]] += sign
            self.placed[number[moving], source[moving], times[moving]] -= sign
            at = np.where(moving, source, at)
        self.placed[self._number[tuple(group)], at, times] += sign
