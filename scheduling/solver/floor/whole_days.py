"""Whole days of a roster anew: everybody's shifts and breaks of a day at once, the others as they are.

One person's best period counts on nobody else to give way, and a few people's hardly more. What a day wins
when all of them move a little is found by a program of the day (``DayProgram``).
"""

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Final

import numpy as np

from scheduling.rules import Reserve, Together
from scheduling.solver.budget import Budget
from scheduling.solver.floor.day_program import Chosen, DayProgram, Limit, Table
from scheduling.solver.floor.plan import Plan
from scheduling.solver.floor.shared import concerned
from scheduling.solver.linear import LinearProgramError
from scheduling.solver.options import FORBIDDEN, Floats, Ints

if TYPE_CHECKING:
    from scheduling.solver.floor.search import FloorSearch

_AT_ONCE: Final = 2
"""Programs side by side. Not as many as there are cores: the same work must give the same roster anywhere."""
_ASKING: Final = 4e-5
"""Work of one choice of a person."""


class WholeDays:
    """Days of the roster of a search: it gets better, never worse."""

    def __init__(self, search: "FloorSearch") -> None:
        self.search = search
        problem, options = search.problem, search.options
        self._shift = search.covers.shift_of
        self._in_teams = {
            place
            for rule in problem.rules
            if isinstance(rule, Together)
            for place in concerned(problem, rule)
            if problem.people[place].team
        }
        self._reserves = [
            (rule, frozenset(concerned(problem, rule)))
            for rule in problem.rules
            if isinstance(rule, Reserve) and rule.weight is None
        ]
        self._at_work = np.array([False, *[True] * len(options.kinds)])
        self._in_reserve = np.array([search.planner.is_reserve(k) for k in range(len(options.kinds) + 1)])

    def run(self) -> None:
        """Every day once, in an order by chance, as long as there is time."""
        search = self.search
        order = search.chance.permutation(search.problem.days).tolist()
        with ThreadPoolExecutor(max(1, min(_AT_ONCE, search.budget.workers))) as pool:
            for first in range(0, len(order), _AT_ONCE):
                if search.budget.over:
                    return
                self._anew(order[first : first + _AT_ONCE], pool)
                search.offer("days")
                search.rest(1)

    def _anew(self, days: list[int], pool: ThreadPoolExecutor) -> None:
        """Programs of some days side by side, as the roster is now; then one after another, what is better.

        Each has a budget of its own: what is counted depends on nothing that happens at the same time.
        """
        budgets = [self.search.budget.part(1.0) for _ in days]
        found = list(pool.map(self._choose, days, budgets))  # all of them before the roster changes
        for day, chosen in zip(days, found, strict=True):
            if chosen is not None:
                self._take(day, chosen)
        for one in budgets:
            self.search.budget.spend(one.spent)

    def _take(self, day: int, chosen: Chosen) -> None:
        """Have what was chosen for a day, if the roster is better for it."""
        search = self.search
        before = search.cost
        old: dict[int, Plan] = {}
        for person, plan in self._plans(day, chosen).items():
            old[person] = search.take(person)
            search.put(person, plan)
        if search.cost > before - 0.5:
            for person, plan in old.items():
                search.take(person)
                search.put(person, plan)

    # ------------------------------------------------------------------ the program of a day

    def _choose(self, day: int, budget: Budget) -> Chosen | None:
        search = self.search
        presence = search.presence
        there = presence.placed.sum(axis=1)
        numbers = {group: place for place, group in enumerate(presence.groups)}
        layouts = set()
        people = self._people(day)
        for person in people:
            plan = search.plans[person]
            assert plan is not None
            kind, group = int(plan.pattern[day]), presence.group_of[person]
            if kind and group and not self._in_reserve[kind]:
                layout = plan.layouts[day]
                there[numbers[group], search.planner.times_of(day, kind, layout)] -= 1
                layouts.add(((numbers[group], kind, day), layout))
        program = DayProgram((day,), presence, search.planner, there)
        cells = set()
        for person in people:
            choices = self._choices(person, day, budget)
            program.person(person, {(kind,): cost for kind, cost in choices.items()})
            group = presence.group_of[person]
            if group:
                cells |= {(person, numbers[group], kind) for kind in choices if kind}
        for table in self._tables(day, people):
            program.table(table)
        for limit in self._limits(day, people):
            program.limit(limit)
        for cell, layout in sorted(layouts):
            program.layout(cell, layout)
        self._begin(program, day, cells)
        try:
            return program.choose(budget)
        except LinearProgramError:
            return None  # its numbers were too near to one another; the day stays as it is

    def _begin(self, program: DayProgram, day: int, cells: set[tuple[int, int, int]]) -> None:
        """A layout for each kind of a group: where breaks cost least as it is now."""
        sums: dict[int, Floats] = {}
        for person, group, kind in sorted(cells):
            if group not in sums:
                price = self.search.presence.price(person)
                sums[group] = np.concatenate([[0.0], np.cumsum(price)])
            if program.is_without((group, kind, day)):
                layout = self.search.planner.shapes[kind - 1].layout(sums[group], day)
                program.layout((group, kind, day), layout)

    def _people(self, day: int) -> list[int]:
        """Those who can be chosen: who has an activity on this day stays as they are."""
        return [
            person
            for person, plan in enumerate(self.search.plans)
            if plan is not None and not plan.activities.get(day)
        ]

    def _choices(self, person: int, day: int, budget: Budget) -> dict[int, float]:
        """What each kind on this day costs a person more than the one they have, others as they are."""
        search = self.search
        plan, walker = search.plans[person], search.walkers[person]
        assert plan is not None
        now, before = int(plan.pattern[day]), walker.cost(plan.pattern)
        prices = np.zeros((search.problem.days, len(self._shift)))
        for one in search.shared:
            one.prices(person, prices)
        found = {now: 0.0}
        pattern = plan.pattern.copy()
        for kind in (0, *search.allowed[person].tolist()):
            if kind == now or search.options.cost[person, day, kind] >= FORBIDDEN // 2:
                continue
            if person in self._in_teams and kind and now and self._shift[kind] != self._shift[now]:
                continue
            pattern[day] = kind
            cost = walker.cost(pattern)
            if np.isfinite(cost):
                found[kind] = cost - before + float(prices[day, kind] - prices[day, now])
        budget.spend(len(search.allowed[person]) * _ASKING)
        return found

    def _tables(self, day: int, people: list[int]) -> list[Table]:
        """Covers of the day, for those who can be chosen beside the others."""
        search = self.search
        others = search.counts[day].copy()
        for person in people:
            plan = search.plans[person]
            assert plan is not None
            if plan.pattern[day]:
                others[self._shift[plan.pattern[day]]] -= 1
        return [
            Table(
                day,
                np.nonzero(self._shift == shift)[0],
                price[others[shift] : others[shift] + len(people) + 1],
            )
            for shift, price in enumerate(search.covers.price[day])
        ]

    def _limits(self, day: int, people: list[int]) -> list[Limit]:
        """How many of those at work are to be in reserve."""
        limits = []
        for rule, asked in self._reserves:
            stay: Ints = np.zeros(len(self._shift), np.int64)
            for person in asked - set(people):
                plan = self.search.plans[person]
                if plan is not None:
                    stay[plan.pattern[day]] += 1
            for percent, sign in ((rule.least_percent, 1.0), (rule.most_percent, -1.0)):
                weights = sign * (100.0 * self._in_reserve - percent * self._at_work)
                limits.append(Limit(day, asked & set(people), weights, -float(stay @ weights)))
        return limits

    # ------------------------------------------------------------------ plans

    def _plans(self, day: int, chosen: Chosen) -> dict[int, Plan]:
        """New plans of those for whom something changes; whoever can keeps their breaks."""
        search = self.search
        numbers = {group: place for place, group in enumerate(search.presence.groups)}
        free = {cell: list(layouts) for cell, layouts in chosen.layouts.items()}
        waiting = []
        for person, (kind,) in sorted(chosen.kinds.items()):
            plan, group = search.plans[person], search.presence.group_of[person]
            assert plan is not None
            same = int(plan.pattern[day]) == kind
            if not same or (kind and group and not self._in_reserve[kind]):
                cell = (numbers[group], kind, day) if group else None
                if same and cell is not None and plan.layouts[day] in free.get(cell, ()):
                    free[cell].remove(plan.layouts[day])
                else:
                    waiting.append((person, plan, kind, cell))
        return {
            person: self._with(
                person,
                plan,
                day,
                kind,
                free[cell].pop() if cell is not None and cell in free else self._any_layout(kind),
            )
            for person, plan, kind, cell in waiting
        }

    def _any_layout(self, kind: int) -> tuple[int, ...]:
        """Of a shift on which nobody asks for them, breaks may be anywhere."""
        if not kind:
            return ()
        return self.search.planner.shapes[kind - 1].layout(np.zeros(self.search.problem.intervals + 1), 0)

    def _with(self, person: int, plan: Plan, day: int, kind: int, layout: tuple[int, ...]) -> Plan:
        """A plan with another day."""
        search, walker = self.search, self.search.walkers[person]
        pattern, layouts = plan.pattern.copy(), dict(plan.layouts)
        pattern[day] = kind
        layouts.pop(day, None)
        if kind:
            layouts[day] = layout
        own = plan.own - walker.cost(plan.pattern) + walker.cost(pattern)
        new = Plan(pattern, layouts, dict(plan.activities), own)
        new.times = search.planner.times(new)
        return new
