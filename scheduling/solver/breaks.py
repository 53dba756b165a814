"""Breaks of a roster whose shifts stand: moved to where the telephones miss them least."""

import heapq
from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from scheduling.people import Person
from scheduling.problem import DAY, Problem
from scheduling.roster import Assignment, Block, Roster
from scheduling.solver.floor.presence import Presence
from scheduling.solver.layouts import Layout, layouts
from scheduling.solver.options import Floats, Ints, Kind

_SWEEPS: Final = 5


@dataclass(frozen=True, slots=True)
class Placed:
    """The new roster, what it costs more (less than 0: it saves), and whose breaks are others."""

    roster: Roster
    cost: int
    changed: tuple[str, ...]


def place_breaks(problem: Problem, roster: Roster, days: range | None = None, from_minute: int = 0) -> Roster:
    """The roster with the breaks of shifts that begin on ``days`` (all) where they cost least.

    One shift after another, exactly, until none gets better. Shifts, activities and duties stay; breaks that
    begin before ``from_minute`` (of the whole period) stay too. Assignments that are not of the problem, or
    whose breaks are not as the shift asks, are left alone.
    """
    return _Breaks(problem, roster, days or range(problem.days), from_minute).run()


def move_few_breaks(
    problem: Problem,
    roster: Roster,
    day: int,
    from_minute: int,
    *,
    most: int,
    worth: int,
    free: Collection[str] = (),
) -> Placed:
    """As ``place_breaks`` on one day, but of at most ``most`` people, whose moves win ``worth`` each, those
    who win most first; those of ``free`` people as they like.
    """
    return _Breaks(problem, roster, range(day, day + 1), from_minute).few(most, worth, free)


class _Breaks:
    """Presence is that of the days and the one after them: shifts reach no further."""

    def __init__(self, problem: Problem, roster: Roster, days: range, from_minute: int) -> None:
        self.problem, self.days, self.from_minute = problem, days, from_minute
        self.grain = problem.interval_minutes
        self.first = days.start * DAY // self.grain
        self.presence = Presence(_window(problem, days))
        self.assignments = list(roster.assignments)
        self._place = {person.id: place for place, person in enumerate(problem.people)}
        self._shifts = {shift.id: shift for shift in problem.shifts}
        self._layouts: dict[tuple[str, int, int], list[Layout]] = {}
        for one in self.assignments:
            if one.person in self._place and one.shift in self._shifts:
                self.presence.add(self._place[one.person], self._times(one))
        if not days.start:
            for place, person in enumerate(problem.people):
                self.presence.add(place, self._past(person))
        self._before = self.presence.cost

    def run(self) -> Roster:
        for _ in range(_SWEEPS):
            before = self.presence.cost
            for place in self._movable():
                self._move(place)
            if self.presence.cost >= before:
                break
        return Roster(tuple(self.assignments))

    def few(self, most: int, worth: int, free: Collection[str]) -> Placed:
        """Who wins most first; what somebody wins is counted anew when it is their turn."""
        mine = [place for place in self._movable() if self.assignments[place].person in free]
        for _ in range(_SWEEPS if mine else 0):
            before = self.presence.cost
            for place in mine:
                self._move(place)
            if self.presence.cost >= before:
                break
        others = [place for place in self._movable() if self.assignments[place].person not in free]
        waiting = [(-self._best(place)[1], place) for place in others] if most else []
        heapq.heapify(waiting)
        changed: list[str] = []
        while waiting and len(changed) < most and -waiting[0][0] >= worth:
            place = heapq.heappop(waiting)[1]
            best, won = self._best(place)
            if won >= max(worth, -waiting[0][0] if waiting else 0):
                self._put(place, best)
                changed.append(self.assignments[place].person)
            elif won >= worth:
                heapq.heappush(waiting, (-won, place))
        return Placed(Roster(tuple(self.assignments)), self.presence.cost - self._before, tuple(changed))

    def _movable(self) -> list[int]:
        return [
            place
            for place, one in enumerate(self.assignments)
            if one.day in self.days
            and one.breaks
            and one.person in self._place
            and one.shift in self._shifts
            and not self._shifts[one.shift].reserve
        ]

    def _move(self, place: int) -> None:
        best, won = self._best(place)
        if won > 1e-9:
            self._put(place, best)

    def _put(self, place: int, one: Assignment) -> None:
        person, old = self._place[one.person], self.assignments[place]
        self.presence.remove(person, self._times(old))
        self.presence.add(person, self._times(one))
        self.assignments[place] = one

    def _best(self, place: int) -> tuple[Assignment, float]:
        """An assignment with its breaks at their best against all others, and what that wins."""
        one = self.assignments[place]
        person, now = self._place[one.person], tuple(block.start for block in one.breaks)
        possible = self._possible(one, now)
        if now not in possible or len(possible) == 1:
            return one, 0.0
        times = self._times(one)
        self.presence.remove(person, times)
        sums = np.concatenate([[0.0], np.cumsum(self.presence.price(person))])
        self.presence.add(person, times)
        spared = self._spared(one, possible, sums)
        best = int(np.argmax(spared))
        blocks = tuple(
            Block(block.name, begin, block.minutes)
            for block, begin in zip(one.breaks, possible[best], strict=True)
        )
        return replace(one, breaks=blocks), float(spared[best] - spared[possible.index(now)])

    def _possible(self, one: Assignment, now: Layout) -> list[Layout]:
        """Layouts apart from the activities, with what has begun as it is."""
        since = self.from_minute - one.day * DAY
        begun = tuple(begin for begin in now if begin < since)
        if len(begun) == len(now):
            return [now]

        def stands(layout: Layout) -> bool:
            if layout[: len(begun)] != begun or layout[len(begun)] < since:
                return False
            return not any(
                begin < block.end and block.start < begin + pause.minutes
                for block in one.activities
                for begin, pause in zip(layout, one.breaks, strict=True)
            )

        return [layout for layout in self._all(one) if len(layout) == len(now) and stands(layout)]

    def _all(self, one: Assignment) -> list[Layout]:
        key = one.shift, one.start, one.length
        if key not in self._layouts:
            shift = self._shifts[one.shift]
            self._layouts[key] = list(layouts(Kind(shift, one.start, one.length, shift.worked(one.length))))
        return self._layouts[key]

    def _spared(self, one: Assignment, possible: list[Layout], sums: Floats) -> Floats:
        """What the breaks of each layout spare by taking a person off the telephone; seldom anything."""
        begins = np.array(possible) + (one.day * DAY - self.first * self.grain)
        ends = begins + np.array([block.minutes for block in one.breaks])
        last = len(sums) - 1
        spared: Floats = (
            sums[np.minimum(-(-ends // self.grain), last)] - sums[np.minimum(begins // self.grain, last)]
        )
        total: Floats = spared.sum(axis=1)
        return total

    def _times(self, one: Assignment) -> Ints:
        """The intervals an assignment is on the telephone, counted from the first of the days."""
        if self._shifts[one.shift].reserve:
            found = duty_times(self.problem, one)
        else:
            found = times_of(self.problem, one)
        found = found - self.first
        clipped: Ints = found[(found >= 0) & (found < self.presence.intervals)]
        return clipped

    def _past(self, person: Person) -> Ints:
        """When shifts of the day before the period reach into it."""
        there = np.zeros(self.presence.intervals, bool)
        for past in person.history.shifts:
            shift = self._shifts.get(past.shift)
            begin = past.day * DAY + past.start
            end = (begin + past.length) // self.grain
            if end > 0 and not (shift is not None and shift.reserve):
                there[max(0, -(-begin // self.grain)) : end] = True
        found: Ints = np.nonzero(there)[0]
        return found


def _window(problem: Problem, days: range) -> Problem:
    """The demand and the people of some days and the one after, and nothing else."""
    first, last = days.start, min(days.stop + 1, problem.days)
    a_day = DAY // problem.interval_minutes
    return replace(
        problem,
        start=problem.date_of(first),
        days=last - first,
        people=tuple(Person(one.id, skills=one.skills) for one in problem.people),
        demands=tuple(
            replace(one, required=one.required[first * a_day : last * a_day]) for one in problem.demands
        ),
        covers=(),
        contracts=(),
        rules=(),
        activities=(),
        holidays=(),
    )


def times_of(problem: Problem, one: Assignment) -> Ints:
    """The intervals of the period in which an assignment is on the telephone from begin to end."""
    grain = problem.interval_minutes
    there = np.zeros(problem.intervals, bool)
    begin, end = one.day * DAY + one.start, one.day * DAY + one.end
    there[-(-begin // grain) : max(0, end // grain)] = True
    return _without(problem, one, there)


def duty_times(problem: Problem, one: Assignment) -> Ints:
    """The same of somebody in reserve: in the duties they were given."""
    grain = problem.interval_minutes
    there = np.zeros(problem.intervals, bool)
    for duty in one.duties:
        at = one.day * DAY + duty.start
        there[-(-at // grain) : max(0, (at + duty.minutes) // grain)] = True
    return _without(problem, one, there)


def _without(problem: Problem, one: Assignment, there: "np.ndarray[tuple[int], np.dtype[np.bool_]]") -> Ints:
    grain = problem.interval_minutes
    for block in (*one.breaks, *one.activities):
        at = one.day * DAY + block.start
        there[at // grain : -(-(at + block.minutes) // grain)] = False
    found: Ints = np.nonzero(there)[0]
    return found
