"""A linear program that grows: solved by GLOP, which goes on from its last basis."""

from typing import Any, Final

import numpy as np

from scheduling.demand import Steps
from scheduling.solver.budget import UNLIMITED
from scheduling.solver.options import Ints


class LinearProgramError(Exception):
    """The linear program could not be solved: its numbers were too near to one another."""


class Linear:
    """What its variables cost is least. They are never below 0."""

    def __init__(self) -> None:
        from ortools.linear_solver import pywraplp

        self._solver = pywraplp.Solver.CreateSolver("GLOP")
        self.infinity: Final[float] = self._solver.infinity()
        self._afresh = pywraplp.MPSolverParameters()
        self._afresh.SetIntegerParam(self._afresh.INCREMENTALITY, self._afresh.INCREMENTALITY_OFF)
        self._objective = self._solver.Objective()
        self._objective.SetMinimization()

    def variable(self, cost: float = 0.0, most: float | None = None) -> Any:
        """A new variable, of any size or of at most ``most``."""
        made = self._solver.NumVar(0.0, self.infinity if most is None else most, "")
        if cost:
            self._objective.SetCoefficient(made, cost)
        return made

    def row(self, least: float, most: float | None = None) -> Any:
        """A new row: a sum of variables that is ``least``, or at least that (``most`` is infinite)."""
        return self._solver.Constraint(least, least if most is None else most)

    def steps(self, row: Any, steps: Steps, sign: float) -> None:
        """What persons missing (``sign`` 1) or too many (-1) in a row cost; their costs never fall."""
        for place, step in enumerate(steps):
            last = place + 1 == len(steps)
            width = None if last else float(steps[place + 1].first - step.first)
            row.SetCoefficient(self.variable(float(step.cost), width), sign)
        if not steps:
            row.SetCoefficient(self.variable(), sign)

    def table(self, costs: Ints) -> Any | None:
        """A row for people of whom 0, 1, … cost the difference to ``costs[0]``, a convex table; None if it is
        always 0.
        """
        slopes, widths = np.unique(np.diff(costs), return_counts=True)
        if not slopes.any():
            return None
        row = self.row(0.0)
        for place, (slope, width) in enumerate(zip(slopes, widths, strict=True)):
            last = place + 1 == len(slopes)
            row.SetCoefficient(self.variable(float(slope), None if last else float(width)), -1.0)
        return row

    def solve(self, seconds: float = UNLIMITED) -> bool:
        """Find the optimum; False if nothing keeps all rows. Raises LinearProgramError, also if it is not
        found in time.
        """
        solver = self._solver
        if seconds < UNLIMITED:
            solver.set_time_limit(max(1, int(1000 * seconds)))
        status = solver.Solve()
        if status not in (solver.OPTIMAL, solver.FEASIBLE):  # feasible: there was no time for more
            status = solver.Solve(self._afresh)  # without the last basis, which numbers may have spoilt
        if status not in (solver.OPTIMAL, solver.INFEASIBLE):
            raise LinearProgramError(f"the linear program ended with status {status}")
        return bool(status == solver.OPTIMAL)

    @property
    def value(self) -> float:
        """What the optimum costs."""
        return float(self._objective.Value())

    @property
    def iterations(self) -> int:
        """Steps of the last solution."""
        return int(self._solver.iterations())
