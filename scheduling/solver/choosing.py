"""The best choice among known patterns, one for each person, by CP-SAT."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from scheduling.solver.budget import Budget
from scheduling.solver.columns import Column, Master
from scheduling.solver.options import Ints


@dataclass(frozen=True, slots=True)
class Choice:
    """The patterns chosen (None if none was found in time), and whether no choice is better."""

    patterns: dict[int, Ints] | None
    proven: bool


def choose(
    master: Master,
    columns: Sequence[Column],
    hint: Mapping[int, Ints],
    budget: Budget,
    most: float,
    seed: int,
) -> Choice:
    """Choose among ``columns``, for at most ``most`` seconds or units of work; ``hint`` is a choice known."""
    from ortools.sat.python import cp_model

    model = cp_model.CpModel()
    variables = []
    mine: dict[int, list[Any]] = {person: [] for person in master.people}
    there: dict[tuple[int, int], list[Any]] = {}
    costs: list[Any] = []
    for column in columns:
        variable = model.new_bool_var("")
        model.add_hint(variable, bool(np.array_equal(column.pattern, hint[column.person])))
        variables.append(variable)
        mine[column.person].append(variable)
        if column.cost:
            costs.append(round(column.cost) * variable)
        for day in np.nonzero(column.pattern)[0]:
            key = int(day), int(master.covers.shift_of[column.pattern[day]])
            there.setdefault(key, []).append(variable)
    for some in mine.values():
        model.add_exactly_one(some)
    for cell, some in sorted(there.items()):
        costs += _table(model, some, master.table(*cell))
    model.minimize(sum(costs))
    solver = cp_model.CpSolver()
    budget.limit(solver, most)
    solver.parameters.random_seed = seed
    stopper = budget.watch(solver)
    status = solver.solve(model)
    stopper()
    budget.spend(solver.response_proto.deterministic_time)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return Choice(None, False)
    chosen = {
        column.person: column.pattern
        for column, variable in zip(columns, variables, strict=True)
        if solver.boolean_value(variable)
    }
    return Choice(chosen, status == cp_model.OPTIMAL)


def _table(model: Any, some: list[Any], table: Ints) -> list[Any]:
    """The price of a convex table at the sum of ``some``, as terms: a part for each slope."""
    slopes, widths = np.unique(np.diff(table), return_counts=True)
    if len(slopes) <= 1:
        return [int(slopes[0]) * sum(some)] if len(slopes) and slopes[0] else []
    parts = [model.new_int_var(0, int(width), "") for width in widths]
    model.add(sum(some) == sum(parts))
    return [int(slope) * part for slope, part in zip(slopes, parts, strict=True) if slope]
