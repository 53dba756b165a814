"""Some days of everybody at once, as a linear program: who works, which shift, from when, with which breaks.

What a choice of shifts on these days costs a person by itself is known (the rest of their period stands).
How a shift is laid out, its begin and breaks, matters only for who is on the telephone, and is the same for
all who can serve the same; so people are chosen for kinds, and layouts for kinds, and a row for each (group,
kind, day) says that there are as many of these as of those. That keeps the program small: a layout is a
column for a whole group. New layouts are priced by the values of people in intervals, which already count
what moving everybody else's breaks would win back (column generation); then it is rounded by diving.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from scheduling.problem import DAY
from scheduling.solver.budget import Budget
from scheduling.solver.floor.plan import Planner
from scheduling.solver.floor.presence import Presence
from scheduling.solver.layouts import Layout
from scheduling.solver.linear import Linear
from scheduling.solver.options import Floats, Ints

Kinds = tuple[int, ...]
"""A kind for each of the days (0: free)."""
Cell = tuple[int, int, int]
"""A group (its place), a kind and a day."""

_LITTLE: Final = 0.001
"""The share of the cost that a round of new layouts must win for another one."""
_STEP: Final = 1e-4
"""Work of one step of the simplex."""
_PRICING: Final = 5e-3
_AT_ONCE: Final = 10
"""One in so many of what is not whole yet is fixed between two solutions."""
_NONE: Final = 1e-6


@dataclass(frozen=True, slots=True)
class Chosen:
    """``kinds`` of each person; ``layouts[cell]`` are as many as people have that kind."""

    kinds: dict[int, Kinds]
    layouts: dict[Cell, list[Layout]]


@dataclass(frozen=True, slots=True)
class Table:
    """What 0, 1, … people with one of ``kinds`` on a day cost: a cover, for those who can be chosen."""

    day: int
    kinds: Ints
    costs: Ints


@dataclass(frozen=True, slots=True)
class Limit:
    """The sum of ``weights`` by kind (0: free) over ``people`` on a day is at least ``least``."""

    day: int
    people: frozenset[int]
    weights: Floats
    least: float


class DayProgram:
    """``there[group, interval]`` are those who are on the telephone whatever is chosen."""

    def __init__(self, days: Iterable[int], presence: Presence, planner: Planner, there: Ints) -> None:
        self.days = tuple(days)
        self.presence, self.planner = presence, planner
        self._linear = Linear()
        self._choices: dict[tuple[int, Kinds], Any] = {}
        self._links: dict[Cell, Any] = {}
        self._layouts: dict[tuple[Cell, Layout], Any] = {}
        self._laid: set[Cell] = set()
        self._groups = {group: place for place, group in enumerate(presence.groups)}
        self._intervals = self._met()
        self._present = [
            {t: self._linear.row(-float(there[place, t])) for t in self._intervals}
            for place in range(len(presence.groups))
        ]
        self._serve()

    def _met(self) -> list[int]:
        """The intervals shifts of these days can reach."""
        problem = self.planner.problem
        a_day = DAY // problem.interval_minutes
        longest = -(-max(kind.end for kind in self.planner.options.kinds) // problem.interval_minutes)
        met = {t for day in self.days for t in range(day * a_day, day * a_day + longest)}
        return sorted(t for t in met if t < problem.intervals)

    def _serve(self) -> None:
        """Those present serve demands they can serve; those missing and too many cost by the step."""
        for demand, one in enumerate(self.planner.problem.demands):
            serving = [place for group, place in self._groups.items() if demand in group]
            for t in self._intervals:
                row = self._linear.row(float(one.required[t]))
                for place in serving:
                    serves = self._linear.variable()
                    row.SetCoefficient(serves, 1.0)
                    self._present[place][t].SetCoefficient(serves, -1.0)
                self._linear.steps(row, one.under, 1.0)
                self._linear.steps(row, one.over, -1.0)

    # ------------------------------------------------------------------ what can be chosen

    def person(self, person: int, choices: Mapping[Kinds, float]) -> None:
        """A person has one of these ``choices``, which cost so much by themselves."""
        group = self.presence.group_of[person]
        one = self._linear.row(1.0)
        for kinds, cost in choices.items():
            taken = self._choices[person, kinds] = self._linear.variable(cost)
            one.SetCoefficient(taken, 1.0)
            for day, kind in zip(self.days, kinds, strict=True):
                if group and kind and not self.planner.is_reserve(kind):
                    self._link((self._groups[group], kind, day)).SetCoefficient(taken, 1.0)

    def _link(self, cell: Cell) -> Any:
        if cell not in self._links:
            self._links[cell] = self._linear.row(0.0)
        return self._links[cell]

    def table(self, table: Table) -> None:
        """Count people on a shift at the price of a convex table."""
        row = self._linear.table(table.costs)
        if row is None:
            return
        at, wanted = self.days.index(table.day), set(table.kinds.tolist())
        for (_, kinds), taken in self._choices.items():
            if kinds[at] in wanted:
                row.SetCoefficient(taken, 1.0)

    def limit(self, limit: Limit) -> None:
        """Keep a limit."""
        row = self._linear.row(limit.least, self._linear.infinity)
        at = self.days.index(limit.day)
        for (person, kinds), taken in self._choices.items():
            if person in limit.people and limit.weights[kinds[at]]:
                row.SetCoefficient(taken, float(limit.weights[kinds[at]]))

    def is_without(self, cell: Cell) -> bool:
        """Whether somebody can have a kind of which no layout is known."""
        return cell in self._links and cell not in self._laid

    def layout(self, cell: Cell, layout: Layout) -> bool:
        """Make a layout known; whether it was new, and of a kind somebody can have."""
        if (cell, layout) in self._layouts or cell not in self._links:
            return False
        group, kind, day = cell
        laid = self._layouts[cell, layout] = self._linear.variable()
        self._laid.add(cell)
        self._links[cell].SetCoefficient(laid, -1.0)
        for t in self.planner.times_of(day, kind, layout).tolist():
            self._present[group][t].SetCoefficient(laid, 1.0)
        return True

    # ------------------------------------------------------------------ solving

    def choose(self, budget: Budget) -> Chosen | None:
        """A choice for everybody that costs little; None if there is none, or the budget ended.

        Every kind somebody can have must have a layout. Raises LinearProgramError.
        """
        if not self._optimum(budget):
            return None
        choices = self._dive(budget, self._choices)
        if choices is None:
            return None
        if not self._optimum(budget):
            return None
        laid = self._dive(budget, self._layouts)
        if laid is None:
            return None
        layouts: dict[Cell, list[Layout]] = {}
        for (cell, layout), many in laid.items():
            layouts.setdefault(cell, []).extend([layout] * many)
        return Chosen({person: kinds for (person, kinds), taken in choices.items() if taken}, layouts)

    def _optimum(self, budget: Budget) -> bool:
        """Solve with more and more layouts, while they win something; False as ``_solve``."""
        before = np.inf
        while self._solve(budget):
            value = self._linear.value
            if before - value <= _LITTLE * abs(value) or not self._price(budget):
                return True
            before = value
        return False

    def _solve(self, budget: Budget) -> bool:
        """The optimum over all that is known; False if the budget ended or nothing keeps the limits."""
        if budget.over:
            return False
        optimal = self._linear.solve(budget.wall_left)
        budget.spend(self._linear.iterations * _STEP)
        return optimal

    def _price(self, budget: Budget) -> bool:
        """The best layout of each cell at the values of the moment; whether one is new and better."""
        budget.spend(_PRICING)
        linked = {cell: row.dual_value() for cell, row in self._links.items()}
        sums = []
        for rows in self._present:
            prices = np.zeros(self.planner.problem.intervals)
            prices[self._intervals] = [-row.dual_value() for row in rows.values()]
            sums.append(np.concatenate([[0.0], np.cumsum(prices)]))
        worths: dict[tuple[int, int], Floats] = {}
        better = []
        for cell, value in linked.items():
            group, kind, day = cell
            if (group, kind) not in worths:
                worths[group, kind] = self.planner.shapes[kind - 1].worth(sums[group])
            if worths[group, kind][day] + value < -_NONE:
                better.append((cell, self.planner.shapes[kind - 1].layout(sums[group], day)))
        new = [self.layout(cell, layout) for cell, layout in better]
        return any(new)

    def _dive(
        self, budget: Budget, variables: Mapping[tuple[Any, Any], Any]
    ) -> dict[tuple[Any, Any], int] | None:
        """Fix more and more of some ``variables`` at whole numbers, at most one of each person or cell at a
        time: what is left for it is whole, so that there is room. The numbers; None if there are none.
        """
        floors = dict.fromkeys(variables, 0)
        while True:
            values = {key: one.solution_value() for key, one in variables.items()}
            whole = {key: int(value + _NONE) for key, value in values.items()}
            broken = [(value - whole[key], key) for key, value in values.items()]
            broken = sorted((one for one in broken if one[0] > _NONE), key=lambda one: (-one[0], one[1]))
            some = {key[0]: key for _, key in reversed(broken[: -(-len(broken) // _AT_ONCE)])}
            for key in some.values():
                whole[key] += 1
            for key, number in whole.items():
                if number > floors[key]:
                    floors[key] = number
                    variables[key].SetLb(float(number))
            if not broken:
                return whole
            if not self._solve(budget):
                return None
