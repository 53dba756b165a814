"""Breaks of a roster whose shifts stand: moved to where the telephones miss them least."""

from dataclasses import replace
from typing import Final

import numpy as np

from scheduling.problem import DAY, Problem
from scheduling.roster import Assignment, Block, Roster
from scheduling.solver.floor.presence import Presence
from scheduling.solver.layouts import Layout, layouts
from scheduling.solver.options import Floats, Ints, Kind

_SWEEPS: Final = 5


def place_breaks(problem: Problem, roster: Roster, days: range | None = None, from_minute: int = 0) -> Roster:
    """The roster with the breaks of shifts that begin on ``days`` (all) where they cost least.

    One shift after another, exactly, until none gets better. Shifts, activities and duties stay; breaks that
    begin before ``from_minute`` (of the whole period) stay too. Assignments that are not of the problem, or
    whose breaks are not as the shift asks, are left alone.
    """
    return _Breaks(problem, roster, days or range(problem.days), from_minute).run()


class _Breaks:
    def __init__(self, problem: Problem, roster: Roster, days: range, from_minute: int) -> None:
        self.problem, self.days, self.from_minute = problem, days, from_minute
        self.presence = Presence(problem)
        self.assignments = list(roster.assignments)
        self._place = {person.id: place for place, person in enumerate(problem.people)}
        self._shifts = {shift.id: shift for shift in problem.shifts}
        self._layouts: dict[tuple[str, int, int], list[Layout]] = {}
        for one in self.assignments:
            if self._counts(one):
                self.presence.add(self._place[one.person], self._times(one))

    def run(self) -> Roster:
        for _ in range(_SWEEPS):
            before = self.presence.cost
            for place, one in enumerate(self.assignments):
                if one.day in self.days and one.breaks and self._counts(one):
                    self.assignments[place] = self._best(one)
            if self.presence.cost >= before:
                break
        return Roster(tuple(self.assignments))

    def _counts(self, one: Assignment) -> bool:
        shift = self._shifts.get(one.shift)
        return one.person in self._place and shift is not None and not shift.reserve

    def _best(self, one: Assignment) -> Assignment:
        """The assignment with its breaks at their best against all others."""
        person, now = self._place[one.person], tuple(block.start for block in one.breaks)
        possible = self._possible(one, now)
        if now not in possible:
            return one
        self.presence.remove(person, self._times(one))
        sums = np.concatenate([[0.0], np.cumsum(self.presence.price(person))])
        spared = [self._spared(one, layout, sums) for layout in possible]
        best = int(np.argmax(spared))
        if spared[best] > spared[possible.index(now)] + 1e-9:
            one = replace(
                one,
                breaks=tuple(
                    Block(block.name, begin, block.minutes)
                    for block, begin in zip(one.breaks, possible[best], strict=True)
                ),
            )
        self.presence.add(person, self._times(one))
        return one

    def _possible(self, one: Assignment, now: Layout) -> list[Layout]:
        """Layouts apart from the activities, with what has begun as it is."""
        begun = [begin for begin in now if one.day * DAY + begin < self.from_minute]

        def stands(layout: Layout) -> bool:
            if list(layout[: len(begun)]) != begun:
                return False
            if any(one.day * DAY + begin < self.from_minute for begin in layout[len(begun) :]):
                return False
            return not any(
                begin < block.end and block.start < begin + pause.minutes
                for begin, pause in zip(layout, one.breaks, strict=True)
                for block in one.activities
            )

        return [layout for layout in self._all(one) if len(layout) == len(now) and stands(layout)]

    def _all(self, one: Assignment) -> list[Layout]:
        key = one.shift, one.start, one.length
        if key not in self._layouts:
            shift = self._shifts[one.shift]
            self._layouts[key] = list(layouts(Kind(shift, one.start, one.length, shift.worked(one.length))))
        return self._layouts[key]

    def _spared(self, one: Assignment, layout: Layout, sums: Floats) -> float:
        """What the breaks spare by taking a person off the telephone; seldom more than nothing."""
        grain, total = self.problem.interval_minutes, 0.0
        for begin, block in zip(layout, one.breaks, strict=True):
            at = one.day * DAY + begin
            first, last = at // grain, -(-(at + block.minutes) // grain)
            total += float(sums[min(last, len(sums) - 1)] - sums[min(first, len(sums) - 1)])
        return total

    def _times(self, one: Assignment) -> Ints:
        return times_of(self.problem, one)


def times_of(problem: Problem, one: Assignment) -> Ints:
    """The intervals of the period in which an assignment is on the telephone from begin to end."""
    grain = problem.interval_minutes
    there = np.zeros(problem.intervals, bool)
    begin, end = one.day * DAY + one.start, one.day * DAY + one.end
    there[-(-begin // grain) : max(0, end // grain)] = True
    for block in (*one.breaks, *one.activities):
        at = one.day * DAY + block.start
        there[at // grain : -(-(at + block.minutes) // grain)] = False
    found: Ints = np.nonzero(there)[0]
    return found
