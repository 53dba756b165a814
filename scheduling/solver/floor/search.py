"""The search: everybody in turn their best period against all others; then some at a time taken out and put
back in another order, and kept if that is no worse.

One person's best pattern under the prices of all intervals is exact (``patterns``), as they add at most one
to each. What the prices leave out (activities, fairness beyond the next one) is counted afterwards, and a
change is only kept for what it really costs.
"""

from collections.abc import Callable, Sequence
from typing import Final

import numpy as np

from scheduling.problem import DAY, Problem
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
_GROUP: Final = 5
_SWEEPS: Final = 6
_ACCEPT: Final = 60
"""A change is kept if it is no worse than what was so many changes ago (Burke & Bykov 2017)."""

Tell = Callable[[Roster, int, float, str], None]


def is_floor(problem: Problem) -> bool:
    """Whether the search keeps all rules of a problem: those that are counted, and those between people."""
    return all(
        is_counted(rule) or isinstance(rule, Fairness | Together | Reserve) for rule in problem.rules
    ) and not any(one.together for one in problem.activities)


class FloorSearch:
    """One search. ``tell`` hears of every better roster."""

    def __init__(self, problem: Problem, options: Options, budget: Budget, seed: int, tell: Tell) -> None:
        """Raises TooManyStatesError if the rules of somebody remember too much."""
        self.problem, self.options, self.budget, self.tell = problem, options, budget, tell
        self.chance = np.random.default_rng(seed)
        self.walkers, self.covers = Walkers(options), Covers(options)
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
                self._put(int(person), plan)
        self._offer("one by one")
        for _ in range(_SWEEPS):
            if self.budget.over or not self._sweep():
                break
        self._regroup()
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
                self._put(place, plan)
        return left

    # ------------------------------------------------------------------ one person

    def _plan(self, person: int) -> Plan | None:
        """The best plan of a person who is taken out, against all others."""
        walker = self.walkers[person]
        self.budget.spend(walker.work + _PLANNING)
        by_interval = self.presence.price(person)
        prices = self.planner.kind_prices(by_interval, self._allowed[person])
        prices += self.covers.of_kinds(self.covers.one_more(self.counts))
        for one in self.shared:
            one.prices(person, prices)
        walk = walker.cheapest(prices + self.chance.random(prices.shape) * _TIE)
        if walk is None:
            return None
        return self.planner.fill(person, walk.pattern, by_interval, walker.cost(walk.pattern))

    def _put(self, person: int, plan: Plan) -> None:
        self.plans[person] = plan
        self.presence.add(person, plan.times)
        self.covers.change(self.counts, plan.pattern, 1)
        for one in self.shared:
            one.put(person, plan.pattern)

    def _take(self, person: int) -> Plan:
        plan = self.plans[person]
        assert plan is not None
        self.presence.remove(person, plan.times)
        self.covers.change(self.counts, plan.pattern, -1)
        for one in self.shared:
            one.take(person)
        self.plans[person] = None
        return plan

    @property
    def _cost(self) -> float:
        """What the roster costs now; ``ILLEGAL`` or more if it is not legal."""
        own = sum(plan.own for plan in self.plans if plan is not None)
        return (
            own + total(self.shared) + self.options.base + self.presence.cost + self.covers.cost(self.counts)
        )

    # ------------------------------------------------------------------ steps

    def _sweep(self) -> bool:
        """Everybody anew, one after another; whether something got better."""
        better = False
        for person in self.chance.permutation(len(self.plans)):
            if self.budget.over:
                return False
            better = self._anew([int(person)], self._cost) < self._cost_before - 0.5 or better
        self._offer("sweep")
        return better

    def _regroup(self) -> None:
        """Groups of people out and in again, until the budget is over."""
        past = [self._cost] * _ACCEPT
        step = 0
        while not self.budget.over:
            limit = max(past[step % _ACCEPT], self._cost)
            past[step % _ACCEPT] = self._anew(self._group(), limit)
            step += 1
            self._offer("groups")

    def _anew(self, people: Sequence[int], limit: float) -> float:
        """Take people out and put them back; undone if that costs more than ``limit``. What it costs now."""
        self._cost_before = self._cost
        before = {person: self._take(person) for person in people}
        made = True
        for person in people:
            plan = self._plan(person)
            if plan is None:
                made = False
                plan = before[person]
            self._put(person, plan)
        now = self._cost
        if made and now <= limit:
            return now
        for person in people:
            self._take(person)
        for person, plan in before.items():
            self._put(person, plan)
        return self._cost_before

    def _group(self) -> list[int]:
        """Some people who could serve at a time that costs much, or who work then; and some by chance."""
        size = int(self.chance.integers(2, _GROUP + 1))
        costs = self.presence.costs().astype(float)
        everybody = np.arange(len(self.plans))
        if costs.sum() <= 0:
            return [int(one) for one in self.chance.permutation(everybody)[:size]]
        interval = int(self.chance.choice(len(costs), p=costs / costs.sum()))
        day = interval * self.problem.interval_minutes // DAY
        working = [one for one in everybody if self._works(int(one), day)]
        some = self.chance.permutation(working if self.chance.random() < 0.5 else everybody)[: size - 1]
        rest = self.chance.permutation(everybody)
        chosen = [int(one) for one in some]
        chosen += [int(one) for one in rest if int(one) not in chosen][: size - len(chosen)]
        return [int(one) for one in self.chance.permutation(chosen)]

    def _works(self, person: int, day: int) -> bool:
        plan = self.plans[person]
        return plan is not None and bool(plan.pattern[day])

    # ------------------------------------------------------------------ the best

    def _offer(self, phase: str) -> None:
        cost = self._cost
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
