"""The search: everybody in turn their best period against all others, at prices blurred less and less.

One person's best pattern under the prices of all intervals is exact (``patterns``), as they add at most one
to each. Taken in turn without blur people come to rest at once, where only several together could win. So
prices are blurred by chance, as much as a person missing costs in the beginning and hardly at the end: an
annealing whose single step is a whole period of a person. What prices leave out (activities, fairness beyond
the next one) is counted afterwards.
"""

from collections.abc import Callable
from itertools import count
from typing import Final

import numpy as np

from scheduling.problem import Problem
from scheduling.roster import Roster
from scheduling.rules import Fairness, Reserve, Together
from scheduling.solver.budget import Budget
from scheduling.solver.floor.plan import Plan, Planner
from scheduling.solver.floor.presence import Presence
from scheduling.solver.floor.shared import ILLEGAL, shared_rules, total
from scheduling.solver.load import Covers
from scheduling.solver.options import FORBIDDEN, Options
from scheduling.solver.patterns.families import is_counted
from scheduling.solver.patterns.walkers import Walkers

_TIE: Final = 1e-4
_PLANNING: Final = 4e-3
"""Work of one plan beside its walk."""
_SWEEPS: Final = 6
_COLDEST: Final = 0.02
_COLD: Final = 0.95
"""The share of the budget after which nothing is blurred any more."""
_CYCLE: Final = 300
"""Sweeps of a search that has no other end."""

Tell = Callable[[Roster, int, float, str], None]


def is_floor(problem: Problem) -> bool:
    """Whether the search keeps all rules of a problem: those that are counted, and those between people."""
    return all(
        is_counted(rule) or isinstance(rule, Fairness | Together | Reserve) for rule in problem.rules
    ) and not any(one.together for one in problem.activities)


class FloorSearch:
    """One search. ``tell`` hears of every better roster."""

    def __init__(
        self,
        problem: Problem,
        options: Options,
        budget: Budget,
        seed: int,
        tell: Tell,
        walkers: Walkers | None = None,
    ) -> None:
        """Raises TooManyStatesError if the rules of somebody remember too much."""
        self.problem, self.options, self.budget, self.tell = problem, options, budget, tell
        self.chance = np.random.default_rng(seed)
        self.walkers, self.covers = walkers or Walkers(options), Covers(options)
        self.counts = np.zeros(self.covers.price.shape[:2], np.int64)
        self.presence, self.planner = Presence(problem), Planner(problem, options)
        self.shared = shared_rules(problem, options)
        self.plans: list[Plan | None] = [None] * len(self.walkers)
        possible = options.cost.min(axis=1) < FORBIDDEN // 2
        possible[:, 0] = False
        self._allowed = [np.nonzero(row)[0] for row in possible]
        self.best: Roster | None = None
        self.objective: int | None = None

    def run(self, start: Roster | None = None) -> bool:
        """Search until the budget is over; False if somebody has no legal pattern."""
        if start is not None:
            self.adopt(start)
            self._offer("start")
        for person in self.chance.permutation(len(self.plans)):
            if self.plans[person] is None:
                plan = self._plan(int(person))
                if plan is None:
                    return False
                self.put(int(person), plan)
        self._offer("one by one")
        for _ in range(_SWEEPS):
            if self.budget.over or not self._sweep():
                break
        self._anneal()
        return True

    def adopt(self, roster: Roster) -> list[int]:
        """Take over the plans of a roster; people whose part of it is not legal by itself are left out."""
        mine = roster.by_person()
        left = []
        for place, person in enumerate(self.problem.people):
            plan = self.planner.given(place, mine.get(person.id, []), self.walkers[place])
            if plan is None:
                left.append(place)
            else:
                self.put(place, plan)
        return left

    # ------------------------------------------------------------------ one person

    def _plan(self, person: int, blur: float = 0.0) -> Plan | None:
        """The best plan of a person who is taken out, against all others, at prices blurred so much."""
        walker = self.walkers[person]
        self.budget.spend(walker.work + _PLANNING)
        by_interval = self.presence.price(person)
        prices = self.planner.kind_prices(by_interval, self._allowed[person])
        prices += self.covers.of_kinds(self.covers.one_more(self.counts))
        for one in self.shared:
            one.prices(person, prices)
        noise = (
            self.chance.gumbel(size=prices.shape) * blur if blur else self.chance.random(prices.shape) * _TIE
        )
        walk = walker.cheapest(prices + noise)
        if walk is None:
            return None
        return self.planner.fill(person, walk.pattern, by_interval, walker.cost(walk.pattern))

    def put(self, person: int, plan: Plan) -> None:
        """Give a person who is taken out this plan."""
        self.plans[person] = plan
        self.presence.add(person, plan.times)
        self.covers.change(self.counts, plan.pattern, 1)
        for one in self.shared:
            one.put(person, plan.pattern)

    def take(self, person: int) -> Plan:
        """Take a person out; the plan they had."""
        plan = self.plans[person]
        assert plan is not None
        self.presence.remove(person, plan.times)
        self.covers.change(self.counts, plan.pattern, -1)
        for one in self.shared:
            one.take(person)
        self.plans[person] = None
        return plan

    @property
    def cost(self) -> float:
        """What the roster costs now; ``ILLEGAL`` or more if it is not legal."""
        own = sum(plan.own for plan in self.plans if plan is not None)
        return (
            own + total(self.shared) + self.options.base + self.presence.cost + self.covers.cost(self.counts)
        )

    # ------------------------------------------------------------------ steps

    def _sweep(self, blur: float = 0.0) -> bool:
        """Everybody anew, one after another; whether the roster is a better one."""
        before = self.cost
        for person in self.chance.permutation(len(self.plans)):
            if self.budget.over:
                break
            self._anew(int(person), blur)
        self._offer("blurred" if blur else "sweep")
        return self.cost < before - 0.5

    def _anneal(self) -> None:
        """Sweeps with less and less blur, until the budget is over; then with none while that helps."""
        hottest = self._hottest
        for sweep in count():
            used = sweep / _CYCLE if self.budget.endless else self.budget.used
            if self.budget.over or used > _COLD:
                break
            self._sweep(hottest * _COLDEST**used)
        while not self.budget.over and self._sweep():
            pass

    @property
    def _hottest(self) -> float:
        """What the first person missing costs, as most demands have it."""
        steps = [*(one.under for one in self.problem.demands), *(one.under for one in self.problem.covers)]
        return float(np.median([one[0].cost for one in steps if one] or [1]))

    def _anew(self, person: int, blur: float) -> None:
        """Plan a person anew; without blur only if the roster is no worse for it."""
        before = self.cost if not blur else np.inf
        old = self.take(person)
        plan = self._plan(person, blur)
        self.put(person, old if plan is None else plan)
        if not blur and self.cost > before:
            self.take(person)
            self.put(person, old)

    # ------------------------------------------------------------------ the best

    def _offer(self, phase: str) -> None:
        cost = self.cost
        if cost < ILLEGAL and (self.objective is None or cost < self.objective - 0.5):
            self.objective, self.best = round(cost), self.roster()
            self.tell(self.best, self.objective, -np.inf, phase)

    def roster(self) -> Roster:
        """The plans as a roster."""
        made = [
            one
            for person, plan in enumerate(self.plans)
            if plan is not None
            for one in self.planner.assignments(person, plan)
        ]
        return Roster(tuple(made))
