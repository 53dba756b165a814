"""One day anew while it runs: somebody is ill, or more calls come than were asked for; with few changes.

Those who are ill lose their shifts. Then, one change after another, whatever wins most beyond what a change
is worth: somebody's shift of the day is moved or given up, or somebody free is called in, only where all
rules stay kept. In the end the breaks still to come are moved. Give a problem whose demand is as it is known
now.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from scheduling.problem import DAY, Problem
from scheduling.roster import Assignment, Roster
from scheduling.solver.breaks import place_breaks
from scheduling.solver.budget import Budget
from scheduling.solver.floor.plan import Plan
from scheduling.solver.floor.search import FloorSearch, is_floor
from scheduling.solver.floor.shared import ILLEGAL
from scheduling.solver.options import FORBIDDEN, Floats, Options
from scheduling.solver.patterns.walkers import Walkers

_TRIED: Final = 12
"""Of all changes that look good by prices, so many are counted out at a time."""


@dataclass(frozen=True, slots=True)
class Replanned:
    """The new roster, what it costs, and the people whose shift of the day is another (ill ones apart)."""

    roster: Roster
    cost: int
    changed: tuple[str, ...]


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

    ``ill`` people do not work that day. A change of somebody's shift must win at least ``worth``; no more
    than ``most_changes`` are made (None: one in twenty of the day's shifts, at least one). Shifts that have
    begun stay. Raises ReplanError if the roster is not of the problem, or a rule of it is not kept by this
    search.
    """
    if not is_floor(problem):
        raise ReplanError("a rule of the problem is not kept by this search; solve the period again")
    if not 0 <= day < problem.days:
        raise ReplanError(f"day {day} is not in the period, whose days are 0 to {problem.days - 1}")
    return _Replanning(problem, day, ill, from_minute, Budget(seconds, None, None, 1)).run(
        roster, worth, most_changes
    )


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
            problem, self.options, budget, 1, lambda *_: None, Walkers(self.options, lazy=True)
        )

    def run(self, roster: Roster, worth: int, most: int | None) -> Replanned:
        there = [one for one in roster.assignments if one.day == self.day]
        if most is None:
            most = max(1, len(there) // 20)
        kept = [one for one in roster.assignments if not (one.day == self.day and one.person in self.ill)]
        if unfit := self.search.adopt(Roster(tuple(kept))):
            names = ", ".join(self.problem.people[place].id for place in unfit)
            raise ReplanError(f"the roster is not legal for {names}")
        changed: set[int] = set()
        while len(changed) < most and not self.budget.over:
            if (person := self._change(worth, changed)) is None:
                break
            changed.add(person)
        made = self._roster(kept, changed)
        made = place_breaks(
            self.problem, made, range(self.day, self.day + 1), self.day * DAY + self.from_minute
        )
        people = tuple(sorted(self.problem.people[place].id for place in changed))
        return Replanned(made, self._cost(made), people)

    def _change(self, worth: int, changed: set[int]) -> int | None:
        """Make the change that wins most; whose it is, or None if none wins enough."""
        now = self.search.cost
        found: list[tuple[float, int, int]] = []
        for person in range(len(self.problem.people)):
            if person not in changed and self._is_free_to_change(person):
                found += self._promising(person)
        best: tuple[float, int, Plan] | None = None
        for gain, person, kind in sorted(found)[:_TRIED]:
            if gain > -worth:
                break
            old = self.search.take(person)
            plan = self._with(person, old, kind)
            if plan is not None:
                self.search.put(person, plan)
                after = self.search.cost
                self.search.take(person)
                if now - after >= worth and (best is None or after < best[0]):
                    best = after, person, plan
            self.search.put(person, old)
        if best is None:
            return None
        self.search.take(best[1])
        self.search.put(best[1], best[2])
        return best[1]

    def _is_free_to_change(self, person: int) -> bool:
        plan = self.search.plans[person]
        if plan is None or self.problem.people[person].id in self.ill:
            return False
        kind = int(plan.pattern[self.day])
        return not kind or self.options.kinds[kind - 1].start >= self.from_minute

    def _promising(self, person: int) -> list[tuple[float, int, int]]:
        """(what it would cost more, person, kind) of other kinds the person may have that day, by prices."""
        old = self.search.take(person)
        prices = self._prices(person)
        self.search.put(person, old)
        now = int(old.pattern[self.day])
        own = self.options.cost[person, self.day].astype(float)
        total = own + prices
        found = []
        for kind in np.nonzero(own < FORBIDDEN // 2)[0]:
            later = kind == 0 or self.options.kinds[kind - 1].start >= self.from_minute
            if kind != now and later and total[kind] < total[now]:
                pattern = old.pattern.copy()
                pattern[self.day] = kind
                rules = self.search.walkers[person].cost(pattern) - self.search.walkers[person].cost(
                    old.pattern
                )
                if np.isfinite(rules):
                    found.append((float(prices[kind] - prices[now] + rules), person, int(kind)))
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

    def _with(self, person: int, old: Plan, kind: int) -> Plan | None:
        """The plan with another kind on the day; the other days stay. None if it is not legal."""
        if old.activities.get(self.day):
            return None  # what is arranged for that day stays
        plan = replace(old, pattern=old.pattern.copy(), layouts=dict(old.layouts))
        walker = self.search.walkers[person]
        plan.pattern[self.day] = kind
        plan.own = old.own - walker.cost(old.pattern) + walker.cost(plan.pattern)
        plan.layouts.pop(self.day, None)
        if kind:
            sums = np.concatenate([[0.0], np.cumsum(self.search.presence.price(person))])
            plan.layouts[self.day] = self.search.planner.shapes[kind - 1].layouts(sums)[self.day]
        plan.times = self.search.planner.times(plan)
        return plan if plan.own < ILLEGAL else None

    def _roster(self, kept: list[Assignment], changed: set[int]) -> Roster:
        names = {self.problem.people[place].id for place in changed}
        others = [one for one in kept if one.person not in names]
        for place in changed:
            plan = self.search.plans[place]
            assert plan is not None
            others += self.search.planner.assignments(place, plan)
        return Roster(tuple(others))

    def _cost(self, roster: Roster) -> int:
        """What the new roster costs."""
        for place in range(len(self.problem.people)):
            self.search.take(place)
        self.search.adopt(roster)
        return round(self.search.cost)
