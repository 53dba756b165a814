"""One day anew while it runs: somebody is ill, or more calls come than were asked for; with few changes.

Those who are ill lose their shifts. Then, one change after another, whatever wins most beyond what a change
is worth: somebody's shift of the day is moved or given up, or somebody free is called in, only where all
rules stay kept. What changes may be left move breaks still to come. Give a problem whose demand is as it is
known now.

What each change would win is estimated once, by prices, and counted out when it is its turn: what others
changed meanwhile has seldom made it better (lazy greedy search, Minoux 1978).
"""

import heapq
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from scheduling.problem import DAY, Problem
from scheduling.roster import Assignment, Roster
from scheduling.solver.breaks import duty_times, move_few_breaks
from scheduling.solver.budget import Budget
from scheduling.solver.floor.plan import Plan
from scheduling.solver.floor.search import FloorSearch, is_floor
from scheduling.solver.floor.shared import ILLEGAL
from scheduling.solver.options import FORBIDDEN, Floats, Ints, Options
from scheduling.solver.patterns.days import costs_of_day
from scheduling.solver.patterns.walkers import Walker, Walkers

_CHANGES: Final = 0.7
"""This share of the time there is, it is looked for changes of shifts; then breaks are moved."""


@dataclass(frozen=True, slots=True)
class Replanned:
    """The new roster, what it costs more than the one without who is ill (less than 0: it saves), the people
    whose shift of the day is another, and those of whom only breaks are (ill ones apart).
    """

    roster: Roster
    cost: int
    changed: tuple[str, ...]
    moved_breaks: tuple[str, ...] = ()


class ReplanError(ValueError):
    """A day that cannot be planned anew like this, and why."""


def replan(
    problem: Problem,
    roster: Roster,
    day: int,
    *,
    ill: Collection[str] = (),
    from_minute: int = 0,
    worth: int = 100,
    most_changes: int | None = None,
    seconds: float | None = 10.0,
) -> Replanned:
    """Plan ``day`` anew from its minute ``from_minute`` on.

    ``ill`` people do not work that day. A change of somebody's shift or breaks must win at least ``worth``;
    no more than ``most_changes`` are made (None: less than one in twenty of the day's shifts, at least one).
    Shifts that have begun stay, and people with duties. Raises ReplanError if the roster is not of the
    problem, or a rule of it is not kept by this search.
    """
    if not is_floor(problem):
        raise ReplanError("a rule of the problem is not kept by this search; solve the period again")
    if not 0 <= day < problem.days:
        raise ReplanError(f"day {day} is not in the period, whose days are 0 to {problem.days - 1}")
    budget = Budget(None if seconds is None else seconds * _CHANGES, None, None, 1)
    return _Replanning(problem, day, ill, from_minute, budget).run(roster, worth, most_changes)


class _NoWalker(Walker):
    """Any pattern costs nothing: what rules say is asked only of those who are to change."""

    def __init__(self) -> None:
        pass

    def cost(self, pattern: Ints) -> float:
        return 0.0


class _NoWalkers(Walkers):
    def __init__(self, people: int) -> None:
        self._people = people

    def __getitem__(self, place: int) -> Walker:
        return _NoWalker()

    def __len__(self) -> int:
        return self._people


@dataclass(frozen=True, slots=True, order=True)
class _Change:
    """Another kind for somebody's day, 0 for free; ``gain`` is what it costs more, less than 0 if it wins."""

    gain: float
    person: int
    kind: int


class _Replanning:
    def __init__(
        self, problem: Problem, day: int, ill: Collection[str], from_minute: int, budget: Budget
    ) -> None:
        self.problem, self.day, self.ill, self.from_minute, self.budget = (
            problem,
            day,
            set(ill),
            from_minute,
            budget,
        )
        self.options = Options(problem)
        self.search = FloorSearch(
            problem, self.options, budget, 1, lambda *_: None, _NoWalkers(len(problem.people))
        )
        self._rules: dict[int, Floats] = {}

    def run(self, roster: Roster, worth: int, most: int | None) -> Replanned:
        there = [one for one in roster.assignments if one.day == self.day]
        if most is None:
            most = max(1, (len(there) - 1) // 20)
        kept = [one for one in roster.assignments if not (one.day == self.day and one.person in self.ill)]
        if unfit := self.search.adopt(Roster(tuple(kept))):
            names = ", ".join(self.problem.people[place].id for place in unfit)
            raise ReplanError(f"the shifts of {names} are none of the problem's, or their breaks are")
        self._count_duties(kept)
        before = self.search.cost
        changed = self._change(worth, most)
        breaks = move_few_breaks(
            self.problem,
            self._roster(kept, changed),
            self.day,
            self.day * DAY + self.from_minute,
            most=most - len(changed),
            worth=worth,
            free=[self.problem.people[place].id for place in changed],
        )
        cost = round(self.search.cost - before) + breaks.cost
        people = tuple(sorted(self.problem.people[place].id for place in changed))
        return Replanned(breaks.roster, cost, people, breaks.changed)

    def _count_duties(self, kept: list[Assignment]) -> None:
        """People in reserve are on the telephone in the duties they have been given."""
        place = {person.id: number for number, person in enumerate(self.problem.people)}
        reserves = {one.id for one in self.problem.shifts if one.reserve}
        self._on_duty = {place[one.person] for one in kept if one.duties and one.day == self.day}
        for one in kept:
            if one.duties and one.shift in reserves:
                self.search.presence.add(place[one.person], duty_times(self.problem, one))

    # ------------------------------------------------------------------ changes

    def _change(self, worth: int, most: int) -> set[int]:
        """Make the changes that win most; whose they are."""
        changed: set[int] = set()
        fresh = True
        while fresh and len(changed) < most and not self.budget.over:
            fresh = False
            waiting = [
                one for person in self._free_to_change(changed) for one in self._promising(person, worth)
            ]
            heapq.heapify(waiting)
            while waiting and len(changed) < most and not self.budget.over:
                one = heapq.heappop(waiting)
                if one.gain > -worth:
                    break
                if one.person in changed:
                    continue
                counted = self._counted(one)
                if counted is None or counted[0] > -worth:
                    continue
                gain, plan = counted
                if waiting and gain > waiting[0].gain:
                    heapq.heappush(waiting, replace(one, gain=gain))
                    continue
                self.search.take(one.person)
                self.search.put(one.person, plan)
                changed.add(one.person)
                fresh = True
        return changed

    def _free_to_change(self, changed: set[int]) -> Iterator[int]:
        for person, plan in enumerate(self.search.plans):
            if plan is None or person in changed or person in self._on_duty:
                continue
            kind = int(plan.pattern[self.day])
            begun = kind and self.options.kinds[kind - 1].start < self.from_minute
            # What is arranged for that day stays.
            if (
                not begun
                and self.problem.people[person].id not in self.ill
                and not plan.activities.get(self.day)
            ):
                yield person

    def _promising(self, person: int, worth: int) -> list[_Change]:
        """Changes of somebody's day that win enough by prices; what rules say to them is counted later."""
        old = self.search.take(person)
        prices = self._prices(person)
        self.search.put(person, old)
        now = int(old.pattern[self.day])
        own = self.options.cost[person, self.day].astype(float)
        total = own + prices
        found = []
        for kind in np.nonzero((own < FORBIDDEN // 2) & (total - total[now] <= -worth))[0]:
            later = kind == 0 or self.options.kinds[kind - 1].start >= self.from_minute
            if kind != now and later:
                found.append(_Change(float(total[kind] - total[now]), person, int(kind)))
        return found

    def _prices(self, person: int) -> Floats:
        sums = np.concatenate([[0.0], np.cumsum(self.search.presence.price(person))])
        prices = np.zeros(1 + len(self.options.kinds))
        for kind, shape in enumerate(self.search.planner.shapes, 1):
            if not shape.kind.shift.reserve:
                prices[kind] = shape.worth(sums)[self.day]
        more = self.search.covers.of_kinds(self.search.covers.one_more(self.search.counts))
        total: Floats = prices + more[self.day]
        return total

    def _counted(self, change: _Change) -> tuple[float, Plan] | None:
        """What a change really costs more, with all rules, and the plan of it; None if it is not legal."""
        now, old = self.search.cost, self.search.plans[change.person]
        assert old is not None
        if change.person not in self._rules:
            self._rules[change.person] = costs_of_day(self.options, change.person, old.pattern, self.day)
        costs = self._rules[change.person]
        if not np.isfinite(costs[change.kind] - costs[int(old.pattern[self.day])]):
            return None
        self.search.take(change.person)
        plan = self._with(change.person, old, change.kind, costs)
        self.search.put(change.person, plan)
        after = self.search.cost
        self.search.take(change.person)
        self.search.put(change.person, old)
        return None if after >= now + ILLEGAL / 2 else (after - now, plan)

    def _with(self, person: int, old: Plan, kind: int, costs: Floats) -> Plan:
        """The plan with another kind on the day; the other days stay."""
        plan = replace(old, pattern=old.pattern.copy(), layouts=dict(old.layouts))
        plan.pattern[self.day] = kind
        plan.own = old.own + costs[kind] - costs[int(old.pattern[self.day])]
        plan.layouts.pop(self.day, None)
        if kind:
            sums = np.concatenate([[0.0], np.cumsum(self.search.presence.price(person))])
            plan.layouts[self.day] = self.search.planner.shapes[kind - 1].layouts(sums)[self.day]
        plan.times = self.search.planner.times(plan)
        return plan

    def _roster(self, kept: list[Assignment], changed: set[int]) -> Roster:
        names = {self.problem.people[place].id for place in changed}
        others = [one for one in kept if one.person not in names]
        for place in changed:
            plan = self.search.plans[place]
            assert plan is not None
            others += self.search.planner.assignments(place, plan)
        return Roster(tuple(others))
