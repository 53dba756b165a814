"""Demands that clash even if shifts may be worked in parts: read off the prices of a linear programme.

All demands may be missed by as much of their greatest factor: how much that must be at least is asked. The
demands with a price (a dual value) cannot hold together, as the prices prove it (Farkas' lemma); and as they
are those of a corner, few are needed (Gleeson and Ryan, *Identifying Minimally Infeasible Subsystems of
Inequalities*, 1990). Whoever asks should prove it in whole numbers, too.
"""

from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

import numpy as np

from scheduling.solver.budget import Budget
from scheduling.solver.model.base import Because
from scheduling.solver.model.questioned import Questioned

_NOTHING: Final = 1e-6
_FAR: Final = 10**9
_ITERATION: Final = 1e-4
_ENTRY: Final = 3e-6
"""Work of the programme, by its iterations and its size."""


@dataclass(slots=True)
class _Rows:
    """Rows of ``matrix @ x <= bound``, those of demands with the demand."""

    data: list[int] = field(default_factory=list)
    columns: list[int] = field(default_factory=list)
    begins: list[int] = field(default_factory=lambda: [0])
    bounds: list[int] = field(default_factory=list)
    whose: list[Because | None] = field(default_factory=list)

    def add(self, columns: list[int], factors: list[int], most: int, whose: Because | None) -> None:
        self.columns += columns
        self.data += factors
        self.begins.append(len(self.columns))
        self.bounds.append(most)
        self.whose.append(whose)


def relaxed_core(model: Questioned, budget: Budget) -> list[Because]:
    """Demands of a model that clash; empty if a linear programme does not see that any do."""
    from scipy.optimize import linprog
    from scipy.sparse import csr_matrix, hstack

    rows = _rows(model)
    if not rows.bounds:
        return []
    variables = model.cp.proto.variables
    shape = len(rows.bounds), len(variables)
    matrix = csr_matrix((rows.data, rows.columns, rows.begins), shape=shape, dtype=float)
    missing = np.array(
        [
            0.0 if whose is None else -float(max(map(abs, rows.data[first:after]), default=1))
            for whose, (first, after) in zip(rows.whose, pairwise(rows.begins), strict=True)
        ]
    )
    bounds = [(one.domain[0], one.domain[len(one.domain) - 1]) for one in variables]
    for literal in model.literals.values():
        bounds[literal.index] = (1, 1)
    found = linprog(
        [0.0] * shape[1] + [1.0],
        A_ub=hstack([matrix, missing[:, None]], format="csr"),
        b_ub=rows.bounds,
        bounds=[*bounds, (0, None)],
        method="highs-ds",
        options={"time_limit": max(0.01, budget.wall_left)},
    )
    budget.spend(_ITERATION * found.nit + _ENTRY * len(rows.data))
    if found.status != 0 or found.fun < _NOTHING:
        return []
    priced = {
        rows.whose[row]
        for row in np.nonzero(np.abs(found.ineqlin.marginals) > _NOTHING)[0]
        if rows.whose[row]
    }
    return [one for one in model.literals if one in priced]


def _rows(model: Questioned) -> _Rows:
    rows, because = _Rows(), {literal.index: one for one, literal in model.literals.items()}
    for constraint in model.cp.proto.constraints:
        whose = None
        if len(constraint.enforcement_literal):
            whose = because[constraint.enforcement_literal[0]]
        if constraint.has_linear():
            linear = constraint.linear
            columns, factors = list(linear.vars), list(linear.coeffs)
            least, most = linear.domain[0], linear.domain[len(linear.domain) - 1]
            if most < _FAR:
                rows.add(columns, factors, most, whose)
            if least > -_FAR:
                rows.add(columns, [-one for one in factors], -least, whose)
        elif constraint.has_at_most_one():
            columns = list(constraint.at_most_one.literals)
            rows.add(columns, [1] * len(columns), 1, whose)
        elif constraint.has_bool_or() and not len(constraint.bool_or.literals):
            rows.add([], [], -1, whose)
    return rows
