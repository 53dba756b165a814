"""The search: everybody in turn their best period against all others; from where a relaxation leads.

One person's best pattern under the prices of all intervals is exact (``patterns``), as they add at most one
to each. Taken in turn people come to rest at once, where only several together could win. So the search

1. gives everybody a period, one by one, so that there is a roster;
2. lets them take several in shares (``shares``), which is nearly the best that could be, and gives a bound;
3. settles each of them at one period, and lets them come to rest;
4. plans whole days of everybody anew, and groups of people against all others, as long as there is time.

Where nobody is asked for by the interval, or the relaxation leads nowhere (it knows no rules about several
people), the third and fourth are an annealing whose single step is a whole period of a person, at prices
blurred by chance less and less. What prices leave out (activities, fairness beyond the next one) is counted
afterwards.
"""

from collections.abc import Callable
from itertools import count
from typing import Final

import numpy as np

from scheduling.problem import Problem
from scheduling.roster import Roster
from scheduling.rules import Fairness, Reserve, Together
from scheduling.solver.budget import Budget
from scheduling.solver.floor.groups import Groups
from scheduling.solver.floor.oracle import Oracle
from scheduling.solver.floor.plan import Plan, Planner
from scheduling.solver.floor.presence import Presence
from scheduling.solver.floor.shared import ILLEGAL, shared_rules, total
from scheduling.solver.floor.shares import Shares
from scheduling.solver.floor.whole_days import WholeDays
from scheduling.solver.load import Covers
from scheduling.solver.options import FORBIDDEN, Options
from scheduling.solver.patterns.families import is_counted
from scheduling.solver.patterns.walkers import Walkers

_TIE: Final = 1e-4
_PLANNING: Final = 4e-3
"""Work of one plan beside its walk."""
_BUILDING: Final = 3e-6
"""Work of building an automaton, for each of its arcs."""
_SWEEPS: Final = 6
_RELAXED: Final = 0.4
"""The share of the budget after which the relaxation is left."""
_ROUNDS: Final = 600
_NEAR: Final = 0.003
"""How near the bound is to the relaxation, as a share of it, when both are as good as they get."""
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
        self.walkers, self.covers = walkers or Walkers(options, lazy=True), Covers(options)
        self._built: set[int] = set()
        self.counts = np.zeros(self.covers.price.shape[:2], np.int64)
        self.presence, self.planner = Presence(problem), Planner(problem, options)
        self.shared = shared_rules(problem, options)
        self.plans: list[Plan | None] = [None] * len(self.walkers)
        possible = options.cost.min(axis=1) < FORBIDDEN // 2
        possible[:, 0] = False
        self.allowed = [np.nonzero(row)[0] for row in possible]
        self._kept: list[Plan] = []
        self.best: Roster | None = None
        self.objective: int | None = None
        self.bound = -np.inf

    def run(self, start: Roster | None = None) -> bool:
        """Search until the budget is over; False if somebody has no legal pattern, or it was over before
        everybody had one.
        """
        if start is not None:
            self.adopt(start)
            self.offer("start")
        for person in self.chance.permutation(len(self.plans)):
            if self.plans[person] is None:
                plan = None if self.budget.over else self._plan(int(person))
                if plan is None:
                    return False
                self.put(int(person), plan)
        self.offer("one by one")
        self.rest(1)
        shares = self._relax()
        if shares is None or not self._settle(shares):
            self.rest(_SWEEPS)
            self._anneal()
        return True

    def rest(self, sweeps: int) -> None:
        """Sweeps without blur while they help, at most so many."""
        for _ in range(sweeps):
            if self.budget.over or not self._sweep():
                break

    # ------------------------------------------------------------------ by a relaxation

    def _relax(self) -> Shares | None:
        """Rounds of shares, with their bound told; None if nobody serves demands, or there is no time."""
        oracle = Oracle(self.problem, self.options, self.walkers, self.planner)
        shares = Shares(oracle, self.budget, self.chance)
        shares.begin({person: self.bare(person) for person in range(len(self.plans))})
        rounds = 0
        for _ in range(_ROUNDS):
            if self.budget.used > _RELAXED or not shares.round():
                break
            if shares.bound > self.bound:
                self.bound = shares.bound
                self._tell("relaxed")
            if not shares.free:
                return None
            rounds += 1
            if shares.cost - shares.bound <= _NEAR * abs(shares.cost):
                break
        return shares if rounds > 1 and shares.free and not self.budget.over else None

    def _settle(self, shares: Shares) -> bool:
        """One period for each from the shares, at rest, and groups of people anew until the budget is over.
        False, with the best roster taken up again, if that leads nowhere.
        """
        before = self.objective
        settled = shares.settle(max(1, len(shares.free) // 50), 3)
        prices = shares.oracle.prices(shares.values)
        for person in sorted(settled):
            self.take(person)
            price = prices[shares.oracle.group_of[person]]
            self.put(person, self.planner.finish(person, settled[person], price))
        self.rest(_SWEEPS)
        if before is not None and (self.objective is None or self.objective >= before):
            self._restore()
            return False
        self._restore()
        self._improve(Groups(self, shares), WholeDays(self))
        return True

    def _improve(self, groups: Groups, days: WholeDays) -> None:
        """Whole days and groups of people in turn, until the budget is over or the roster is proven."""
        while not self.budget.over and not self.is_proven:
            days.run()
            groups.run()

    @property
    def is_proven(self) -> bool:
        """Whether no roster is better."""
        return self.objective is not None and self.objective <= np.ceil(self.bound - 1e-6)

    def _restore(self) -> None:
        """Take up the plans of the best roster again."""
        for person, plan in enumerate(self._kept):
            if self.plans[person] is not plan:
                self.take(person)
                self.put(person, plan)

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
        if id(walker.rules) not in self._built:
            self._built.add(id(walker.rules))
            self.budget.spend(walker.rules.build().arcs * _BUILDING)
        self.budget.spend(walker.work + _PLANNING)
        by_interval = self.presence.price(person)
        prices = self.planner.kind_prices(by_interval, self.allowed[person])
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

    def bare(self, person: int) -> Plan:
        """A person's plan without its activities."""
        plan = self.plans[person]
        assert plan is not None
        bare = Plan(plan.pattern, dict(plan.layouts), own=self.walkers[person].cost(plan.pattern))
        bare.times = self.planner.times(bare)
        return bare

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
            self.anew(int(person), blur)
        self.offer("blurred" if blur else "sweep")
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

    def anew(self, person: int, blur: float = 0.0) -> None:
        """Plan a person anew; without blur only if the roster is no worse for it."""
        before = self.cost if not blur else np.inf
        old = self.take(person)
        plan = self._plan(person, blur)
        self.put(person, old if plan is None else plan)
        if not blur and self.cost > before:
            self.take(person)
            self.put(person, old)

    # ------------------------------------------------------------------ the best

    def offer(self, phase: str) -> None:
        cost = self.cost
        if cost < ILLEGAL and (self.objective is None or cost < self.objective - 0.5):
            self.objective, self.best = round(cost), self.roster()
            self._kept = [plan for plan in self.plans if plan is not None]
            self._tell(phase)

    def _tell(self, phase: str) -> None:
        if self.best is not None and self.objective is not None:
            self.tell(self.best, self.objective, self.bound, phase)

    def roster(self) -> Roster:
        """The plans as a roster."""
        made = [
            one
            for person, plan in enumerate(self.plans)
            if plan is not None
            for one in self.planner.assignments(person, plan)
        ]
        return Roster(tuple(made))
