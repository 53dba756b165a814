"""The master problem of column generation: which pattern for whom, as a linear program over those known.

Each person has one pattern; each (day, shift) has as many people as its patterns say, at the price of its
convex table. The duals say what a person on a shift of a day is worth; under them ``Walkers`` find better
patterns, and add up to a bound that no roster is below (Dantzig & Wolfe 1960, Lasdon 1970; for rostering
Jaumard, Semet & Vovor 1998). Solved by GLOP, which goes on from its last basis.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from scheduling.solver.budget import UNLIMITED
from scheduling.solver.linear import Linear, LinearProgramError
from scheduling.solver.load import Covers
from scheduling.solver.options import Floats, Ints
from scheduling.solver.patterns.walkers import Walkers
from scheduling.solver.patterns.windows import WindowWalkers

EPSILON: Final = 1e-6


@dataclass(slots=True)
class Column:
    """A pattern of a person, what it costs by itself, and its variable in the linear program."""

    person: int
    pattern: Ints
    cost: float
    variable: Any = None


@dataclass(frozen=True, slots=True)
class Duals:
    """The optimum of the linear program: ``value``, worth by (day, shift), and by person."""

    value: float
    worth: Floats
    people: Floats


class Master:
    """The linear program for some ``people``; ``others`` are on their shifts whatever it says."""

    def __init__(
        self, covers: Covers, walkers: Walkers | WindowWalkers, people: Sequence[int], others: Ints
    ) -> None:
        self.covers, self.walkers, self.people = covers, walkers, list(people)
        self.others = others
        self.columns: list[Column] = []
        self._solved = False
        self._known: set[tuple[int, bytes]] = set()
        self._linear = Linear()
        self._one = {person: self._linear.row(1.0) for person in self.people}
        self._rows: dict[tuple[int, int], Any] = {}
        self.constant = 0.0
        days, shifts, _ = covers.price.shape
        for day in range(days):
            for shift in range(shifts):
                self._row(day, shift)

    def table(self, day: int, shift: int) -> Ints:
        """The price of 0, 1, … of these people on a shift of a day, with the others who are there."""
        first = int(self.others[day, shift])
        return self.covers.price[day, shift, first : first + len(self.people) + 1]

    def _row(self, day: int, shift: int) -> None:
        """The row of a (day, shift): people there are the sum of the table's slopes."""
        table = self.table(day, shift)
        self.constant += float(table[0])
        if (row := self._linear.table(table)) is not None:
            self._rows[day, shift] = row

    def add(self, person: int, pattern: Ints) -> bool:
        """Make a pattern known; whether it was new."""
        key = person, pattern.tobytes()
        if key in self._known:
            return False
        self._known.add(key)
        column = Column(person, pattern, self.walkers[person].cost(pattern))
        column.variable = self._linear.variable(column.cost)
        self._one[person].SetCoefficient(column.variable, 1.0)
        for day in np.nonzero(pattern)[0]:
            row = self._rows.get((int(day), int(self.covers.shift_of[pattern[day]])))
            if row is not None:
                row.SetCoefficient(column.variable, 1.0)
        self.columns.append(column)
        self._solved = False
        return True

    def solve(self, seconds: float = UNLIMITED) -> Duals:
        """The optimum over the columns known; every person must have one. Raises LinearProgramError, also if
        it is not found in time.
        """
        if not self._linear.solve(seconds):
            raise LinearProgramError("no columns known keep all rows")
        self._solved = True
        worth = np.zeros(self.covers.price.shape[:2])
        for (day, shift), row in self._rows.items():
            worth[day, shift] = row.dual_value()
        people = np.zeros(len(self.walkers))
        for person, one in self._one.items():
            people[person] = one.dual_value()
        return Duals(self._linear.value + self.constant, worth, people)

    def reduced(self, column: Column, duals: Duals) -> float:
        """What a column costs beyond what it is worth under the duals."""
        days = np.nonzero(column.pattern)[0]
        worth = duals.worth[days, self.covers.shift_of[column.pattern[days]]].sum()
        return column.cost - float(worth) - float(duals.people[column.person])

    def fractions(self) -> Iterable[tuple[Column, float]]:
        """Columns with their shares in the optimum. Raises LinearProgramError."""
        if not self._solved:
            self.solve()
        return ((column, column.variable.solution_value()) for column in self.columns)

    def fix(self, column: Column) -> None:
        """The person has this pattern."""
        column.variable.SetLb(1.0)
        self._solved = False

    def release(self, column: Column) -> None:
        """Undo ``fix``."""
        column.variable.SetLb(0.0)
        self._solved = False

    def bound(self, worth: Floats, least: float) -> float:
        """What no choice of patterns is below, if under ``worth`` all people's least costs are ``least``.

        The Lagrangean bound: each table at the number of people that is cheapest under ``worth``.
        """
        total = self.constant + least
        for day, shift in self._rows:
            table = self.table(day, shift)
            total += float((table - table[0] + worth[day, shift] * np.arange(len(table))).min())
        return total
